package issuing_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// counted counts the transactions of issuing.
type counted struct {
	store.Store
	updates atomic.Int64
}

func (c *counted) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	if class == store.Issue {
		c.updates.Add(1)
	}
	return c.Store.Update(ctx, class, fn)
}

// TestGatherContentionSharesTransactions: many claims at once take few
// transactions, and each gets its own fate.
func TestGatherContentionSharesTransactions(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(600)
		tpl := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 50), issueLimit(limit.PerMember, 1)))
		c := &counted{Store: w.App.Store}
		w.App.Store = c
		var wins, soldOut atomic.Int64
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i := range 600 {
			wg.Go(func() {
				<-start
				out, err := w.Issuing.ClaimGathered(w.Ctx(), w.By, issuing.ClaimInput{Once: app.Once{Key: fmt.Sprint(i), Body: "b"}, Template: tpl, Member: w.Key(i)})
				switch {
				case err != nil:
					t.Errorf("claim %d: %v", i, err)
				case out.Err == nil:
					wins.Add(1)
				case fault.Has(out.Err, fault.SoldOut):
					soldOut.Add(1)
				}
			})
		}
		close(start)
		wg.Wait()
		if wins.Load() != 50 || soldOut.Load() != 550 {
			t.Errorf("%d got one, %d were told it is sold out", wins.Load(), soldOut.Load())
		}
		if n := c.updates.Load(); n >= 600 {
			t.Errorf("600 claims took %d transactions", n)
		}
		w.Clean()
	})
}

// TestGatherKeepsAPoisonedClaimToItself: an input that the store itself refuses
// is nobody else's error.
func TestGatherKeepsAPoisonedClaimToItself(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(40)
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		var wg sync.WaitGroup
		for i := range 40 {
			in := issuing.ClaimInput{Template: tpl, Member: w.Key(i), City: "shanghai"}
			if i == 17 {
				in.City = "shang\x00hai"
			}
			wg.Go(func() {
				out, err := w.Issuing.ClaimGathered(w.Ctx(), w.By, in)
				switch {
				case i == 17 && err == nil && out.Err == nil:
					t.Error("a NUL byte was stored")
				case i != 17 && (err != nil || out.Err != nil):
					t.Errorf("claim %d: %v, %v", i, err, out.Err)
				}
			})
		}
		wg.Wait()
		w.Clean()
	})
}

// TestGatherOutlivesItsFirstCaller: who gives up does not end the batch.
func TestGatherOutlivesItsFirstCaller(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		tpl := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1)))
		in := issuing.ClaimInput{Once: app.Once{Key: "k", Body: "b"}, Template: tpl, Member: w.Key(0)}
		gone, leave := context.WithCancel(w.Ctx())
		leave()
		first, err := w.Issuing.ClaimGathered(gone, w.By, in)
		if err != nil && !fault.Has(err, fault.OutcomeUnknown) && !fault.Has(err, fault.Overloaded) {
			t.Fatalf("a caller that left: %+v, %v", first, err)
		}
		again, err := w.Issuing.ClaimGathered(w.Ctx(), w.By, in)
		if err != nil || again.Err != nil || len(again.Receipt.Coupons) != 1 {
			t.Errorf("the same key afterwards: %+v, %v", again, err)
		}
		in.Once.Key = "another"
		if other, err := w.Issuing.ClaimGathered(w.Ctx(), w.By, in); err != nil || !fault.Has(other.Err, fault.MemberLimit) {
			t.Errorf("another key: %+v, %v", other, err)
		}
		w.Clean()
	})
}

// TestGatherMixesWhoAsksAndHow: claims, grants and exchange codes of one template by
// several callers share transactions and its stock; keys are each caller's own, and a
// merchant's caller gives out nothing of another's.
func TestGatherMixesWhoAsksAndHow(t *testing.T) {
	eachCodes(t, func(t *testing.T, w *codes) {
		tpl := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 60)))
		made := w.batch(code.Batch{Kind: code.Word, Word: "SPRING", Size: 30, PerMember: 1, Template: tpl})
		callers := []access.Principal{access.System("one"), access.System("two"), access.System("merchant's")}
		callers[2].Scope.Merchants = []string{"somebody"}
		c := &counted{Store: w.App.Store}
		w.App.Store = c
		var given [3]atomic.Int64
		var all sync.WaitGroup
		start := make(chan struct{})
		for i := range 120 {
			by, how := callers[i%len(callers)], i/len(callers)%3
			once := app.Once{Key: fmt.Sprint(i / len(callers)), Body: "b"} // three callers have the same keys
			all.Go(func() {
				<-start
				var out issuing.Outcome
				var err error
				switch how {
				case 0:
					out, err = w.Issuing.ClaimGathered(w.Ctx(), by, issuing.ClaimInput{Once: once, Template: tpl, Member: w.Key(i % 40)})
				case 1:
					out, err = w.Issuing.GrantGathered(w.Ctx(), by, issuing.GrantInput{Once: once, Templates: []id.ID{tpl}, Member: w.Key(i % 40)})
				default:
					out, err = w.Issuing.RedeemCode(w.Ctx(), by, issuing.RedeemCodeInput{Once: once, Text: "spring", Member: w.Key(i % 40)})
				}
				foreign := how == 1 && by.ID == callers[2].ID
				switch {
				case err == nil && out.Err == nil && !out.Replayed && !foreign:
					given[how].Add(1)
				case err == nil && (fault.Has(out.Err, fault.SoldOut) || foreign && fault.Has(out.Err, fault.Absent)):
				case how == 2 && (fault.Has(err, fault.CodeInvalid) || fault.Has(out.Err, fault.CodeInvalid) || fault.Has(out.Err, fault.MemberLimit)):
				default:
					t.Errorf("%d: %+v, %v", i, out, err)
				}
			})
		}
		close(start)
		all.Wait()
		sum := given[0].Load() + given[1].Load() + given[2].Load()
		if sum != 60 || given[2].Load() > 30 {
			t.Errorf("%d were given out: %d claimed, %d granted, %d by code", sum, given[0].Load(), given[1].Load(), given[2].Load())
		}
		if n := c.updates.Load(); n >= 120 {
			t.Errorf("120 requests took %d transactions", n)
		}
		batch, err := w.catalog.GetCodeBatch(w.Ctx(), w.By, made.ID)
		w.Must(err)
		if batch.Used != given[2].Load() {
			t.Errorf("%d uses of the code are counted, %d were told so", batch.Used, given[2].Load())
		}
	})
}

// TestGatherAsksForPermission: the caller's own, before it joins anybody.
func TestGatherAsksForPermission(t *testing.T) {
	w := apptest.Postgres(t)
	if _, err := w.Issuing.ClaimGathered(w.Ctx(), access.Principal{ID: "key_x"}, issuing.ClaimInput{}); !fault.Has(err, fault.PermissionDeny) {
		t.Errorf("without the permission: %v", err)
	}
}
