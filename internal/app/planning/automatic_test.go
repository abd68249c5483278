package planning_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/planning"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// Promotions that apply by themselves are in the prices of lists, for those who
// could claim them.
func TestPricesWithAutomaticPromotions(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		items(w, map[string]int64{"melon": 3_000})
		by := func(t *coupon.Template) { t.Automatic, t.UpdatedAt = true, testkit.Start }
		open := doc("open", nil) // 5.00 off 20.00
		open.Claim.Automatic = true
		everybody := w.Publish(open, by)
		gold := doc("gold", nil)
		gold.Claim.Automatic, gold.Claim.When = true, condition.Tree{Leaf: &condition.MemberTier{In: []string{"gold"}}}
		w.Publish(gold, by)
		price := func(in planning.PricesInput) pricing.Price {
			in.Market, in.Lines = "main", []pricing.Line{{SKU: "melon", UnitMinor: -1}}
			out, err := plan(w).Prices(w.Ctx(), w.By, in)
			w.Must(err)
			return out.Prices[0]
		}
		if p := price(planning.PricesInput{}); p.PayableMinor != 2_500 || p.Uses[0].Template != everybody {
			t.Errorf("a guest: %+v", p)
		}
		if p := price(planning.PricesInput{Templates: []id.ID{everybody}}); p.PayableMinor != 2_500 {
			t.Errorf("named as well: %+v", p)
		}
	})
}

// A price holds what a lock would issue: nothing to a member who has had it.
func TestPricesBeyondLimitsOfPromotions(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		items(w, map[string]int64{"melon": 3_000})
		members := w.Members(2)
		once := doc("once", nil)
		once.Claim.Automatic = true
		once.Claim.Limits = []limit.Limit{{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerMember, Cap: 1}}
		template := w.Publish(once, func(t *coupon.Template) { t.Automatic, t.UpdatedAt = true, testkit.Start })
		got := w.Claim(issuing.ClaimInput{Template: template, Member: w.Key(0), Channel: "app"})
		w.Must(got.Err)
		if _, _, err := w.Issuing.Withdraw(w.Ctx(), w.By, issuing.WithdrawInput{Coupon: got.Receipt.Coupons[0].ID, Reason: "test"}); err != nil {
			t.Fatal(err)
		}
		for n, want := range []int64{3_000, 2_500} {
			out, err := plan(w).Prices(w.Ctx(), w.By, planning.PricesInput{Market: "main", Member: members[n], Lines: []pricing.Line{{SKU: "melon", UnitMinor: -1}}})
			w.Must(err)
			if out.Prices[0].PayableMinor != want {
				t.Errorf("member %d pays %d, want %d", n, out.Prices[0].PayableMinor, want)
			}
		}
	})
}
