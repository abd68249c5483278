package checkout_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// counted counts the transactions of checkout.
type counted struct {
	store.Store
	updates atomic.Int64
}

func (c *counted) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	if class == store.Use {
		c.updates.Add(1)
	}
	return c.Store.Update(ctx, class, fn)
}

// clerk may use coupons in one city.
func clerk(name, city string) access.Principal {
	p := access.System(name)
	p.Scope.Cities = []string{city}
	return p
}

// TestGatherContentionSharesTransactions: locks, uses and releases of many members by
// several principals take few transactions, and each keeps its fate, its actor and
// its scope.
func TestGatherContentionSharesTransactions(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const n = 120
		members := w.Members(n)
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		coupons := make([]id.ID, n)
		for i := range n {
			got := w.Claim(issuing.ClaimInput{Template: tpl, MemberID: members[i]})
			w.Must(got.Err)
			coupons[i] = got.Receipt.Coupons[0].ID
		}
		c := &counted{Store: w.App.Store}
		w.App.Store = c
		who := []access.Principal{clerk("one", "shanghai"), clerk("two", "shanghai"), clerk("stranger", "beijing")}
		stranger := func(i int) bool { return i%len(who) == 2 }
		basis := func(verb string, i int) checkout.Basis {
			return checkout.Basis{Once: once(verb + fmt.Sprint(i)), Order: key(fmt.Sprint(i))}
		}
		outside := func(i int, err error, what fault.Code) error {
			if !stranger(i) {
				return err
			}
			if !fault.Has(err, what) {
				return fmt.Errorf("a principal of another city was told %w", err)
			}
			return nil
		}
		for _, err := range atOnce(n, func(i int) error {
			b := basis("lock", i)
			b.Cart, b.Coupons = cart(), []id.ID{coupons[i]}
			out, err := w.Checkout.LockGathered(w.Ctx(), who[i%len(who)], checkout.LockInput{Basis: b})
			if err != nil {
				return err
			}
			return outside(i, out.Err, fault.Absent)
		}) {
			w.Must(err)
		}
		for _, err := range atOnce(n, func(i int) error {
			if i%2 == 0 {
				out, err := w.Checkout.RedeemGathered(w.Ctx(), who[i%len(who)], checkout.RedeemInput{Basis: basis("pay", i)})
				if err != nil {
					return err
				}
				return outside(i, out.Err, fault.LockNotFound)
			}
			out, err := w.Checkout.ReleaseGathered(w.Ctx(), who[i%len(who)], checkout.ReleaseInput{Basis: basis("leave", i)})
			if err != nil {
				return err
			}
			return outside(i, out.Err, fault.LockNotFound)
		}) {
			w.Must(err)
		}
		if got := c.updates.Load(); got >= n {
			t.Errorf("%d locks and as many ends took %d transactions", n, got)
		}
		w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
			for i := range coupons {
				if stranger(i) {
					continue
				}
				rows, err := tx.Changes().Of(coupons[i])
				if err != nil {
					return err
				}
				if last := rows[len(rows)-1]; len(rows) != 3 || last.Actor != who[i%len(who)].ID {
					t.Errorf("coupon %d: %d changes, the last by %s", i, len(rows), last.Actor)
				}
			}
			return nil
		}))
		w.Clean()
	})
}

// TestGatherTwinsOfTwoCallers: a key is its caller's own: the same key and body by
// two callers are two requests, by one caller one.
func TestGatherTwinsOfTwoCallers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := held(t, w, testkit.Doc())
		var used, told atomic.Int64
		for _, err := range atOnce(20, func(i int) error {
			by := []access.Principal{access.System("one"), access.System("two")}[i%2]
			b := checkout.Basis{Once: once("same"), Order: key("order of " + by.ID), Cart: cart(), Coupons: []id.ID{c.ID}}
			out, err := w.Checkout.RedeemGathered(w.Ctx(), by, checkout.RedeemInput{Basis: b})
			switch {
			case err != nil:
				return err
			case out.Err == nil && !out.Replayed:
				used.Add(1)
			case out.Err == nil:
				told.Add(1)
			case !fault.Has(out.Err, fault.CouponUsedUp):
				return out.Err
			}
			return nil
		}) {
			w.Must(err)
		}
		if used.Load() != 1 || told.Load() != 9 {
			t.Errorf("used %d times, %d were told so again", used.Load(), told.Load())
		}
		w.Clean()
	})
}

// TestGatherUsesOneAfterTheOther: many orders want the uses of one coupon: as many
// as it has get one.
func TestGatherUsesOneAfterTheOther(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const uses, orders = 12, 30
		doc := testkit.Doc()
		doc.Terms.UsesPerCoupon = uses
		_, c := held(t, w, doc)
		errs := atOnce(orders, func(i int) error {
			b := checkout.Basis{Once: once(fmt.Sprint(i)), Order: key(fmt.Sprint(i)), Cart: cart(), Coupons: []id.ID{c.ID}}
			out, err := w.Checkout.RedeemGathered(w.Ctx(), w.By, checkout.RedeemInput{Basis: b})
			if err != nil {
				t.Error(err)
			}
			return out.Err
		})
		refused := slices.DeleteFunc(errs, func(err error) bool { return err == nil })
		for _, err := range refused {
			if !fault.Has(err, fault.CouponUsedUp) {
				t.Error(err)
			}
		}
		if len(refused) != orders-uses {
			t.Errorf("%d of %d were refused", len(refused), orders)
		}
		w.Clean()
	})
}
