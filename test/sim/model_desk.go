package sim

import "slices"

// desk is what service agents may do in a day: so many acts of a kind by each of them
// and by all.
type desk struct {
	agent, all map[string]int64 // by kind: reissue, extend, compensate
	days       int64            // by how many the end of a coupon may move
	offers     []int            // that compensate
}

const (
	day     = 24 * 3_600_000
	forever = 1<<62 - 1 // the end of a coupon that has none
)

var deskKinds = []string{"reissue", "extend", "compensate"}

// deskNo is the holder that stands for a kind of acts.
func deskNo(kind string) int { return 500 + slices.Index(deskKinds, kind) }

// quota counts one act of an agent.
func (m *model) quota(kind string, agent int) refusals {
	no := deskNo(kind)
	asked := []bound{{no, "desk_count", "day", "agent", m.desk.agent[kind], 0}, {no, "desk_count", "day", "template", m.desk.all[kind], 0}}
	return m.count(asked, &ticket{device: agent}, 0, m.now, 1)
}

// compensate is asked before the grant.
func (m *model) mayCompensate(w wish) (why refusals) {
	why.when(!slices.Contains(m.desk.offers, w.offers[0]), "not_compensating")
	return append(why, m.quota("compensate", w.agent)...)
}

// extend moves the end of a coupon that lives: all the desk's moves of it together by
// so many days at most.
func (m *model) extend(t *ticket, agent int, to int64) (why refusals) {
	why = m.quota("extend", agent)
	first := t.to
	if t.extended > 0 {
		first = min(first, t.extended)
	}
	why.when(first == forever, "wrong_state")
	why.when(to <= t.to || to > first+m.desk.days*day+m.slip("desk extends too far"), "out_of_range")
	why.when(t.state != "usable" && t.state != "locked", "coupon_"+t.state)
	why.when(m.now >= t.to, "coupon_expired")
	if len(why) == 0 {
		t.extended, t.to = first, to
	}
	return why
}

// reissue gives a coupon that is over again, once, with the terms it had. It takes the
// old one's place in all limits on issuing; what limits on liability hold is held anew.
func (m *model) reissue(t *ticket, agent int, key string, to int64) (why refusals) {
	why = m.quota("reissue", agent)
	why.when(t.state != "withdrawn" && t.state != "expired" || t.used > 0, "wrong_state")
	why.when(t.replaced, "coupon_replaced")
	why.when(t.first && m.welcomed(t.member), "newcomer_held")
	x := &ticket{o: t.o, member: t.member, place: t.place, pile: t.pile, key: key, issued: m.now, state: "usable", uses: t.uses,
		face: t.face, packed: t.packed, first: t.first}
	if x.from, x.to = m.dates(t.o); to != 0 {
		why.when(to <= m.now || to > max(x.to, m.now+m.desk.days*day), "out_of_range")
		x.from, x.to = min(x.from, m.now), to
	}
	why.when(x.to <= max(x.from, m.now), "claim_ended")
	x.held = x.worst() * int64(x.uses)
	for _, l := range m.limits(x) {
		if l.what == "liability" && l.knows(x) {
			why = append(why, m.count([]bound{l}, x, x.held, m.now, 1)...)
		}
	}
	if len(why) == 0 {
		t.replaced = m.slip("a coupon is given again twice") == 0
		m.tickets = append(m.tickets, x)
	}
	return why
}
