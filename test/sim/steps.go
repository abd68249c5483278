package sim

import (
	"fmt"
	"time"

	"quan/internal/app"
	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// step draws one step and does it on both sides.
func (w *world) step() {
	n := w.rand.IntN(122)
	for _, one := range []struct {
		share int // in 122
		do    func()
	}{
		{24, w.claims}, {5, w.grant}, {12, w.locks}, {18, w.pays}, {4, w.release}, {9, w.refunds}, {2, w.withdraw}, {3, w.order},
		{2, w.turn}, {1, w.publish}, {4, w.repeat}, {4, w.jobs}, {12, w.advance}, {6, w.givePacks}, {3, w.sends}, {6, w.opens}, {1, w.turnPack}, {6, w.serves},
	} {
		if n -= one.share; n < 0 {
			one.do()
			return
		}
	}
}

func (w *world) once() app.Once {
	w.keys++
	return app.Once{Key: fmt.Sprint("key ", w.keys), Body: "body"}
}

// again keeps a request for a later repeat, now and then with another body.
func (w *world) again(run func(body string)) {
	w.repeats = append(w.repeats, func() { run(pick(w, "body", "body", "body", "other")) })
	run("body")
}

func (w *world) repeat() {
	if len(w.repeats) > 0 {
		pick(w, w.repeats...)()
	}
}

func (w *world) who(member int) checkout.Who {
	if member < 0 {
		return checkout.Who{}
	}
	return checkout.Who{Key: w.Key(member)}
}

// ask puts a request to the model under its key.
func (w *world) ask(member int, key, body string, act func() refusals) (code string, replayed bool) {
	if w.answered() && w.m.slip("second try acts again") > 0 {
		w.m.once(fmt.Sprint(member, " lost ", key), body, act)
	}
	return w.m.once(fmt.Sprint(member, " ", key), body, act)
}

func (w *world) askIssue(x wish, body string) (code string, replayed bool) {
	return w.ask(x.member, x.key, body, func() refusals { return w.m.issue(x) })
}

// first plays the first try of a slice whose answer was lost, so that the second one
// meets what all of it took, and says which were done before both.
func (w *world) first(n int, ask func(i int) (code string, replayed bool)) (before []bool) {
	before = make([]bool, n)
	for i := range n {
		before[i] = true
		if w.answered() {
			_, before[i] = ask(i)
		}
	}
	return before
}

func key(ref string) order.Key { return order.Key{Source: "shop", Ref: ref} }

// claims sends one claim or a slice of them.
func (w *world) claims() {
	n := pick(w, 1, 1, 1, 2, 5)
	wishes := make([]wish, n)
	for i := range wishes {
		wishes[i] = wish{key: w.once().Key, member: w.rand.IntN(memberCount), offers: []int{w.rand.IntN(offerCount)}, place: -1,
			device: 1 + w.rand.IntN(deviceCount), link: pick(w, 0, 0, 1+w.rand.IntN(linkCount)), city: pick(w, "shanghai", "shanghai", "beijing")}
		if len(w.spots) > 0 && w.rand.IntN(2) == 0 {
			wishes[i].place = w.rand.IntN(len(w.spots))
			if at := w.m.places[wishes[i].place]; at.pack == nil && w.rand.IntN(8) > 0 {
				wishes[i].offers[0] = at.offer
			}
		}
	}
	if n > 1 && w.rand.IntN(3) == 0 {
		wishes[n-1] = wishes[0] // twins in one slice
	}
	w.again(func(body string) {
		in := make([]issuing.ClaimInput, n)
		for i, x := range wishes {
			in[i] = issuing.ClaimInput{Once: app.Once{Key: x.key, Body: body}, Template: w.templates[x.offers[0]], Member: w.Key(x.member),
				City: x.city, Channel: "app", Actor: limit.Actor{Device: id.ID(x.device)}, Link: w.link(x.link)}
			if x.place >= 0 {
				in[i].Placement = w.spots[x.place]
			}
		}
		var out []issuing.Outcome
		w.call(func() (err error) {
			out, err = w.Issuing.Claim(w.Ctx(), w.By, in)
			return err
		})
		w.first(n, func(i int) (string, bool) { return w.askIssue(wishes[i], body) })
		for i, x := range wishes {
			w.issued("claim", x, body, out[i])
		}
	})
}

func (w *world) grant() {
	x := wish{key: w.once().Key, member: w.rand.IntN(memberCount), place: -1, grant: true, city: pick(w, "", "shanghai", "beijing")}
	for range pick(w, 1, 2, 3) {
		x.offers = append(x.offers, w.rand.IntN(offerCount))
	}
	w.again(func(body string) {
		in := issuing.GrantInput{Once: app.Once{Key: x.key, Body: body}, Member: w.Key(x.member), City: x.city, Channel: "app"}
		for _, o := range x.offers {
			in.Templates = append(in.Templates, w.templates[o])
		}
		var out []issuing.Outcome
		w.call(func() (err error) {
			out, err = w.Issuing.Grant(w.Ctx(), w.By, []issuing.GrantInput{in})
			return err
		})
		w.issued("grant", x, body, out[0])
	})
}

func (w *world) issued(verb string, x wish, body string, got issuing.Outcome) {
	want, _ := w.askIssue(x, body)
	made := w.m.made(x)
	tags := []string{fmt.Sprint("m", x.member)}
	for _, o := range x.offers {
		tags = append(tags, fmt.Sprint("t", o))
	}
	w.tell(verb, want, append(tags, tagsOfGift(x)...), "m%d offers %v place %d %s %s", x.member, x.offers, x.place, x.key, body)
	w.same(verb, code(got.Err), want)
	if want != "" || got.Receipt == nil {
		return
	}
	w.same("coupons issued", len(got.Receipt.Coupons), len(made))
	for i, c := range got.Receipt.Coupons {
		if made[i].id == 0 {
			made[i].id = int64(c.ID)
		}
		w.same("coupon", fmt.Sprint(c.ID, c.ValidFrom.Time(), c.FaceMinor), fmt.Sprint(id.ID(made[i].id), calendar.Instant(made[i].from).Time(), made[i].face))
	}
	if len(w.m.missing[x.key]) > 0 {
		w.done[verb+" with less"]++
	}
	w.same("coupons missing", w.gaps(got.Receipt.Missing), w.m.missing[x.key])
}

func (w *world) withdraw() {
	t := w.ticket(w.rand.IntN(memberCount))
	if t == nil {
		return
	}
	once := w.once()
	w.again(func(body string) {
		in := issuing.WithdrawInput{Once: app.Once{Key: once.Key, Body: body}, Coupon: id.ID(t.id), Reason: "sim"}
		var err error
		w.call(func() error {
			_, _, err = w.Issuing.Withdraw(w.Ctx(), w.By, in)
			return shed(err)
		})
		want, _ := w.ask(t.member, once.Key, body, func() refusals { return w.m.withdraw(t) })
		w.tell("withdraw", want, []string{fmt.Sprint("m", t.member), fmt.Sprint("t", t.o.n)}, "m%d %s", t.member, couponOf(t))
		w.same("withdraw", code(err), want)
	})
}

// order reports one without a coupon, of a member or a guest.
func (w *world) order() {
	p := w.purchase(w.rand.IntN(memberCount))
	p.ticket = nil
	if w.m.holds[p.order] == nil && w.m.sales[p.order] == nil && w.rand.IntN(3) == 0 {
		p.member = -1
	}
	run := func(body string) {
		var out []checkout.OrderOutcome
		w.call(func() (err error) {
			out, err = w.Checkout.PlaceOrder(w.Ctx(), w.By, []checkout.OrderInput{{Basis: w.basis(p, body)}})
			return err
		})
		want, _ := w.ask(p.member, p.key, body, func() refusals { return w.m.note(p) })
		w.tell("order", want, tagsOf(p, nil), "%s m%d", p.order, p.member)
		w.same("order", code(out[0].Err), want)
		if want == "" && out[0].Err == nil {
			w.same("list", out[0].Order.ListMinor, total(w.m.sales[p.order].cart))
		}
	}
	if p.member < 0 {
		run("body")
		return
	}
	w.again(run)
}

// turn flips a switch of a template.
func (w *world) turn() {
	n := w.rand.IntN(offerCount)
	o := w.m.offers[n]
	in := catalog.SetSwitchesInput{Template: w.templates[n]}
	o.claiming, o.usable = w.rand.IntN(4) > 0, w.rand.IntN(4) > 0
	in.Claiming, in.Use = &o.claiming, &o.usable
	w.call(func() error {
		_, err := w.catalog.SetSwitches(w.Ctx(), w.By, in)
		return err
	})
	w.tell("switch", "", []string{fmt.Sprint("t", n)}, "t%d claiming %v use %v", n, o.claiming, o.usable)
}

// publish gives a template other terms and limits, often lower ones. Coupons that
// are out keep theirs.
func (w *world) publish() {
	n := w.rand.IntN(offerCount)
	o, was := w.offer(n), w.m.offers[n]
	o.claiming, o.usable = was.claiming, was.usable
	key := id.Format(id.Template, w.templates[n])
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
		stock := limit.StockKey(w.templates[n])
		locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{stock}})
		if err != nil {
			return err
		}
		rows, err := tx.Templates().Get([]string{key})
		if err != nil {
			return err
		}
		t, c := rows[0], *locked.Counters[stock]
		t.Version++
		t.Rev++
		w.draw(&t, o)
		c.Rev++
		v := coupon.Version{Template: t.ID, Number: t.Version, Hash: "hash", Doc: w.docOf(o), PublishedAt: w.Clock(), PublishedBy: "sim"}
		if err := tx.Versions().Insert([]coupon.Version{v}); err != nil {
			return err
		}
		if err := tx.Templates().Update([]coupon.Template{t}); err != nil {
			return err
		}
		return tx.Counters().Write([]limit.Counter{c})
	}))
	w.m.offers[n] = o
	w.tell("publish", "", []string{fmt.Sprint("t", n)}, "t%d %+v", n, *o)
}

// jobs runs what the worker runs.
func (w *world) jobs() {
	if w.rand.IntN(3) == 0 {
		w.Must(w.Store.Update(w.Ctx(), store.Background, func(tx store.Tx) error {
			if _, err := tx.Metrics().Fold(100); err != nil {
				return err
			}
			rows, err := tx.Changes().Undelivered(100)
			if err != nil {
				return err
			}
			return tx.Changes().Delivered(rows, w.Clock())
		}))
		w.tell("fold and deliver", "", nil, "")
		return
	}
	if w.rand.IntN(3) == 0 {
		w.call(func() error {
			_, err := w.Issuing.ClosePackets(w.Ctx(), 10_000)
			return err
		})
		w.m.sweepPackets()
		w.tell("close packets", "", nil, "")
		return
	}
	if w.rand.IntN(2) == 0 {
		w.call(func() error {
			_, err := w.Checkout.ExpireLocks(w.Ctx(), 10_000)
			return err
		})
		w.m.sweepLocks()
		w.tell("expire locks", "", nil, "")
		return
	}
	w.call(func() error {
		_, err := w.Checkout.ExpireCoupons(w.Ctx(), 10_000)
		return err
	})
	w.m.sweep()
	w.tell("expire coupons", "", nil, "")
}

// advance moves the clock: a little, much, or to a moment at which something ends.
func (w *world) advance() {
	to := w.m.now + int64(w.rand.IntN(3_600_000))
	switch w.rand.IntN(7) {
	case 6:
		if x := w.packet(); x != nil && x.ends > w.m.now {
			to = x.ends - int64(w.rand.IntN(2))
		}
	case 0:
		to = w.m.midnight(w.m.now, 1) - int64(w.rand.IntN(2))
	case 1:
		if h := w.locked(); h != nil && h.expires > w.m.now {
			to = h.expires - int64(w.rand.IntN(2))
		}
	case 2:
		if t := w.ticket(w.rand.IntN(memberCount)); t != nil && t.to > w.m.now && t.to < w.m.now+200*3_600_000 {
			to = t.to - int64(w.rand.IntN(2))
		}
	case 3:
		to = w.m.now + int64(w.rand.IntN(30*3_600_000))
	}
	to = max(to, w.m.now)
	w.Time.Advance(time.Duration(to-w.m.now) * time.Millisecond)
	w.m.now = to
	w.tell("advance", "", nil, "")
}
