package store

import (
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/budget"
	"quan/internal/domain/change"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/domain/item"
	"quan/internal/domain/limit"
	"quan/internal/domain/link"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/merchant"
	"quan/internal/domain/metric"
	"quan/internal/domain/order"
	"quan/internal/domain/pack"
	"quan/internal/domain/packet"
	"quan/internal/domain/page"
	"quan/internal/domain/person"
	"quan/internal/domain/placement"
	"quan/internal/domain/redemption"
	"quan/internal/domain/stock"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// The reference nouns, under the names that Tx uses.
type (
	Market    = market.Market
	Merchant  = merchant.Merchant
	Place     = merchant.Store
	Item      = item.Item
	Template  = coupon.Template
	Placement = placement.Placement
	Link      = link.Link
	Page      = page.Page
	CodeBatch = code.Batch
	Pack      = pack.Pack
	Budget    = budget.Budget
	Batch     = stock.Batch
	Plan      = packet.Plan
	Key       = access.Key
	Person    = person.Person
	Scope     = access.Scope
)

// Filter selects rows of a list. Zero fields select nothing away. Scope reaches
// SQL. Rows come in key order, or against it, after After, at most Limit.
type Filter struct {
	Market   string
	Parent   string // stores: merchant; placements: template or pack; links: placement, or what that offers; others: template. Typed ids
	Status   string // templates
	Search   string // words, each a part of the name, of how customers see it, of the code, or of a key that is a code; letters of ASCII in any case
	Scope    access.Scope
	Archived bool // archived rows too
	Newest   bool // against the order of keys: where they are ids, the newest first
	After    string
	Limit    int
}

// Reference holds rows that are written rarely and alone: a key (a code chosen
// by the operator, or the id's text), an optional second unique code, scope
// columns, and the content. Rows are never deleted.
type Reference[T any] interface {
	Get(keys []string) ([]T, error)
	ByCode(codes []string) ([]T, error) // by the second code: template and placement code, hash of an API key's secret
	List(Filter) ([]T, error)
	Children(Filter) (int64, error) // how many rows of a Parent fit; Search, After and Limit aside
	Insert([]T) error               // Rev must be 1; a taken key or code is fault name_taken
	Update([]T) error
}

// Sessions of people who signed in. They are no history: one that has ended goes away.
type Sessions interface {
	Get(hashes []string) ([]person.Session, error)
	OfPerson(id.ID) ([]person.Session, error) // newest first
	Insert([]person.Session) error
	Seen(hash string, at calendar.Instant) error                              // unless it was seen later
	End(owner id.ID, sessions []id.ID) (ended int64, err error)               // none named: all of the person's
	EndOld(seenBefore, madeBefore calendar.Instant, limit int) (int64, error) // that were seen or made before
}

// Visits are members' sign-ins on our own pages, and the codes that were sent to their
// phones. They are no history: what has ended goes away.
type Visits interface {
	Codes([]member.Key) ([]member.Code, error)
	PutCode(member.Code) error // in the place of an earlier one
	// TryCode counts a guess at a code that lives and has guesses left; false: there is none.
	TryCode(key member.Key, now calendar.Instant, most int64) (bool, error)
	RemoveCode(member.Key) error
	Get(hashes []string) ([]member.Visit, error)
	Insert([]member.Visit) error
	End(hash string) error
	EndOld(now calendar.Instant, limit int) (int64, error) // of both, what has ended
}

// Links have figures: what their pages saw, and what was claimed through them.
type Links interface {
	Reference[Link]
	Note([]link.Issue) error
	AddDays([]link.Day) error                           // adds to what is there; a link and day once a call
	Figures(of []id.ID) (map[id.ID]link.Figures, error) // by link; one of which nothing is known has none
	Seen(of []id.ID) (map[id.ID]link.Figures, error)    // what their pages saw of that alone
}

// Picture is a head picture of pages.
type Picture struct {
	Name          string // hex SHA-256 of the JPEG
	Width, Height int64
	Data          string // base 64 of the JPEG
	CreatedAt     calendar.Instant
}

// Pictures are written once: the name is what they are.
type Pictures interface {
	Get(names []string) ([]Picture, error)
	Put(Picture) error
}

// ShelfQuery asks for items of a market on a shelf (item.Shelves), by price and then
// SKU, from a price on.
type ShelfQuery struct {
	Market    string
	Shelf     string
	FromMinor int64
	Limit     int
}

// Items are also found by what scopes include, cheapest first. Archived ones and
// those without a price stand on no shelf.
type Items interface {
	Reference[Item]
	Shelf(ShelfQuery) ([]Item, error)
}

// Templates also tell which of them changed that apply by themselves.
type Templates interface {
	Reference[Template]
	// Changed returns automatic templates of a market, archived ones and those that
	// are no longer automatic too, that were written at or after a moment, by their
	// times and then keys, behind a key at that moment.
	Changed(market string, since calendar.Instant, after string, limit int) ([]Template, error)
}

// Batches of stock are also found by their templates.
type Batches interface {
	Reference[Batch]
	// OfTemplates returns all batches of templates, archived ones too.
	OfTemplates(templates []id.ID) ([]Batch, error)
}

// BatchUses are the uses of a batch's coupons that were not given back.
type BatchUses struct {
	Uses          int64
	DiscountMinor int64
}

// VersionKey names a template version.
type VersionKey struct {
	Template id.ID
	Number   int64
}

// Versions of templates: inserted once, never changed.
type Versions interface {
	Get([]VersionKey) ([]coupon.Version, error)
	List(template id.ID) ([]coupon.Version, error) // by number
	Insert([]coupon.Version) error
}

// Members and what identifies them.
type Members interface {
	Find([]member.Key) ([]member.Identity, error)
	// Named returns the members that keys name; what names none is left out.
	Named([]member.Key) (map[member.Key]id.ID, error)
	Get([]id.ID) ([]member.Member, error)
	Identities(members []id.ID) ([]member.Identity, error)
	List(after id.ID, limit int) ([]member.Member, error) // by id
	Newest() (id.ID, error)                               // the highest id, zero for none
	// Ahead returns the id that stands so many places behind one, zero where fewer do.
	Ahead(after id.ID, places int) (id.ID, error)
	Insert([]member.Member) error
	InsertIdentities([]member.Identity) error // a taken one is ErrTwin
	RemoveIdentities([]member.Key) error      // one that is not there is no error
	// Unformed returns phones that were hashed before member.FormVersion, by hash, after one.
	Unformed(after string, limit int) ([]member.Identity, error)
	Update([]member.Member) error
	Count() (int64, error)
	// Made returns members by when they were made, newest first, in [From, To).
	Made(from, to calendar.Instant, behind Behind, limit int) ([]member.Member, error)
	// Tagged returns who has a tag, by id downwards, before an id.
	Tagged(tag string, before id.ID, limit int) ([]id.ID, error)
	// Before returns ids downwards, before an id.
	Before(before id.ID, limit int) ([]id.ID, error)
}

// CouponFilter selects coupons of a list; newest first, before Before.
type CouponFilter struct {
	Member   id.ID // required unless Template is set
	Template id.ID
	States   []coupon.State // as stored; expiry is judged by the caller
	Scope    access.Scope   // merchants, by the template's
	Before   id.ID
	Limit    int
}

// End is the place of a coupon in the order of ends.
type End struct {
	ValidTo calendar.Instant
	ID      id.ID
}

// Coupons issued.
type Coupons interface {
	Get([]id.ID) ([]coupon.Coupon, error)
	List(CouponFilter) ([]coupon.Coupon, error)
	// Live returns the member's coupons that are stored as usable or locked, by id, with
	// what pricing and limits read of them: their dates, uses, placement, lock and revision. Of a member with
	// more than limit these are the ones issued automatically, then those that expire
	// soonest after now.
	Live(member id.ID, now calendar.Instant, limit int) ([]coupon.Coupon, error)
	// Newcomers returns the newcomer coupons of these members that are stored as usable or locked.
	Newcomers(members []id.ID) ([]coupon.Coupon, error)
	// Due returns coupons stored as usable whose ValidTo is at or before now, by end and
	// id, behind one. Who goes on behind the last one that was ended does not look at the
	// ends again that PostgreSQL keeps in the index until it cleans up.
	Due(now calendar.Instant, behind End, limit int) ([]coupon.Coupon, error)
	// OfBatch returns the coupons of a batch of stock, by id behind one.
	OfBatch(batch, after id.ID, limit int) ([]coupon.Coupon, error)
	// BatchStates counts the coupons of a batch by their stored states.
	BatchStates(batch id.ID) (map[coupon.State]int64, error)
	BatchUses(batch id.ID) (BatchUses, error)
	Insert([]coupon.Coupon) error
	Update([]coupon.Coupon) error // compare-and-set on Rev
	CountByState() (map[coupon.State]int64, error)
}

// Counters are read and made by Tx.Lock.
type Counters interface {
	Get([]limit.Key) ([]limit.Counter, error)
	// Since returns the rows of keys from their Start on: those of a rolling limit.
	Since([]limit.Key) ([]limit.Counter, error)
	OfTemplate(template id.ID) ([]limit.Counter, error) // PerTemplate and PerPlacement only
	Write([]limit.Counter) error                        // rows locked in this transaction, as they shall be
}

// Entries are what coupons and redemptions hold of counters (limit.Entry). They are
// written under the lock of the member whose the fact is.
type Entries interface {
	Of(facts []id.ID) ([]limit.Entry, error)
	Insert([]limit.Entry) error
	Update([]limit.Entry) error // Amount of rows that exist
}

// Locks of orders.
type Locks interface {
	Get([]id.ID) ([]redemption.Lock, error)
	Due(now calendar.Instant, limit int) ([]redemption.Lock, error) // active ones past ExpiresAt, soonest first
	Insert([]redemption.Lock) error
	Update([]redemption.Lock) error
}

// OrderFilter selects orders of a list; newest first, before Before.
type OrderFilter struct {
	Member id.ID
	Scope  access.Scope
	From   calendar.Date
	To     calendar.Date // inclusive
	Before id.ID
	Limit  int
}

// Orders with their lines and refunds.
type Orders interface {
	Get([]id.ID) ([]order.Order, error)      // with lines
	List(OrderFilter) ([]order.Order, error) // without lines
	Insert([]order.Order) error              // with lines
	Update([]order.Order) error              // with lines
	Refunds(orders []id.ID) ([]order.Refund, error)
	InsertRefunds([]order.Refund, []id.ID) error // the second slice names the row's slot owner (the order), parallel to the first
}

// Redemptions with their cells.
type Redemptions interface {
	Get([]id.ID) ([]redemption.Redemption, error)
	OfOrders([]id.ID) ([]redemption.Redemption, error)
	OfCoupons([]id.ID) ([]redemption.Redemption, error)
	List(after id.ID, limit int) ([]redemption.Redemption, error) // by id, without cells
	// Earlier is for each row the moment of the newest use of its coupon beside the
	// row itself that was not given back; zero for none. It asks for one after the
	// other: give it only coupons that have been used before.
	Earlier([]redemption.Redemption) ([]calendar.Instant, error)
	Insert([]redemption.Redemption) error
	Update([]redemption.Redemption) error
	Count() (int64, error)
	InsertReturns([]redemption.CellReturn) error
	// Find lists redemptions, newest day first, without cells.
	Find(RedemptionFilter) ([]redemption.Redemption, error)
	// CounterTotals adds up what was redeemed and returned in stores, by store, clerk and
	// currency, in this order. Of the filter it reads market, days, store, clerk, scope
	// and limit.
	CounterTotals(RedemptionFilter) ([]redemption.CounterTotal, error)
}

// RedemptionFilter selects redemptions of a list: those of a market whose Day lies in
// the range, or, with Returned, those whose use came back on such a day. They come by
// that day and id, latest first, behind BeforeDay and Before. Zero fields select
// nothing away.
type RedemptionFilter struct {
	Market    string
	From, To  calendar.Date // inclusive
	Returned  bool
	Template  id.ID
	Placement id.ID
	Form      string
	Channel   string
	City      string
	Merchant  string
	Store     string
	Operator  string       // principal who redeemed; of Returned, who returned it
	Scope     access.Scope // merchants, by the template's; stores; cities
	BeforeDay calendar.Date
	Before    id.ID
	Limit     int
}

// OutsideKey is an identity that another system gave: it acts once per source
// and kind (proto-3).
type OutsideKey struct {
	Kind   string // order, lock, refund, slip
	Source string
	Ref    string
}

// OutsideRow ties an outside identity to the row it made.
type OutsideRow struct {
	OutsideKey
	Target id.ID
	Slot   int64 // ignored on writes: it is the key's hash
}

// Outside identities, unique for ever.
type Outside interface {
	Find([]OutsideKey) ([]OutsideRow, error)
	Insert([]OutsideRow) error // a taken one is ErrTwin
	Point([]OutsideRow) error  // sets Target of existing rows (a lock replaced)
}

// Reply is the stored effect of an idempotent request.
type Reply struct {
	Scope  string        // caller and member, as the use case writes them
	Key    string        // Idempotency-Key, ≤ 255 bytes
	Slot   int64         // the member's, or the caller's hash
	Day    calendar.Date // UTC day of the write, for the look-up of kept days
	Body   string        // hex SHA-256 over route and canonical input
	Answer string        // ids from which the answer is rendered again, or the answer itself where it is no hot one
	Member id.ID         // of a request for a member; not stored
}

// Replies of idempotent requests, kept seven days.
type Replies interface {
	// Find looks by Scope, Key, Slot and, for requests of a Member, among the coupons
	// that they made, which need no row here: their ids are the Answer, in the order in
	// which they were made, and Body is that of the key when it is the same, else "".
	Find(keys []Reply, today calendar.Date) ([]Reply, error)
	Insert([]Reply) error
	Purge(before calendar.Date, limit int) (int64, error)
}

// StoredChange is a change with its delivery status.
type StoredChange struct {
	change.Change
	Delivered calendar.Instant
}

// Changes: history and outbox in one.
type Changes interface {
	Append([]change.Change) error
	Of(aggregate id.ID) ([]StoredChange, error) // by sequence
	Undelivered(limit int) ([]StoredChange, error)
	Delivered(changes []StoredChange, at calendar.Instant) error
}

// AuditEntry is an administrative change: who, what, before and after, why.
type AuditEntry struct {
	ID        id.ID            `json:"-"`
	At        calendar.Instant `json:"at"`
	Actor     string           `json:"actor"`
	Action    string           `json:"action"` // template.publish …
	Object    string           `json:"object"` // its key or typed id
	Before    string           `json:"before"` // JSON, "" for none
	After     string           `json:"after"`
	Reason    string           `json:"reason"`
	RequestID string           `json:"request_id"`
}

// Audit of administrative changes: appended in the change's own transaction.
type Audit interface {
	Append([]AuditEntry) error
	List(AuditFilter) ([]AuditEntry, error) // newest first
}

// AuditFilter selects administrative changes; zero fields select all.
type AuditFilter struct {
	Actor    string           // principal who did it
	Object   string           // key or id of the row
	Action   string           // "template.publish", or what comes before the dot
	From, To calendar.Instant // [From, To)
	Before   id.ID            // older than this one
	Limit    int
}

// MetricQuery asks for sums. GroupBy names columns of metric.Dims: day, template,
// placement, form, channel, city, merchant, store. Empty fields select nothing away.
type MetricQuery struct {
	Market    string
	Currency  string        // of amounts, "" for the market's own; counts are those of all currencies
	From, To  calendar.Date // inclusive, zero for open
	Templates []id.ID       // empty: all coupon cells (template ≠ 0)
	AllOrders bool          // the cells of all orders (template 0) instead
	Placement id.ID
	Form      string
	Channel   string
	City      string
	Merchant  string // who sold; a query of it or of a store reads uses and orders only
	Store     string
	GroupBy   []string
	Scope     access.Scope // merchants, by the template's; cities; stores
}

// Metrics are exact: a read sums folded rows and deltas not yet folded.
type Metrics interface {
	Append([]metric.Delta) error
	Fold(limit int) (folded int64, err error) // moves deltas into the rollups
	Read(MetricQuery) ([]metric.Delta, error)
	AppendRefusals([]Refusal) error // adds to the counts
	Refusals(market string, from, to calendar.Date) ([]Refusal, error)
}

// Refusal counts requests that were refused. Counts are flushed each second and
// not exact across a crash.
type Refusal struct {
	Market   string
	Day      calendar.Date
	Template id.ID
	Code     string
	Channel  string
	Count    int64
}

// Lease is the right to do what one process does at a time. Token rises with
// every new holder: a write under an older token must fail.
type Lease struct {
	Name   string
	Holder string
	Token  int64
	Until  calendar.Instant
}

// Leases with fencing tokens.
type Leases interface {
	// Acquire takes the lease when it is free, past Until or already the
	// holder's, until now+ttl; ok is false when another holds it.
	Acquire(name, holder string, now calendar.Instant, ttl time.Duration) (lease Lease, ok bool, err error)
	// Check fails with ErrStale unless the token is the newest.
	Check(name string, token int64) error
	Release(name, holder string) error
}

// Settings are small values of the installation, by name.
type Settings interface {
	Get(names []string) (map[string]string, error)
	Under(prefix string) (map[string]string, error) // those whose names begin so
	Put(map[string]string) error
}
