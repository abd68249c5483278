package reporting_test

import (
	"context"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/metric"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// stepped is a board whose beats the test gives.
func stepped(w *apptest.World) (b *reporting.Board, beat func()) {
	beats := make(chan struct{})
	b = &reporting.Board{Reporting: use(w), Sleep: func(ctx context.Context, _ time.Duration) error {
		select {
		case <-beats:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
	return b, func() { beats <- struct{}{} }
}

// One sampler tells all who watch what the database says, whichever process wrote it.
func TestBoard(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		b, beat := stepped(w)
		mine, other := w.Publish(testkit.Doc(), ofMerchant("m1")), w.Publish(testkit.Doc())
		place := testkit.Placement(w.IDs.New(1), mine)
		place.Cap = 5
		write(w, func(tx store.Tx) error { return tx.Placements().Insert([]store.Placement{place}) })
		w.Members(4)
		claim := func(member int) {
			w.Must(w.Claim(issuing.ClaimInput{Template: mine, Member: w.Key(member), Placement: place.ID, Channel: "app"}).Err)
		}
		claim(0)
		watch := func(by access.Principal, templates, placements []id.ID) *reporting.Watcher {
			one, err := b.Watch(w.Ctx(), by, templates, placements)
			w.Must(err)
			return one
		}
		next := func(one *reporting.Watcher) *reporting.BoardView {
			v, ok := one.Next(w.Ctx(), nil)
			if !ok || v == nil {
				t.Fatal("no sample")
			}
			return v
		}
		first := watch(w.By, nil, []id.ID{place.ID})
		v := next(first)
		if len(v.Templates) != 1 || v.Templates[0].Issued != 1 || v.Templates[0].Left != 99 || v.Templates[0].Milli != 0 || len(v.Placements) != 1 || v.Placements[0].Left != 4 {
			t.Errorf("the first sample %+v", v)
		}
		for m := 1; m < 4; m++ {
			claim(m)
		}
		write(w, func(tx store.Tx) error {
			return tx.Metrics().AppendRefusals([]store.Refusal{{Market: "main", Day: testkit.Today, Template: mine, Code: "sold_out", Channel: "app", Count: 7}})
		})
		w.Time.Advance(2 * time.Second)
		second := watch(w.By, []id.ID{mine, other}, nil) // other is in no sample yet
		beat()
		v = next(first)
		if v.Templates[0].Issued != 4 || v.Templates[0].Milli != 1500 || v.Placements[0].Left != 1 || v.Placements[0].Milli != 1500 || len(v.Refusals) != 1 || v.Refusals[0].Count != 7 || v.Refusals[0].Milli != 3500 {
			t.Errorf("the second sample %+v", v)
		}
		if both := next(second); len(both.Templates) != 2 || both.Number != v.Number || len(both.Placements) != 0 {
			t.Errorf("another's view of it %+v", both)
		}
		// What lies out of scope is not there, and nobody watches nothing or too much.
		_, err := b.Watch(w.Ctx(), limited("m1"), []id.ID{other}, nil)
		wants(t, "a foreign template", err, fault.Absent)
		_, err = b.Watch(w.Ctx(), w.By, nil, nil)
		wants(t, "nothing", err, fault.MissingValue)
		_, err = b.Watch(w.Ctx(), w.By, make([]id.ID, reporting.MostWatched+1), nil)
		wants(t, "too much", err, fault.TooLong)
		_, err = b.Watch(w.Ctx(), access.Principal{}, []id.ID{mine}, nil)
		wants(t, "without the permission", err, fault.PermissionDeny)
		// Whom no sample comes to is let go of after his patience.
		patience := make(chan time.Time, 1)
		patience <- time.Time{}
		if v, ok := first.Next(w.Ctx(), patience); v != nil || !ok {
			t.Errorf("without a sample: %+v, %v", v, ok)
		}
		first.Close()
		second.Close()
		if b.Watchers() != 0 {
			t.Error("somebody still watches")
		}
		// The sampler begins anew for the next one, and the day's figures with the day.
		w.Time.Advance(24 * time.Hour)
		write(w, func(tx store.Tx) error {
			d := testkit.Delta(mine, 1)
			d.Day, d.Values = testkit.Today.AddDays(1), metric.Values{Issued: 2}
			return tx.Metrics().Append(w.Deltas([]metric.Delta{d}))
		})
		third := watch(limited("m1"), []id.ID{mine}, nil)
		if v = next(third); v.Templates[0].Issued != 2 {
			t.Errorf("on the next day %+v", v)
		}
		b.End()
		if _, ok := third.Next(w.Ctx(), nil); ok {
			t.Error("after the end it goes on")
		}
		_, err = b.Watch(w.Ctx(), w.By, []id.ID{mine}, nil)
		wants(t, "after the end", err, fault.Overloaded)
		third.Close()
	})
}
