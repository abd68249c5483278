package checkout

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// OrderInput reports an order without a coupon of quan. (An order with coupons is
// known by its redemption.)
type OrderInput struct {
	Basis
	Merchant string
}

// OrderOutcome is the fate of one report: the order, or Err.
type OrderOutcome struct {
	Order    *order.Order
	Market   *market.Market
	Err      error
	Replayed bool
}

type orderVerb struct {
	in       *OrderInput
	merchant string // in whose name the order is sold
	out      *order.Order
}

// PlaceOrder makes orders known. The same order again gets the first answer;
// other content under the same source and number is order_differs.
func (c *Checkout) PlaceOrder(ctx context.Context, by access.Principal, inputs []OrderInput) ([]OrderOutcome, error) {
	return each(ctx, c, by, ordering, inputs)
}

// PlaceOrderGathered is PlaceOrder for one request among many (package gather).
func (c *Checkout) PlaceOrderGathered(ctx context.Context, by access.Principal, in OrderInput) (OrderOutcome, error) {
	return gathered(ctx, c, by, ordering, in)
}

var ordering = asking[OrderInput, OrderOutcome]{may: access.OrderWrite,
	begin: func(in *OrderInput) *deal { return &deal{Basis: in.Basis, verb: &orderVerb{in: in}} },
	tell: func(d *deal) (OrderOutcome, error) {
		return OrderOutcome{Order: d.verb.(*orderVerb).out, Market: d.market, Err: d.err, Replayed: d.replayed}, nil
	}}

func (v *orderVerb) prepare(b *batch, d *deal) (err error) {
	if d.cart == nil {
		return fault.New(fault.MissingValue).At("/cart")
	}
	if v.merchant, err = d.seller(v.in.Merchant); err != nil {
		return err
	}
	if d.order != nil && (d.order.CartHash != d.cartHash || d.order.Market != d.market.Code || !d.Who.None() && d.order.Member != d.member) {
		return fault.New(fault.OrderDiffers).At("/order")
	}
	return nil
}

func (v *orderVerb) holds(*deal) []id.ID { return nil }

func (v *orderVerb) decide(b *batch, d *deal, now calendar.Instant) error {
	if d.order != nil {
		v.out, d.replayed = d.order, true
		return nil
	}
	o := redemption.OrderOf(d.cart, nil)
	o.ID, o.Key, o.Market, o.Member = b.IDs.New(d.slot()), d.Order, d.market.Code, d.member
	o.Merchant, o.At, o.Day, o.CartHash, o.Rev = v.merchant, now, d.market.Day(now), d.cartHash, 1
	v.out = &o
	b.placed(d, &o, true, now)
	b.remember(d, id.Format(id.Order, o.ID))
	if d.Slip.Ref != "" {
		b.out.outside = append(b.out.outside, store.OutsideRow{OutsideKey: d.Slip, Target: o.ID})
	}
	return nil
}

func (v *orderVerb) recall(tx store.Tx, _ *deal, answer string) error {
	ord, _ := splitAnswer(answer)
	rows, err := tx.Orders().Get([]id.ID{ord})
	if err == nil && len(rows) == 1 {
		v.out = placedFirst(rows[0])
	}
	return err
}

// placedFirst is an order as the request that placed it was answered: a replay
// says the same after it was redeemed and refunded.
func placedFirst(o order.Order) *order.Order {
	o.RefundedMinor, o.DiscountMinor, o.PaidMinor, o.Rev = 0, 0, o.ListMinor, 1
	o.Lines = append([]order.Line{}, o.Lines...)
	for i := range o.Lines {
		o.Lines[i].RefundedQuantity, o.Lines[i].RefundedMinor, o.Lines[i].DiscountMinor = 0, 0, 0
	}
	return &o
}

// GetOrder returns an order with its redemptions and refunds, or order_not_found.
func (c *Checkout) GetOrder(ctx context.Context, by access.Principal, key order.Key) (o *order.Order, m *market.Market, err error) {
	if err := by.May(access.OrderRead); err != nil {
		return nil, nil, err
	}
	d := &deal{Basis: Basis{Order: key}, by: by}
	b := &batch{Checkout: c, deals: []*deal{d}}
	if err := b.look(ctx); err != nil {
		return nil, nil, err
	}
	if d.order == nil || !sees(by, d.order) {
		return nil, nil, fault.New(fault.OrderUnknown)
	}
	return d.order, d.market, nil
}
