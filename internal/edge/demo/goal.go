package demo

import (
	"context"
	"math"
	"slices"

	"quan/internal/app/reporting"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Goal is one line of the plan's goals against results. Figures are percents,
// yuan or days, for reading only: money is kept and added in fen.
type Goal struct {
	Name       string   `json:"name"`
	Unit       string   `json:"unit"` // %, yuan, days, "" for none
	DueDays    int      `json:"due_days"`
	Before     *float64 `json:"before,omitempty"`
	Target     *float64 `json:"target,omitempty"`
	Result     *float64 `json:"result,omitempty"`
	Control    *float64 `json:"control,omitempty"`
	Difference *float64 `json:"difference,omitempty"` // between those with the plan and the control
	Within     *float64 `json:"within,omitempty"`     // half of the difference's 95 % interval
	Verdict    string   `json:"verdict"`              // reached, missed, not yet due, or "" where nothing was promised
	From       string   `json:"from"`                 // store, or members: what the simulation alone knows
}

// OfferResult is what the store says of one template.
type OfferResult struct {
	Code          string `json:"code"`
	Name          string `json:"name"`
	Issued        int64  `json:"issued"`
	Used          int64  `json:"used"`
	Expired       int64  `json:"expired"`
	DiscountMinor int64  `json:"discount_minor"`
	RedemptionBps int64  `json:"redemption_bps"`
}

// Totals are sums over the run.
type Totals struct {
	Orders        int64 `json:"orders"` // without gifts fetched at the counter
	Gifts         int64 `json:"gifts"`
	ListMinor     int64 `json:"list_minor"`
	DiscountMinor int64 `json:"discount_minor"`
	RefundedMinor int64 `json:"refunded_minor"`
	Issued        int64 `json:"issued"`
	Used          int64 `json:"used"`
	Expired       int64 `json:"expired"`
	Refused       int64 `json:"refused"` // coupons that the budget refused
}

// Result is a finished run.
type Result struct {
	Seed     uint64        `json:"seed"`
	Members  int           `json:"members"`
	Days     int           `json:"days"`
	First    calendar.Date `json:"first"`
	Last     calendar.Date `json:"last"`
	Goals    []Goal        `json:"goals"`
	Offers   []OfferResult `json:"offers"`
	Fair     []OfferResult `json:"fair"` // templates of the member day, which is not of the plan
	Groups   []GroupResult `json:"groups"`
	Store    Totals        `json:"store"`
	Model    Totals        `json:"model"`             // what the simulation expected; refunds and expiry it leaves to the store
	Differs  int64         `json:"differs"`           // acts that went otherwise than the model expected
	Odd      []string      `json:"odd,omitempty"`     // the first of them
	Messages [3]int64      `json:"messages"`          // to dormant members: app, official account, SMS
	PackLead float64       `json:"pack_lead_minor"`   // first order with the pack, against the single general coupon
	Subsidy  int64         `json:"subsidy_bps"`       // discount / list amount, all orders
	PerNew   int64         `json:"per_convert_minor"` // newcomer coupons' discount for each newcomer that ordered
}

// GroupResult compares plan and control inside a group.
type GroupResult struct {
	Group       string  `json:"group"`
	Orders      int64   `json:"orders"`
	ValueMinor  float64 `json:"value_minor"`
	ControlSize int64   `json:"control_orders"`
	ControlOf   float64 `json:"control_minor"`
	Within      float64 `json:"within_minor"`
}

// result asks the store and the members.
func (p *player) result(ctx context.Context) (*Result, error) {
	r := &Result{Seed: p.set.Seed, Members: p.set.Members, Days: p.set.Days, First: p.set.First(), Last: p.set.Last, Differs: p.cursor.Differs, Odd: p.odd}
	if err := p.askOrders(ctx, r); err != nil {
		return nil, err
	}
	if err := p.askOffers(ctx, r); err != nil {
		return nil, err
	}
	b := &p.sim.book
	r.Model = Totals{Orders: b.orders, Gifts: b.gifts, ListMinor: b.list, DiscountMinor: b.discount, Issued: b.coupons(), Refused: b.refused}
	for n := range b.used {
		r.Model.Used += b.used[n]
	}
	r.Model.Used += b.gifts
	r.Messages = b.messages
	r.PackLead = b.firstPack.mean() - b.firstOne.mean()
	for g := range groups {
		t, c := &b.grouped[g][treated], &b.grouped[g][control]
		r.Groups = append(r.Groups, GroupResult{groupNames[g], t.n, t.mean(), c.n, c.mean(), within(t, c)})
	}
	r.goals(p.sim)
	return r, nil
}

// askOrders reads all orders of the run; gifts that were fetched are no sales.
func (p *player) askOrders(ctx context.Context, r *Result) error {
	report, err := p.Reporting.Statistics(ctx, p.by, reporting.Query{Market: market.DefaultCode, From: r.First, To: r.Last,
		AllOrders: true, GroupBy: []string{"channel"}})
	if err != nil {
		return err
	}
	var sales metric.Values
	for _, row := range report.Rows {
		if row.Dims.Channel == fairChannel {
			continue
		}
		if row.Dims.Channel == counter {
			r.Store.Gifts += row.Values.Orders
			continue
		}
		sales.Add(row.Values)
	}
	r.Store.Orders, r.Store.ListMinor, r.Store.DiscountMinor, r.Store.RefundedMinor = sales.Orders, sales.ListMinor, sales.DiscountMinor, sales.RefundedMinor
	if sales.ListMinor > 0 {
		r.Subsidy = (sales.DiscountMinor*10_000 + sales.ListMinor/2) / sales.ListMinor
	}
	return nil
}

// askOffers reads what became of each template's coupons.
func (p *player) askOffers(ctx context.Context, r *Result) error {
	report, err := p.Reporting.Statistics(ctx, p.by, reporting.Query{Market: market.DefaultCode, From: r.First, To: r.Last.AddDays(1),
		Templates: slices.Concat(p.templates[:], p.fair.templates[:]), GroupBy: []string{"template"}})
	if err != nil {
		return err
	}
	byID := map[id.ID]reporting.Row{}
	for _, row := range report.Rows {
		byID[row.Dims.Template] = row
	}
	for n, t := range p.templates {
		row := byID[t]
		o := &p.sim.offers[n]
		r.Offers = append(r.Offers, OfferResult{o.code, o.name, row.Values.Issued, row.Values.CouponsUsed, row.Values.Expired,
			row.Values.DiscountMinor, row.Rates.RedemptionBps})
		r.Store.Issued += row.Values.Issued
		r.Store.Used += row.Values.CouponsUsed
		r.Store.Expired += row.Values.Expired
	}
	for n, o := range p.sim.fair() {
		v := byID[p.fair.templates[n]]
		r.Fair = append(r.Fair, OfferResult{o.code, o.name, v.Values.Issued, v.Values.CouponsUsed, v.Values.Expired, v.Values.DiscountMinor, v.Rates.RedemptionBps})
	}
	refusals, err := p.Reporting.Refusals(ctx, p.by, reporting.Query{Market: market.DefaultCode, From: r.First, To: r.Last,
		Templates: []id.ID{p.templates[offerBlast]}})
	for _, c := range refusals.Rows {
		r.Store.Refused += c.Count
	}
	return err
}

// goals fills the table.
func (r *Result) goals(s *simulation) {
	c, b := s.cohorts(), &s.book
	r.share("dormant members woken", 30, 8, 15, &c.wake)
	r.share("newcomers' first order", 30, 41, 45, &c.convert)
	value := Goal{Name: "average order", Unit: "yuan", DueDays: 30, Before: ref(55), Target: ref(65), From: "store"}
	if r.Store.Orders > 0 {
		value.Result = ref(float64(r.Store.ListMinor) / float64(r.Store.Orders) / 100)
	}
	value.against(&b.value, 100)
	r.add(value)
	r.add(Goal{Name: "redemption rate", Unit: "%", DueDays: 90, Before: ref(35), Target: ref(45), Result: r.redemption(), From: "store"})
	r.share("weekend baskets with a ready dish", 90, 18, 30, &b.attach)
	r.turnover(&c.slow)
	cycle := Goal{Name: "days between orders", Unit: "days", DueDays: 180, Before: ref(12), Target: ref(10), From: "members"}
	cycle.measure(&c.cycle, 1)
	r.add(cycle)
	r.add(Goal{Name: "segmented issuing model", DueDays: 180, From: "-"})
	r.add(Goal{Name: "千人千券, a coupon for each", DueDays: 180, From: "-"})
	r.add(Goal{Name: "subsidy rate", Unit: "%", Result: ref(float64(r.Subsidy) / 100), From: "store"})
	var cost int64
	for _, n := range pack {
		cost += r.Offers[n].DiscountMinor
	}
	fresh := Goal{Name: "pack's cost for a new customer", Unit: "yuan", From: "store"}
	if n := int64(c.convert[treated].sum); n > 0 {
		r.PerNew = (cost + n/2) / n
		fresh.Result = ref(float64(r.PerNew) / 100)
	}
	r.add(fresh)
}

// redemption is used / issued over the plan's own offers.
func (r *Result) redemption() *float64 {
	var used, issued int64
	for n := range offerBlast {
		used, issued = used+r.Offers[n].Used, issued+r.Offers[n].Issued
	}
	if issued == 0 {
		return nil
	}
	return ref(100 * float64(used) / float64(issued))
}

func (r *Result) share(name string, due int, before, target float64, arms *[arms]sample) {
	g := Goal{Name: name, Unit: "%", DueDays: due, Before: ref(before), Target: ref(target), From: "members"}
	g.measure(arms, 0.01)
	r.add(g)
}

// turnover compares units a member and day; the goal is a growth.
func (r *Result) turnover(slow *[arms]sample) {
	g := Goal{Name: "turnover of slow goods, growth", Unit: "%", DueDays: 90, Before: ref(0), Target: ref(20), From: "members"}
	t, c := slow[treated].mean(), slow[control].mean()
	if t > 0 && c > 0 {
		g.Result, g.Control, g.Difference = ref(100*(t/c-1)), ref(0), ref(100*(t/c-1))
		// The ratio's deviation by that of its logarithm.
		g.Within = ref(100 * t / c * 1.96 * math.Sqrt(slow[treated].variance()/t/t+slow[control].variance()/c/c))
	}
	r.add(g)
}

// measure takes result and control from the members, in units of unit.
func (g *Goal) measure(s *[arms]sample, unit float64) {
	if s[treated].n > 0 {
		g.Result = ref(s[treated].mean() / unit)
	}
	g.against(s, unit)
}

func (g *Goal) against(s *[arms]sample, unit float64) {
	if s[treated].n == 0 || s[control].n == 0 {
		return
	}
	g.Control = ref(s[control].mean() / unit)
	g.Difference = ref((s[treated].mean() - s[control].mean()) / unit)
	g.Within = ref(within(&s[treated], &s[control]) / unit)
}

// within is half of the 95 % interval of a difference of two means.
func within(a, b *sample) float64 { return 1.96 * math.Sqrt(a.variance()+b.variance()) }

// tenth is a figure as the table shows it.
func tenth(x float64) float64 { return math.Round(x*10) / 10 }

func ref(x float64) *float64 { return &x }

// add judges a goal: the 6-month goals are not due after 90 days.
func (r *Result) add(g Goal) {
	lower := []string{"days between orders"}
	switch {
	case g.DueDays == 0:
	case g.DueDays > r.Days:
		g.Verdict = "not yet due"
	case g.Result == nil || g.Target == nil:
		g.Verdict = "not measured"
	case tenth(*g.Result) >= tenth(*g.Target) != slices.Contains(lower, g.Name):
		g.Verdict = "reached"
	default:
		g.Verdict = "missed"
	}
	r.Goals = append(r.Goals, g)
}
