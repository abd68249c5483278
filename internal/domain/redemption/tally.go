package redemption

import (
	"slices"

	"quan/internal/domain/budget"
	"quan/internal/domain/coupon"
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

// at is a counter as it is so far, nil where nothing was ever taken.
func (t *tally) at(k limit.Key) *limit.Counter {
	if c := t.drawn[k]; c != nil {
		return c
	}
	return t.rows[k]
}

func (t *tally) give(takings []limit.Taking) {
	for _, g := range takings {
		limit.Give(t.row(g.Key), g.Amount)
	}
	t.gave = append(t.gave, takings...)
}

// take refuses where there is no room.
func (t *tally) take(takings []limit.Taking) {
	for i := range takings {
		g := &takings[i]
		if g.Missing != "" {
			*t.why = append(*t.why, fault.New(fault.MissingValue).At("/"+string(g.Missing)))
			continue
		}
		c := t.row(g.Key)
		switch {
		case g.Fits(t.at):
		case g.Honoured():
			t.over(g)
			continue
		default:
			*t.why = append(*t.why, full(g))
		}
		if g.Takes() {
			limit.Take(c, g.Limit.Cap, g.Amount)
			t.took = append(t.took, *g)
		}
	}
}

// full is the refusal of a limit without room.
func full(g *limit.Taking) *fault.Fault {
	code := fault.RedeemLimit
	if g.Limit.What.Amount() || g.Watch {
		code = fault.RedeemBudget
	}
	f := fault.New(code, "cap", g.Limit.Cap, "period", string(g.Limit.Period), "what", string(g.Limit.What))
	if g.Budget != 0 {
		f.Params = append(f.Params, fault.Param{Name: "budget", Value: id.Format(id.Budget, g.Budget)})
	}
	return f
}

func (t *tally) over(g *limit.Taking) {
	if g.Takes() {
		limit.TakeOver(t.row(g.Key), g.Limit.Cap, g.Amount)
		t.took = append(t.took, *g)
	}
}

// takeOver keeps a promise, with or without room.
func (t *tally) takeOver(takings []limit.Taking) {
	for i := range takings {
		t.over(&takings[i])
	}
}

// carry turns what a lock took into what its payment takes: what is the same
// stays, the rest goes back to the period of the lock and is taken in that of the
// payment.
func (t *tally) carry(then, today []limit.Taking) {
	then = slices.Clone(then)
	for i := range today {
		same := slices.IndexFunc(then, func(g limit.Taking) bool { return g.Key == today[i].Key && g.Amount == today[i].Amount })
		switch {
		case !today[i].Takes():
		case same >= 0:
			then = slices.Delete(then, same, same+1)
		default:
			t.over(&today[i])
		}
	}
	t.give(then)
}

// settle brings what a coupon holds of limits on liability after a change of it.
func (t *tally) settle(entries []limit.Entry, before, after *coupon.Coupon, spentMinor int64) []limit.Entry {
	rows := map[limit.Key]*limit.Counter{}
	for _, e := range entries {
		if e.What == limit.Liability {
			rows[e.Key] = t.row(e.Key)
		}
	}
	changed, _ := budget.Settle(entries, before, after, spentMinor, rows)
	for _, e := range changed {
		t.gave = append(t.gave, limit.Taking{Key: e.Key})
	}
	return changed
}

// giveEntries gives back what entries hold and returns them as they shall be.
func (t *tally) giveEntries(entries []limit.Entry) (emptied []limit.Entry) {
	for _, e := range entries {
		if e.Amount != 0 {
			t.give([]limit.Taking{{Key: e.Key, Amount: e.Amount}})
			e.Amount = 0
			emptied = append(emptied, e)
		}
	}
	return emptied
}

// commit writes the working copies into the caller's rows.
func (t *tally) commit() {
	for k, c := range t.drawn {
		*t.rows[k] = *c
	}
}

// Scene is where and when a use happens, and who acts.
type Scene struct {
	Market *market.Market
	At     calendar.Instant
	Store  string
	Actor  limit.Actor
}

func (c Scene) subject(h *Held, day calendar.Date) limit.Subject {
	s := limit.Subject{Template: h.Coupon.Template, Member: h.Coupon.Member, Placement: h.Coupon.Placement,
		Actor: c.Actor, Store: c.Store, Day: day, At: c.At, WeekStart: c.Market.WeekStart}
	if h.Terms != nil {
		for _, f := range h.Terms.Funders {
			s.Funders = append(s.Funders, f.Name())
		}
	}
	return s
}

// takings are what one use of a coupon takes.
func (h Held) takings(c Scene, use pricing.Use) []limit.Taking {
	s, act := c.subject(&h, c.Market.Day(c.At)), limit.Redeem(use.DiscountMinor, shares(use.Cells)...)
	out := limit.Takings(s, act, h.Limits)
	for _, b := range h.Budgets {
		holder := b.Holder(c.Market)
		out = holder.Takings(out, &s, act)
	}
	return out
}

// shares are what the funders bear of a use.
func shares(cells []pricing.Cell) (out []limit.Share) {
	for _, c := range cells {
		out = append(out, limit.Share{Funder: limit.Numbered(c.Funder.Name()), Minor: c.Minor})
	}
	return out
}

// plain are what a use took on a day of the limits that leave no entries.
func (h Held) plain(m *market.Market, day calendar.Date, discountMinor int64) []limit.Taking {
	s := Scene{Market: m}.subject(&h, day)
	return slices.DeleteFunc(limit.Takings(s, limit.Redeem(discountMinor), h.Limits), func(t limit.Taking) bool { return t.Kept || !t.Takes() })
}

// takings are those of all uses of a promise.
func (p *Priced) takings(c Scene, held []Held) []limit.Taking {
	var all []limit.Taking
	for _, h := range held {
		all = append(all, h.takings(c, p.use(h.Coupon.ID))...)
	}
	return all
}

// holds are what a lock took when it was made.
func (s *Standing) holds(m *market.Market) []limit.Taking {
	var all []limit.Taking
	for _, h := range s.Held {
		all = append(all, h.plain(m, m.Day(s.Lock.CreatedAt), s.Priced.use(h.Coupon.ID).DiscountMinor)...)
	}
	for _, e := range s.Priced.Kept {
		all = append(all, limit.Taking{Key: e.Key, Amount: e.Amount})
	}
	return all
}

// Promise notes what a lock of the promise takes of counters in a scene, so that
// the very same is given back.
func (p *Priced) Promise(c Scene, held []Held) {
	p.Actor, p.Kept = c.Actor, nil
	for _, h := range held {
		p.Kept = append(p.Kept, limit.Entries(h.Coupon.ID, h.takings(c, p.use(h.Coupon.ID)))...)
	}
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

// Keys names the counters that uses of these coupons touch in a scene, each once:
// those that they take of, and those of what the coupons hold from their issue.
func Keys(c Scene, held ...Held) []limit.Key {
	var keys []limit.Key
	for _, h := range held {
		for _, t := range h.takings(c, pricing.Use{}) {
			keys = t.Locks(keys)
		}
		for _, e := range h.Entries {
			keys = append(keys, e.Key)
		}
	}
	return once(keys)
}

// KeysOfLock names the counters that the end of a lock gives back to.
func KeysOfLock(m *market.Market, s *Standing) (keys []limit.Key) {
	for _, t := range s.holds(m) {
		keys = append(keys, t.Key)
	}
	return once(keys)
}

// KeysOfUse names the counters that the return of a use gives back to.
func KeysOfUse(m *market.Market, r Redeemed) (keys []limit.Key) {
	for _, t := range r.taken(m) {
		keys = append(keys, t.Key)
	}
	for _, e := range slices.Concat(r.Kept, r.Entries) {
		keys = append(keys, e.Key)
	}
	return once(keys)
}

// Rolling are the takings of limits over the last hours: a decision asks the rows
// of earlier hours too, which are read under the locks.
func Rolling(c Scene, held ...Held) (rolling []limit.Taking) {
	for _, h := range held {
		for _, t := range h.takings(c, pricing.Use{}) {
			if t.Limit.Period == limit.Rolling && t.Missing == "" {
				rolling = append(rolling, t)
			}
		}
	}
	return rolling
}

// once leaves the first sight of each key.
func once(keys []limit.Key) (list []limit.Key) {
	seen := map[limit.Key]bool{}
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			list = append(list, k)
		}
	}
	return list
}
