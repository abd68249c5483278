package pack

import (
	"cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/placement"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// Request is one pack that a member asks for, or is given.
type Request struct {
	Pack      *Pack
	Market    *market.Market
	Placement *placement.Placement // nil for none
	Member    *member.Member
	Form      coupon.Form
	Now       calendar.Instant
}

// Order is the order in which refusals of a pack are looked for, before those of
// its coupons: the first that holds is given.
var Order = []fault.Code{
	fault.PackClosed, fault.ClaimNotStarted, fault.ClaimEnded, fault.PlacementClosed, fault.MemberBlocked, fault.NewcomerHeld,
	fault.MemberLimit, fault.PlacementLimit, fault.PeriodLimit, fault.SoldOut,
}

// Decide returns what one pack takes of the counters, or the first refusal in Order.
// held are the member's newcomer coupons. The caller takes (Take) when the coupons
// are decided too. A grant is not asked for the window.
func Decide(r *Request, held []coupon.Coupon, counters map[limit.Key]*limit.Counter) ([]limit.Taking, *fault.Fault) {
	p, now := r.Pack, r.Now
	switch windowed := r.Form != coupon.FormGrant; {
	case p.Status != StatusPublished:
		return nil, fault.New(fault.PackClosed, "state", string(p.Status))
	case !p.Open:
		return nil, fault.New(fault.PackClosed, "state", "paused")
	case windowed && now < p.Window.From:
		return nil, fault.New(fault.ClaimNotStarted, "from", p.Window.From)
	case windowed && p.Window.To != 0 && now >= p.Window.To:
		return nil, fault.New(fault.ClaimEnded, "to", p.Window.To)
	case r.Placement != nil && (r.Placement.Pack != p.ID || !r.Placement.OpenAt(now)):
		return nil, fault.New(fault.PlacementClosed)
	case r.Member.Blocked:
		return nil, fault.New(fault.MemberBlocked)
	case p.Newcomer && bars(held, now):
		return nil, fault.New(fault.NewcomerHeld)
	}
	takings := r.takings()
	var refusal *fault.Fault
	for _, t := range takings {
		row := counters[t.Key]
		if row == nil {
			return nil, fault.New(fault.InternalError, "counter", string(t.Key.What))
		}
		if code := refusalOf(t.Limit); !limit.Room(*row, t.Limit.Cap, 1) && (refusal == nil || rank(code) < rank(refusal.Code)) {
			refusal = fault.New(code, "cap", t.Limit.Cap, "period", string(t.Limit.Period), "what", string(t.Limit.What))
		}
	}
	if refusal != nil {
		return nil, refusal
	}
	return takings, nil
}

// Take raises the counters by what Decide returned.
func Take(takings []limit.Taking, counters map[limit.Key]*limit.Counter) {
	for _, t := range takings {
		limit.Take(counters[t.Key], t.Limit.Cap, t.Amount)
	}
}

// Keys names the counters that a request touches, the stock first, each once.
func Keys(r *Request) []limit.Key {
	var keys []limit.Key
	for _, t := range r.takings() {
		keys = append(keys, t.Key)
	}
	return keys
}

// takings are the stock's, which is always counted, the placement's, and those of
// the limits, one a key.
func (r *Request) takings() []limit.Taking {
	all := []limit.Limit{{What: limit.PackCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: limit.Unlimited}}
	if p := r.Placement; p != nil {
		all = append(all, limit.Limit{What: limit.PackCount, Period: limit.Ever, Per: limit.PerPlacement, Cap: cmp.Or(p.Cap, limit.Unlimited)})
	}
	for _, l := range r.Pack.Limits {
		m := limit.Limit{What: limit.PackCount, Period: l.Period, Per: limit.PerMember, Cap: l.Cap}
		if l.Per == PerPack {
			m.Per = limit.PerTemplate
		}
		if m.Per == limit.PerTemplate && m.Period == limit.Ever {
			all[0].Cap = m.Cap
			continue
		}
		all = append(all, m)
	}
	s := limit.Subject{Template: r.Pack.ID, Member: r.Member.ID, Day: r.Market.Day(r.Now), WeekStart: r.Market.WeekStart}
	if r.Placement != nil {
		s.Placement = r.Placement.ID
	}
	return limit.Takings(s, limit.Act{Counts: limit.PackCount, Count: 1}, all)
}

func rank(c fault.Code) int {
	for i, o := range Order {
		if o == c {
			return i
		}
	}
	return -1
}

func refusalOf(l limit.Limit) fault.Code {
	switch {
	case l.Per == limit.PerMember:
		return fault.MemberLimit
	case l.Per == limit.PerPlacement:
		return fault.PlacementLimit
	case l.Period != limit.Ever:
		return fault.PeriodLimit
	}
	return fault.SoldOut
}

// bars reports whether a live newcomer issue is held.
func bars(held []coupon.Coupon, now calendar.Instant) bool {
	for i := range held {
		c := &held[i]
		if live := c.State == coupon.Usable || c.State == coupon.Locked; c.Newcomer && live && now < c.ValidTo {
			return true
		}
	}
	return false
}
