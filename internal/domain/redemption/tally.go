package redemption

import (
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// tally changes counters on the side until commit, so that a refusal leaves them
// as they were.
type tally struct {
	rows  map[limit.Key]*limit.Counter
	drawn map[limit.Key]*limit.Counter
	gave  []limit.Taking
	took  []limit.Taking
	why   *refusals
}

func newTally(rows map[limit.Key]*limit.Counter, why *refusals) *tally {
	return &tally{rows: rows, drawn: map[limit.Key]*limit.Counter{}, why: why}
}

// row is the working copy of a counter; a missing one is a broken call.
func (t *tally) row(k limit.Key) *limit.Counter {
	if c := t.drawn[k]; c != nil {
		return c
	}
	stored := t.rows[k]
	if stored == nil {
		t.why.add(fault.InternalError, "counter", string(k.What))
		stored = &limit.Counter{Key: k}
	}
	c := *stored
	t.drawn[k] = &c
	return &c
}

func (t *tally) give(takings []limit.Taking) {
	for _, g := range takings {
		limit.Give(t.row(g.Key), g.Amount)
	}
	t.gave = append(t.gave, takings...)
}

// take refuses where there is no room.
func (t *tally) take(takings []limit.Taking) {
	for _, g := range takings {
		c := t.row(g.Key)
		if !limit.Room(*c, g.Limit.Cap, g.Amount) {
			code := fault.RedeemLimit
			if g.Limit.What.Amount() {
				code = fault.RedeemBudget
			}
			t.why.add(code, "cap", g.Limit.Cap, "period", string(g.Limit.Period), "what", string(g.Limit.What))
		}
		limit.Take(c, g.Limit.Cap, g.Amount)
	}
	t.took = append(t.took, takings...)
}

// takeOver keeps a promise, with or without room.
func (t *tally) takeOver(takings []limit.Taking) {
	for _, g := range takings {
		limit.TakeOver(t.row(g.Key), g.Limit.Cap, g.Amount)
	}
	t.took = append(t.took, takings...)
}

// commit writes the working copies into the caller's rows.
func (t *tally) commit() {
	for k, c := range t.drawn {
		*t.rows[k] = *c
	}
}

// takings are what one use of a coupon with its discount takes on a day.
func (h Held) takings(m *market.Market, day calendar.Date, discountMinor int64) []limit.Taking {
	return limit.Takings(h.Limits, limit.Subject{
		Template: h.Coupon.Template, Member: h.Coupon.Member, Placement: h.Coupon.Placement,
		Day: day, WeekStart: m.WeekStart,
	}, limit.Redeem(discountMinor))
}

// takings are those of all uses of a promise.
func (p *Priced) takings(m *market.Market, day calendar.Date, held []Held) []limit.Taking {
	var all []limit.Taking
	for _, h := range held {
		all = append(all, h.takings(m, day, p.use(h.Coupon.ID).DiscountMinor)...)
	}
	return all
}

// use is what the promise says of a coupon; empty for one it does not know.
func (p *Priced) use(coupon id.ID) pricing.Use {
	for _, u := range p.Uses {
		if u.Coupon == coupon {
			return u
		}
	}
	return pricing.Use{}
}

// Keys names the redeem counters that uses of these coupons touch on a day, each
// once. A decision needs those of its own day, and of the day on which what it
// gives back was taken: a lock's day of creation, a redemption's Day.
func Keys(m *market.Market, day calendar.Date, held ...Held) []limit.Key {
	var keys []limit.Key
	seen := map[limit.Key]bool{}
	for _, h := range held {
		for _, t := range h.takings(m, day, 0) {
			if !seen[t.Key] {
				seen[t.Key] = true
				keys = append(keys, t.Key)
			}
		}
	}
	return keys
}
