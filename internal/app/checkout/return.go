package checkout

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// ReturnInput gives one use of a coupon back by itself: a gift handed over by
// mistake, or a use whose order is refunded. An order with money on it is
// refunded instead.
type ReturnInput struct {
	Basis  // Order names the order
	Coupon id.ID
}

// ReturnOutcome is the fate of one return: the redemption and its coupon, or Err.
type ReturnOutcome struct {
	Redemption *redemption.Redemption
	Coupon     *coupon.Coupon
	Market     *market.Market
	Err        error
	Replayed   bool
}

type returnVerb struct {
	in  *ReturnInput
	out ReturnOutcome
}

// Return gives uses of coupons back.
func (c *Checkout) Return(ctx context.Context, by access.Principal, inputs []ReturnInput) ([]ReturnOutcome, error) {
	return each(ctx, c, by, returning, inputs)
}

// ReturnGathered is Return for one request among many (package gather).
func (c *Checkout) ReturnGathered(ctx context.Context, by access.Principal, in ReturnInput) (ReturnOutcome, error) {
	return gathered(ctx, c, by, returning, in)
}

var returning = asking[ReturnInput, ReturnOutcome]{may: access.CouponReturn,
	begin: func(in *ReturnInput) *deal { return &deal{Basis: in.Basis, verb: &returnVerb{in: in}} },
	tell: func(d *deal) (ReturnOutcome, error) {
		out := d.verb.(*returnVerb).out
		out.Err, out.Replayed, out.Market = d.err, d.replayed, d.market
		return out, nil
	}}

func (v *returnVerb) prepare(_ *batch, d *deal) error {
	if d.order == nil {
		return fault.New(fault.OrderUnknown).At("/order")
	}
	if v.find(d) == nil {
		return fault.New(fault.CouponUnknown).At("/coupon")
	}
	return nil
}

// find is the newest redemption of the coupon on the order.
func (v *returnVerb) find(d *deal) (found *redemption.Redemption) {
	for i := range d.redeemed {
		if r := &d.redeemed[i]; r.Coupon == v.in.Coupon && (found == nil || r.Use > found.Use) {
			found = r
		}
	}
	return found
}

func (v *returnVerb) holds(d *deal) []id.ID {
	if v.find(d) == nil {
		return nil
	}
	return []id.ID{v.in.Coupon}
}

func (v *returnVerb) decide(b *batch, d *deal, now calendar.Instant) error {
	held, used := b.held(d, []id.ID{v.in.Coupon}), v.find(d)
	decision, refusal := redemption.DecideReturn(&redemption.ReturnInput{
		Redeemed: redemption.Redeemed{Redemption: used, Held: held[0], Earlier: d.earlier[used.ID],
			Kept: b.out.ledger.Of(used.ID)},
		Market: d.market, Operator: d.by.ID, Counters: b.locked.Counters, Now: now})
	if refusal != nil {
		return refusal
	}
	b.out.use(d.Order)
	b.returned(d, []redemption.Redemption{decision.Redemption}, []int64{0}, []coupon.Coupon{decision.Coupon},
		decision.Redemption.ReturnedDay, now, "return")
	b.touched(decision.Given)
	b.out.ledger.Change(decision.Entries)
	b.remember(d, id.Format(id.Redemption, decision.Redemption.ID))
	v.out = ReturnOutcome{Redemption: &decision.Redemption, Coupon: &decision.Coupon}
	return nil
}

func (v *returnVerb) recall(tx store.Tx, _ *deal, answer string) error {
	_, ids := splitAnswer(answer)
	rows, err := tx.Redemptions().Get(ids)
	if err != nil || len(rows) == 0 {
		return err
	}
	coupons, err := tx.Coupons().Get([]id.ID{rows[0].Coupon})
	if err != nil || len(coupons) == 0 {
		return err
	}
	v.out = ReturnOutcome{Redemption: &rows[0], Coupon: &coupons[0]}
	return nil
}
