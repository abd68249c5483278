package reporting_test

import (
	"context"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/reporting"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

func verify(w *apptest.World, in reporting.VerifyInput) *reporting.Verification {
	w.Helper()
	got, err := use(w).Verify(w.Ctx(), in)
	w.Must(err)
	return got
}

func claim(w *apptest.World, template id.ID, member int) id.ID {
	w.Helper()
	got := w.Claim(issuing.ClaimInput{Template: template, Member: w.Key(member), Channel: "app"})
	w.Must(got.Err)
	return got.Receipt.Coupons[0].ID
}

func TestVerify(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		template := w.Publish(testkit.Doc())
		w.Members(1)
		claim(w, template, 0)
		var last reporting.Progress
		calls := 0
		got := verify(w, reporting.VerifyInput{Progress: func(p reporting.Progress) {
			if p.Step < p.Steps && p.Name == "" || p.Step < last.Step {
				t.Errorf("progress %+v after %+v", p, last)
			}
			calls, last = calls+1, p
		}})
		if len(got.Findings) != 0 || len(got.Left) != 0 || got.Position != "" || got.Mark != w.Clock() || last.Step != last.Steps || calls != last.Steps+1 {
			t.Errorf("verify = %+v; %d calls, last %+v", got, calls, last)
		}
		if got.Covered[0] != (reporting.Covered{Step: "coupons", Rows: 1, Checks: got.Covered[0].Checks}) || got.Covered[0].Checks < 9 {
			t.Errorf("covered %+v", got.Covered)
		}
		// A counter that says one more than there are coupons.
		miscount(w, template, 1)
		if got := verify(w, reporting.VerifyInput{}); len(got.Findings) != 1 || got.Findings[0].Subject != id.Format(id.Template, template) {
			t.Errorf("verify = %+v, want one finding about the template", got.Findings)
		}
	})
}

// miscount adds to a template's stock counter what no coupon stands behind.
func miscount(w *apptest.World, template id.ID, n int64) {
	w.Helper()
	write(w, func(tx store.Tx) error {
		key := limit.StockKey(template)
		locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{key}})
		if err != nil {
			return err
		}
		locked.Counters[key].Taken += n
		return tx.Counters().Write([]limit.Counter{*locked.Counters[key]})
	})
}

func TestVerifyLooksTwice(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		template := w.Publish(testkit.Doc())
		miscount(w, template, 1)
		// Each look reads the clock once: the second one of a check comes after the repair.
		looks, repaired := 0, false
		clock := func() calendar.Instant {
			if looks++; looks == 2 {
				miscount(w, template, -1)
				repaired = true
			}
			return testkit.Start
		}
		r := &reporting.Reporting{App: w.WithClock(clock)}
		got, err := r.Verify(w.Ctx(), reporting.VerifyInput{Progress: func(reporting.Progress) { looks = 0 }})
		if err != nil || len(got.Findings) != 0 || !repaired {
			t.Errorf("verify = %+v, %v, repaired %v; want nothing after the second look", got, err, repaired)
		}
	})
}

// spoil writes a coupon's facts away: a finding of single rows.
func spoil(w *apptest.World, coupons ...id.ID) {
	w.Helper()
	write(w, func(tx store.Tx) error {
		locked, err := tx.Lock(store.LockSet{Coupons: coupons})
		if err != nil {
			return err
		}
		rows := make([]coupon.Coupon, 0, len(coupons))
		for _, i := range coupons {
			c := *locked.Coupons[i]
			c.Facts = "{}"
			c.Rev++
			rows = append(rows, c)
		}
		return tx.Coupons().Update(rows)
	})
}

// A run that is stopped at any piece and resumed finds and covers what one run does.
func TestVerifyGoesOn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		template := w.Publish(apptest.Limits(testkit.Doc()))
		w.Members(7)
		var coupons []id.ID
		for m := range 7 {
			coupons = append(coupons, claim(w, template, m))
		}
		spoil(w, coupons[0], coupons[6])
		whole := verify(w, reporting.VerifyInput{Piece: 2})
		if len(whole.Findings) < 4 { // facts and revisions of two coupons
			t.Fatalf("found %+v", whole.Findings)
		}
		for stop := 1; stop < 8; stop++ {
			ctx, cancel := context.WithCancel(w.Ctx())
			pieces := 0
			first, err := use(w).Verify(ctx, reporting.VerifyInput{Piece: 2, Progress: func(reporting.Progress) {
				if pieces++; pieces > stop {
					cancel()
				}
			}})
			cancel()
			if err == nil || first.Position == "" {
				t.Fatalf("stopped after %d pieces: %v, position %q", stop, err, first.Position)
			}
			rest := verify(w, reporting.VerifyInput{Piece: 2, From: first.Position})
			if got := len(first.Findings) + len(rest.Findings); got != len(whole.Findings) || rest.Mark != 0 {
				t.Errorf("stopped after %d pieces at %q: %d and %d findings, want %d", stop, first.Position, len(first.Findings), len(rest.Findings), len(whole.Findings))
			}
		}
		for _, from := range []string{"x", "coupons", "coupons/1", "coupons/x/0", "coupons/1/-1", "/0/0"} {
			if _, err := use(w).Verify(w.Ctx(), reporting.VerifyInput{From: from}); err == nil {
				t.Errorf("from %q: it began", from)
			}
		}
	})
}

// What changed is what was made since, and what happened to older rows since.
func TestVerifySince(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		template := w.Publish(apptest.Limits(testkit.Doc()))
		w.Members(3)
		// Ids go by the wall clock: this run is of a day after these are made.
		later := calendar.Of(time.Now().Add(24 * time.Hour))
		w.Time.Advance(time.Duration(later-w.Clock()) * time.Millisecond)
		old, moved := claim(w, template, 0), claim(w, template, 1)
		spoil(w, old)
		if got := verify(w, reporting.VerifyInput{Since: later}); len(got.Findings) != 0 || len(got.Left) == 0 {
			t.Errorf("of what was made before: %+v", got)
		}
		if got := verify(w, reporting.VerifyInput{Since: calendar.Of(time.Now())}); len(got.Findings) == 0 {
			t.Error("what was made since is not looked at")
		}
		_, _, err := w.Issuing.Withdraw(w.Ctx(), w.By, issuing.WithdrawInput{Coupon: moved, Reason: "by mistake"})
		w.Must(err)
		spoil(w, moved)
		got := verify(w, reporting.VerifyInput{Since: later})
		for _, f := range got.Findings {
			if f.Subject != id.Format(id.Coupon, moved) {
				t.Errorf("found %+v", f)
			}
		}
		if len(got.Findings) == 0 {
			t.Errorf("what happened since to an older row is not looked at: %+v", got.Covered)
		}
	})
}

// watch takes rounds until the one under way is through, and returns its result.
func round(w *apptest.World, watch *reporting.Watch) (full bool, got *reporting.Verification) {
	w.Helper()
	watch.Told = func(f bool, v *reporting.Verification) { full, got = f, v }
	for more := true; more; {
		var err error
		more, err = watch.Next(w.Ctx())
		w.Must(err)
	}
	return full, got
}

func TestWatch(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		watch := &reporting.Watch{Reporting: use(w)}
		template := w.Publish(apptest.Limits(testkit.Doc()))
		w.Members(2)
		bad := claim(w, template, 0)
		miscount(w, template, 1)
		mark := func() calendar.Instant {
			at, err := use(w).Mark(w.Ctx())
			w.Must(err)
			return at
		}
		if full, got := round(w, watch); !full || len(got.Findings) != 1 || mark() != 0 {
			t.Fatalf("full %v, %+v, mark %d", full, got, mark())
		}
		if _, got := round(w, watch); got != nil {
			t.Errorf("a minute after a round that was not clean: %+v", got)
		}
		miscount(w, template, -1)
		w.Time.Advance(time.Hour)
		if full, got := round(w, watch); !full || len(got.Findings) != 0 || mark() != w.Clock() {
			t.Errorf("full %v, %+v, mark %d", full, got, mark())
		}
		clean := mark()
		w.Time.Advance(time.Minute)
		if full, got := round(w, watch); full || len(got.Findings) != 0 || mark() != clean.Add(time.Minute) {
			t.Errorf("full %v, %+v, mark %d", full, got, mark())
		}
		clean = mark()
		spoil(w, bad)
		w.Time.Advance(time.Minute)
		for range 2 { // it is told until it is mended, and the mark waits for that
			if full, got := round(w, watch); full || len(got.Findings) == 0 || mark() != clean {
				t.Errorf("full %v, %+v, mark %d, want %d", full, got, mark(), clean)
			}
		}
		w.Time.Advance(24 * time.Hour)
		if full, _ := round(w, watch); !full {
			t.Error("a day after the last full round it is no full one")
		}
		// A check that does not end in its time is passed over, and said to be.
		late, cancel := context.WithDeadline(w.Ctx(), time.Now().Add(-time.Second))
		defer cancel()
		w.Time.Advance(2 * time.Hour)
		_, err := watch.Next(w.Ctx())
		w.Must(err)
		_, err = watch.Next(late)
		w.Must(err)
		if _, got := round(w, watch); got == nil || len(got.Left) != 1 {
			t.Errorf("a late piece: %+v", got)
		}
	})
}
