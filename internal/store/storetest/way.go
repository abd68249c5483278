package storetest

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/link"
	"quan/internal/domain/pack"
	"quan/internal/domain/packet"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var wayTests = map[string]func(*world){
	"ways/children": templateChildren,
	"ways/grants":   templateGrants,
	"ways/came":     couponsCame,
}

// children are the newest rows of a parent, at most two, and how many there are.
func children[T any](w *world, rows store.Reference[T], f store.Filter, all int64, want ...T) {
	w.Helper()
	f.Newest, f.Limit = true, 2
	got, err := rows.List(f)
	ordered(w, got, err, want...)
	n, err := rows.Children(f)
	ordered(w, []int64{n}, err, all)
}

// What gives a template out is found by it, newest first: placements, links to their
// pages, and packs by their parts as they are now.
func templateChildren(w *world) {
	one, other := w.id(), w.id()
	template := func(t id.ID) string { return id.Format(id.Template, t) }
	place := func(t id.ID) store.Placement {
		return store.Placement{ID: w.id(), Market: "main", Name: "front", Template: t, Channel: "app", Rev: 1}
	}
	places := []store.Placement{place(one), place(one), place(one), place(other)}
	places[1].ArchivedAt = testkit.Start
	leads := func(p id.ID, code string) store.Link {
		return store.Link{ID: w.id(), Code: code, Market: "main", Merchant: "green", Placement: p, Name: code, Rev: 1}
	}
	links := []store.Link{leads(places[0].ID, "one"), leads(places[2].ID, "two"), leads(places[3].ID, "other")}
	packed := func(code string, templates ...id.ID) store.Pack {
		p := store.Pack{ID: w.id(), Code: code, Market: "main", Merchant: "green", InternalName: code, Status: pack.StatusDraft, Rev: 1}
		for _, t := range templates {
			p.Parts = append(p.Parts, pack.Part{Template: t, Count: 1})
		}
		return p
	}
	packs := []store.Pack{packed("both", one, other), packed("mine", one, one), packed("theirs", other)}
	w.do(func(tx store.Tx) error {
		if err := tx.Placements().Insert(places); err != nil {
			return err
		}
		if err := tx.Links().Insert(links); err != nil {
			return err
		}
		return tx.Packs().Insert(packs)
	})
	w.look(func(tx store.Tx) error {
		children(w, tx.Placements(), store.Filter{Parent: template(one)}, 2, places[2], places[0])
		children(w, tx.Placements(), store.Filter{Parent: template(one), Archived: true}, 3, places[2], places[1])
		children[store.Link](w, tx.Links(), store.Filter{Parent: template(one)}, 2, links[1], links[0])
		children[store.Link](w, tx.Links(), store.Filter{Parent: id.Format(id.Placement, places[0].ID)}, 1, links[0])
		children(w, tx.Packs(), store.Filter{Parent: template(one)}, 2, packs[1], packs[0])
		children(w, tx.Packs(), store.Filter{Parent: template(one), Search: "BOTH"}, 2, packs[0])
		children(w, tx.Packs(), store.Filter{Parent: template(one), Scope: store.Scope{Merchants: []string{"else"}}}, 0)
		return nil
	})
	packs[1].Parts, packs[1].Rev = []pack.Part{{Template: other, Count: 2}}, 2
	w.do(func(tx store.Tx) error { return tx.Packs().Update(packs[1:2]) })
	w.look(func(tx store.Tx) error {
		children(w, tx.Packs(), store.Filter{Parent: template(one)}, 1, packs[0])
		children(w, tx.Packs(), store.Filter{Parent: template(other)}, 3, packs[2], packs[1])
		return nil
	})
}

// Bulk grants are found by each of their templates, and by who asked for them.
func templateGrants(w *world) {
	one, other := w.id(), w.id()
	grant := func(actor string) store.Job {
		key := w.id()
		return store.Job{ID: key, Kind: "grant", Key: id.Format(id.Job, key), Queue: "q", State: "paused", Priority: 2, MaxAttempts: 1, Actor: actor,
			CreatedAt: testkit.Start, UpdatedAt: testkit.Start, Rev: 1}
	}
	jobs := []store.Job{grant("ana"), grant("ben"), grant("ana")}
	w.do(func(tx store.Tx) error {
		if err := tx.Jobs().Insert(jobs); err != nil {
			return err
		}
		for i, templates := range [][]id.ID{{one, other, one}, {one}, {other}} {
			if err := tx.Grants().Gives(jobs[i].ID, templates); err != nil {
				return err
			}
		}
		return nil
	})
	w.look(func(tx store.Tx) error {
		for _, c := range []struct {
			f    store.JobFilter
			all  int64
			want []store.Job
		}{
			{store.JobFilter{Template: one, Kind: "grant", Limit: 9}, 2, []store.Job{jobs[1], jobs[0]}},
			{store.JobFilter{Template: one, Limit: 1}, 2, []store.Job{jobs[1]}},
			{store.JobFilter{Template: one, Before: jobs[1].ID, Limit: 9}, 1, []store.Job{jobs[0]}},
			{store.JobFilter{Template: other, Actor: "ana", Limit: 9}, 2, []store.Job{jobs[2], jobs[0]}},
			{store.JobFilter{Template: w.id(), Limit: 9}, 0, nil},
		} {
			got, err := tx.Jobs().List(c.f)
			ordered(w, got, err, c.want...)
			n, err := tx.Jobs().OfTemplate(c.f)
			ordered(w, []int64{n}, err, c.all)
		}
		return nil
	})
}

// Coupons of a template are counted by what gave them out, no more than asked for.
func couponsCame(w *world) {
	template, other, member := w.id(), w.id(), w.id()
	of, batch := w.id(), w.id()
	all := make([]coupon.Coupon, 4)
	for i := range all {
		all[i] = testkit.Coupon(w.id(), member, template)
		all[i].Batch = batch
	}
	all[0].Used, all[0].NextUse, all[0].Uses = 1, 2, 2
	all[2].Template = other // of the same tool, but of another template
	ids := []id.ID{all[0].ID, all[1].ID, all[2].ID, all[3].ID}
	sent := w.packet(of, member)
	w.do(func(tx store.Tx) error {
		if err := tx.Coupons().Insert(all); err != nil {
			return err
		}
		var issues []link.Issue
		var uses []store.CodeUse
		var shares []packet.Share
		for i, c := range ids {
			issues = append(issues, link.Issue{Link: of, Coupon: c, Origin: w.id()})
			uses = append(uses, store.CodeUse{CodePlace: store.CodePlace{Batch: of, Number: int64(i + 1)}, Template: template, Member: member, Coupon: c, At: testkit.Start})
			shares = append(shares, packet.Share{Packet: sent.ID, Number: int64(i + 1), Member: w.id(), Coupon: c, At: testkit.Start})
		}
		if err := tx.Links().Note(issues); err != nil {
			return err
		}
		if err := tx.Codes().Use(uses); err != nil {
			return err
		}
		if err := tx.PackIssues().Add([]id.ID{of, of, of, of}, ids); err != nil {
			return err
		}
		if err := tx.Packets().Insert([]packet.Packet{sent}); err != nil {
			return err
		}
		if err := tx.Packets().Open(shares); err != nil {
			return err
		}
		return tx.Grants().Insert([]store.GrantOutcome{{Job: of, Member: member, Coupons: ids[:3]}, {Job: of, Member: all[3].ID, Coupons: ids[3:]}, {Job: of, Member: w.id(), Code: "sold_out"}})
	})
	w.look(func(tx store.Tx) error {
		for _, way := range []store.Way{store.WayLink, store.WayCodes, store.WayBatch, store.WayPack, store.WayPlan, store.WayGrant} {
			from := of
			if way == store.WayBatch {
				from = batch
			}
			n, err := tx.Ways().Came(way, from, template, 10)
			ordered(w, []store.Came{n}, err, store.Came{Coupons: 3, Used: 1})
			n, err = tx.Ways().Came(way, from, template, 2)
			ordered(w, []int64{n.Coupons}, err, 2)
			n, err = tx.Ways().Came(way, member, template, 10)
			ordered(w, []store.Came{n}, err, store.Came{})
		}
		return nil
	})
}
