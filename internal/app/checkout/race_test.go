package checkout_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// atOnce runs n functions at the same time and returns their errors.
func atOnce(n int, run func(i int) error) []error {
	var wg sync.WaitGroup
	start, errs := make(chan struct{}), make([]error, n)
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = run(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// Members who lock, pay and report one order at once: it is one member's in the end.
func TestMembersRaceForOneOrder(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const n = 6
		legal := []fault.Code{fault.OrderDiffers, fault.CouponLocked, fault.CouponUsedUp, fault.LockResolved, fault.CartChanged}
		w.Members(n)
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		var coupons []id.ID
		for i := range n {
			got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(i)})
			w.Must(got.Err)
			coupons = append(coupons, got.Receipt.Coupons[0].ID)
		}
		for round := range 4 {
			ref := fmt.Sprint("order ", round)
			errs := atOnce(3*n, func(i int) error {
				b := checkout.Basis{Once: once(fmt.Sprint(round, i)), Order: key(ref), Who: checkout.Who{Key: w.Key(i % n)}, Cart: cart()}
				switch i / n {
				case 0:
					b.Coupons = []id.ID{coupons[i%n]}
					out, err := w.Checkout.RedeemGathered(w.Ctx(), w.By, checkout.RedeemInput{Basis: b})
					if err != nil {
						return err
					}
					return out.Err
				case 1:
					b.Coupons = []id.ID{coupons[i%n]}
					out, err := w.Checkout.LockGathered(w.Ctx(), w.By, checkout.LockInput{Basis: b})
					if err != nil {
						return err
					}
					return out.Err
				default:
					b.Who = checkout.Who{}
					out, err := w.Checkout.PlaceOrderGathered(w.Ctx(), w.By, checkout.OrderInput{Basis: b})
					if err != nil {
						return err
					}
					return out.Err
				}
			})
			for i, err := range errs {
				if f := fault.From(err); err != nil && (f == nil || !slices.Contains(legal, f.Code)) {
					t.Errorf("%d: %v", i, err)
				}
			}
			w.Clean()
			back, err := w.Checkout.Refund(w.Ctx(), w.By, []checkout.RefundInput{{Basis: checkout.Basis{Order: key(ref)}, Ref: ref, Full: true}})
			w.Must(err)
			w.Must(back[0].Err)
			w.Clean()
		}
	})
}

// Refunds under many numbers, returns and further uses of one coupon at once give
// back what was paid, and each use once.
func TestRefundsRace(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.UsesPerCoupon = 3
		_, c := held(t, w, doc)
		b := checkout.Basis{Once: once("a"), Order: key("1"), Cart: cart(), Coupons: []id.ID{c.ID}}
		w.Must(redeem(w, checkout.RedeemInput{Basis: b}).Err)
		errs := atOnce(24, func(i int) error {
			k := fmt.Sprint("k", i)
			switch i % 4 {
			case 0, 1:
				in := checkout.RefundInput{Basis: checkout.Basis{Once: once(k), Order: key("1")}, Ref: k, Lines: []redemption.RefundLine{{Line: int64(i % 2), Quantity: 1}}}
				out, err := w.Checkout.RefundGathered(w.Ctx(), w.By, in)
				if err != nil {
					return err
				}
				return out.Err
			case 2:
				out, err := w.Checkout.ReturnGathered(w.Ctx(), w.By, checkout.ReturnInput{Basis: checkout.Basis{Once: once(k), Order: key("1")}, Coupon: c.ID})
				if err != nil {
					return err
				}
				return out.Err
			default:
				b := b
				b.Once, b.Order = once(k), key(k)
				out, err := w.Checkout.RedeemGathered(w.Ctx(), w.By, checkout.RedeemInput{Basis: b})
				if err != nil {
					return err
				}
				return out.Err
			}
		})
		for i, err := range errs {
			if err != nil && fault.From(err) == nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		o, _, err := w.Checkout.GetOrder(w.Ctx(), w.By, key("1"))
		w.Must(err)
		if o.RefundedMinor != o.PaidMinor {
			t.Errorf("refunded %d of %d", o.RefundedMinor, o.PaidMinor)
		}
		row, _, err := w.Issuing.Get(w.Ctx(), w.By, c.ID)
		w.Must(err)
		if row.Used > row.Uses || row.NextUse > 2+6 {
			t.Errorf("%+v", row)
		}
		w.Clean()
	})
}

// What a return after the coupon's end does depends on the clock, not on whether
// the job that expires coupons has been there.
func TestReturnAfterTheEndWithAndWithoutTheJob(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		w.Market.Policies.ReturnGraceHours = 48
		w.Market.Rev++
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Markets().Update([]store.Market{*w.Market}) }))
		w.Cache.ForgetMarket(w.Market.Code)
		doc := apptest.Limits(testkit.Doc())
		doc.Terms.UsesPerCoupon = 2
		tpl := w.Publish(doc)
		var rows []coupon.Coupon
		for i, job := range []bool{false, true} {
			k := fmt.Sprint(i)
			got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)})
			w.Must(got.Err)
			c := got.Receipt.Coupons[0].ID
			w.Must(redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("u" + k), Order: key(k), Cart: cart(), Coupons: []id.ID{c}}}).Err)
			w.Time.Advance(9 * 24 * time.Hour)
			if job {
				_, err := w.Checkout.ExpireCoupons(w.Ctx(), 10)
				w.Must(err)
			}
			w.Must(refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("r" + k), Order: key(k)}, Ref: k, Full: true}).Err)
			row, _, err := w.Issuing.Get(w.Ctx(), w.By, c)
			w.Must(err)
			rows = append(rows, *row)
			w.Clean()
		}
		before, after := rows[0], rows[1]
		if before.State != after.State || before.Used != after.Used || after.ValidTo-before.ValidTo != after.IssuedAt-before.IssuedAt ||
			before.EndedDay.AddDays(9) != after.EndedDay {
			t.Errorf("without the job %+v\nwith it %+v", before, after)
		}
	})
}
