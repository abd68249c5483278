package demo

import (
	"context"
	"fmt"
	"time"

	"quan/internal/app"
	"quan/internal/app/issuing"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// source is where the demo's orders and slips come from.
const source = "demo"

// expireSlice is how many coupons or locks one piece of the nightly job ends.
const expireSlice = 256

// write makes a day's acts true: the night's work, the day's places, then the
// acts in slices of one verb and tick.
func (p *player) write(ctx context.Context, acts []act) error {
	p.Clock.set(p.sim.date.Start(p.sim.zone).Add(5 * time.Minute))
	if err := p.expire(ctx); err != nil {
		return err
	}
	if err := p.pin(ctx); err != nil {
		return err
	}
	for from := 0; from < len(acts); {
		to := from + 1
		for to < len(acts) && to-from < p.set.piece() && acts[to].verb == acts[from].verb && acts[to].tick == acts[from].tick {
			to++
		}
		if err := p.alive(ctx); err != nil {
			return err
		}
		p.Clock.set(p.sim.at(acts[from].tick, 0))
		if err := p.slice(ctx, acts[from:to]); err != nil {
			return fmt.Errorf("demo: %s: %w", p.sim.date, err)
		}
		from = to
	}
	if err := p.fairToday(ctx); err != nil {
		return fmt.Errorf("demo: %s: member day: %w", p.sim.date, err)
	}
	return nil
}

// slice hands acts of one verb to its use case.
func (p *player) slice(ctx context.Context, acts []act) error {
	switch acts[0].verb {
	case join, tell:
		people := make([]*person, len(acts))
		for i, a := range acts {
			people[i] = a.who
		}
		return p.enrol(ctx, people, true)
	case give:
		return p.give(ctx, acts)
	case take:
		return p.take(ctx, acts)
	case hold, leave:
		return p.hold(ctx, acts)
	case spend:
		return p.spend(ctx, acts)
	case buy:
		return p.buy(ctx, acts)
	}
	return p.back(ctx, acts)
}

// expire ends coupons and locks whose time has passed on the simulated clock.
func (p *player) expire(ctx context.Context) error {
	for _, end := range []func(context.Context, int) (int, error){p.Checkout.ExpireLocks, p.Checkout.ExpireCoupons} {
		for {
			if err := p.alive(ctx); err != nil {
				return err
			}
			n, err := end(ctx, min(expireSlice, p.set.piece()))
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}

func slip(no int64) store.OutsideKey {
	return store.OutsideKey{Kind: "slip", Source: source, Ref: fmt.Sprintf("i%d", no)}
}

// give grants: one coupon under a slip, several as a pack of one origin under an
// idempotency key (a slip names one coupon).
func (p *player) give(ctx context.Context, acts []act) error {
	inputs := make([]issuing.GrantInput, len(acts))
	for i, a := range acts {
		in := issuing.GrantInput{MemberID: a.who.id, Channel: channels[a.who.via], City: places[a.who.place][2]}
		for _, h := range a.held {
			in.Templates = append(in.Templates, p.templates[h.offer])
		}
		if len(a.held) == 1 {
			in.Slip = slip(a.no)
		} else {
			in.Once = app.Once{Key: fmt.Sprintf("demo-%d", a.no), Body: "demo"}
		}
		inputs[i] = in
	}
	out, err := p.Issuing.Grant(ctx, p.by, inputs)
	if err != nil {
		return err
	}
	return p.issued(acts, out)
}

// take claims what a member saw at its placement.
func (p *player) take(ctx context.Context, acts []act) error {
	inputs := make([]issuing.ClaimInput, len(acts))
	for i, a := range acts {
		inputs[i] = issuing.ClaimInput{Template: p.templates[a.held[0].offer], MemberID: a.who.id, Placement: p.placeOf(a.who, a.held[0]),
			Channel: channels[a.who.via], City: places[a.who.place][2], Slip: slip(a.no)}
	}
	out, err := p.Issuing.Claim(ctx, p.by, inputs)
	if err != nil {
		return err
	}
	return p.issued(acts, out)
}

// issued keeps the ids of what was issued. A refusal that the model does not
// expect is counted; the coupon is then looked for in the wallet when it is used.
func (p *player) issued(acts []act, out []issuing.Outcome) error {
	for i, o := range out {
		expected := acts[i].held[0].end > acts[i].held[0].day
		switch {
		case o.Err != nil && fault.From(o.Err) == nil:
			return o.Err
		case o.Err != nil && expected && !fault.Has(o.Err, fault.NewcomerHeld):
			p.differ(&acts[i], o.Err) // newcomer_held: a pack of a day that is written once more
		case o.Err == nil && !expected:
			p.differ(&acts[i], nil)
		}
		if o.Err != nil {
			continue
		}
		for n := range min(len(o.Receipt.Coupons), len(acts[i].held)) {
			acts[i].held[n].id = o.Receipt.Coupons[n].ID
		}
	}
	return nil
}
