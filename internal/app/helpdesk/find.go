package helpdesk

import (
	"context"
	"slices"
	"strings"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// FindInput is what a caller says: a phone number or another identity, a coupon
// number, an order, or an id of quan's.
type FindInput struct {
	Text   member.Secret // an order as "source number" or "source/number", where Source is none
	Kind   string        // of identity; none: those of Kinds
	Source string        // the text is the number of an order of this source
}

// MostText bounds what is looked for, in bytes.
const MostText = 300

// Kinds of identities that are tried where none is named.
var Kinds = []string{"phone", "wechat", "email", "device", "external"}

// Way is how something was found.
type Way string

// The ways.
const (
	ByIdentity Way = "identity"
	ByMember   Way = "member" // its id
	ByCoupon   Way = "coupon" // number or id
	ByOrder    Way = "order"  // source and number, or id
)

// Hit is a member that was found, or an order of a guest.
type Hit struct {
	By     Way
	Kind   string // of the identity
	Member id.ID  // zero: a guest's
	Coupon id.ID
	Order  id.ID
}

// Find looks for whom a caller means, in every way that the text can be read. What
// does not exist or lies outside the scope is not found: no hit is no error. A caller
// who may not read coupons or orders finds nothing by them.
func (s *Helpdesk) Find(ctx context.Context, by access.Principal, in FindInput) (hits []Hit, err error) {
	if err := may(by, access.MemberRead); err != nil {
		return nil, err
	}
	said := strings.TrimSpace(in.Text.Reveal())
	switch {
	case said == "":
		return nil, fault.New(fault.MissingValue).At("/text")
	case len(said) > MostText:
		return nil, fault.New(fault.TooLong, "max", MostText).At("/text")
	case !text.Clean(said):
		return nil, fault.New(fault.InvalidValue).At("/text")
	}
	l := look{Helpdesk: s, by: by, said: said, in: in}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		l.hits = nil
		for _, way := range []func(store.Tx) error{l.members, l.coupons, l.orders} {
			if err := way(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, wrap("find", err)
	}
	return l.seen(ctx)
}

// look is one search.
type look struct {
	*Helpdesk
	by   access.Principal
	in   FindInput
	said string
	hits []Hit
	held []coupon.Coupon // of the hits by coupon
}

// members reads the text as an identity, and as a member's id.
func (l *look) members(tx store.Tx) error {
	if l.in.Source != "" {
		return nil
	}
	if who, err := id.Parse(id.Member, l.said); err == nil && l.in.Kind == "" {
		rows, err := tx.Members().Get([]id.ID{who})
		if len(rows) > 0 {
			l.hits = append(l.hits, Hit{By: ByMember, Member: rows[0].ID})
		}
		return err
	}
	kinds := Kinds
	if l.in.Kind != "" {
		kinds = []string{l.in.Kind}
	}
	var keys []member.Key
	for _, kind := range kinds {
		if len(l.said) <= mostIdentity {
			keys = append(keys, l.Vault.Key(kind, member.Secret(l.said)))
		}
	}
	rows, err := tx.Members().Find(keys)
	for _, row := range rows {
		l.hits = append(l.hits, Hit{By: ByIdentity, Kind: row.Kind, Member: row.Member})
	}
	return err
}

const mostIdentity = 256

// may reports whether who asks has a permission; what they may not see is not found.
func (l *look) may(p access.Permission) bool { return l.by.May(p) == nil }

// parsed is the id that a text is, if it is one.
func parsed(prefix, text string) (id.ID, bool) {
	i, err := id.Parse(prefix, text)
	return i, err == nil
}

// coupons reads the text as a coupon number, and as a coupon's id.
func (l *look) coupons(tx store.Tx) error {
	if l.in.Source != "" || l.in.Kind != "" || !l.may(access.CouponRead) {
		return nil
	}
	which, ok := l.Numbers.Parse(l.said)
	if !ok {
		if which, ok = parsed(id.Coupon, l.said); !ok {
			return nil
		}
	}
	var err error
	l.held, err = tx.Coupons().Get([]id.ID{which})
	for _, c := range l.held {
		l.hits = append(l.hits, Hit{By: ByCoupon, Member: c.Member, Coupon: c.ID})
	}
	return err
}

// orders reads the text as the number of an order, and as an order's id.
func (l *look) orders(tx store.Tx) error {
	if l.in.Kind != "" || !l.may(access.OrderRead) {
		return nil
	}
	var ids []id.ID
	if which, err := id.Parse(id.Order, l.said); err == nil && l.in.Source == "" {
		ids = append(ids, which)
	}
	if key := l.orderKey(); key.Source != "" && key.Ref != "" {
		rows, err := tx.Outside().Find([]store.OutsideKey{{Kind: "order", Source: key.Source, Ref: key.Ref}})
		if err != nil {
			return err
		}
		for _, row := range rows {
			ids = append(ids, row.Target)
		}
	}
	rows, err := tx.Orders().Get(ids)
	for i := range rows {
		if o := &rows[i]; l.by.Scope.Merchant(o.Merchant) && l.by.Scope.Store(o.Store) && l.by.Scope.City(o.City) {
			l.hits = append(l.hits, Hit{By: ByOrder, Member: o.Member, Order: o.ID})
		}
	}
	return err
}

func (l *look) orderKey() order.Key {
	if l.in.Source != "" {
		return order.Key{Source: l.in.Source, Ref: l.said}
	}
	cut := strings.IndexAny(l.said, " /")
	if cut < 0 {
		return order.Key{}
	}
	return order.Key{Source: l.said[:cut], Ref: strings.TrimSpace(l.said[cut+1:])}
}

// seen leaves out coupons of templates outside the scope, and tells each hit once.
func (l *look) seen(ctx context.Context) ([]Hit, error) {
	var out []Hit
	for _, h := range l.hits {
		if h.Coupon != 0 {
			offers, err := l.Cache.Offers(ctx, []id.ID{l.held[0].Template})
			if err != nil {
				return nil, wrap("find", err)
			}
			o := offers[l.held[0].Template]
			if o == nil || o.Template.Merchant() != "" && !l.by.Scope.Merchant(o.Template.Merchant()) {
				continue
			}
		}
		if !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out, nil
}
