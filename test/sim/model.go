package sim

import "time"

// model is what quan should be, as plainly as possible. Times are milliseconds,
// days yyyymmdd. wrong names a mistake that a test makes on purpose.
type model struct {
	now      int64
	zone     *time.Location
	policy   policy
	offers   []*offer
	places   []place
	tickets  []*ticket
	holds    map[string]*hold // newest lock of an order
	allHolds []*hold
	sales    map[string]*sale
	replies  map[string]reply
	numbers  map[string]bool // of refunds
	counters map[counter]int64
	acts     int
	wrong    string
}

type policy struct {
	floor, lockSeconds, graceHours int64
	broken, late                   string
	coupons                        string // on_full, never
}

type offer struct {
	n                            int
	kind, scope, validity, city  string
	amount, bps, most, threshold int64
	after, zero, newcomer        bool
	gift                         int64
	uses, days, delay            int
	from, to, closes             int64 // fixed dates; end of the claim window
	funders                      []int64
	limits                       []bound
	claiming, usable             bool
}

type bound struct {
	what, period, per string
	cap               int64
}

type place struct {
	offer int
	cap   int64
}

type ticket struct {
	id         int64
	o          *offer
	member     int
	place      int
	state      string
	used, uses int
	from, to   int64
	hold       *hold
	act        int
}

type counter struct {
	offer             int
	what, period, per string
	start, subject    int
}

type reply struct {
	body    string
	tickets []*ticket
}

func newModel(zone *time.Location, p policy) *model {
	return &model{zone: zone, policy: p, holds: map[string]*hold{}, sales: map[string]*sale{}, replies: map[string]reply{}, numbers: map[string]bool{}, counters: map[counter]int64{}}
}

// rank is the order in which refusals are given: the first that holds counts.
var rank = map[string]int{}

func init() {
	for i, code := range []string{"coupon_not_found", "order_not_found", "missing_value", "claiming_stopped", "claim_ended", "placement_closed",
		"city_not_allowed", "newcomer_held", "member_limit_reached", "placement_limit_reached", "period_limit_reached", "sold_out", "budget_exhausted",
		"coupon_withdrawn", "coupon_used", "coupon_expired", "coupon_not_yet_valid", "coupon_locked", "use_paused", "nothing_in_scope",
		"threshold_not_met", "no_effect", "redeem_limit_reached", "redeem_budget_exhausted", "lock_not_found", "lock_resolved", "lock_expired",
		"cart_changed", "order_differs", "order_refunded", "refund_exceeds_paid", "coupon_already_returned", "refund_differs", "threshold_broken"} {
		rank[code] = i
	}
}

func first(codes []string) string {
	best := ""
	for _, c := range codes {
		if best == "" || rank[c] < rank[best] {
			best = c
		}
	}
	return best
}

func (m *model) day(at int64) int {
	y, mo, d := time.UnixMilli(at).In(m.zone).Date()
	return y*10000 + int(mo)*100 + d
}

// midnight is the start of the day n days after the day of at.
func (m *model) midnight(at int64, n int) int64 {
	y, mo, d := time.UnixMilli(at).In(m.zone).Date()
	return time.Date(y, mo, d+n, 0, 0, 0, 0, m.zone).UnixMilli()
}

// start of the period that holds a day; weeks begin on Monday.
func start(period string, day int) int {
	t := time.Date(day/10000, time.Month(day/100%100), day%100, 12, 0, 0, 0, time.UTC)
	switch period {
	case "day":
		return day
	case "week":
		for t.Weekday() != time.Monday {
			t = t.AddDate(0, 0, -1)
		}
		y, mo, d := t.Date()
		return y*10000 + int(mo)*100 + d
	case "month":
		return day - day%100 + 1
	}
	return 0
}

// known answers a repeated request: replay, or another body under its key.
func (m *model) known(member int, key, body string) (r reply, code string, hit bool) {
	r, hit = m.replies[name(member, key)]
	if hit && r.body != body {
		return r, "idempotency_key_reused", true
	}
	return r, "", hit
}

// wish is a claim, or a grant of one coupon or a pack.
type wish struct {
	key, body, city string
	member, place   int // place -1: none
	offers          []int
	grant           bool
}

func (m *model) issue(w wish) (code string, made []*ticket) {
	if r, code, hit := m.known(w.member, w.key, w.body); hit {
		return code, r.tickets
	}
	m.acts++
	before := map[counter]int64{}
	for k, v := range m.counters {
		before[k] = v
	}
	for _, n := range w.offers {
		o := m.offers[n]
		from, to := m.dates(o)
		var why []string
		if !o.claiming {
			why = append(why, "claiming_stopped")
		}
		if !w.grant && o.closes != 0 && m.now >= o.closes || to <= from || to <= m.now {
			why = append(why, "claim_ended")
		}
		if w.place >= 0 && m.places[w.place].offer != n {
			why = append(why, "placement_closed")
		}
		if o.city != "" && o.city != w.city && (!w.grant || w.city != "") {
			why = append(why, "city_not_allowed")
		}
		if o.newcomer {
			for _, t := range append(m.tickets, made...) {
				if t.member == w.member && t.o.newcomer && (t.state == "usable" || t.state == "locked") && m.now < t.to && t.act != m.acts {
					why = append(why, "newcomer_held")
				}
			}
		}
		why = append(why, m.takeIssue(o, w)...)
		if code := first(why); code != "" {
			m.counters = before
			return code, nil
		}
		made = append(made, &ticket{o: o, member: w.member, place: w.place, state: "usable", uses: o.uses, from: from, to: to, act: m.acts})
	}
	m.tickets = append(m.tickets, made...)
	m.remember(w.member, w.key, w.body, made)
	return "", made
}

// remember keeps an effect; a refusal leaves nothing.
func (m *model) remember(member int, key, body string, made []*ticket) {
	m.replies[name(member, key)] = reply{body, made}
}

func (m *model) dates(o *offer) (from, to int64) {
	from, to = m.now, 1<<62-1
	if o.delay > 0 {
		from = m.midnight(m.now, o.delay)
	}
	switch o.validity {
	case "fixed":
		return o.from, o.to
	case "same_day":
		to = m.midnight(m.now, o.delay+1)
	case "days":
		to = m.midnight(m.now, o.delay+o.days)
	}
	return from, to
}

// takeIssue takes every limit of an issue and says which had no room.
func (m *model) takeIssue(o *offer, w wish) (why []string) {
	limits := append([]bound{{"issue_count", "ever", "template", 1 << 60}}, o.limits...)
	if w.place >= 0 {
		most := m.places[w.place].cap
		if most == 0 {
			most = 1 << 60
		}
		limits = append(limits, bound{"issue_count", "ever", "placement", most})
	}
	taken := map[counter]bool{}
	for _, l := range limits {
		amount := int64(1)
		switch {
		case l.what == "issue_amount":
			amount = o.liability()
		case l.what != "issue_count":
			continue
		}
		if l.per == "placement" && w.place < 0 {
			continue
		}
		k := m.counter(o, l, w.member, w.place, m.day(m.now))
		used := m.counters[k]
		if taken[k] {
			used -= amount
		}
		most := l.cap
		if m.wrong == "limit off by one" && l.per == "template" {
			most++
		}
		if amount > 0 && used+amount > most {
			switch {
			case l.per == "member":
				why = append(why, "member_limit_reached")
			case l.per == "placement":
				why = append(why, "placement_limit_reached")
			case l.what == "issue_amount":
				why = append(why, "budget_exhausted")
			case l.period == "ever":
				why = append(why, "sold_out")
			default:
				why = append(why, "period_limit_reached")
			}
		}
		if !taken[k] {
			m.counters[k] += amount
		}
		taken[k] = true
	}
	return why
}

func (m *model) counter(o *offer, l bound, member, place, day int) counter {
	k := counter{offer: o.n, what: l.what, period: l.period, per: l.per, start: start(l.period, day), subject: -1}
	switch l.per {
	case "member":
		k.subject = member
	case "placement":
		k.subject = place
	}
	return k
}

// liability is the most that a coupon can cost.
func (o *offer) liability() int64 {
	each := o.amount
	switch o.kind {
	case "percent_off":
		each = o.most
	case "gift":
		each = o.gift
	}
	return each * int64(o.uses)
}

func (m *model) withdraw(key, body string, t *ticket) string {
	if _, code, hit := m.known(t.member, key, body); hit {
		return code
	}
	switch {
	case t.state != "usable":
		return map[string]string{"locked": "coupon_locked", "used": "coupon_used", "expired": "coupon_expired", "withdrawn": "coupon_withdrawn"}[t.state]
	case m.now >= t.to:
		return "coupon_expired"
	}
	t.state = "withdrawn"
	m.remember(t.member, key, body, nil)
	return ""
}

// sweep is the job that ends coupons.
func (m *model) sweep() {
	for _, t := range m.tickets {
		if t.state == "usable" && m.now >= t.to {
			t.state = "expired"
		}
	}
}
