package app_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/merchant"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

func asked(w *apptest.World, in app.Asking) (all map[id.ID]*condition.Facts) {
	w.Helper()
	in.Market, in.At = w.Market, w.Clock()
	w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) (err error) {
		all, err = w.App.Facts(tx, in)
		return err
	}))
	return all
}

func TestFactsOfMembersAndGuests(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(2)
		doc := testkit.Doc()
		doc.Terms.Stacking.Group = "red"
		red, plain := w.Publish(doc), w.Publish(testkit.Doc())
		w.Must(w.Store.Update(w.Ctx(), store.Use, func(tx store.Tx) error {
			ended := testkit.Coupon(w.IDs.New(members[1].Slot()), members[1], plain)
			ended.ValidTo = w.Clock()
			return tx.Coupons().Insert([]coupon.Coupon{testkit.Coupon(w.IDs.New(members[0].Slot()), members[0], red), testkit.Coupon(w.IDs.New(members[0].Slot()), members[0], red),
				testkit.Coupon(w.IDs.New(members[0].Slot()), members[0], plain), ended})
		}))
		all := asked(w, app.Asking{Members: append(members, 0), Needs: condition.Needs{Held: true, Tags: true, Orders: true}, City: "shanghai", Channel: "app"})
		if len(all) != 3 || all[0].Held != nil || all[0].Member.Orders != nil || all[0].Member.Tags != nil || all[0].Channel != "app" || all[0].Place.City != "shanghai" {
			t.Errorf("a guest: %+v", all[0])
		}
		one := all[members[0]]
		if len(one.Held.Templates) != 2 || len(one.Held.Groups) != 2 || one.Member.Orders == nil || one.Member.Tags == nil || one.Member.ID != members[0] {
			t.Errorf("a holder: %+v %+v", one.Held, one.Member)
		}
		if two := all[members[1]]; two.Held == nil || len(two.Held.Templates)+len(two.Held.Groups) != 0 {
			t.Errorf("who holds nothing is known to hold nothing: %+v", two.Held)
		}
		if one.Days != nil || one.Outer != nil || one.Moment.Date != testkit.Today {
			t.Errorf("days and outer facts that nobody needs: %+v", one)
		}
	})
}

func TestFactsOfDays(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		days := func() []string {
			return asked(w, app.Asking{Members: []id.ID{0}, Needs: condition.Needs{Days: true}})[0].Days
		}
		name := func(code string, date calendar.Date, names ...string) {
			w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
				return tx.Days().Insert([]market.Day{{Market: code, Date: date, Names: names, Rev: 1}})
			}))
		}
		name("other", testkit.Today, "statutory")
		name(w.Market.Code, testkit.Today.AddDays(-1), "statutory")
		if got := days(); got != nil {
			t.Errorf("past the end of the calendar: %v", got)
		}
		name(w.Market.Code, testkit.Today.AddDays(1), "statutory")
		if got := days(); got == nil || len(got) != 0 {
			t.Errorf("an ordinary day: %v", got)
		}
		name(w.Market.Code, testkit.Today, "lunar", "statutory")
		if diff := cmp.Diff([]string{"lunar", "statutory"}, days()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOuterFacts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		now := w.Clock()
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
			return tx.OuterFacts().Insert([]market.Fact{
				{Name: "weather", Value: "sun", Cities: map[string]string{"shanghai": "rain"}, ExpiresAt: now.Add(time.Hour), Rev: 1},
				{Name: "late", Value: "yes", ExpiresAt: now, Rev: 1}, {Name: "other", Cities: map[string]string{"beijing": "1"}, ExpiresAt: now + 1, Rev: 1}})
		}))
		outer := func(city string, needs condition.Needs) map[string]string {
			return asked(w, app.Asking{Members: []id.ID{0}, Needs: needs, City: city})[0].Outer
		}
		for _, c := range []struct {
			city  string
			needs condition.Needs
			want  map[string]string
		}{
			{"shanghai", condition.Needs{Outer: []string{"weather", "late", "none"}}, map[string]string{"weather": "rain"}},
			{"", condition.Needs{Outer: []string{"weather"}}, map[string]string{"weather": "sun"}},
			{"beijing", condition.Needs{AllOuter: true}, map[string]string{"weather": "sun", "other": "1"}},
			{"beijing", condition.Needs{}, nil},
		} {
			if diff := cmp.Diff(c.want, outer(c.city, c.needs)); diff != "" {
				t.Errorf("%s %+v: %s", c.city, c.needs, diff)
			}
		}
	})
}

func TestPositionsOfStores(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		near, bare := testkit.Store("near", "m1"), testkit.Store("bare", "m1")
		bare.Spot = merchant.Spot{}
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Stores().Insert([]merchant.Store{near, bare}) }))
		here, ok := condition.Locate(condition.Coordinate{Lat: 31.2355, Lng: 121.475}, condition.SystemGCJ02)
		if !ok {
			t.Fatal("no position")
		}
		for want, leaf := range map[condition.Answer]*condition.NearStore{
			condition.Yes: {In: []string{"near"}, MaxM: 60}, condition.No: {In: []string{"near"}, MaxM: 50}, condition.Unknown: {In: []string{"near", "bare"}, MaxM: 50},
		} {
			var needs condition.Needs
			leaf.Needs(&needs)
			facts := asked(w, app.Asking{Members: []id.ID{0}, Needs: needs, Position: here})[0]
			if got := leaf.Check(facts); got != want {
				t.Errorf("%+v: %s, want %s", leaf, got, want)
			}
		}
	})
}
