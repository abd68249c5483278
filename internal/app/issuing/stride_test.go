package issuing_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/app/upkeep"
	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/testkit"
)

// trying lets pieces overlap on any store, and does something to background writes,
// by their number.
type trying struct {
	store.Store
	mu     sync.Mutex
	writes int
	first  chan struct{} // closed when the first of them has ended
	meet   func(write int) (what trouble, between func())
}

type trouble int

const (
	none   trouble = iota
	refuse         // it fails for good
	repeat         // its closure's first run is lost
	forget         // it is stored, but nobody hears of it
)

var errTrouble = errors.New("trouble")

func (*trying) Overlaps() bool { return true }

func (s *trying) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	s.mu.Lock()
	s.writes++
	number := s.writes
	s.mu.Unlock()
	if number == 1 {
		defer close(s.first)
	}
	what, between := s.meet(number)
	if between != nil && what == none {
		between()
	}
	if what == refuse || what == repeat {
		err := s.Store.Update(ctx, class, func(tx store.Tx) error {
			if err := fn(tx); err != nil {
				return err
			}
			return errTrouble
		})
		if what == refuse || !errors.Is(err, errTrouble) {
			return err
		}
		if between != nil {
			between()
		}
	}
	err := s.Store.Update(ctx, class, fn)
	if what == forget && err == nil {
		return fault.New(fault.OutcomeUnknown)
	}
	return err
}

// claimed starts a grant's job as a worker does.
func (w bulkWorld) claimed() job.Job {
	w.Helper()
	run, ok, err := (&upkeep.Upkeep{App: w.App}).Claim(w.Ctx(), []string{issuing.GrantJob}, "test")
	if err != nil || !ok {
		w.Fatal(ok, err)
	}
	return run
}

// Pieces that overlap, while some fail, are run again or are stored without anybody's
// knowing: everyone gets one, and the figures are those of what is there. The list
// names most members twice, by phone and by id, neighbouring pieces the same ones.
func TestStridesHoldTogether(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		const people, apart = 3000, 300
		members := w.Members(people)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		spec := everyone(template)
		spec.Audience = grant.List
		var rows []issuing.ListedMember
		for i := range members {
			rows = append(rows, issuing.ListedMember{Number: int64(len(rows) + 2), Kind: "phone", Value: member.Secret(fmt.Sprintf("138%08d", i))})
			if i >= apart {
				rows = append(rows, issuing.ListedMember{Number: int64(len(rows) + 2), Member: members[i-apart]})
			}
		}
		listed := int64(len(rows))
		g := w.plan(spec, rows...)
		w.pieces(most)
		w.direct(g, issuing.StartGrant)
		run := w.claimed()
		plain := w.Store
		s := &trying{Store: plain, first: make(chan struct{}), meet: func(write int) (trouble, func()) { return trouble(write * 5 / 3 % 4), nil }}
		w.App.Store = s
		troubles := 0
		for run.State == job.Running {
			next, err := w.Issuing.GrantPiece(w.Ctx(), run)
			if run = next; err == nil {
				continue
			}
			if troubles++; troubles > 100 {
				t.Fatal(err)
			}
			row, held, err := (&upkeep.Upkeep{App: w.App}).Look(w.Ctx(), run)
			if err != nil || !held && row.State == job.Running {
				t.Fatal(held, err)
			}
			run = row // as a worker goes on
		}
		w.App.Store = plain
		g = w.get(g)
		if g.Job.State != job.Completed || g.Progress.Result.Granted != people || g.Progress.Result.Refused[fault.DuplicateValue] != listed-people || g.Job.Done != listed {
			t.Errorf("%+v %+v", g.Job, g.Progress)
		}
		got := w.held(template)
		for who, n := range got {
			if n != 1 {
				t.Errorf("%d got %d", who, n)
			}
		}
		if t.Logf("%d troubles in %d writes", troubles, s.writes); len(got) != people || troubles < 3 {
			t.Errorf("%d got one, %d troubles", len(got), troubles)
		}
		w.Clean()
	})
}

// A piece that is decided anew to another end, here because a member was blocked
// meanwhile, takes the one along that began behind it: its figures build on the first.
func TestStrideDecidedAnew(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		const people = 1000
		members := w.Members(people)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		g := w.plan(everyone(template))
		w.pieces(most)
		w.direct(g, issuing.StartGrant)
		run := w.claimed()
		plain := w.Store
		s := &trying{Store: plain, first: make(chan struct{})}
		s.meet = func(write int) (trouble, func()) {
			switch write {
			case 1:
				return repeat, func() {
					by := *w.App
					by.Store = plain
					_, err := (&membership.Membership{App: &by}).SetBlocked(w.Ctx(), w.By, membership.SetBlockedInput{Member: members[3], Blocked: true, Reason: "test"})
					w.Must(err)
				}
			case 2: // it began behind the first run, and gets its locks behind the second
				return none, func() { <-s.first }
			}
			return none, nil
		}
		w.App.Store = s
		next, err := w.Issuing.GrantPiece(w.Ctx(), run)
		if err != nil || next.Done != grant.Piece || next.State != job.Running {
			t.Fatalf("%v %+v", err, next)
		}
		for next.State == job.Running {
			next, err = w.Issuing.GrantPiece(w.Ctx(), next)
			w.Must(err)
		}
		w.App.Store = plain
		if g = w.get(g); g.Progress.Result.Granted != people-1 || g.Progress.Result.Refused[fault.MemberBlocked] != 1 || len(w.held(template)) != people-1 {
			t.Errorf("%+v, %d hold one", g.Progress.Result, len(w.held(template)))
		}
		w.Clean()
	})
}

// A claim between two pieces is counted: the one that was told of the stock as it was
// before comes to nothing, and its members get theirs from the next.
func TestStrideMeetsAClaim(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		const people = 4000
		w.Members(people)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		g := w.plan(everyone(template))
		w.pieces(most)
		w.direct(g, issuing.StartGrant)
		run := w.claimed()
		plain, by := w.Store, *w.App
		s := &trying{Store: plain, first: make(chan struct{})}
		s.meet = func(write int) (trouble, func()) {
			if write != 5 {
				return none, nil
			}
			return none, func() { // it waits for the piece before, which holds the stock
				by.Store = plain
				_, err := (&issuing.Issuing{App: &by}).Claim(w.Ctx(), w.By, []issuing.ClaimInput{{Once: app.Once{Key: "between", Body: "b"}, Template: template, Member: w.Key(7)}})
				w.Must(err)
			}
		}
		w.App.Store = s
		stale := 0
		for run.State == job.Running {
			before := run.Rev
			var err error
			if run, err = w.Issuing.GrantPiece(w.Ctx(), run); err != nil && !errors.Is(err, store.ErrStale) {
				t.Fatal(err)
			}
			if run.Rev == before {
				stale++
			}
			if stale > 10 {
				t.Fatal("it does not go on")
			}
		}
		w.App.Store = plain
		if g = w.get(g); g.Progress.Result.Granted != people || len(w.held(template)) != people {
			t.Errorf("%+v, %d hold one", g.Progress.Result, len(w.held(template)))
		}
		w.Clean()
	})
}

// What failed is told, not what came to nothing with it: a worker judges by it whether
// to try again.
func TestStrideTellsWhatFailed(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		w.Members(1000)
		template := w.Publish(apptest.Limits(testkit.Doc()))
		g := w.plan(everyone(template))
		w.pieces(most)
		w.direct(g, issuing.StartGrant)
		run := w.claimed()
		plain := w.Store
		w.App.Store = &trying{Store: plain, first: make(chan struct{}), meet: func(write int) (trouble, func()) {
			if write == 1 {
				return refuse, nil
			}
			return none, nil
		}}
		next, err := w.Issuing.GrantPiece(w.Ctx(), run)
		w.App.Store = plain
		if !errors.Is(err, errTrouble) || next.Rev != run.Rev || len(w.held(template)) != 0 {
			t.Errorf("%v, %d hold one", err, len(w.held(template)))
		}
	})
}
