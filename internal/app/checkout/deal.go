package checkout

import (
	"quan/internal/app"
	"quan/internal/app/gather"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Checkout holds the use cases; it must not be copied once it is in use.
type Checkout struct {
	*app.App
	Issue  Issuer // nil: promotions that apply by themselves are quoted, never locked
	gather gather.Gatherer[lane, *deal, *deal]
	ends   sweep
}

// Who names a member: by identity, or by id where it is known.
type Who struct {
	Key member.Key
	ID  id.ID
}

// None reports whether no member is named.
func (w Who) None() bool { return w.ID == 0 && w.Key.Hash == "" }

// Basis is what every request on an order brings.
type Basis struct {
	Once    app.Once
	Market  string
	Order   order.Key
	Who     Who
	Cart    *pricing.Cart // nil where the request has none
	Coupons []id.ID
	// Balances are what the caller says is left on coupons of stored value.
	Balances map[id.ID]int64
	Actor    limit.Actor // by whom and through what, as far as it is known

	At   calendar.Instant // imports: the moment where it happened
	Slip store.OutsideKey // imports: the row's identity in its source
}

// deal is one request on its way through a batch: what was asked, what the View
// saw, what became of it.
type deal struct {
	Basis
	by     access.Principal // who asks: deals of several share a round
	verb   verb
	wallet bool    // Coupons are all live coupons of the member
	asked  []id.ID // Coupons as requested; a round starts from them

	// Seen in the View, and compared under the locks.
	member   id.ID
	lock     *redemption.Lock
	lockOf   *redemption.Lock // of which lockPriced is the promise
	order    *order.Order
	redeemed []redemption.Redemption
	refunds  []order.Refund

	lockPriced *redemption.Priced
	coupons    map[id.ID]*coupon.Coupon

	// Known just before pricing.
	promotions []*app.Offer // that apply by themselves
	facts      *condition.Facts
	issued     bool                       // its promotions were, once
	earlier    map[id.ID]calendar.Instant // by redemption: newest other use of its coupon
	rooms      map[id.ID]redemption.Room  // by coupon: what limits leave; nil: nothing was read
	counted    map[limit.Key]int64        // what was taken then

	// Made before the transaction.
	market   *market.Market
	cart     *pricing.Cart
	cartHash string
	priced   *redemption.Priced
	encoded  string
	promised calendar.Instant // when, zero for what a lock promised

	done     bool
	idle     int // rounds for nothing
	replayed bool
	err      error
}

// verb is what distinguishes the use cases on the common way.
type verb interface {
	// prepare prices and checks what needs no lock; an error is the deal's fate.
	prepare(b *batch, d *deal) error
	// holds names the coupons whose counters and rows the decision touches.
	holds(d *deal) []id.ID
	// decide runs under the locks and gathers writes; app.Again() asks for another round.
	decide(b *batch, d *deal, now calendar.Instant) error
	// recall renders a remembered answer.
	recall(tx store.Tx, d *deal, answer string) error
}

// now is the deal's own moment, or the batch's.
func (d *deal) now(read calendar.Instant) calendar.Instant {
	if d.At != 0 {
		return d.At
	}
	return read
}

// scene is where and when the deal's coupons are used. A lock that is paid tells
// itself who acts.
func (d *deal) scene(now calendar.Instant) redemption.Scene {
	s := redemption.Scene{Market: d.market, At: now, Actor: d.Actor}
	if d.cart != nil {
		s.Store = d.cart.Store
	}
	if d.priced != nil {
		s.Actor = d.priced.Actor
	}
	return s
}

// owner is the member of a deal that names neither one nor coupons: that of its
// order or lock, zero for a guest's.
func (d *deal) owner() id.ID {
	switch {
	case d.order != nil && d.order.Member != 0:
		return d.order.Member
	case d.lock != nil:
		return d.lock.Member
	case len(d.redeemed) > 0:
		return d.redeemed[0].Member
	}
	return 0
}

// reply is the row that remembers the deal.
func (d *deal) reply(answer string) store.Reply {
	return d.Once.Reply(d.by, d.member, answer)
}
