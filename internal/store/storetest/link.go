package storetest

import (
	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/link"
	"quan/internal/domain/page"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var linkTests = map[string]func(*world){
	"links/roundtrip":    linksRoundTrip,
	"links/figures":      linkFigures,
	"pages/roundtrip":    pagesRoundTrip,
	"pictures/roundtrip": picturesRoundTrip,
}

func linksRoundTrip(w *world) {
	l := store.Link{ID: w.id(), Code: "poster", Market: "main", Merchant: "green", Placement: w.id(), Name: "Poster", Channel: "street", Sites: []string{"https://shop.example.com"}, Rev: 1, CreatedAt: testkit.Start, UpdatedAt: testkit.Start, ArchivedAt: testkit.Start + 9}
	filled(w, l)
	roundTrip(w, func(tx store.Tx) store.Reference[store.Link] { return tx.Links() }, id.Format(id.Link, l.ID), "poster", l, func(l *store.Link) { l.Rev, l.Name = 2, "Other" })
}

func pagesRoundTrip(w *world) {
	design := page.Design{Theme: page.Fresh, Colour: "#112233", Picture: "aa", Texts: map[string]page.Text{"en": {Title: "t", Subtitle: "s", Button: "b", Notes: "n", Share: "h"}}}
	p := store.Page{Placement: w.id(), Market: "main", Merchant: "green", Draft: design, Published: &design, Rev: 1, CreatedAt: testkit.Start, UpdatedAt: testkit.Start, ArchivedAt: testkit.Start + 9}
	filled(w, p)
	roundTrip(w, store.Tx.Pages, id.Format(id.Placement, p.Placement), "", p, func(p *store.Page) { p.Rev, p.Published = 2, nil })
}

func picturesRoundTrip(w *world) {
	p := store.Picture{Name: "aa", Width: 3, Height: 2, Data: "/9j/", CreatedAt: testkit.Start}
	filled(w, p)
	for range 2 { // the same picture again is the same row
		w.do(func(tx store.Tx) error { return tx.Pictures().Put(p) })
	}
	w.look(func(tx store.Tx) error {
		got, err := tx.Pictures().Get([]string{"aa", "bb"})
		same(w, got, err, p)
		return nil
	})
}

func linkFigures(w *world) {
	of, other := w.id(), w.id()
	w.do(func(tx store.Tx) error {
		return tx.Links().AddDays([]link.Day{{Link: of, Day: testkit.Today, Views: 3, SignIns: 1}, {Link: of, Day: testkit.Today.AddDays(1), Views: 1}, {Link: other, Day: testkit.Today, Views: 9}})
	})
	w.do(func(tx store.Tx) error {
		return tx.Links().AddDays([]link.Day{{Link: of, Day: testkit.Today, Views: 2}})
	})
	member := w.id()
	a, b := testkit.Coupon(w.id(), member, w.id()), testkit.Coupon(w.id(), member, w.id())
	a.Used, a.Uses = 1, 2
	w.do(func(tx store.Tx) error {
		if err := tx.Coupons().Insert([]coupon.Coupon{a, b}); err != nil {
			return err
		}
		return tx.Links().Note([]link.Issue{{Link: of, Coupon: a.ID, Origin: 5}, {Link: of, Coupon: b.ID, Origin: 5}})
	})
	w.look(func(tx store.Tx) error {
		got, err := tx.Links().Figures([]id.ID{other, of, w.id()})
		want := map[id.ID]link.Figures{of: {Views: 6, SignIns: 1, Claims: 1, Coupons: 2, Used: 1}, other: {Views: 9}}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			w.Errorf("figures: %s", diff)
		}
		return err
	})
}
