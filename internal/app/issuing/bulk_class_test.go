package issuing_test

import (
	"context"
	"sync"
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/domain/job"
	"quan/internal/domain/limit"
	"quan/internal/store"
	"quan/internal/testkit"
)

// noted writes down of which class each write was, and what it granted.
type noted struct {
	store.Store
	mu      sync.Mutex
	classes map[store.Class]int
	most    int // coupons of one write
	coupons func() int
}

func (n *noted) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	before := n.coupons()
	err := n.Store.Update(ctx, class, fn)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.classes[class]++
	n.most = max(n.most, n.coupons()-before)
	return err
}

// TestGrantGivesWay: a bulk grant writes as the class behind all others, in pieces of
// 256 at most, so that a claim never waits for more than the piece that is under way
// (which class goes first, and how much each gets at least, is tested in store/queue).
func TestGrantGivesWay(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		const people = 600
		w.Members(people)
		template := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1)))
		g := w.plan(everyone(template))
		w.pieces(most)
		w.direct(g, issuing.StartGrant)
		plain := w.Store
		n := &noted{Store: plain, classes: map[store.Class]int{}, coupons: func() int { return len(w.held(template)) }}
		w.App.Store = n
		w.pieces(most)
		w.App.Store = plain
		if g = w.get(g); g.Job.State != job.Completed || g.Progress.Result.Granted != people {
			t.Fatalf("%+v", g)
		}
		if len(n.classes) != 1 || n.classes[store.Background] == 0 {
			t.Errorf("classes of its writes: %v, want background (%d) only", n.classes, store.Background)
		}
		if n.most > 256 || n.most < 2 {
			t.Errorf("one write granted %d coupons", n.most)
		}
	})
}
