package sim

import (
	"cmp"
	"fmt"

	"quan/internal/app"
	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	domaindesk "quan/internal/domain/desk"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// newLink makes a short link to some page.
func (w *world) newLink(n int) {
	l, _, err := w.catalog.CreateLink(w.Ctx(), w.By, catalog.CreateLinkInput{Template: w.templates[w.rand.IntN(offerCount)], Name: fmt.Sprint("link ", n), Channel: "app"})
	w.Must(err)
	w.links = append(w.links, l.ID)
}

// link is a link of a wish, zero for none.
func (w *world) link(n int) id.ID {
	if n == 0 {
		return 0
	}
	return w.links[n-1]
}

// newDesk draws what the market's agents may do.
func (w *world) newDesk() {
	d := domaindesk.Desk{Market: w.Market.Code, ExtendDays: int64(w.rand.IntN(6)), Rev: 1, CreatedAt: w.Clock(), UpdatedAt: w.Clock()}
	w.m.desk = desk{agent: map[string]int64{}, all: map[string]int64{}, days: d.ExtendDays}
	for n, quota := range []*domaindesk.Quota{&d.Reissue, &d.Extend, &d.Compensate} {
		kind := deskKinds[n]
		quota.Agent, quota.All = int64(w.rand.IntN(6)), int64(w.rand.IntN(9))
		w.m.desk.agent[kind], w.m.desk.all[kind] = quota.Agent, quota.All
	}
	for _, o := range w.rand.Perm(offerCount)[:offerCount/2] {
		w.m.desk.offers = append(w.m.desk.offers, o)
		d.Templates = append(d.Templates, w.templates[o])
	}
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Desks().Insert([]domaindesk.Desk{d}) }))
}

// agentOf is an agent of the desk, from 1.
func agentOf(n int) access.Principal {
	return access.Principal{Kind: access.KindPerson, ID: id.Format(id.Person, id.ID(n)), Permissions: access.Permissions([]access.Role{access.Service})}
}

// serves is an act of an agent.
func (w *world) serves() {
	agent := 1 + w.rand.IntN(agentCount)
	switch w.rand.IntN(3) {
	case 0:
		w.compensates(agent)
	case 1:
		t := w.ticket(w.rand.IntN(memberCount))
		if t != nil && t.to == forever {
			t = w.ticket(t.member)
		}
		w.moves("extend", agent, t)
	default:
		w.moves("reissue", agent, w.over())
	}
}

// over is a coupon that ended, mostly; nil where there is none.
func (w *world) over() (t *ticket) {
	for range 12 {
		if len(w.m.tickets) > 0 {
			t = pick(w, w.m.tickets...)
		}
		if t != nil && (t.state == "withdrawn" || t.state == "expired") {
			return t
		}
	}
	return t
}

func (w *world) compensates(agent int) {
	x := wish{key: w.once().Key, member: w.rand.IntN(memberCount), place: -1, grant: true, agent: agent, offers: []int{w.rand.IntN(offerCount)}}
	if w.rand.IntN(4) > 0 {
		x.offers[0] = pick(w, w.m.desk.offers...)
	}
	w.again(func(body string) {
		in := issuing.CompensateInput{Once: app.Once{Key: x.key, Body: body}, Member: w.members[x.member], Template: w.templates[x.offers[0]], Reason: "sim"}
		var out issuing.Outcome
		w.call(func() (err error) {
			out, err = w.Issuing.Compensate(w.Ctx(), agentOf(agent), in)
			return err
		})
		w.issued("compensate", x, body, out)
	})
}

// moves gives a coupon again or moves its end.
func (w *world) moves(kind string, agent int, t *ticket) {
	if t == nil {
		return
	}
	key, most := w.once().Key, w.m.desk.days*day
	to := max(t.to, w.m.now) + w.rand.Int64N(most+day)
	switch w.rand.IntN(6) {
	case 0, 1: // as far as it goes, or a moment too far
		to = cmp.Or(t.extended, t.to) + most + w.rand.Int64N(2)
	case 2:
		to = w.m.now + most + w.rand.Int64N(2)
	}
	if kind == "reissue" && (to >= forever || w.rand.IntN(2) == 0) {
		to = 0 // as the terms say
	}
	w.again(func(body string) {
		in := issuing.DeskInput{Once: app.Once{Key: key, Body: body}, Coupon: id.ID(t.id), To: calendar.Instant(to), Reason: "sim"}
		var out issuing.DeskOutcome
		var err error
		w.call(func() error {
			act := w.Issuing.Extend
			if kind == "reissue" {
				act = w.Issuing.Reissue
			}
			out, err = act(w.Ctx(), agentOf(agent), in)
			return shed(err)
		})
		want, replayed := w.ask(t.member, key, body, func() refusals {
			if kind == "reissue" {
				return w.m.reissue(t, agent, key, to)
			}
			return w.m.extend(t, agent, to)
		})
		w.tell(kind, want, []string{fmt.Sprint("m", t.member), fmt.Sprint("t", t.o.n)}, "m%d %s to %d by %d", t.member, couponOf(t), to, agent)
		w.same(kind, code(err), want)
		if want != "" || err != nil {
			return
		}
		got := t
		if kind == "reissue" {
			got = w.m.made(wish{key: key})[0]
			if got.id == 0 {
				got.id = int64(out.Coupon.ID)
			}
		}
		w.same("replayed", out.Replayed, replayed || w.answered())
		w.same("after "+kind, fmt.Sprint(out.Coupon.ID, int64(out.Coupon.ValidFrom), int64(out.Coupon.ValidTo), out.Coupon.FaceMinor),
			fmt.Sprint(id.ID(got.id), got.from, got.to, got.face))
	})
}
