package redemption_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"quan/internal/domain/budget"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

func drawWorld(t *rapid.T) *world {
	w := newWorld(t)
	w.market.Policies.BrokenThreshold = rapid.SampledFrom([]market.BrokenThreshold{
		market.BrokenKeep, market.BrokenRecompute, market.BrokenRefuse}).Draw(t, "broken")
	limits := []limit.Limit{
		{What: limit.RedeemCount, Period: limit.Day, Per: limit.PerMember, Cap: 2},
		{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 900},
	}
	for i := id.ID(1); i <= 3; i++ {
		w.coupons[i] = &coupon.Coupon{ID: i, Member: member, Template: 5, Version: 1, State: coupon.Usable,
			Uses: rapid.Int64Range(1, 2).Draw(t, "uses"), NextUse: 1, ValidTo: w.now.Add(3 * time.Hour), Rev: 1}
		w.terms[i] = &coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: rapid.Int64Range(1, 400).Draw(t, "amount"),
			ThresholdMinor: rapid.Int64Range(0, 500).Draw(t, "threshold"), UsesPerCoupon: w.coupons[i].Uses,
			Funders: []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 3333},
				{Kind: coupon.FunderMerchant, Code: "m", ShareBps: 6667}},
			ThresholdBase: rapid.SampledFrom([]coupon.Base{"", coupon.BaseList, coupon.BaseAfter}).Draw(t, "base"),
			Stacking:      coupon.Stacking{Group: rapid.SampledFrom([]string{"", "a", strconv.Itoa(int(i))}).Draw(t, "group")}}
		if rapid.Bool().Draw(t, "percentage") {
			w.terms[i].Kind, w.terms[i].AmountMinor, w.terms[i].DiscountBps = coupon.KindPercentOff, 0, rapid.Int64Range(1, 9000).Draw(t, "bps")
		}
		if rapid.Bool().Draw(t, "scoped") {
			w.terms[i].Scope = rule.Scope{Include: rule.Selector{SKUs: rapid.SampledFrom([][]string{{"0"}, {"0", "1"}, {"1", "2"}}).Draw(t, "scope")}}
		}
		drawKind(t, w.terms[i])
		w.limits[i] = limits
		w.coupons[i].Liability, _ = w.terms[i].Liability()
	}
	if rapid.Bool().Draw(t, "budget") {
		w.draw(rapid.Int64Range(1, 900).Draw(t, "caps"))
	}
	return w
}

// drawKind makes some coupons of kinds whose discount follows from what is bought.
func drawKind(t *rapid.T, terms *coupon.Terms) {
	amount, free := rapid.Int64Range(1, 400).Draw(t, "total"), coupon.RewardPercent
	one := []coupon.Part{{Quantity: rapid.Int64Range(1, 2).Draw(t, "part")}}
	kind := rapid.SampledFrom([]coupon.Kind{"", "", coupon.KindNewTotal, coupon.KindNthItem, coupon.KindBuyGet, coupon.KindBundle,
		coupon.KindItemOff, coupon.KindAmountOff, coupon.KindStoredValue}).Draw(t, "kind")
	if kind == "" {
		return
	}
	*terms = coupon.Terms{Kind: kind, ThresholdMinor: terms.ThresholdMinor, ThresholdBase: terms.ThresholdBase, Scope: terms.Scope,
		Stacking: terms.Stacking, Funders: terms.Funders, UsesPerCoupon: terms.UsesPerCoupon}
	switch kind {
	case coupon.KindNewTotal:
		terms.TotalMinor = amount
	case coupon.KindNthItem:
		terms.Nth, terms.Reward, terms.DiscountBps = 2, free, 5000
	case coupon.KindBuyGet:
		terms.Buy, terms.Get, terms.Reward, terms.DiscountBps = one, one, free, 10000
	case coupon.KindBundle:
		terms.Get, terms.Reward, terms.TotalMinor = one, coupon.RewardTotal, amount/4
	case coupon.KindItemOff:
		terms.Reward, terms.AmountMinor, terms.Split = coupon.RewardAmount, amount/4+1, coupon.SplitUnit
	case coupon.KindStoredValue:
		terms.AmountMinor = amount
	case coupon.KindAmountOff:
		terms.Repeat, terms.AmountMinor, terms.ThresholdMinor = true, amount/10+1, max(terms.ThresholdMinor, 10)
	}
}

// drawCoupons draws some of the three coupons, none included, in any order.
func drawCoupons(t *rapid.T) []id.ID {
	all := rapid.Permutation([]id.ID{1, 2, 3}).Draw(t, "coupons")
	return all[:rapid.IntRange(0, 3).Draw(t, "count")]
}

func (w *world) drawCart(t *rapid.T) {
	w.cart = pricing.Cart{}
	for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
		w.cart.Lines = append(w.cart.Lines, pricing.Line{SKU: strconv.Itoa(i), Quantity: rapid.Int64Range(1, 4).Draw(t, "quantity"),
			UnitMinor: rapid.Int64Range(0, 300).Draw(t, "unit")})
	}
}

// checkShares sees that the shares of all refunds are what went back.
func (w *world) checkShares(t *rapid.T) {
	t.Helper()
	sums := map[id.ID]int64{}
	for _, f := range w.refunds["o"] {
		for _, s := range redemption.SharesOf(w.orders["o"], w.redemptions, w.refunds["o"], f.ID) {
			sums[s.Coupon] += s.Minor
		}
	}
	for _, r := range w.redemptions {
		if sums[r.Coupon] != r.DiscountMinor {
			t.Fatalf("coupon %d took %d off, %d went back", r.Coupon, r.DiscountMinor, sums[r.Coupon])
		}
	}
}

// Whatever the order of partial refunds, what was paid is refunded, to the minor
// unit, per line and per order, and every discount share goes back once.
func TestRefundsSumToWhatWasPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.drawCart(t)
		coupons := drawCoupons(t)
		o, refusal := w.redeem("o", append([]id.ID{}, coupons...))
		if refusal != nil {
			return
		}
		for step := 0; ; step++ {
			var lines []redemption.RefundLine
			left := false
			for _, l := range o.Lines {
				most := l.Quantity - l.RefundedQuantity
				left = left || most > 0
				if n := rapid.Int64Range(0, most).Draw(t, "units"); n > 0 {
					lines = append(lines, redemption.RefundLine{Line: l.No, Quantity: n})
				}
			}
			full := step > 5
			if !left {
				break
			}
			if full {
				lines = nil
			} else if len(lines) == 0 {
				continue
			}
			before := o.RefundedMinor
			r, refusal := w.refund("o", lines, full, false)
			if refusal != nil {
				if w.market.Policies.BrokenThreshold != market.BrokenRefuse || full {
					t.Fatalf("%v", refusal)
				}
				continue
			}
			o = w.orders["o"]
			w.checkMoney(t)
			if r.Minor < 0 || r.ChargeMinor < 0 || o.RefundedMinor != before+r.Minor {
				t.Fatalf("%+v", r)
			}
		}
		if o.RefundedMinor != o.PaidMinor {
			t.Fatalf("refunded %d of %d", o.RefundedMinor, o.PaidMinor)
		}
		w.checkShares(t)
		for _, r := range w.redemptions {
			for _, c := range r.Cells {
				if c.ReturnedMinor != c.Minor {
					t.Fatalf("cell %+v", c)
				}
			}
			if r.ReturnedAt == 0 || !r.CouponBack {
				t.Fatalf("%+v", r)
			}
		}
	})
}

// Under keep, one refund of everything equals the sum of any partial ones per line too.
func (w *world) checkMoney(t *rapid.T) {
	for ref, o := range w.orders {
		var list, off, refunded, cells int64
		for _, l := range o.Lines {
			list, off, refunded = list+l.ListMinor, off+l.DiscountMinor, refunded+l.RefundedMinor
			if l.DiscountMinor < 0 || l.RefundedMinor < 0 || l.RefundedMinor > l.PaidMinor() || l.RefundedQuantity > l.Quantity {
				t.Fatalf("order %s: line %+v", ref, l)
			}
		}
		for _, r := range w.redemptions {
			for _, c := range r.Cells {
				if r.Order == o.ID {
					cells += c.Minor
				}
				if c.ReturnedMinor < 0 || c.ReturnedMinor > c.Minor {
					t.Fatalf("cell %+v", c)
				}
			}
		}
		if list != o.ListMinor || off != o.DiscountMinor || refunded != o.RefundedMinor || cells != off || list-off != o.PaidMinor {
			t.Fatalf("order %s: lines %d %d %d cells %d: %+v", ref, list, off, refunded, cells, o)
		}
	}
}

// checkCounters recounts every redeem counter from its facts.
func (w *world) checkCounters(t *rapid.T) {
	want := map[limit.Key]int64{}
	add := func(coupon id.ID, at int32, discount int64) {
		for _, l := range w.limits[coupon] {
			k := limit.Key{Template: 5, Per: l.Per, What: l.What, Period: l.Period}
			if l.Per == limit.PerMember {
				k.Subject = member
			}
			if l.Period == limit.Day {
				k.Start = calendar.Date(at)
			}
			want[k] += map[limit.What]int64{limit.RedeemCount: 1, limit.RedeemAmount: discount}[l.What]
		}
	}
	for _, r := range w.redemptions {
		if r.ReturnedAt == 0 {
			add(r.Coupon, int32(r.Day), r.DiscountMinor)
		}
	}
	holders := map[id.ID]int{}
	for ref, l := range w.locks {
		if l.State != redemption.LockActive {
			continue
		}
		for _, u := range w.standing(ref).Priced.Uses {
			add(u.Coupon, int32(w.market.Day(l.CreatedAt)), u.DiscountMinor)
			holders[u.Coupon]++
			if c := w.coupons[u.Coupon]; c.State != coupon.Locked || c.Lock != l.ID {
				t.Fatalf("lock %s holds %+v", ref, c)
			}
		}
	}
	w.recountEntries(t, want)
	for k, c := range w.counters {
		if c.Taken != want[k] || c.Taken > c.Ceiling {
			t.Fatalf("counter %+v, recounted %d", c, want[k])
		}
	}
	for i, c := range w.coupons {
		if (c.State == coupon.Locked) != (holders[i] == 1) {
			t.Fatalf("%+v is held by %d locks", c, holders[i])
		}
	}
}

// recountEntries adds what limits of the budget hold: of each coupon its entry, which
// must be what it may still cost and what its standing uses took off, and of each
// redemption and lock theirs.
func (w *world) recountEntries(t *rapid.T, want map[limit.Key]int64) {
	for i, list := range w.entries {
		reserve := budget.Reserved(w.coupons[i])
		for _, r := range w.redemptions {
			if r.Coupon == i && r.ReturnedAt == 0 {
				reserve += r.DiscountMinor
			}
		}
		for _, e := range list {
			if want[e.Key] += e.Amount; e.Amount != reserve {
				t.Fatalf("coupon %+v holds %+v, its reserve and uses are %d", w.coupons[i], e, reserve)
			}
		}
	}
	for n, list := range w.kept {
		for _, e := range list {
			if want[e.Key] += e.Amount; w.redemptions[n-1].ReturnedAt != 0 && e.Amount != 0 {
				t.Fatalf("redemption %+v holds %+v", w.redemptions[n-1], e)
			}
		}
	}
	for ref, l := range w.locks {
		if l.State == redemption.LockActive {
			for _, e := range w.standing(ref).Priced.Kept {
				want[e.Key] += e.Amount
			}
		}
	}
}

// Random acts on a few coupons and orders: counters are what the facts say, a
// coupon has one live lock, uses are within the coupon's, money adds up.
func TestAnyPlayKeepsTheInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		w.drawCart(t)
		refs := []string{"o1", "o2", "o3"}
		for range 40 {
			ref := rapid.SampledFrom(refs).Draw(t, "order")
			ids := drawCoupons(t)
			counters, snapshot := map[limit.Key]limit.Counter{}, len(w.redemptions)
			for k, c := range w.counters {
				counters[k] = *c
			}
			refused := w.play(t, ref, ids)
			for k, c := range counters {
				if refused && *w.counters[k] != c {
					t.Fatalf("a refusal changed %+v", c)
				}
			}
			if refused && len(w.redemptions) != snapshot {
				t.Fatalf("a refusal left a redemption")
			}
			w.checkCounters(t)
			w.checkMoney(t)
		}
		uses := map[id.ID]int64{}
		for _, r := range w.redemptions {
			if !r.CouponBack {
				uses[r.Coupon]++
			}
		}
		for i, c := range w.coupons {
			if c.Used != uses[i] || c.Used > c.Uses {
				t.Fatalf("%+v has %d uses", c, uses[i])
			}
		}
	})
}

// play does one random act and reports whether it was refused.
func (w *world) play(t *rapid.T, ref string, ids []id.ID) (refused bool) {
	switch rapid.SampledFrom([]string{"lock", "pay", "redeem", "release", "expire", "refund", "partial", "wait", "cart"}).Draw(t, "act") {
	case "lock":
		_, f := w.lock(ref, ids)
		return f != nil
	case "pay":
		if w.locks[ref] == nil {
			return true
		}
		_, f := w.redeem(ref, nil)
		return f != nil
	case "redeem":
		_, f := w.redeem(ref, ids)
		return f != nil
	case "release":
		return w.locks[ref] == nil || w.resolve(ref, redemption.DecideRelease) != nil
	case "expire":
		return w.locks[ref] == nil || w.resolve(ref, redemption.DecideExpireLock) != nil
	case "refund":
		if w.orders[ref] == nil {
			return true
		}
		_, f := w.refund(ref, nil, true, rapid.Bool().Draw(t, "kept"))
		return f != nil
	case "partial":
		if w.orders[ref] == nil {
			return true
		}
		_, f := w.refund(ref, []redemption.RefundLine{{Line: 0, Quantity: rapid.Int64Range(1, 2).Draw(t, "units")}}, false, false)
		return f != nil
	case "wait":
		w.now = w.now.Add(time.Duration(rapid.IntRange(1, 25).Draw(t, "minutes")) * time.Minute)
	case "cart":
		w.drawCart(t)
	}
	return false
}
