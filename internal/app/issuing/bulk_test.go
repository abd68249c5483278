package issuing_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/app/upkeep"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// bulkWorld runs the jobs of bulk grants by hand.
type bulkWorld struct{ *apptest.World }

func (w bulkWorld) plan(spec grant.Spec, rows ...issuing.ListedMember) issuing.BulkGrant {
	w.Helper()
	out, _, err := w.Issuing.PlanGrant(w.Ctx(), w.By, issuing.PlanGrantInput{Spec: spec, Rows: rows})
	w.Must(err)
	return out
}

// piece claims the job and does pieces until it rests or so many are done.
func (w bulkWorld) pieces(most int) (done int) {
	w.Helper()
	u := &upkeep.Upkeep{App: w.App}
	for {
		run, ok, err := u.Claim(w.Ctx(), []string{issuing.GrantJob, issuing.UndoJob}, "test")
		w.Must(err)
		if !ok {
			return done
		}
		for run.State == job.Running {
			if done++; done > most {
				w.Must(u.End(w.Ctx(), run, (*job.Job).Release))
				return done - 1
			}
			do := w.Issuing.GrantPiece
			if run.Kind == issuing.UndoJob {
				do = w.Issuing.UndoPiece
			}
			run, err = do(w.Ctx(), run)
			w.Must(err)
		}
	}
}

func (w bulkWorld) direct(g issuing.BulkGrant, move issuing.GrantMove) issuing.BulkGrant {
	w.Helper()
	out, _, err := w.Issuing.DirectGrant(w.Ctx(), w.By, issuing.DirectGrantInput{Job: g.Job.ID, Move: move, Reason: "test"})
	w.Must(err)
	return out
}

func (w bulkWorld) get(g issuing.BulkGrant) issuing.BulkGrant {
	w.Helper()
	out, err := w.Issuing.GetGrant(w.Ctx(), w.By, g.Job.ID)
	w.Must(err)
	return out
}

// held counts the coupons of a template, by member.
func (w bulkWorld) held(template id.ID) map[id.ID]int {
	w.Helper()
	got := map[id.ID]int{}
	w.Must(w.Store.Snapshot(w.Ctx(), func(tx store.Tx) error {
		rows, err := tx.Coupons().List(store.CouponFilter{Template: template, Limit: 10_000})
		for _, c := range rows {
			got[c.Member]++
		}
		return err
	}))
	return got
}

func everyone(templates ...id.ID) grant.Spec {
	return grant.Spec{Name: "spring", Templates: templates, Audience: grant.Everyone, Reason: "test"}
}

// inSteps makes each piece one transaction of grant.Piece members.
func inSteps(s grant.Spec) grant.Spec {
	s.Rate = grant.MostRate
	return s
}

const most = 1 << 20

// Everyone gets one, by a rehearsal that tells before what comes of it.
func TestGrantToEveryone(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		const people, stock = 700, 600
		members := w.Members(people)
		_, err := (&membership.Membership{App: w.App}).SetBlocked(w.Ctx(), w.By, membership.SetBlockedInput{Member: members[5], Blocked: true, Reason: "test"})
		w.Must(err)
		template := w.Publish(apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: stock},
			limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerMember, Cap: 1}))
		g := w.plan(everyone(template))
		w.pieces(most)
		g = w.get(g)
		want := grant.Figures{Members: people, Granted: stock, Coupons: stock, Liability: g.Progress.Rehearsal.Liability,
			Refused: map[fault.Code]int64{fault.MemberBlocked: 1, fault.SoldOut: people - stock - 1}}
		if diff := cmp.Diff(want, g.Progress.Rehearsal); diff != "" || g.Job.State != job.Paused || g.Progress.Phase != grant.Ready || len(w.held(template)) != 0 {
			t.Fatalf("rehearsal: %s %s %s", g.Job.State, g.Progress.Phase, diff)
		}
		if g.Progress.Rehearsal.Liability <= 0 {
			t.Error("it costs nothing")
		}
		w.direct(g, issuing.StartGrant)
		w.pieces(most)
		g = w.get(g)
		if diff := cmp.Diff(want, g.Progress.Result); diff != "" || g.Job.State != job.Completed || g.Job.Done != people || g.Job.Refused != people-stock || g.Job.Total != people {
			t.Fatalf("result: %+v %s", g.Job, diff)
		}
		got := w.held(template)
		for _, n := range got {
			if n != 1 {
				t.Errorf("a member got %d", n)
			}
		}
		if len(got) != stock || got[members[5]] != 0 {
			t.Errorf("%d got one", len(got))
		}
		lines := map[fault.Code]int{}
		w.Must(w.Issuing.GrantReport(w.Ctx(), w.By, g.Job.ID, func(l issuing.GrantLine) error { lines[l.Code]++; return nil }))
		if diff := cmp.Diff(map[fault.Code]int{"": stock, fault.MemberBlocked: 1, fault.SoldOut: people - stock - 1}, lines); diff != "" {
			t.Error(diff)
		}
		w.Clean()
	})
}

// A run that is broken off behind any piece, by a stop, a loss or a pause, grants
// each member once and goes on where it was.
func TestBrokenGrantGrantsOnce(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		const people = 1000
		w.Members(people)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		g := w.plan(inSteps(everyone(template)))
		w.pieces(most)
		w.direct(g, issuing.StartGrant)
		u := &upkeep.Upkeep{App: w.App}
		if w.pieces(1) != 1 { // stopped behind one
			t.Fatal("no piece was done")
		}
		lost, ok, err := u.Claim(w.Ctx(), []string{issuing.GrantJob}, "lost")
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		lease, _, err := u.Hold(w.Ctx(), "rescue", "test", w.Clock(), time.Hour)
		w.Must(err)
		w.Time.Advance(app.JobLease)
		if n, err := u.Rescue(w.Ctx(), lease); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		w.Time.Advance(time.Minute)
		second, ok, err := u.Claim(w.Ctx(), []string{issuing.GrantJob}, "second")
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		second, err = w.Issuing.GrantPiece(w.Ctx(), second)
		w.Must(err)
		if _, err := w.Issuing.GrantPiece(w.Ctx(), lost); !errors.Is(err, store.ErrTwin) && !errors.Is(err, store.ErrStale) { // it wakes
			t.Errorf("the lost one: %v", err)
		}
		w.direct(g, issuing.PauseGrant)
		if _, err := w.Issuing.GrantPiece(w.Ctx(), second); !errors.Is(err, store.ErrStale) {
			t.Errorf("behind a pause: %v", err)
		}
		if got := len(w.held(template)); got != 2*grant.Piece {
			t.Errorf("%d got one by two pieces", got)
		}
		w.direct(g, issuing.ResumeGrant)
		w.pieces(most)
		got := w.held(template)
		for who, n := range got {
			if n != 1 {
				t.Errorf("%d got %d", who, n)
			}
		}
		if g = w.get(g); len(got) != people || g.Progress.Result.Granted != people || g.Job.State != job.Completed {
			t.Errorf("%d got one, %+v", len(got), g.Progress.Result)
		}
		w.Clean()
	})
}

// A segment is judged when a member's turn comes; who registers later gets nothing.
func TestGrantToSegment(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		members := w.Members(600)
		m := &membership.Membership{App: w.App}
		tag := func(who []id.ID) {
			inputs := make([]membership.FactsInput, len(who))
			for i := range who {
				inputs[i] = membership.FactsInput{Member: who[i], AddTags: []string{"vip"}}
			}
			_, err := m.SetFacts(w.Ctx(), w.By, inputs, membership.FactsWay{})
			w.Must(err)
		}
		tag(members[100:400])
		template := w.Publish(apptest.Limits(testkit.Doc()))
		spec := everyone(template)
		spec.Audience, spec.Tree = grant.Segment, condition.Tree{Leaf: &condition.MemberTag{In: []string{"vip"}}}
		g := w.plan(spec)
		w.pieces(most)
		if g = w.get(g); g.Progress.Rehearsal.Members != 300 || g.Job.Total != 300 {
			t.Fatalf("rehearsed %+v", g.Progress.Rehearsal)
		}
		w.direct(g, issuing.StartGrant)
		w.pieces(1)
		newcomer, err := m.Ensure(w.Ctx(), w.By, []membership.EnsureInput{{Key: w.Key(5000), Sealed: "x"}})
		w.Must(err)
		tag([]id.ID{newcomer[0], members[0], members[599]})
		w.pieces(most)
		got := w.held(template)
		if len(got) < 300 || len(got) > 302 || got[newcomer[0]] != 0 {
			t.Errorf("%d got one; who came later %d", len(got), got[newcomer[0]])
		}
		w.Clean()
	})
}

// A list: rows that name nobody, the same member twice, by row, masked.
func TestGrantToList(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		members := w.Members(520)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		spec := everyone(template)
		spec.Audience = grant.List
		var rows []issuing.ListedMember
		for i := range members {
			rows = append(rows, issuing.ListedMember{Number: int64(i + 2), Kind: "phone", Value: member.Secret(fmt.Sprintf("138%08d", i))})
		}
		rows = append(rows, issuing.ListedMember{Number: 900, Kind: "phone", Value: "13999999999"}, issuing.ListedMember{Number: 901, Member: members[3]},
			issuing.ListedMember{Number: 902, Kind: "phone", Value: "x", Code: fault.InvalidValue}, issuing.ListedMember{Number: 903, Member: 77})
		in := issuing.PlanGrantInput{Once: app.Once{Key: "list", Body: "b"}, Spec: spec, Rows: rows}
		g, replayed, err := w.Issuing.PlanGrant(w.Ctx(), w.By, in)
		if err != nil || replayed {
			t.Fatal(replayed, err)
		}
		again, replayed, err := w.Issuing.PlanGrant(w.Ctx(), w.By, in)
		if err != nil || !replayed || again.Job.ID != g.Job.ID {
			t.Fatalf("the same request again: %v %v", replayed, err)
		}
		in.Once.Body = "other"
		if _, _, err := w.Issuing.PlanGrant(w.Ctx(), w.By, in); !fault.Has(err, fault.KeyReusedBody) {
			t.Errorf("another body: %v", err)
		}
		w.pieces(most)
		w.direct(g, issuing.StartGrant)
		w.pieces(most)
		g = w.get(g)
		if g.Job.State != job.Completed || g.Progress.Result.Granted != 520 || g.Progress.Result.Refused[fault.DuplicateValue] != 1 || g.Job.Done != 524 || g.Job.Refused != 4 {
			t.Errorf("%+v %+v", g.Job, g.Progress)
		}
		got := map[int64]issuing.GrantLine{}
		w.Must(w.Issuing.GrantReport(w.Ctx(), w.By, g.Job.ID, func(l issuing.GrantLine) error { got[l.Number] = l; return nil }))
		for number, want := range map[int64]fault.Code{2: "", 521: "", 900: fault.MemberUnknown, 901: fault.DuplicateValue, 902: fault.InvalidValue, 903: fault.MemberUnknown} {
			if l := got[number]; l.Code != want || l.Waiting || (want == "") != (len(l.Coupons) == 1) {
				t.Errorf("row %d: %+v, want %q", number, l, want)
			}
		}
		if got[2].Given != "1380****000" || len(got) != 524 {
			t.Errorf("%d lines, the first %+v", len(got), got[2])
		}
		w.Clean()
	})
}

// An undo takes back what is unused, is a job itself, and ends the grant for good.
func TestUndoGrant(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		const people = 600
		members := w.Members(people)
		one, two := w.Publish(apptest.Limits(testkit.Doc())), w.Publish(apptest.Limits(testkit.Doc()))
		g := w.plan(inSteps(everyone(one, two))) // a pack
		w.pieces(most)
		if _, _, err := w.Issuing.DirectGrant(w.Ctx(), w.By, issuing.DirectGrantInput{Job: g.Job.ID, Move: issuing.UndoGrant, Reason: "test"}); !fault.Has(err, fault.WrongState) {
			t.Errorf("undone before it began: %v", err)
		}
		w.direct(g, issuing.StartGrant)
		w.pieces(2)
		w.direct(g, issuing.PauseGrant)
		var used id.ID
		w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
			rows, err := tx.Coupons().List(store.CouponFilter{Member: members[0], Limit: 9})
			if len(rows) != 2 {
				t.Fatalf("the first member holds %d", len(rows))
			}
			used = rows[0].ID
			return err
		}))
		_, _, err := w.Issuing.Withdraw(w.Ctx(), w.By, issuing.WithdrawInput{Coupon: used, Reason: "test"})
		w.Must(err)
		w.direct(g, issuing.UndoGrant)
		w.pieces(1) // broken off
		w.pieces(most)
		undo, err := w.Issuing.GetUndo(w.Ctx(), w.By, g.Job.ID)
		w.Must(err)
		if undo.Job.State != job.Completed || undo.Coupons != 2*2*grant.Piece-1 || undo.Kept[fault.CouponWithdrawn] != 1 {
			t.Errorf("undo: %+v", undo)
		}
		w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
			states, err := tx.Coupons().CountByState()
			if states[coupon.Withdrawn] != 2*2*grant.Piece || len(states) != 1 {
				t.Errorf("states %v", states)
			}
			return err
		}))
		if g = w.get(g); g.Job.State != job.Cancelled || g.Progress.Phase != grant.Undone {
			t.Errorf("%s %s", g.Job.State, g.Progress.Phase)
		}
		for _, move := range []issuing.GrantMove{issuing.UndoGrant, issuing.ResumeGrant, issuing.StartGrant} {
			if _, _, err := w.Issuing.DirectGrant(w.Ctx(), w.By, issuing.DirectGrantInput{Job: g.Job.ID, Move: move, Reason: "test"}); !fault.Has(err, fault.WrongState) {
				t.Errorf("%s behind an undo: %v", move, err)
			}
		}
		w.Clean()
	})
}

// Who asked is asked again with each piece: a key that was revoked grants nothing more.
func TestRevokedKeyGrantsNothing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		w.Members(3)
		key := access.Key{ID: w.IDs.New(0), Name: "x", Kind: access.KindServer, SecretHash: "h", Permissions: access.All, Rev: 1}
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Keys().Insert([]store.Key{key}) }))
		by := access.Principal{Kind: key.Kind, ID: id.Format(id.Key, key.ID), Permissions: key.Permissions}
		template := w.Publish(apptest.Limits(testkit.Doc()))
		spec := everyone(template)
		spec.Go = true
		_, _, err := w.Issuing.PlanGrant(w.Ctx(), by, issuing.PlanGrantInput{Spec: spec})
		w.Must(err)
		key.ArchivedAt, key.Rev = w.Clock(), 2
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Keys().Update([]store.Key{key}) }))
		run, ok, err := (&upkeep.Upkeep{App: w.App}).Claim(w.Ctx(), []string{issuing.GrantJob}, "test")
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if _, err := w.Issuing.GrantPiece(w.Ctx(), run); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a revoked key: %v", err)
		}
	})
}

// A start time holds behind the rehearsal, and the rate changes on the way.
func TestGrantInTime(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		w.Members(300)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		spec := everyone(template)
		spec.Go = true
		at := w.Clock().Add(time.Hour)
		g, _, err := w.Issuing.PlanGrant(w.Ctx(), w.By, issuing.PlanGrantInput{Spec: spec, StartAt: at})
		w.Must(err)
		w.pieces(most)
		if g = w.get(g); g.Job.State != job.Scheduled || g.Job.RunAt != at || len(w.held(template)) != 0 {
			t.Fatalf("before its time: %s", g.Job.State)
		}
		_, _, err = w.Issuing.DirectGrant(w.Ctx(), w.By, issuing.DirectGrantInput{Job: g.Job.ID, Move: issuing.PaceGrant, Rate: 100})
		w.Must(err)
		w.Time.Advance(time.Hour)
		if w.pieces(1) != 1 || len(w.held(template)) != 100 {
			t.Errorf("a piece of %d", len(w.held(template)))
		}
		before := w.get(g).Job
		w.pieces(most)
		if g = w.get(g); g.Job.State != job.Completed || len(w.held(template)) != 300 {
			t.Errorf("%s, %d", g.Job.State, len(w.held(template)))
		}
		after := before
		after.Done += 100
		if rest := issuing.GrantPace(before, after, 200*time.Millisecond); rest != 800*time.Millisecond {
			t.Errorf("it rests for %s", rest)
		}
		w.Clean()
	})
}

func TestPlansThatAreRefused(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		template := w.Publish(apptest.Limits(testkit.Doc()))
		near := w.By
		near.ID, near.Scope = "key_1", access.Scope{Merchants: []string{"m"}}
		for name, c := range map[string]struct {
			change func(*grant.Spec)
			by     access.Principal
			want   fault.Code
		}{
			"no name":          {func(s *grant.Spec) { s.Name = "" }, w.By, fault.MissingValue},
			"no reason":        {func(s *grant.Spec) { s.Reason = "" }, w.By, fault.MissingValue},
			"no template":      {func(s *grant.Spec) { s.Templates = nil }, w.By, fault.MissingValue},
			"unknown template": {func(s *grant.Spec) { s.Templates = []id.ID{5} }, w.By, fault.UnknownReference},
			"unknown place":    {func(s *grant.Spec) { s.Placement = 5 }, w.By, fault.UnknownReference},
			"a rate below 0":   {func(s *grant.Spec) { s.Rate = -1 }, w.By, fault.OutOfRange},
			"no list":          {func(s *grant.Spec) { s.Audience = grant.List }, w.By, fault.MissingValue},
			"no condition":     {func(s *grant.Spec) { s.Audience = grant.Segment }, w.By, fault.MissingValue},
			"a momentary condition": {func(s *grant.Spec) {
				s.Audience, s.Tree = grant.Segment, condition.Tree{Leaf: &condition.Channel{In: []string{"app"}}}
			}, w.By, fault.InvalidValue},
			"a condition for everyone": {func(s *grant.Spec) { s.Tree = condition.Tree{Leaf: &condition.MemberTag{In: []string{"a"}}} }, w.By, fault.Conflicting},
			"in a scope":               {func(*grant.Spec) {}, near, fault.PermissionDeny},
			"no such audience":         {func(s *grant.Spec) { s.Audience = "all" }, w.By, fault.InvalidValue},
		} {
			spec := everyone(template)
			c.change(&spec)
			if _, _, err := w.Issuing.PlanGrant(w.Ctx(), c.by, issuing.PlanGrantInput{Spec: spec}); !fault.Has(err, c.want) {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
	})
}
