package catalog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

func TestDays(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		in := catalog.PutDayInput{Market: w.Market.Code, Date: 20261001, Names: []string{"statutory", "national_day"}}
		row, created, err := c.PutDay(ctx, by, in)
		if err != nil || !created || row.Rev != 1 || !slices.Equal(row.Names, []string{"national_day", "statutory"}) {
			t.Errorf("%+v, %v, %v", row, created, err)
		}
		_, _, err = c.PutDay(ctx, by, in)
		wants(t, "without a revision", err, fault.IfMatchMissing)
		in.IfRev, in.Names = 1, nil
		row, created, err = c.PutDay(ctx, by, in)
		if err != nil || created || row.Rev != 2 || len(row.Names) != 0 {
			t.Errorf("%+v, %v, %v", row, created, err)
		}
		in.IfRev, in.Date = 0, 20260930
		_, _, err = c.PutDay(ctx, by, in)
		wants(t, "a day before", err, "")
		days, err := c.ListDays(ctx, by, w.Market.Code, 0, 10)
		if err != nil || len(days) != 2 || days[0].Date != 20260930 {
			t.Errorf("%+v, %v", days, err)
		}
		if days, err = c.ListDays(ctx, by, w.Market.Code, 20260930, 10); err != nil || len(days) != 1 {
			t.Errorf("%+v, %v", days, err)
		}
		_, err = c.ListDays(ctx, by, "none", 0, 10)
		wants(t, "days of no market", err, fault.Absent)
		in.Market = "none"
		_, _, err = c.PutDay(ctx, by, in)
		wants(t, "a day of no market", err, fault.Absent)
		in.Market, in.Names = w.Market.Code, []string{"a", "a"}
		_, _, err = c.PutDay(ctx, by, in)
		wants(t, "a name twice", err, fault.DuplicateValue)
		in.Names = make([]string, 21)
		_, _, err = c.PutDay(ctx, by, in)
		wants(t, "too many names", err, fault.TooLong)
		_, _, err = c.PutDay(ctx, limited("m1"), in)
		wants(t, "a merchant names a day", err, fault.PermissionDeny)
		w.Clean()
	})
}

func TestOuterFacts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		in := catalog.PutFactInput{Name: "weather", Value: "sun", Cities: map[string]string{"上海": "rain"}, ExpiresAt: w.Clock().Add(time.Hour)}
		for rev := range int64(3) {
			in.Value = strings.Repeat("s", int(rev)+1)
			row, created, err := c.PutFact(ctx, by, in)
			if err != nil || created != (rev == 0) || row.Rev != rev+1 {
				t.Errorf("%+v, %v, %v", row, created, err)
			}
		}
		if row, _, err := c.PutFact(ctx, by, in); err != nil || row.Rev != 3 {
			t.Errorf("the same again: %+v, %v", row, err)
		}
		in.IfRev = 2
		_, _, err := c.PutFact(ctx, by, in)
		wants(t, "at an old revision", err, fault.StaleRevision)
		for at, change := range map[string]func(*catalog.PutFactInput){
			"path:name":    func(in *catalog.PutFactInput) { in.Name = " x" },
			"/value":       func(in *catalog.PutFactInput) { in.Value = "a\n" },
			"/cities/a~1b": func(in *catalog.PutFactInput) { in.Cities = map[string]string{"a/b": " "} },
			"/expires_at":  func(in *catalog.PutFactInput) { in.ExpiresAt = 0 },
		} {
			bad := in
			bad.IfRev = 0
			change(&bad)
			_, _, err := c.PutFact(ctx, by, bad)
			if f := fault.From(err); f == nil || f.Pointer != at {
				t.Errorf("%v, want it at %s", err, at)
			}
		}
		rows, err := c.ListFacts(ctx, by, store.Filter{})
		if err != nil || len(rows) != 1 || rows[0].Cities["上海"] != "rain" {
			t.Errorf("%+v, %v", rows, err)
		}
		_, err = c.GetFact(ctx, by, "none")
		wants(t, "no such fact", err, fault.Absent)
		_, _, err = c.PutFact(ctx, limited("m1"), in)
		wants(t, "a merchant tells the weather", err, fault.PermissionDeny)
		w.Clean()
	})
}

func TestLists(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, ctx, by := use(w), w.Ctx(), w.By
		l, created, err := c.PutList(ctx, by, catalog.PutListInput{Code: "vip", Name: "VIP"})
		if err != nil || !created || l.Rev != 1 || l.Members != 0 {
			t.Errorf("%+v, %v, %v", l, created, err)
		}
		members := w.Members(3)
		w.Must(w.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
			_, err := tx.ListMembers().Add("vip", members)
			return err
		}))
		if l, err = c.GetList(ctx, by, "vip"); err != nil || l.Members != 3 {
			t.Errorf("%+v, %v", l, err)
		}
		_, _, err = c.PutList(ctx, by, catalog.PutListInput{Code: "a b", Name: "x"})
		wants(t, "a code that is none", err, fault.InvalidValue)
		_, err = c.GetList(ctx, by, "none")
		wants(t, "no such list", err, fault.Absent)
		if l, err = c.ArchiveList(ctx, by, "vip", 1); err != nil || l.ArchivedAt == 0 || l.Members != 3 {
			t.Errorf("%+v, %v", l, err)
		}
		rows, err := c.ListLists(ctx, by, store.Filter{Archived: true})
		if err != nil || len(rows) != 1 || rows[0].Members != 3 {
			t.Errorf("%+v, %v", rows, err)
		}
		w.Clean()
	})
}
