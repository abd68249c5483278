package demo

import (
	"context"
	"errors"
	"fmt"

	"quan/internal/app/checkout"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// known finds the ids of coupons that an earlier run has issued.
func (p *player) known(ctx context.Context, acts []act) error {
	for _, a := range acts {
		if len(a.held) == 0 || a.held[0].id != 0 {
			continue
		}
		rows, err := p.Issuing.Wallet(ctx, p.by, a.who.id, 0, 200)
		if err != nil {
			return err
		}
		for _, c := range rows {
			if c.Template == p.templates[a.held[0].offer] && c.IssuedDay == a.held[0].issued {
				a.held[0].id = c.ID
			}
		}
	}
	return nil
}

// basis is what every request on the act's order brings.
func (p *player) basis(a *act) checkout.Basis {
	b := checkout.Basis{Market: market.DefaultCode, Order: order.Key{Source: source, Ref: fmt.Sprint(a.no)}, At: p.moment(a)}
	if a.who != nil {
		b.Who = checkout.Who{ID: a.who.id}
	}
	if a.cart != nil {
		b.Cart = a.cart
	}
	for _, h := range a.held {
		if h.id != 0 {
			b.Coupons = append(b.Coupons, h.id)
		}
	}
	return b
}

func (p *player) moment(a *act) calendar.Instant { return p.sim.at(a.tick, a.minute) }

// errUnknown: the coupon was never issued, because its issue was refused.
var errUnknown = errors.New("coupon was not issued")

// spend uses coupons on orders.
func (p *player) spend(ctx context.Context, acts []act) error {
	if err := p.known(ctx, acts); err != nil {
		return err
	}
	inputs := make([]checkout.RedeemInput, 0, len(acts))
	var at []int
	var plain []act
	for i := range acts {
		if acts[i].held[0].id == 0 {
			p.differ(&acts[i], errUnknown)
			plain = append(plain, acts[i])
			continue
		}
		at = append(at, i)
		inputs = append(inputs, checkout.RedeemInput{Basis: p.basis(&acts[i]), Merchant: "xianlin"})
	}
	var out []checkout.RedeemOutcome
	var err error
	if len(inputs) > 0 {
		out, err = p.Checkout.Redeem(ctx, p.by, inputs)
	}
	if err != nil {
		return err
	}
	for i, o := range out {
		switch {
		case o.Err == nil:
		case fault.From(o.Err) == nil:
			return o.Err
		default:
			p.differ(&acts[at[i]], o.Err)
			plain = append(plain, acts[at[i]])
		}
	}
	return p.buy(ctx, plain)
}

// hold goes the whole way: quote, lock, and then payment, or a cart that is
// left - released at once, or by the lock's end. A lock that is refused on a day
// that is written once more has been paid: the redemption tells.
func (p *player) hold(ctx context.Context, acts []act) error {
	if err := p.known(ctx, acts); err != nil {
		return err
	}
	var inputs []checkout.LockInput
	for i := range acts {
		a := &acts[i]
		if a.held[0].id == 0 {
			continue
		}
		_, err := p.Checkout.Quote(ctx, p.by, checkout.QuoteInput{Market: market.DefaultCode, Who: checkout.Who{ID: a.who.id}, Cart: *a.cart})
		if err != nil && fault.From(err) == nil {
			return err
		}
		inputs = append(inputs, checkout.LockInput{Basis: p.basis(a)})
	}
	if len(inputs) > 0 {
		if _, err := p.Checkout.Lock(ctx, p.by, inputs); err != nil {
			return err
		}
	}
	if acts[0].verb == hold {
		return p.spend(ctx, acts)
	}
	var released []checkout.ReleaseInput
	for _, in := range inputs {
		if id.SlotOf(in.Order.Ref)%2 == 0 {
			in.Cart, in.Coupons = nil, nil
			released = append(released, checkout.ReleaseInput{Basis: in.Basis})
		}
	}
	if len(released) == 0 {
		return nil
	}
	_, err := p.Checkout.Release(ctx, p.by, released)
	return err
}

// buy makes orders without a coupon known.
func (p *player) buy(ctx context.Context, acts []act) error {
	if len(acts) == 0 {
		return nil
	}
	inputs := make([]checkout.OrderInput, len(acts))
	for i := range acts {
		inputs[i] = checkout.OrderInput{Basis: p.basis(&acts[i]), Merchant: "xianlin"}
		inputs[i].Coupons = nil
	}
	out, err := p.Checkout.PlaceOrder(ctx, p.by, inputs)
	if err != nil {
		return err
	}
	for i, o := range out {
		if o.Err != nil && fault.From(o.Err) == nil {
			return o.Err
		}
		if o.Err != nil {
			p.differ(&acts[i], o.Err)
		}
	}
	return nil
}

// back gives money back.
func (p *player) back(ctx context.Context, acts []act) error {
	inputs := make([]checkout.RefundInput, len(acts))
	for i := range acts {
		a := acts[i]
		a.held, a.cart = nil, nil
		in := checkout.RefundInput{Basis: p.basis(&a), Ref: fmt.Sprintf("r%d", a.no), Lines: a.lines, Full: len(a.lines) == 0}
		in.Digest = fmt.Sprint(in.Full, in.Lines)
		inputs[i] = in
	}
	out, err := p.Checkout.Refund(ctx, p.by, inputs)
	if err != nil {
		return err
	}
	for i, o := range out {
		if o.Err != nil && fault.From(o.Err) == nil {
			return o.Err
		}
		if o.Err != nil {
			p.differ(&acts[i], o.Err)
		}
	}
	return nil
}
