package checkout_test

import (
	"fmt"
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// budgeted takes 5.00 off, within limits.
func budgeted(limits ...limit.Limit) coupon.Doc { return apptest.Limits(testkit.Doc(), limits...) }

// spenders are n members with a coupon of one template each.
func spenders(w *apptest.World, n int, doc coupon.Doc) (coupons []id.ID) {
	w.Members(n)
	tpl := w.Publish(doc)
	for i := range n {
		got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(i), Channel: "app", City: "shanghai"})
		w.Must(got.Err)
		coupons = append(coupons, got.Receipt.Coupons[0].ID)
	}
	return coupons
}

func quoted(w *apptest.World, member int, coupons ...id.ID) pricing.Result {
	w.Helper()
	q, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: checkout.Who{Key: w.Key(member)}, Cart: *cart(), Coupons: coupons})
	w.Must(err)
	return q.Result
}

// reason is the first reason against the only coupon of a result.
func reason(r pricing.Result) fault.Code {
	if len(r.Coupons) != 1 || len(r.Coupons[0].Reasons) == 0 {
		return ""
	}
	return r.Coupons[0].Reasons[0].Code
}

// A quote knows what limits leave: 7.00 hold one use of 5.00, and 2.00 of another.
func TestQuotesKnowBudgets(t *testing.T) {
	for name, c := range map[string]struct {
		over   string
		second int64
		why    fault.Code
	}{
		"refused": {"refuse", 3000, fault.BudgetSpent},
		"cut":     {"truncate", 2800, ""},
	} {
		t.Run(name, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				choose(w, func(p *market.Policies) { p.Pricing.Over = c.over })
				all := spenders(w, 3, budgeted(limit.Limit{What: limit.RedeemAmount, Period: limit.Day, Per: limit.PerTemplate, Cap: 700},
					limit.Limit{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerMember, Cap: 9999}))
				if r := quoted(w, 0); r.PayableMinor != 2500 {
					t.Fatalf("the first: %+v", r)
				}
				first := checkout.Basis{Once: once("l0"), Order: key("0"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart()}
				w.Must(lock(w, checkout.LockInput{Basis: first, Best: true}).Err)
				first.Once = once("l1")
				if again := lock(w, checkout.LockInput{Basis: first, Best: true}); again.Err != nil || again.Lock.PayableMinor != 2500 {
					t.Errorf("its own lock does not stand in its way: %+v", again)
				}
				if r := quoted(w, 1); r.PayableMinor != c.second || reason(r) != c.why {
					t.Errorf("the second: %+v", r)
				}
				best := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("l2"), Order: key("2"), Who: checkout.Who{Key: w.Key(1)}, Cart: cart()}})
				if best.Err != nil || best.Lock.PayableMinor != c.second {
					t.Errorf("its best: %+v", best)
				}
				named := redeem(w, checkout.RedeemInput{Basis: used("3", cart(), all[2])})
				if c.over == "refuse" && !fault.Has(named.Err, fault.RedeemBudget) || c.over == "truncate" && !fault.Has(named.Err, fault.NoEffect) {
					t.Errorf("the third: %v", named.Err)
				}
				w.Clean()
				w.Time.Advance(24 * 3600 * 1e9)
				if r := quoted(w, 2); r.PayableMinor != 2500 {
					t.Errorf("on the next day: %+v", r)
				}
			})
		})
	}
}

// A coupon whose uses are all taken is judged so, beside others that are not.
func TestQuotesKnowUses(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		spenders(w, 2, budgeted(limit.Limit{What: limit.RedeemCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 1}))
		paid := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("l"), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart()}})
		w.Must(paid.Err)
		if r := quoted(w, 1); r.PayableMinor != 3000 || reason(r) != fault.RedeemLimit || r.Coupons[0].Verdict != pricing.Inapplicable {
			t.Errorf("the other: %+v", r)
		}
		other := w.Publish(apptest.Limits(category()))
		w.Must(w.Claim(issuing.ClaimInput{Template: other, Member: w.Key(1), Channel: "app", City: "shanghai"}).Err)
		if r := quoted(w, 1); r.PayableMinor != 2800 || len(r.Coupons) != 2 || len(r.Uses) != 1 {
			t.Errorf("beside one that can be used: %+v", r)
		}
	})
}

// Members who want the last of a budget at once: nobody takes what is not there.
func TestTheLastOfABudget(t *testing.T) {
	const n = 6
	for over, want := range map[string]int64{"refuse": 500, "truncate": 700} {
		t.Run(over, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				choose(w, func(p *market.Policies) { p.Pricing.Over = over })
				all := spenders(w, n, budgeted(limit.Limit{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 700}))
				off := make([]int64, n)
				errs := atOnce(n, func(i int) error {
					b := checkout.Basis{Once: once(fmt.Sprint("l", i)), Order: key(fmt.Sprint(i)), Who: checkout.Who{Key: w.Key(i)}, Cart: cart()}
					if i%2 == 0 {
						b.Coupons = []id.ID{all[i]}
					}
					out, err := w.Checkout.Lock(w.Ctx(), w.By, []checkout.LockInput{{Basis: b, Best: i%2 == 1}})
					if err == nil && out[0].Err == nil {
						off[i] = out[0].Lock.DiscountMinor
					}
					if err == nil {
						err = out[0].Err
					}
					return err
				})
				var sum int64
				for i, err := range errs {
					sum += off[i]
					if f := fault.From(err); err != nil && (f == nil || f.Code != fault.RedeemBudget && f.Code != fault.NoEffect) {
						t.Errorf("%d: %v", i, err)
					}
				}
				if sum != want {
					t.Errorf("taken %d of 700, want %d: %v", sum, want, off)
				}
				w.Clean()
			})
		})
	}
}

// Two orders of one slice are priced on the same budget: the second one is priced
// anew with what the first has left.
func TestASliceOutrunsItsBudget(t *testing.T) {
	for over, want := range map[string]int64{"refuse": 3000, "truncate": 2800} {
		t.Run(over, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				choose(w, func(p *market.Policies) { p.Pricing.Over = over })
				spenders(w, 2, budgeted(limit.Limit{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 700}))
				var in []checkout.LockInput
				for i := range 2 {
					in = append(in, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once(fmt.Sprint("l", i)), Order: key(fmt.Sprint(i)),
						Who: checkout.Who{Key: w.Key(i)}, Cart: cart()}})
				}
				out, err := w.Checkout.Lock(w.Ctx(), w.By, in)
				w.Must(err)
				for i, pays := range []int64{2500, want} {
					w.Must(out[i].Err)
					if got := out[i].Lock.PayableMinor; got != pays {
						t.Errorf("order %d pays %d, want %d", i, got, pays)
					}
				}
				w.Clean()
			})
		})
	}
}
