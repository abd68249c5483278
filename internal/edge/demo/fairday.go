package demo

import (
	"context"
	"fmt"
	"time"

	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// openFair makes the templates and the members of the member day.
func (p *player) openFair(ctx context.Context) error {
	for n, o := range p.sim.fair() {
		doc := o.doc()
		doc.Claim.Window = schedule.Window{From: p.set.First().Start(p.sim.zone)}
		t, err := p.Catalog.EnsureTemplate(ctx, p.by, catalog.CreateTemplateInput{Code: o.code, Market: market.DefaultCode,
			InternalName: o.name, CustomerName: coupon.Names{"zh-CN": o.name}, Line: "fresh", Issuer: coupon.Issuer{Kind: coupon.IssuerSelf}, Doc: doc})
		if err != nil {
			return fmt.Errorf("demo: template %s: %w", o.code, err)
		}
		p.fair.templates[n] = t.ID
	}
	inputs := make([]membership.EnsureInput, fairMembers)
	for n := range inputs {
		name := member.Secret(fmt.Sprintf("demo-fair-%02d", n+1))
		tier := "silver"
		if n%2 == 0 {
			tier = "gold"
		}
		inputs[n] = membership.EnsureInput{Key: p.Vault.Key("external", name), Sealed: p.Vault.Seal("external", name),
			At: p.set.First().Start(p.sim.zone), Attributes: map[string]string{"tier": tier, "side": fairChannel}}
	}
	ids, err := p.Membership.Ensure(ctx, p.by, inputs)
	p.fair.members = ids
	return err
}

// fairToday plays the member day where the day is one. What it does has names of its
// own, so a day that is written once more changes nothing.
func (p *player) fairToday(ctx context.Context) error {
	y, m, d := p.sim.date.Parts()
	if time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Weekday() != time.Wednesday {
		return nil
	}
	if err := p.alive(ctx); err != nil {
		return err
	}
	p.Clock.set(p.sim.at(eight, 30))
	if err := p.fairIssue(ctx); err != nil {
		return err
	}
	return p.fairOrders(ctx)
}

// fairIssue gives each member the coupon of its turn and the one for gold members;
// who has a pass keeps it.
func (p *player) fairIssue(ctx context.Context) error {
	var inputs []issuing.GrantInput
	for n, who := range p.fair.members {
		for _, t := range []int{n % fairOwn, fairGold} {
			ref := fmt.Sprintf("fair-%s-%d-%d", p.sim.date, n, t)
			if t == fairPass {
				ref = fmt.Sprintf("fair-pass-%d", n)
			}
			inputs = append(inputs, issuing.GrantInput{MemberID: who, Templates: []id.ID{p.fair.templates[t]}, Channel: fairChannel,
				City: places[n%len(places)][2], Slip: store.OutsideKey{Kind: "slip", Source: source, Ref: ref}})
		}
	}
	out, err := p.Issuing.Grant(ctx, p.by, inputs)
	if err != nil {
		return err
	}
	for i := range out {
		if err := p.fairDiffers(i, out[i].Err); err != nil {
			return err
		}
	}
	return nil
}

// fairOrders locks the best set of each member's cart, pays most of them, and gives
// units back on some.
func (p *player) fairOrders(ctx context.Context) error {
	fair := p.sim.fair()
	locks := make([]checkout.LockInput, fairMembers)
	var paid []checkout.RedeemInput
	var back []checkout.RefundInput
	for n, who := range p.fair.members {
		key := order.Key{Source: source, Ref: fmt.Sprintf("fair-%s-%d", p.sim.date, n)}
		b := checkout.Basis{Market: market.DefaultCode, Order: key, Who: checkout.Who{ID: who}}
		locks[n] = checkout.LockInput{Basis: b, Best: true}
		locks[n].Cart = p.sim.fairCart(n, &fair[n%fairOwn])
		turn := n/fairOwn + n + p.sim.day/7
		if turn%7 != 0 { // the others leave their cart, and the lock ends by itself
			paid = append(paid, checkout.RedeemInput{Basis: b, Merchant: "xianlin"})
		}
		if turn%7 == 3 {
			in := checkout.RefundInput{Basis: b, Ref: "r" + key.Ref, Lines: []redemption.RefundLine{{Line: 0, Quantity: 1}}}
			in.Digest = fmt.Sprint(in.Lines)
			back = append(back, in)
		}
	}
	if _, err := p.Checkout.Lock(ctx, p.by, locks); err != nil { // on a day that is written once more they are paid
		return err
	}
	redeemed, err := p.Checkout.Redeem(ctx, p.by, paid)
	if err != nil {
		return err
	}
	for i := range redeemed {
		if err := p.fairDiffers(i, redeemed[i].Err); err != nil {
			return err
		}
	}
	refunded, err := p.Checkout.Refund(ctx, p.by, back)
	if err != nil {
		return err
	}
	for i := range refunded {
		if err := p.fairDiffers(i, refunded[i].Err); err != nil {
			return err
		}
	}
	return nil
}

// fairDiffers counts a refusal; what is none ends the run.
func (p *player) fairDiffers(n int, err error) error {
	switch {
	case err == nil:
		return nil
	case fault.From(err) == nil:
		return err
	}
	p.differ(&act{no: int64(n)}, fmt.Errorf("member day: %w", err))
	return nil
}
