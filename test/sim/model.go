package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// model is what quan should be, as plainly as possible. Times are milliseconds.
type model struct {
	now      int64
	zone     *time.Location
	policy   policy
	offers   []*offer
	places   []place
	budgets  [][]bound // limits of each
	tickets  []*ticket
	holds    map[string]*hold   // newest lock of an order
	sales    map[string]*hold   // orders, noted or paid
	bodies   map[string]string  // of requests that had an effect
	refunds  map[string]*refund // by number
	counters map[counter]int64
	undo     []step           // of the request that is decided
	touched  map[counter]bool // since the last comparison
	piles    map[int][]int64  // sizes of the batches of an offer, in their order
	packs    []*pack
	plans    []*plan
	packets  []*packet // in the order of sending
	desk     desk
	missing  map[string][]gap // what a request for a partial pack did not get
	wrong    string           // a mistake that a test makes on purpose
}

type ticket struct {
	id            int64
	o             *offer
	member, place int // place -1: none
	pile, device  int // its batch, -1: none; who asked, 0: not known
	issued        int64
	spent, held   int64  // discounts of uses that stand; what limits on liability hold for it
	key, state    string // key: of the request
	used, uses    int
	from, to      int64
	hold          *hold
	face          int64 // a share's own amount, 0: the offer's
	packed, first bool  // part of a pack; a newcomer issue
	extended      int64 // its end before the desk moved it; 0: it did not
	replaced      bool  // the desk gave another one for it
	link          int   // from 1; 0: claimed through none
}

type counter struct {
	holder            int
	what, period, per string
	start             string // first day of the period, yyyymmdd; of a rolling limit the hour
	subject           int
}

// step is what a counter was before a request added to it.
type step struct {
	counter
	was int64
}

// back takes back what was counted since a mark.
func (m *model) back(mark int) {
	for _, s := range slices.Backward(m.undo[mark:]) {
		m.counters[s.counter] = s.was
	}
}

func (m *model) add(k counter, n int64) {
	m.undo, m.touched[k] = append(m.undo, step{k, m.counters[k]}), true
	m.counters[k] += n
}

// refusals stand in the order in which they are given: the first counts.
type refusals []string

func (r *refusals) when(holds bool, code string) {
	if holds {
		*r = append(*r, code)
	}
}

const again = "again" // in a refusal's place: the answer is known without its key

// once does what a request asks. A known one has no further effect; a refusal
// leaves nothing, its key included.
func (m *model) once(key, body string, act func() refusals) (code string, replayed bool) {
	if was, known := m.bodies[key]; known && was != body {
		return "idempotency_key_reused", false
	} else if known {
		return "", true
	}
	m.undo = m.undo[:0]
	switch code = append(act(), "")[0]; code {
	case "":
		m.bodies[key] = body
		m.settle()
	case again:
		return "", true
	default:
		m.back(0)
	}
	return code, false
}

// midnight is the start of the day n days after the day of a moment.
func (m *model) midnight(at int64, n int) int64 {
	y, mo, d := time.UnixMilli(at).In(m.zone).Date()
	return time.Date(y, mo, d+n, 0, 0, 0, 0, m.zone).UnixMilli()
}

// start is the first day of the period that holds a moment; weeks begin on Monday.
func (m *model) start(period string, at int64) string {
	day := time.UnixMilli(at).In(m.zone)
	gone := map[string]int{"week": int(day.Weekday()+6) % 7, "month": day.Day() - 1}[period]
	switch period {
	case "ever", "campaign":
		return ""
	case "rolling":
		return fmt.Sprint(at / 3_600_000)
	}
	return day.AddDate(0, 0, -gone).Format("20060102")
}

func (m *model) issue(w wish) (why refusals) {
	var made []*ticket
	var face int64
	delete(m.missing, w.key)
	if w.pack != nil {
		w.offers, why = w.pack.offers(), m.mayPack(w)
	} else if w.packet != nil {
		w.offers, face, why = []int{w.packet.plan.offer}, w.packet.next(), m.mayOpen(w)
	} else if w.agent > 0 {
		why = m.mayCompensate(w)
	}
	if len(why) > 0 {
		return why
	}
	for _, n := range w.offers {
		o, mark := m.offers[n], len(m.undo)
		t := &ticket{o: o, member: w.member, place: w.place, device: w.device, key: w.key, pile: -1, issued: m.now, state: "usable", uses: o.uses,
			face: face * (1 - m.slip("share takes the offer's amount")), packed: w.pack != nil, first: o.newcomer || w.pack != nil && w.pack.newcomer, link: w.link}
		t.from, t.to = m.dates(o)
		refused := m.mayIssue(o, t, w)
		switch {
		case len(refused) == 0:
			made = append(made, t)
		case w.pack != nil && w.pack.partial:
			m.back(mark + int(m.slip("what a pack lacks is counted")))
			m.missing[w.key] = append(m.missing[w.key], gap{n, refused[0]})
			why = append(why, refused[0])
		default:
			return refused
		}
	}
	if len(made) == 0 {
		return why
	}
	if w.packet != nil {
		w.packet.opened = append(w.packet.opened, made[0])
		m.add(counter{packetNo(w.packet.n), "share_count", "ever", "template", "", -1}, 1)
	}
	m.tickets = append(m.tickets, made...)
	return nil
}

// made are the coupons that a request got.
func (m *model) made(w wish) (all []*ticket) {
	if w.packet != nil {
		return append(all, w.packet.share(w.member))
	}
	for _, t := range m.tickets {
		if t.key == w.key {
			all = append(all, t)
		}
	}
	return all
}

// dates are those of a coupon that is issued now.
func (m *model) dates(o *offer) (from, to int64) {
	active := max(m.now+int64(o.wait)*3_600_000, o.active)
	if o.delay > 0 {
		active = max(m.midnight(m.now, o.delay), o.active)
	}
	if o.days > 0 {
		return cmp.Or(o.from, active), m.midnight(active, o.days)
	}
	return cmp.Or(o.from, active), o.to
}

func (m *model) mayIssue(o *offer, t *ticket, w wish) (why refusals) {
	why.when(!o.claiming, "claiming_stopped")
	why.when(!w.grant && !m.session(o, m.now) && m.opens(o), "claim_closed")
	why.when(!w.grant && !m.session(o, m.now) && !m.opens(o) || t.to <= max(t.from, m.now), "claim_ended")
	why.when(w.place >= 0 && w.pack == nil && m.places[max(w.place, 0)].offer != o.n, "placement_closed")
	why.when(o.city != "" && o.city != w.city && (!w.grant || w.city != ""), "city_not_allowed")
	why.when(t.first && m.welcomed(t.member), "newcomer_held")
	t.pile = slices.IndexFunc(m.piles[o.n], func(size int64) bool {
		t.pile++
		return m.counters[pileOf(o.n, t.pile)] < size+m.slip("batch off by one")
	})
	t.held = t.worst() * int64(o.uses)
	full := m.take("issue", t, t.held, m.now, 1)
	full.when(t.pile < 0 && len(m.piles[o.n]) > 0, "sold_out")
	return append(why, slices.SortedStableFunc(slices.Values(full), inOrder)...)
}

// welcomed tells whether a member holds a newcomer issue that lives.
func (m *model) welcomed(member int) bool {
	return slices.ContainsFunc(m.tickets, func(x *ticket) bool {
		return x.member == member && x.first && (x.state == "usable" || x.state == "locked") && m.now < x.to
	})
}

// pileOf counts what a batch has given out.
func pileOf(offer, pile int) counter {
	return counter{offer, "issue_count", "ever", "batch", "", pile}
}

// session tells whether the claim window is open: its hours are whole ones by the
// clocks on the wall.
func (m *model) session(o *offer, at int64) bool {
	hour := time.UnixMilli(at + m.slip("session ends a moment late")*-1).In(m.zone).Hour()
	return (o.closes == 0 || at < o.closes) && (len(o.hours) == 0 || slices.Contains(o.hours, hour))
}

// opens tells whether it opens again within two days.
func (m *model) opens(o *offer) bool {
	for at := m.now - m.now%3_600_000; at < m.now+48*3_600_000; at += 3_600_000 {
		if at > m.now && m.session(o, at) {
			return true
		}
	}
	return false
}

func sum(of []int64) (all int64) {
	for _, n := range of {
		all += n
	}
	return all
}

func total(cart []line) int64 { return sum((&offer{}).weigh(cart)) }

func (o *offer) takes(l line) bool { return strings.HasPrefix(l.category, o.scope) }

// weigh is the list amount of each line in scope, zero elsewhere.
func (o *offer) weigh(cart []line) []int64 {
	weights := make([]int64, len(cart))
	for i, l := range cart {
		if o.takes(l) {
			weights[i] = l.qty * l.unit
		}
	}
	return weights
}

// take takes an issue or a redeem from all limits of a coupon, in their periods
// of a moment, and says which had no room. With sign -1 it gives back.
func (m *model) take(verb string, t *ticket, minor, at, sign int64) (why refusals) {
	if t == nil {
		return nil // a lock without a coupon
	}
	if verb == "issue" && t.pile >= 0 {
		m.add(pileOf(t.o.n, t.pile), sign)
	}
	var asked []bound
	for _, l := range m.limits(t) {
		if what, _, _ := strings.Cut(l.what, "_"); l.knows(t) && (what == verb || verb == "issue" && what == "liability") {
			asked = append(asked, l)
		}
	}
	return m.count(asked, t, minor, at, sign)
}

// count takes one, or an amount, of each limit.
func (m *model) count(limits []bound, t *ticket, minor, at, sign int64) (why refusals) {
	var counted []counter
	for _, l := range limits {
		k, amount := m.counterOf(l, t, at), minor
		if strings.HasSuffix(l.what, "_count") {
			amount = 1
		}
		if slices.Contains(counted, k) { // where two limits share a counter, it counts once
			m.add(k, -sign*amount)
		}
		room := l.cap - m.counters[k] + m.slip("limit off by one") - m.earlier(l, k)
		why.when(sign*amount > 0 && amount > room, l.full())
		m.add(k, sign*amount)
		counted = append(counted, k)
	}
	slices.SortStableFunc(why, inOrder)
	return why
}

// limits are all that count a coupon's issue and uses.
func (m *model) limits(t *ticket) []bound {
	all := append([]bound{{t.o.n, "issue_count", "ever", "template", 1 << 60, 0}}, t.o.limits...)
	if t.place >= 0 {
		most := int64(m.places[t.place].cap)
		if t.packed { // the placement counts packs
			most = 1 << 60
		}
		all = append(all, bound{t.o.n, "issue_count", "ever", "placement", most, 0})
	}
	for _, n := range t.o.budgets {
		all = append(all, m.budgets[n]...)
	}
	return all
}

// knows reports whether the coupon has what the limit counts by.
func (l bound) knows(t *ticket) bool {
	return (l.per != "placement" || t.place >= 0) && (l.per != "device" || t.device > 0)
}

// counterOf is where a limit counts what a coupon does at a moment.
func (m *model) counterOf(l bound, t *ticket, at int64) counter {
	subject := map[string]int{"template": -1, "campaign": -1, "member": t.member, "placement": t.place, "device": t.device, "agent": t.device}[l.per]
	return counter{l.holder, l.what, l.period, l.per, m.start(l.period, at), subject}
}

// earlier is what a rolling limit counts of other hours than the counter's.
func (m *model) earlier(l bound, k counter) (taken int64) {
	if l.period != "rolling" {
		return 0
	}
	hour, _ := strconv.ParseInt(k.start, 10, 64)
	for back := int64(1); back <= l.hours-m.slip("rolling hours too few"); back++ {
		k.start = fmt.Sprint(hour - back)
		taken += m.counters[k]
	}
	return taken
}

// off is the coupon's amount: its own, or the offer's.
func (t *ticket) off() int64 { return cmp.Or(t.face, t.o.amount) }

// worst is what one use can take off at most.
func (t *ticket) worst() int64 { return t.off() + t.o.most + t.o.gift }

// settle brings limits on liability to what each coupon may still cost at worst and
// what its uses took off, always in the period of its issue.
func (m *model) settle() {
	for _, t := range m.tickets {
		now := t.spent
		if t.state == "usable" || t.state == "locked" {
			now += t.worst() * int64(t.uses-t.used)
		}
		if now == t.held || m.wrong == "liability is never settled" {
			continue
		}
		for _, l := range m.limits(t) {
			if l.what == "liability" && l.knows(t) {
				m.add(m.counterOf(l, t, t.issued), now-t.held)
			}
		}
		t.held = now
	}
}

func inOrder(a, b string) int { return slices.Index(fullOrder, a) - slices.Index(fullOrder, b) }

var fullOrder = []string{"member_limit_reached", "device_limit_reached", "placement_limit_reached", "period_limit_reached", "sold_out", "budget_exhausted", "redeem_limit_reached", "redeem_budget_exhausted"}

// full is the refusal where a limit has no room.
func (l bound) full() string {
	switch {
	case l.what == "desk_count":
		return "quota_reached"
	case l.what == "redeem_count":
		return "redeem_limit_reached"
	case l.what == "redeem_amount":
		return "redeem_budget_exhausted"
	case l.per != "template" && l.per != "campaign":
		return l.per + "_limit_reached"
	case l.what == "issue_amount" || l.what == "liability" || l.what == "packet_amount":
		return "budget_exhausted"
	case l.period == "ever" || l.period == "campaign":
		return "sold_out"
	}
	return "period_limit_reached"
}

func (m *model) withdraw(t *ticket) (why refusals) {
	why.when(t.state != "usable", "coupon_"+t.state)
	why.when(m.now >= t.to, "coupon_expired")
	if len(why) == 0 {
		t.state = "withdrawn"
	}
	return why
}
