package sim

import (
	"fmt"
	"slices"

	"quan/internal/app"
	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	domainpack "quan/internal/domain/pack"
	domainpacket "quan/internal/domain/packet"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// counted draws limits of a pack or a plan, one for each period and subject.
func (w *world) counted(holder int, what string) (all []bound) {
	for range pick(w, 0, 0, 1, 2) {
		b := bound{holder: holder, what: what, period: pick(w, "ever", "day", "week", "month"), per: pick(w, "template", "member")}
		if b.cap = int64(w.rand.IntN(8)); b.per == "template" {
			b.cap *= 8
		}
		if !slices.ContainsFunc(all, func(x bound) bool { return x.period == b.period && x.per == b.per }) {
			all = append(all, b)
		}
	}
	return all
}

// span draws when something can be had, mostly always.
func (w *world) span() (starts, closes int64) {
	if w.rand.IntN(5) == 0 {
		starts = w.m.now + int64(w.rand.IntN(50))*3_600_000
	}
	if w.rand.IntN(4) == 0 {
		closes = max(starts, w.m.now) + int64(1+w.rand.IntN(500))*3_600_000
	}
	return starts, closes
}

func (w *world) drawPack(n int) *pack {
	p := &pack{n: n, partial: w.rand.IntN(2) == 0, newcomer: w.rand.IntN(4) == 0, open: true, limits: w.counted(packNo(n), "pack_count")}
	for _, o := range w.rand.Perm(offerCount)[:1+w.rand.IntN(3)] {
		p.parts = append(p.parts, part{o, 1 + w.rand.IntN(2)})
	}
	p.starts, p.closes = w.span()
	return p
}

// packOf writes a pack as quan has it.
func (w *world) packOf(p *pack) domainpack.Pack {
	row := domainpack.Pack{Market: w.Market.Code, InternalName: fmt.Sprint("pack ", p.n), CustomerName: coupon.Names{"en": "A pack"}, Partial: p.partial, Newcomer: p.newcomer,
		Window: schedule.Window{From: calendar.Instant(p.starts), To: calendar.Instant(p.closes)}}
	for _, x := range p.parts {
		row.Parts = append(row.Parts, domainpack.Part{Template: w.templates[x.offer], Count: int64(x.count)})
	}
	for _, l := range p.limits {
		per := domainpack.PerMember
		if l.per == "template" {
			per = domainpack.PerPack
		}
		row.Limits = append(row.Limits, domainpack.Limit{Period: limit.Period(l.period), Per: per, Cap: l.cap})
	}
	return row
}

func (w *world) newPack(n int) {
	p := w.drawPack(n)
	made, _, err := w.catalog.CreatePack(w.Ctx(), w.By, catalog.CreatePackInput{Pack: w.packOf(p)})
	w.Must(err)
	_, err = w.catalog.PublishPack(w.Ctx(), w.By, made.ID, made.Rev)
	w.Must(err)
	w.m.packs, w.packs = append(w.m.packs, p), append(w.packs, made.ID)
	if w.rand.IntN(2) == 0 {
		w.place(place{offer: -1, pack: p})
	}
}

// newPlan draws a plan of packets. Their amounts are at most the template's at this time.
func (w *world) newPlan(n int) {
	p := &plan{n: n, offer: w.lasting(), mode: "coupons", shares: 1 + w.rand.IntN(6), life: int64(1+w.rand.IntN(300)) * 3_600_000,
		needsOrder: w.rand.IntN(3) == 0, ownOpens: w.rand.IntN(3) == 0, open: true, limits: w.counted(planNo(n), "packet_count")}
	if o := w.m.offers[p.offer]; o.faced() {
		p.mode = pick(w, "lucky", "lucky", "fixed", "coupons")
		switch p.mode {
		case "fixed":
			p.each = 1 + w.rand.Int64N(o.amount)
		case "lucky":
			p.least, p.most = 1+w.rand.Int64N(o.amount), pick(w, 0, o.amount)
			p.total = p.least*int64(p.shares) + w.rand.Int64N(o.amount-p.least+1)
		}
	}
	if p.needsOrder {
		p.order = int64(w.rand.IntN(4000))
	}
	if w.rand.IntN(2) == 0 {
		p.budget = p.sum() * int64(1+w.rand.IntN(6))
	}
	p.starts, p.closes = w.span()
	made, _, err := w.catalog.CreatePlan(w.Ctx(), w.By, catalog.CreatePlanInput{Plan: w.planOf(p)})
	w.Must(err)
	_, err = w.catalog.PublishPlan(w.Ctx(), w.By, made.ID, made.Rev)
	w.Must(err)
	w.m.plans, w.plans = append(w.m.plans, p), append(w.plans, made.ID)
}

// lasting is an offer, mostly one whose coupons can have an amount of their own and can
// be claimed at any time.
func (w *world) lasting() (n int) {
	for range 30 {
		n = w.rand.IntN(offerCount)
		if o := w.m.offers[n]; o.faced() && o.closes == 0 && o.hours == nil && o.validity != "fixed" {
			break
		}
	}
	return n
}

// planOf writes a plan as quan has it.
func (w *world) planOf(p *plan) domainpacket.Plan {
	row := domainpacket.Plan{Market: w.Market.Code, InternalName: fmt.Sprint("plan ", p.n), CustomerName: coupon.Names{"en": "A packet"}, BudgetMinor: p.budget,
		Window: schedule.Window{From: calendar.Instant(p.starts), To: calendar.Instant(p.closes)},
		Content: domainpacket.Content{Template: w.templates[p.offer], Mode: domainpacket.Mode(p.mode), Shares: int64(p.shares), TotalMinor: p.total,
			ShareMinor: p.each, LeastMinor: p.least, MostMinor: p.most, LifeHours: p.life / 3_600_000, NeedsOrder: p.needsOrder, OrderMinor: p.order, SharerOpens: p.ownOpens}}
	for _, l := range p.limits {
		per := domainpacket.PerMember
		if l.per == "template" {
			per = domainpacket.PerPlan
		}
		row.Limits = append(row.Limits, domainpacket.Limit{Period: limit.Period(l.period), Per: per, Cap: l.cap})
	}
	return row
}

// turnPack changes a pack, or the switch of a pack or a plan.
func (w *world) turnPack() {
	n, open := w.rand.IntN(packCount), w.rand.IntN(4) > 0
	switch w.rand.IntN(3) {
	case 0:
		w.m.packs[n].open = open
		w.call(func() error {
			_, err := w.catalog.OpenPack(w.Ctx(), w.By, catalog.OpenPackInput{Pack: w.packs[n], Open: open})
			return err
		})
	case 1:
		plan := w.rand.IntN(planCount)
		w.m.plans[plan].open = open
		w.call(func() error {
			_, err := w.catalog.OpenPlan(w.Ctx(), w.By, catalog.OpenPlanInput{Plan: w.plans[plan], Open: open})
			return err
		})
	default:
		p := w.drawPack(n)
		p.open = w.m.packs[n].open
		row := w.packOf(p)
		row.ID = w.packs[n]
		w.call(func() error {
			var rev int64
			err := w.Store.View(w.Ctx(), func(tx store.Tx) error {
				rows, err := tx.Packs().Get([]string{id.Format(id.Pack, row.ID)})
				rev = rows[0].Rev
				return err
			})
			if err == nil {
				_, err = w.catalog.UpdatePack(w.Ctx(), w.By, catalog.UpdatePackInput{Pack: row, IfRev: rev})
			}
			return err
		})
		*w.m.packs[n] = *p
	}
	w.tell("switch", "", nil, "pack %+v", *w.m.packs[n])
}

// givePacks claims or grants one pack or a slice of them.
func (w *world) givePacks() {
	n, grant := pick(w, 1, 1, 2, 4), w.rand.IntN(4) == 0
	wishes := make([]wish, n)
	for i := range wishes {
		x := wish{key: w.once().Key, member: w.rand.IntN(memberCount), place: -1, grant: grant, city: pick(w, "shanghai", "shanghai", "beijing"), pack: pick(w, w.m.packs...)}
		if !grant {
			x.device, x.link = 1+w.rand.IntN(deviceCount), pick(w, 0, 0, 1+w.rand.IntN(linkCount))
		}
		at := slices.IndexFunc(w.m.places, func(p place) bool { return p.pack == x.pack })
		switch w.rand.IntN(10) {
		case 0:
			x.place = w.rand.IntN(len(w.spots)+1) - 1 // maybe another's
		case 1, 2, 3, 4, 5:
			x.place = at
		}
		wishes[i] = x
	}
	if n > 1 && w.rand.IntN(3) == 0 {
		wishes[n-1] = wishes[0] // twins in one slice
	}
	w.again(func(body string) {
		in := make([]issuing.PackInput, n)
		for i, x := range wishes {
			in[i] = issuing.PackInput{Once: app.Once{Key: x.key, Body: body}, Pack: w.packs[x.pack.n], Member: w.Key(x.member), Channel: "app", City: x.city,
				Actor: limit.Actor{Device: id.ID(x.device)}, Link: w.link(x.link)}
			if x.place >= 0 {
				in[i].Placement = w.spots[x.place]
			}
		}
		var out []issuing.Outcome
		w.call(func() (err error) {
			give := w.Issuing.ClaimPack
			if grant {
				give = w.Issuing.GrantPack
			}
			out, err = give(w.Ctx(), w.By, in)
			return err
		})
		w.first(n, func(i int) (string, bool) { return w.askIssue(wishes[i], body) })
		for i, x := range wishes {
			w.issued("pack", x, body, out[i])
		}
	})
}

// gaps are what quan says a pack lacks, as the model says it.
func (w *world) gaps(missing []domainpack.Gap) (all []gap) {
	for _, g := range missing {
		for range g.Count {
			all = append(all, gap{slices.Index(w.templates, g.Template), string(g.Code)})
		}
	}
	return all
}

// sends sends a packet, for an order or for none.
func (w *world) sends() {
	x := packet{plan: pick(w, w.m.plans...), member: w.rand.IntN(memberCount), key: w.once().Key}
	if refs := w.recentSales(); len(refs) > 0 && (x.plan.needsOrder || w.rand.IntN(3) == 0) {
		x.order = pick(w, refs...)
		if s := w.m.sales[x.order]; s.member >= 0 && w.rand.IntN(8) > 0 {
			x.member = s.member
		}
	}
	w.again(func(body string) {
		x := x
		in := issuing.SendInput{Once: app.Once{Key: x.key, Body: body}, Plan: w.plans[x.plan.n], Member: w.Key(x.member)}
		if x.order != "" {
			in.Order = key(x.order)
		}
		var out issuing.SentPacket
		var replayed bool
		var err error
		w.call(func() error {
			out, replayed, err = w.Issuing.SendPacket(w.Ctx(), w.By, in)
			return shed(err)
		})
		want, again := w.ask(x.member, x.key, body, func() refusals { return w.m.send(&x) })
		w.tell("send", want, append(tagsOfGift(wish{packet: &x}), fmt.Sprint("m", x.member), x.order), "m%d plan %d %s %s %s", x.member, x.plan.n, x.order, x.key, body)
		w.same("send", code(err), want)
		if want != "" || err != nil {
			return
		}
		sent := w.m.sentBy(x.key)
		if sent == nil {
			sent = w.m.sentFor(x.order)
		}
		if sent.id == 0 {
			sent.id, sent.amounts = int64(out.ID), out.Amounts
			w.same("a fair draw", sent.plan.fair(out.Amounts), true)
		}
		w.same("sent again", replayed, again || w.answered())
		w.same("packet sent", fmt.Sprint(out.ID, int64(out.ExpiresAt), out.TotalMinor, out.Amounts, len(out.Opened)),
			fmt.Sprint(id.ID(sent.id), sent.ends, sent.plan.sum(), sent.amounts, len(sent.opened)))
	})
}

// packet is one that was sent lately, mostly one that lives; nil where there is none.
func (w *world) packet() (found *packet) {
	for n, tries := len(w.m.packets), 0; n > 0 && tries < 4; tries++ {
		found = w.m.packets[max(n-1-w.rand.IntN(6), 0)]
		if w.m.now < found.ends && len(found.opened) < found.plan.shares {
			break
		}
	}
	return found
}

// opens has some members open a packet.
func (w *world) opens() {
	p := w.packet()
	if p == nil || w.m.now >= p.ends && w.rand.IntN(3) > 0 {
		w.sends()
		return
	}
	for range pick(w, 1, 1, 2, 4) {
		w.open(p)
	}
}

func (w *world) open(p *packet) {
	x := wish{key: w.once().Key, member: w.rand.IntN(memberCount), place: -1, city: pick(w, "shanghai", "shanghai", "beijing"), packet: p}
	w.again(func(body string) {
		in := issuing.OpenInput{Once: app.Once{Key: x.key, Body: body}, Packet: id.ID(p.id), Member: w.Key(x.member), Channel: "app", City: x.city}
		var out issuing.Outcome
		w.call(func() (err error) {
			out, err = w.Issuing.OpenPacket(w.Ctx(), w.By, in)
			return err
		})
		w.issued("open", x, body, out)
		if out.Receipt != nil && out.Receipt.Share != nil && w.diff == "" {
			number := 1 + slices.Index(p.opened, p.share(x.member))
			w.same("share", fmt.Sprint(out.Receipt.Share.Number, out.Receipt.Share.AmountMinor), fmt.Sprint(number, p.amounts[number-1]))
		}
	})
}

// tagsOfGift are those of a wish's pack or packet.
func tagsOfGift(x wish) []string {
	switch {
	case x.pack != nil:
		return []string{fmt.Sprint("pack ", x.pack.n)}
	case x.packet != nil:
		return []string{fmt.Sprint("plan ", x.packet.plan.n)}
	}
	return nil
}
