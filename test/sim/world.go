package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/domain/budget"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/placement"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/domain/stock"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

const (
	memberCount   = 9
	offerCount    = 10
	budgetCount   = 2
	packCount     = 2
	planCount     = 3
	linkCount     = 3
	agentCount    = 2
	deviceCount   = 4
	compareEvery  = 40 // steps
	wholeFirst    = 75 // steps, then twice as many, again and again, and at the end
	tailOfHistory = 30
)

// world drives quan and the model side by side.
type world struct {
	*apptest.World // of the process that is asked next
	catalog        *catalog.Catalog
	processes
	m         *model
	rand      *rand.Rand
	members   []id.ID
	templates []id.ID
	spots     []id.ID
	batches   map[int][]id.ID
	budgets   []id.ID
	packs     []id.ID
	plans     []id.ID
	links     []id.ID
	repeats   []func()
	steps     int
	keys      int
	log       []entry
	done      map[string]int // outcomes by verb and code, for the summary
	diff      string

	lockedOrders []string // in the order of their locks
}

// entry is a step told: what it touched and what became of it.
type entry struct {
	text string
	tags []string
}

// play runs a number of steps and returns the first difference, "" for none.
// The stores are ways to the same database; each has processes of its own on it.
func play(tb testing.TB, stores []store.Store, seed uint64, steps int, wrong string) (diff string, w *world) {
	tb.Helper()
	w = newWorld(tb, stores, seed, wrong)
	every := testkit.Figure(tb, "QUAN_SIM_VERIFY", math.MaxInt)
	whole := wholeFirst
	for w.steps = 1; w.steps <= steps && w.diff == ""; w.steps++ {
		w.step()
		switch {
		case w.diff != "":
		case w.steps == steps, w.steps >= whole, w.steps%every == 0:
			if w.steps >= whole {
				whole *= 2
			}
			w.compare(true)
			w.verify()
		case w.steps%compareEvery == 0:
			w.compare(false)
		}
	}
	if w.diff == "" {
		return "", w
	}
	return fmt.Sprintf("step %d of QUAN_SIM_SEED=%d on %s: %s\nthe steps before it that touched the same:\n%s",
		w.steps-1, seed, w.Store.Engine(), w.diff, w.tail()), w
}

func newWorld(tb testing.TB, stores []store.Store, seed uint64, wrong string) *world {
	s := stores[0]
	w := &world{World: apptest.New(tb, s, 1), rand: rand.New(rand.NewPCG(seed, 1)), batches: map[int][]id.ID{}, done: map[string]int{}}
	p := policy{floor: pick(w, int64(0), 1, 1, 100), lockSeconds: pick(w, int64(60), 1800, 86400), graceHours: pick(w, int64(0), 0, 48),
		broken: pick(w, "keep", "recompute", "refuse"), late: pick(w, "honour", "honour", "refuse"),
		coupons: pick(w, "on_full", "on_full", "on_full", "never")}
	zone := pick(w, "Asia/Shanghai", "Europe/Berlin", "America/New_York")
	w.Market.Zone = zone
	w.Market.Policies = market.Policies{FloorMinor: p.floor, LockTTLSeconds: p.lockSeconds, MaxCouponsOrder: 5,
		BrokenThreshold: market.BrokenThreshold(p.broken), CouponReturn: market.CouponReturn(p.coupons), ReturnGraceHours: p.graceHours,
		LatePayment: market.LatePayment(p.late)}
	w.Market.Rev++
	w.Must(s.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Markets().Update([]market.Market{*w.Market}) }))
	w.begin(stores)
	w.m = newModel(w.Market.Location(), p)
	w.m.wrong, w.m.now = wrong, int64(w.Clock())
	w.members = w.Members(memberCount)
	for n := range budgetCount {
		w.budget(n)
	}
	for n := range offerCount {
		o := w.offer(n)
		w.m.offers = append(w.m.offers, o)
		w.templates = append(w.templates, w.Publish(w.docOf(o), func(t *coupon.Template) { w.draw(t, o) }))
		if w.rand.IntN(2) == 0 {
			w.place(place{offer: n})
		}
		for range pick(w, 0, 0, 1, 3) {
			size := int64(w.rand.IntN(12))
			w.m.piles[n] = append(w.m.piles[n], size)
			w.batches[n] = append(w.batches[n], w.Batch(w.templates[n], func(b *stock.Batch) { b.Size, b.Rank = size, int64(len(w.m.piles[n])) }))
		}
	}
	for n := range packCount {
		w.newPack(n)
	}
	for n := range planCount {
		w.newPlan(n)
	}
	for n := range linkCount {
		w.newLink(n)
	}
	w.newDesk()
	return w
}

func newModel(zone *time.Location, p policy) *model {
	return &model{zone: zone, piles: map[int][]int64{}, policy: p, holds: map[string]*hold{}, sales: map[string]*hold{},
		bodies: map[string]string{}, refunds: map[string]*refund{}, counters: map[counter]int64{}, touched: map[counter]bool{}, missing: map[string][]gap{}}
}

func pick[T any](w *world, from ...T) T { return from[w.rand.IntN(len(from))] }

// offer draws a template.
func (w *world) offer(n int) *offer {
	o := &offer{n: n, kind: pick(w, "amount_off", "percent_off", "no_threshold", "gift"), scope: pick(w, "", "", "fresh"),
		city: pick(w, "", "", "shanghai"), validity: pick(w, "same_day", "days", "days", "fixed", "forever"), days: 1 + w.rand.IntN(4),
		delay: pick(w, 0, 0, 1), uses: pick(w, 1, 1, 2, 3),
		after: int64(max(1-w.rand.IntN(3), 0)), zero: w.rand.IntN(4) == 0, newcomer: w.rand.IntN(5) == 0, claiming: true, usable: true}
	if first := w.rand.IntN(24); w.rand.IntN(4) == 0 { // one session a day, of some hours
		for n := range 1 + w.rand.IntN(10) {
			o.hours = append(o.hours, (first+n)%24)
		}
	}
	if o.delay == 0 {
		o.wait = pick(w, 0, 0, 0, 1, 30)
	}
	if w.rand.IntN(6) == 0 {
		o.active = w.m.now + int64(w.rand.IntN(100))*3_600_000
	}
	switch o.kind {
	case "percent_off":
		o.bps, o.most = int64(1+w.rand.IntN(9000)), int64(500+w.rand.IntN(5000))
	case "gift":
		o.gift = int64(w.rand.IntN(900))
	default:
		o.amount = int64(1 + w.rand.IntN(3000))
	}
	if o.kind != "no_threshold" {
		o.threshold = int64(w.rand.IntN(5000))
	}
	switch o.validity {
	case "same_day":
		o.days = 1
	case "forever":
		o.to, o.delay, o.days = int64(schedule.Forever), 0, 0
	case "fixed":
		o.delay, o.days, o.wait, o.active = 0, 0, 0, 0
		o.from = w.m.now + int64(w.rand.IntN(24))*3_600_000
		o.to = o.from + int64(1+w.rand.IntN(400))*3_600_000
	}
	if w.rand.IntN(4) == 0 {
		o.closes = w.m.now + int64(w.rand.IntN(500))*3_600_000
	}
	o.funders = pick(w, []int64{10000}, []int64{3333, 6667}, []int64{1, 4999, 5000}, []int64{2500, 2500, 2500, 2500})
	o.limits = w.bounds(n, w.rand.IntN(6), "template", "template", "member", "member", "placement", "device")
	for n := range budgetCount {
		if w.rand.IntN(5) == 0 {
			o.budgets = append(o.budgets, n)
		}
	}
	return o
}

// bounds draws some limits of a holder.
func (w *world) bounds(holder, n int, per ...string) (all []bound) {
	seen := map[string]bool{}
	for range n {
		b := bound{holder: holder, what: pick(w, "issue_count", "issue_count", "issue_amount", "redeem_count", "redeem_amount", "liability"),
			period: pick(w, "ever", "day", "week", "month", "rolling", "rolling"), per: pick(w, per...)}
		use := strings.HasPrefix(b.what, "redeem")
		if seen[b.what+b.period+b.per] || b.what == "liability" && b.period == "rolling" || use && b.per == "device" {
			continue
		}
		seen[b.what+b.period+b.per] = true
		b.cap = int64(1 + w.rand.IntN(map[string]int{"template": 40, "campaign": 60, "member": 5, "placement": 15, "device": 12}[b.per]))
		if !strings.HasSuffix(b.what, "count") {
			b.cap *= 1000
		}
		if b.period == "rolling" {
			b.hours = pick(w, int64(1), 5, 24, 168)
		}
		all = append(all, b)
	}
	return all
}

// budget draws one that offers may draw on.
func (w *world) budget(n int) {
	limits := w.bounds(budgetNo(n), 1+w.rand.IntN(4), "campaign", "campaign", "member", "device")
	if len(limits) == 0 {
		limits = []bound{{budgetNo(n), "issue_count", "campaign", "campaign", 50, 0}}
	}
	w.m.budgets = append(w.m.budgets, limits)
	b := budget.Budget{ID: w.IDs.New(0), Market: w.Market.Code, Name: fmt.Sprint("budget ", n), Rev: 1, CreatedAt: w.Clock(), UpdatedAt: w.Clock()}
	for _, l := range limits {
		b.Limits = append(b.Limits, limitOf(l))
	}
	w.Must(b.Validate())
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Budgets().Insert([]budget.Budget{b}) }))
	w.budgets = append(w.budgets, b.ID)
}

// draw notes on a template what publishing a version notes there.
func (w *world) draw(t *coupon.Template, o *offer) {
	t.Budgets = append(slices.Clone(t.Budgets), w.drawn(o)...)
	slices.Sort(t.Budgets)
	t.Budgets = slices.Compact(t.Budgets)
	own := limit.Holder{Limits: w.docOf(o).Claim.Limits}
	t.Entries = t.Entries || len(o.budgets) > 0 || !own.Plain()
}

// drawn are the budgets of an offer.
func (w *world) drawn(o *offer) (ids []id.ID) {
	for _, n := range o.budgets {
		ids = append(ids, w.budgets[n])
	}
	return ids
}

// docOf writes an offer as quan has it.
func (w *world) docOf(o *offer) coupon.Doc {
	d := coupon.Doc{Terms: coupon.Terms{Kind: coupon.Kind(o.kind), AmountMinor: o.amount, DiscountBps: o.bps, CapMinor: o.most,
		ThresholdMinor: o.threshold, UsesPerCoupon: int64(o.uses), AllowZero: o.zero,
		Validity: schedule.Validity{Kind: schedule.ValidityKind(o.validity), DelayDays: int64(o.delay), DelayHours: int64(o.wait), From: calendar.Instant(o.active)}}}
	if o.after > 0 {
		d.Terms.ThresholdBase = coupon.BaseAfter
	}
	if o.kind == "gift" {
		d.Terms.Gift = &coupon.Gift{SKU: "towel", Quantity: 1, ValueMinor: o.gift}
	}
	if o.scope != "" {
		d.Terms.Scope.Include.Categories = []string{o.scope}
	}
	switch o.validity {
	case "days":
		d.Terms.Validity.Days = int64(o.days)
	case "fixed":
		d.Terms.Validity.From, d.Terms.Validity.To = calendar.Instant(o.from), calendar.Instant(o.to)
	}
	for i, share := range o.funders {
		d.Terms.Funders = append(d.Terms.Funders, coupon.Funder{Kind: coupon.FunderBrand, Code: fmt.Sprint("fund ", i), ShareBps: share})
	}
	d.Claim = coupon.ClaimRules{Newcomer: o.newcomer, Window: schedule.Window{To: calendar.Instant(o.closes)}}
	if n := len(o.hours); n > 0 {
		d.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryDay,
			Hours: []schedule.TimeRange{{From: schedule.Clock(o.hours[0] * 60), To: schedule.Clock((o.hours[n-1] + 1) % 24 * 60)}}}
	}
	if o.city != "" {
		d.Claim.Place = rule.Place{Cities: []string{o.city}}
	}
	for _, l := range o.limits {
		d.Claim.Limits = append(d.Claim.Limits, limitOf(l))
	}
	for _, b := range w.drawn(o) {
		d.Claim.Budgets = append(d.Claim.Budgets, id.Format(id.Budget, b))
	}
	return d
}

func limitOf(l bound) limit.Limit {
	return limit.Limit{What: limit.What(l.what), Period: limit.Period(l.period), Per: limit.Per(l.per), Cap: l.cap, Hours: l.hours}
}

func (w *world) place(at place) {
	p := testkit.Placement(w.IDs.New(0), 0)
	if p.Cap = int64(w.rand.IntN(25)); at.pack != nil {
		p.Pack, p.Cap = w.packs[at.pack.n], p.Cap/3
	} else {
		p.Template = w.templates[at.offer]
	}
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Placements().Insert([]placement.Placement{p}) }))
	if at.cap = int(p.Cap); at.cap == 0 {
		at.cap = 1 << 60
	}
	w.m.places = append(w.m.places, at)
	w.spots = append(w.spots, p.ID)
}

func cartOf(lines []line) *pricing.Cart {
	if lines == nil {
		return nil
	}
	c := &pricing.Cart{Channel: "app", City: "shanghai"}
	for i, l := range lines {
		c.Lines = append(c.Lines, pricing.Line{SKU: fmt.Sprint("sku ", i), Category: l.category, Quantity: l.qty, UnitMinor: l.unit})
	}
	return c
}

// tell records a step and its outcome.
func (w *world) tell(verb, outcome string, tags []string, format string, args ...any) {
	if w.diff != "" {
		return // the log ends with what differs
	}
	w.done[verb+" "+outcome]++
	if outcome == "" {
		outcome = "done"
	}
	at := time.UnixMilli(w.m.now).In(w.m.zone).Format("01-02 15:04:05.000")
	w.log = append(w.log, entry{fmt.Sprintf("%5d %s %s %s: %s", w.steps, at, verb, fmt.Sprintf(format, args...), outcome), tags})
}

// same notes the first difference.
func (w *world) same(what string, quan, model any) {
	if a, b := fmt.Sprint(quan), fmt.Sprint(model); a != b && w.diff == "" {
		w.diff = fmt.Sprintf("%s: quan %s, model %s", what, a, b)
	}
}

// code is the refusal of an outcome, "" for success.
func code(err error) string {
	if f := fault.From(err); f != nil {
		return string(f.Code)
	}
	if err != nil {
		return "error " + err.Error()
	}
	return ""
}

// tail is what came before the difference and touched the same members, offers
// and orders as the last step.
func (w *world) tail() string {
	if len(w.log) == 0 {
		return ""
	}
	last := w.log[len(w.log)-1]
	touched := map[string]bool{}
	for _, t := range last.tags {
		touched[t] = true
	}
	var kept []string
	for i := len(w.log) - 1; i >= 0 && len(kept) < tailOfHistory; i-- {
		related := len(last.tags) == 0 || len(w.log[i].tags) == 0
		for _, t := range w.log[i].tags {
			related = related || touched[t]
		}
		if related {
			kept = append([]string{w.log[i].text}, kept...)
		}
	}
	return strings.Join(kept, "\n")
}
