package issuing_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/domain/job"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// noted writes down of which class each write was. It commits one after the other,
// and doesn't know of some writes, as if another process had made them.
type noted struct {
	store.Store
	classes map[store.Class]int
	foreign int64
}

func (n *noted) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	n.classes[class]++
	return n.Store.Update(ctx, class, fn)
}

func (*noted) Overlaps() bool { return false }

func (n *noted) Urgent(class store.Class) int64 { return n.Store.Urgent(class) - n.foreign }

// TestGrantGivesWay: a bulk grant writes as the class behind all others, in pieces of
// 256 as soon as others write or claim its template, in whatever process; alone it
// takes longer strides. So a claim never waits for more than the piece that is under
// way (which class goes first, and how much each gets at least, is tested in
// store/queue).
func TestGrantGivesWay(t *testing.T) {
	apptest.Each(t, func(t *testing.T, world *apptest.World) {
		w := bulkWorld{world}
		const people = 6000
		members := w.Members(people)
		template, other := w.Publish(apptest.Limits(testkit.Doc())), w.Publish(apptest.Limits(testkit.Doc()))
		g := w.plan(everyone(template))
		w.pieces(most)
		w.direct(g, issuing.StartGrant)
		n := &noted{Store: w.Store, classes: map[store.Class]int{}}
		claim := func(template id.ID) {
			w.App.Store = n.Store
			_, err := w.Issuing.Claim(w.Ctx(), w.By, []issuing.ClaimInput{{Template: template, MemberID: members[0]}})
			w.Must(err)
		}
		var sizes []int64
		for i := range 9 {
			before := w.get(g).Job.Done
			w.App.Store = n
			w.pieces(1)
			switch i {
			case 3:
				claim(other) // an urgent write here
			case 6:
				urgent := n.Store.Urgent(store.Background)
				claim(template) // one of its coupons elsewhere
				n.foreign = n.Store.Urgent(store.Background) - urgent
			}
			sizes = append(sizes, w.get(g).Job.Done-before)
		}
		w.App.Store = n
		w.pieces(most)
		w.App.Store = n.Store
		if diff := cmp.Diff([]int64{256, 512, 1024, 1024, 256, 256, 512, 1024, 256}, sizes); diff != "" {
			t.Error(diff)
		}
		if len(n.classes) != 1 || n.classes[store.Background] == 0 {
			t.Errorf("classes of its writes: %v, want background (%d) only", n.classes, store.Background)
		}
		if g = w.get(g); g.Job.State != job.Completed || g.Progress.Result.Granted != people {
			t.Fatalf("%+v", g)
		}
	})
}
