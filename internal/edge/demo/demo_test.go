package demo_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/app/reporting"
	"quan/internal/app/upkeep"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/edge/demo"
	"quan/internal/store/sqlite/sqlitetest"
)

// last is a Saturday; 14 days before it hold the 1st of a month.
const last = 20260307

func small() demo.Settings {
	s := demo.Defaults()
	s.Seed, s.Members, s.Days, s.Last, s.Piece = 7, 200, 14, last, 32
	s.BlastDay, s.ComplicatedDay, s.ComplicatedShare = 3, 4, 0.2
	s.NewcomerShare = 0.9
	s.OrderEvery = 4 // a fortnight has to hold what 90 days do
	s.LockShare, s.AbandonShare, s.RefundPartial, s.RefundFull = 0.5, 0.3, 0.1, 0.1
	return s
}

func deps(w *apptest.World, holder string) demo.Deps {
	clock := &demo.Clock{}
	a := w.WithClock(clock.Now)
	return demo.Deps{Catalog: &catalog.Catalog{App: a}, Membership: &membership.Membership{App: a}, Issuing: &issuing.Issuing{App: a},
		Checkout: &checkout.Checkout{App: a, Issue: (&issuing.Issuing{App: a}).Automatic}, Reporting: &reporting.Reporting{App: a}, Upkeep: &upkeep.Upkeep{App: a},
		Admin: &admin.Admin{App: w.App}, Vault: w.Vault, Clock: clock, Holder: holder}
}

// world is a fresh store; its clock stands behind the run's end, as today does.
func world(t *testing.T) *apptest.World {
	w := apptest.New(t, sqlitetest.Open(t), 1)
	w.Time.Advance(30 * 24 * time.Hour)
	return w
}

func run(t *testing.T, w *apptest.World, set demo.Settings) *demo.Result {
	t.Helper()
	r, err := deps(w, "a").Run(t.Context(), set, demo.Options{Fold: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// agree fails when the store says otherwise than the model, which never saw it.
func agree(t *testing.T, r *demo.Result) {
	t.Helper()
	s, m := r.Store, r.Model
	s.RefundedMinor, s.Expired = 0, 0
	s.Refused, m.Refused = 0, 0 // by slices, and counted again on a day that is written again
	if diff := cmp.Diff(m, s); diff != "" || r.Differs != 0 {
		t.Errorf("store against model (differs %d):\n%s\n%s", r.Differs, diff, strings.Join(r.Odd, "\n"))
	}
}

func TestRunIsDeterministic(t *testing.T) {
	w := world(t)
	one := run(t, w, small())
	agree(t, one)
	if one.Store.Refused != one.Model.Refused {
		t.Errorf("the budget refused %d, the model expected %d", one.Store.Refused, one.Model.Refused)
	}
	w.Clean()
	two := run(t, world(t), small())
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("same seed, other results:\n%s", diff)
	}
	other := small()
	other.Seed++
	if three := run(t, world(t), other); three.Store == one.Store {
		t.Errorf("another seed, same totals: %+v", one.Store)
	}
	for what, n := range map[string]int64{"orders": one.Store.Orders, "gifts": one.Store.Gifts, "refunds": one.Store.RefundedMinor,
		"used": one.Store.Used, "expired": one.Store.Expired, "refused": one.Store.Refused} {
		if n == 0 {
			t.Errorf("the small run has no %s: it tests too little", what)
		}
	}
}

func TestTableHasEveryGoal(t *testing.T) {
	r := run(t, world(t), small())
	var text strings.Builder
	if err := r.Print(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"dormant members woken", "newcomers' first order", "average order", "redemption rate",
		"weekend baskets with a ready dish", "turnover of slow goods", "days between orders", "segmented issuing model", "千人千券",
		"subsidy rate", "pack's cost", "not yet due", "stopped by its budget"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, text.String())
		}
	}
	for _, g := range r.Goals {
		if g.DueDays > 0 && g.DueDays > r.Days && g.Verdict != "not yet due" {
			t.Errorf("%s: %q after %d days", g.Name, g.Verdict, r.Days)
		}
	}
}

func TestResumeAfterStop(t *testing.T) {
	whole := run(t, world(t), small())
	w := world(t)
	set := small()
	set.Piece = 5 // so that a stop falls into the middle of a day
	// Stopped at many places, each time a little later: on whole days and inside them.
	for stop := 40; ; stop += 97 {
		ctx := &countdown{Context: t.Context(), left: stop}
		got, err := deps(w, "a").Run(ctx, set, demo.Options{Fold: true})
		if err == nil {
			agree(t, got)
			got.Store.Refused = whole.Store.Refused
			if diff := cmp.Diff(whole.Store, got.Store); diff != "" {
				t.Errorf("resumed against uninterrupted:\n%s", diff)
			}
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if !loading(t, w) {
			t.Error("stopped half-way, and a worker may end its coupons by the wall clock")
		}
	}
	w.Clean()
	row, err := (&admin.Admin{App: w.App}).FindJob(t.Context(), access.System("test"), "demo")
	w.Must(err)
	if row.State != job.Completed || row.Done != int64(set.Days) {
		t.Errorf("the job ended as %s at %d", row.State, row.Done)
	}
	if loading(t, w) {
		t.Error("done, and a worker still waits")
	}
	again := run(t, w, set)
	again.Store.Refused = whole.Store.Refused
	if again.Store != whole.Store {
		t.Errorf("a run that is done was changed: %+v, was %+v", again.Store, whole.Store)
	}
}

func loading(t *testing.T, w *apptest.World) bool {
	t.Helper()
	is, err := demo.Loading(t.Context(), &admin.Admin{App: w.App}, w.Time.Time())
	w.Must(err)
	return is
}

func TestOneProcessPlays(t *testing.T) {
	w := world(t)
	set := small()
	set.Days = 1
	a, b := deps(w, "a"), deps(w, "b")
	row, err := b.Admin.TakeJob(t.Context(), access.System("demo"), admin.TakeJobInput{Kind: "demo", Key: "demo", Holder: b.Holder, Cursor: fmt.Sprintf(`{"seed":%d,"members":%d,"days":%d,"last":%q}`, set.Seed, set.Members, set.Days, set.Last)})
	w.Must(err)
	if _, err := a.Run(t.Context(), set, demo.Options{Adopt: true}); !errors.Is(err, admin.ErrJobHeld) {
		t.Errorf("two processes play one demo: %v", err)
	}
	_, err = b.Admin.FinishJob(t.Context(), access.System("demo"), row, context.Canceled, true)
	w.Must(err)
}

// countdown is a context that is cancelled after so many looks at it.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return c.Context.Err()
}

func TestForeignDataIsRefused(t *testing.T) {
	w := world(t)
	w.Members(1)
	if _, err := deps(w, "a").Run(t.Context(), small(), demo.Options{}); !errors.Is(err, demo.ErrForeign) {
		t.Errorf("a database with members of somebody else: %v", err)
	}
}

func TestOtherSettingsAreRefused(t *testing.T) {
	w := world(t)
	set := small()
	set.Days = 2
	run(t, w, set)
	other := set
	other.Seed = 99
	if _, err := deps(w, "a").Run(t.Context(), other, demo.Options{}); err == nil {
		t.Error("another seed went on with a demo that is there")
	}
	if _, err := deps(w, "a").Run(t.Context(), other, demo.Options{Adopt: true}); err != nil {
		t.Errorf("adopting: %v", err)
	}
}

// Every template of the member day is issued and used, and none of it is seen in the
// plan's own sums.
func TestMemberDay(t *testing.T) {
	r := run(t, world(t), small())
	agree(t, r)
	if len(r.Fair) == 0 {
		t.Fatal("no member day")
	}
	for _, o := range r.Fair {
		if o.Issued == 0 || o.Used == 0 || o.DiscountMinor == 0 {
			t.Errorf("%+v", o)
		}
	}
}
