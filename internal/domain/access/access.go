package access

import (
	"slices"
	"strings"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Kind of a principal.
type Kind string

// The kinds.
const (
	KindServer  Kind = "server"  // a back end of the operator: everything its permissions say
	KindBrowser Kind = "browser" // in public pages: acts only for the member whose signed token it brings
	KindClerk   Kind = "clerk"   // at a counter, in the scope of its stores
	KindPerson  Kind = "person"  // signed in with a password: what the roles say
	KindSystem  Kind = "system"  // quan itself: jobs, demo, replay
)

// Permission names what a use case demands.
type Permission string

// The permissions. A use case demands exactly one.
const (
	MarketRead      Permission = "market.read"
	MarketWrite     Permission = "market.write"
	ReferenceRead   Permission = "reference.read" // merchants, stores, items, placements
	ReferenceWrite  Permission = "reference.write"
	TemplateRead    Permission = "template.read"
	TemplateWrite   Permission = "template.write"
	TemplatePublish Permission = "template.publish" // publish, switches, archive
	BudgetRead      Permission = "budget.read"
	BudgetWrite     Permission = "budget.write"
	StopWrite       Permission = "stop.write" // the kill switch, of whatever the scope holds
	MemberRead      Permission = "member.read"
	MemberWrite     Permission = "member.write"
	CouponRead      Permission = "coupon.read"
	CouponClaim     Permission = "coupon.claim"
	CouponGrant     Permission = "coupon.grant"
	CouponWithdraw  Permission = "coupon.withdraw"
	CodeRead        Permission = "code.read" // batches of exchange codes, not the codes
	CodeWrite       Permission = "code.write"
	CodeExport      Permission = "code.export" // the codes themselves: whoever has them has the coupons
	CodeRedeem      Permission = "code.redeem"
	Quote           Permission = "coupon.quote"
	CouponUse       Permission = "coupon.use" // lock, redeem, release
	CouponReturn    Permission = "coupon.return"
	OrderRead       Permission = "order.read"
	OrderWrite      Permission = "order.write"
	StatisticsRead  Permission = "statistics.read"
	KeyRead         Permission = "key.read"
	KeyWrite        Permission = "key.write"
	JobRead         Permission = "job.read"
	JobWrite        Permission = "job.write" // pause, resume, cancel, retry
	AuditRead       Permission = "audit.read"
	PersonRead      Permission = "person.read" // who may sign in
	PersonWrite     Permission = "person.write"
	MemberNote      Permission = "member.note" // write down about members
	DeskWork        Permission = "desk.act"    // re-issue, extend and compensate within the desk's quota
	DeskWrite       Permission = "desk.write"  // what the desk may do
)

// All permissions, in the order of the constants.
var All = []Permission{MarketRead, MarketWrite, ReferenceRead, ReferenceWrite, TemplateRead, TemplateWrite, TemplatePublish,
	BudgetRead, BudgetWrite, StopWrite, MemberRead, MemberWrite, CouponRead, CouponClaim, CouponGrant, CouponWithdraw, CodeRead, CodeWrite, CodeExport, CodeRedeem, Quote, CouponUse, CouponReturn,
	OrderRead, OrderWrite, StatisticsRead, KeyRead, KeyWrite, JobRead, JobWrite, AuditRead, PersonRead, PersonWrite, MemberNote, DeskWork, DeskWrite}

// Allowed are the permissions that a key of a kind may hold; a new key gets all
// of them unless it names fewer.
func Allowed(k Kind) []Permission {
	switch k {
	case KindServer, KindSystem:
		return All
	case KindBrowser:
		return []Permission{ReferenceRead, TemplateRead, CouponRead, CouponClaim, CodeRedeem, Quote}
	case KindClerk:
		return []Permission{ReferenceRead, TemplateRead, CouponRead, Quote, CouponUse, CouponReturn, OrderRead}
	}
	return nil
}

// Scope limits a principal to merchants, stores and cities; an empty list is no
// limit of that kind. It reaches SQL: what lies outside does not exist for it.
type Scope struct {
	Merchants []string `json:"merchants,omitempty"`
	Stores    []string `json:"stores,omitempty"`
	Cities    []string `json:"cities,omitempty"`
}

// Everything reports whether the scope limits nothing.
func (s Scope) Everything() bool { return len(s.Merchants)+len(s.Stores)+len(s.Cities) == 0 }

// Merchant reports whether a row of this merchant is in scope.
func (s Scope) Merchant(code string) bool {
	return len(s.Merchants) == 0 || slices.Contains(s.Merchants, code)
}

// Store reports whether a row of this store is in scope.
func (s Scope) Store(code string) bool {
	return len(s.Stores) == 0 || slices.Contains(s.Stores, code)
}

// City reports whether a row of this city is in scope.
func (s Scope) City(code string) bool {
	return len(s.Cities) == 0 || slices.Contains(s.Cities, code)
}

// Principal is who acts. Every use case takes one.
type Principal struct {
	Kind        Kind
	ID          string // key_…, psn_… or the system part's name; stored as actor
	Permissions []Permission
	Scope       Scope
	Member      id.ID      // browser keys: the member of the signed token, zero for none
	Session     id.ID      // people: the sign-in that asks
	Barred      fault.Code // people: why they may do nothing but look after their own account; "" for none
	RequestID   string
}

const systemPrefix = "system:"

// PartOf returns the part of quan that an actor's name is of; false for a key's.
func PartOf(actor string) (part string, ok bool) { return strings.CutPrefix(actor, systemPrefix) }

// System is quan acting by itself in a named part.
func System(part string) Principal {
	return Principal{Kind: KindSystem, ID: systemPrefix + part, Permissions: All}
}

// Visitor is a member on our own pages: as a browser key with a member's token, save
// that it sees none of the business's lists. Who came with a token is limited to the
// scope of the key that made it.
func Visitor(member id.ID, scope Scope) Principal {
	return Principal{Kind: KindBrowser, ID: id.Format(id.Member, member), Member: member, Scope: scope,
		Permissions: []Permission{CouponRead, CouponClaim, CodeRedeem, Quote}}
}

// May returns nil or the fault for a permission that the principal lacks.
func (p Principal) May(want Permission) error {
	if p.Barred != "" {
		return fault.New(p.Barred)
	}
	if slices.Contains(p.Permissions, want) {
		return nil
	}
	return fault.New(fault.PermissionDeny, "permission", string(want))
}

// ActsFor returns nil when the principal may act for the member, else the fault
// of a member that does not exist.
func (p Principal) ActsFor(member id.ID) error {
	if p.Kind == KindBrowser && (p.Member == 0 || p.Member != member) {
		return fault.New(fault.MemberUnknown)
	}
	return nil
}

// Key is an API key; only a hash of its secret is stored.
type Key struct {
	ID          id.ID            `json:"-"`
	Name        string           `json:"name"`
	Kind        Kind             `json:"kind"`
	SecretHash  string           `json:"secret_hash"` // hex SHA-256
	Permissions []Permission     `json:"permissions"`
	Scope       Scope            `json:"scope,omitzero"`
	Rev         int64            `json:"-"`
	CreatedAt   calendar.Instant `json:"-"`
	UpdatedAt   calendar.Instant `json:"-"`
	ArchivedAt  calendar.Instant `json:"-"` // revoked
}
