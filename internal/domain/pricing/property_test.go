package pricing_test

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

var skus = []string{"a", "b", "c"}

func drawCart(t *rapid.T) pricing.Cart {
	n := rapid.IntRange(0, 8).Draw(t, "lines")
	cart := pricing.Cart{}
	for range n {
		cart.Lines = append(cart.Lines, pricing.Line{
			SKU: rapid.SampledFrom(skus).Draw(t, "sku"), Quantity: rapid.Int64Range(1, 4).Draw(t, "quantity"),
			UnitMinor: rapid.OneOf(rapid.Int64Range(0, 9), rapid.Int64Range(0, 5000), rapid.Int64Range(0, 1e13)).Draw(t, "unit"),
		})
	}
	return cart
}

func drawFunders(t *rapid.T) []coupon.Funder {
	n := rapid.IntRange(1, 12).Draw(t, "funders")
	var out []coupon.Funder
	left := int64(10000)
	for i := range n {
		share := left
		if i < n-1 {
			share = rapid.Int64Range(1, left-int64(n-1-i)).Draw(t, "share")
		}
		left -= share
		out = append(out, coupon.Funder{Kind: coupon.FunderBrand, Code: string(rune('a' + i)), ShareBps: share})
	}
	return out
}

func drawCandidate(t *rapid.T, i int) pricing.Candidate {
	terms := &coupon.Terms{
		Kind: rapid.SampledFrom([]coupon.Kind{coupon.KindAmountOff, coupon.KindPercentOff, coupon.KindNoThreshold,
			coupon.KindGift}).Draw(t, "kind"),
		UsesPerCoupon: 1, Funders: drawFunders(t), AllowZero: rapid.Bool().Draw(t, "zero"),
	}
	switch terms.Kind {
	case coupon.KindPercentOff:
		terms.DiscountBps = rapid.Int64Range(1, 9999).Draw(t, "bps")
		terms.CapMinor = rapid.Int64Range(0, 300).Draw(t, "cap")
	case coupon.KindGift:
		terms.Gift = &coupon.Gift{SKU: "g", Quantity: 1, ValueMinor: rapid.Int64Range(0, 2).Draw(t, "value")}
	default:
		terms.AmountMinor = rapid.Int64Range(1, 300).Draw(t, "amount")
	}
	if terms.Kind != coupon.KindNoThreshold {
		terms.ThresholdMinor = rapid.Int64Range(0, 2000).Draw(t, "threshold")
		terms.ThresholdBase = rapid.SampledFrom([]coupon.Base{"", coupon.BaseList, coupon.BaseAfter}).Draw(t, "base")
	}
	if rapid.Bool().Draw(t, "scoped") {
		terms.Scope = rule.Scope{Include: rule.Selector{SKUs: []string{rapid.SampledFrom(skus).Draw(t, "scope")}}}
	}
	return pricing.Candidate{Terms: terms, Use: true, Coupon: &coupon.Coupon{ID: id.ID(i + 1), State: coupon.Usable, Uses: 1,
		ValidTo: calendar.Instant(rapid.Int64Range(101, 103).Draw(t, "to"))}}
}

func drawRules(t *rapid.T) pricing.Rules {
	return pricing.Rules{FloorMinor: rapid.Int64Range(0, 3).Draw(t, "floor"), MaxCoupons: 5, Now: 100}
}

func TestAmountsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cart, rules, c := drawCart(t), drawRules(t), drawCandidate(t, 0)
		r, refusal := pricing.Apply(&cart, []pricing.Candidate{c}, rules)
		if refusal != nil {
			return
		}
		var lines, cells, eligible int64
		perLine := make([]int64, len(cart.Lines))
		for i, part := range r.Lines {
			lines += part
			if part < 0 || part > cart.Lines[i].ListMinor() {
				t.Fatalf("line %d: %d of %d", i, part, cart.Lines[i].ListMinor())
			}
			if c.Terms.Scope.Matches(cart.Scoped(i)) {
				eligible += cart.Lines[i].ListMinor()
			} else if part != 0 {
				t.Fatalf("line %d is out of scope and gets %d", i, part)
			}
		}
		for _, cell := range r.Uses[0].Cells {
			if cell.Minor <= 0 {
				t.Fatalf("cell %+v", cell)
			}
			cells += cell.Minor
			perLine[cell.Line] += cell.Minor
		}
		if lines != r.DiscountMinor || cells != r.DiscountMinor || r.Uses[0].DiscountMinor != r.DiscountMinor {
			t.Fatalf("discount %d, lines %d, cells %d", r.DiscountMinor, lines, cells)
		}
		if diff := cmp.Diff(r.Lines, perLine); diff != "" {
			t.Fatal(diff)
		}
		if r.DiscountMinor > eligible || r.ListMinor-r.DiscountMinor != r.PayableMinor {
			t.Fatalf("%d of %d eligible", r.DiscountMinor, eligible)
		}
		floor := rules.FloorMinor
		if c.Terms.AllowZero {
			floor = 0
		}
		if r.PayableMinor < min(floor, r.ListMinor) {
			t.Fatalf("payable %d under %d", r.PayableMinor, floor)
		}
	})
}

// The funders' cells follow semantics 2, reckoned here in rationals.
func TestFundersCarryExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cart, c := drawCart(t), drawCandidate(t, 0)
		r, refusal := pricing.Apply(&cart, []pricing.Candidate{c}, drawRules(t))
		if refusal != nil {
			return
		}
		got := map[[2]any]int64{}
		for _, cell := range r.Uses[0].Cells {
			got[[2]any{cell.Line, cell.Funder.Code}] = cell.Minor
		}
		carry := make([]*big.Rat, len(c.Terms.Funders))
		for i := range carry {
			carry[i] = new(big.Rat)
		}
		for line, amount := range r.Lines {
			if amount == 0 {
				continue
			}
			var given int64
			for i, f := range c.Terms.Funders {
				quota := new(big.Rat).Mul(big.NewRat(f.ShareBps, 10000), new(big.Rat).SetInt64(amount))
				quota.Add(quota, carry[i])
				cell := got[[2]any{int64(line), f.Code}]
				given += cell
				carry[i] = quota.Sub(quota, new(big.Rat).SetInt64(cell))
				// A funder is never a whole unit off what it owes so far, save for
				// floors at zero among very many funders.
				if len(carry) <= 3 && (carry[i].Cmp(big.NewRat(1, 1)) >= 0 || carry[i].Cmp(big.NewRat(-1, 1)) <= 0) {
					t.Fatalf("funder %s is %v off after line %d", f.Code, carry[i], line)
				}
			}
			if given != amount {
				t.Fatalf("line %d: %d of %d", line, given, amount)
			}
		}
	})
}
