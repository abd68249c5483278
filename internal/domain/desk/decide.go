package desk

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Replacing is a coupon that shall be given again.
type Replacing struct {
	Old     coupon.Coupon
	Before  []Act             // what the desk did with it so far
	Span    schedule.Interval // when a coupon of its terms that is issued now could be used
	To      calendar.Instant  // the end that the agent asks for; zero: as Span says
	Held    []coupon.Coupon   // the member's newcomer coupons
	Blocked bool              // the member
	Day     calendar.Date
	Now     calendar.Instant
}

// Replace makes the coupon that stands for the old one, with ID zero and Rev 1, or
// returns the first refusal: wrong_state (the coupon is not stored as over, or was used),
// coupon_replaced, member_blocked, newcomer_held, claim_ended (its dates are over, and
// To names no end), out_of_range at /to.
func (d *Desk) Replace(r *Replacing) (coupon.Coupon, *fault.Fault) {
	var none coupon.Coupon
	old := &r.Old
	if old.State != coupon.Withdrawn && old.State != coupon.Expired || old.Used > 0 {
		return none, fault.New(fault.WrongState, "state", old.State.String())
	}
	for _, a := range r.Before {
		if a.Kind == Reissue && a.Coupon == old.ID {
			return none, fault.New(fault.CouponReplaced, "coupon", id.Format(id.Coupon, a.Issued))
		}
	}
	if r.Blocked {
		return none, fault.New(fault.MemberBlocked)
	}
	for i := range r.Held {
		h := &r.Held[i]
		if alive := h.State == coupon.Usable || h.State == coupon.Locked; old.Newcomer && h.Newcomer && alive && r.Now < h.ValidTo && h.ID != old.ID {
			return none, fault.New(fault.NewcomerHeld)
		}
	}
	span := r.Span
	if span.To == 0 {
		span.To = schedule.Forever
	}
	if r.To != 0 {
		latest := max(span.To, r.Now.Add(d.extension()))
		if r.To <= r.Now || r.To > latest {
			return none, fault.New(fault.OutOfRange, "min", int64(r.Now)+1, "max", int64(latest)).At("/to")
		}
		span = schedule.Interval{From: min(span.From, r.Now), To: r.To}
	}
	if span.To <= span.From || span.To <= r.Now {
		return none, fault.New(fault.ClaimEnded, "to", span.To)
	}
	return coupon.Coupon{
		Member: old.Member, Template: old.Template, Version: old.Version, State: coupon.Usable, Uses: old.Uses, NextUse: 1,
		IssuedAt: r.Now, IssuedDay: r.Day, ValidFrom: span.From, ValidTo: span.To, Placement: old.Placement, Batch: old.Batch,
		Form: coupon.FormReissue, Channel: old.Channel, City: old.City, Newcomer: old.Newcomer, Liability: old.Liability,
		FaceMinor: old.FaceMinor, Rev: 1,
	}, nil
}

// Lengthen is Extend of a coupon by an agent: the ends that the desk gave it lie at
// most ExtendDays behind the one it had before. before are the desk's acts on it.
// Faults: those of coupon.Extend, out_of_range at /to.
func (d *Desk) Lengthen(c *coupon.Coupon, before []Act, now, to calendar.Instant) error {
	first := c.ValidTo
	for _, a := range before {
		if a.Kind == Extend && a.Coupon == c.ID && a.From < first {
			first = a.From
		}
	}
	if first == schedule.Forever {
		return fault.New(fault.WrongState, "state", c.State.String())
	}
	if latest := first.Add(d.extension()); to <= c.ValidTo || to > latest {
		return fault.New(fault.OutOfRange, "min", int64(c.ValidTo)+1, "max", int64(latest)).At("/to")
	}
	_, err := c.Extend(now, to)
	return err
}
