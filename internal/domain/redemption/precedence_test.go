package redemption_test

import (
	"slices"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// payment is a valid payment of an expired, swept lock: the case in which most
// refusals can hold at once.
func payment(t *testing.T) *redemption.RedeemInput {
	w := newWorld(t)
	cart := &pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 1000}}}
	c := &coupon.Coupon{ID: 1, Member: member, Template: 5, State: coupon.Usable, Uses: 1, NextUse: 1, ValidTo: schedule.Forever}
	return &redemption.RedeemInput{
		OrderID: 9, Key: key("o"), Member: member, Market: &w.market, Cart: cart, CartHash: cart.Hash(),
		Priced: &redemption.Priced{Cart: *cart, ListMinor: 1000, DiscountMinor: 100, PayableMinor: 900, Lines: []int64{100},
			Uses: []pricing.Use{{Coupon: 1, DiscountMinor: 100}}},
		Held: []redemption.Held{{Coupon: c, Terms: &coupon.Terms{}, Use: true}},
		Lock: &redemption.Lock{ID: 3, Key: key("o"), Member: member, Coupons: []id.ID{1}, State: redemption.LockExpired,
			CreatedAt: w.now - 2, ExpiresAt: w.now - 1, CartHash: cart.Hash()},
		Counters: map[limit.Key]*limit.Counter{}, Now: w.now,
	}
}

func capped(in *redemption.RedeemInput, what limit.What) {
	in.Lock = nil // only a payment without a lock can find no room
	l := limit.Limit{What: what, Period: limit.Ever, Per: limit.PerTemplate}
	in.Held[0].Limits = append(in.Held[0].Limits, l)
	k := limit.Key{Template: 5, What: what, Period: limit.Ever, Per: limit.PerTemplate}
	in.Counters[k] = &limit.Counter{Key: k}
}

// breaks makes each refusal of a payment hold, in the order in which they are given.
var breaks = []struct {
	code fault.Code
	do   func(in *redemption.RedeemInput)
}{
	{fault.CouponWithdrawn, func(in *redemption.RedeemInput) { in.Held[0].Coupon.State = coupon.Withdrawn }},
	{fault.CouponUsedUp, func(in *redemption.RedeemInput) { in.Held[0].Coupon.State = coupon.Used }},
	{fault.CouponExpired, func(in *redemption.RedeemInput) { in.Held[0].Coupon.ValidTo = in.Now }},
	{fault.CouponNotYetValid, func(in *redemption.RedeemInput) { in.Held[0].Coupon.ValidFrom = in.Now + 1 }},
	{fault.UsedTooRecently, func(in *redemption.RedeemInput) {
		in.Held[0].Terms.IntervalHours, in.Held[0].Coupon.LastUsedAt = 1, in.Now
	}},
	{fault.CouponLocked, func(in *redemption.RedeemInput) { in.Held[0].Coupon.State, in.Held[0].Coupon.Lock = coupon.Locked, 77 }},
	{fault.UsePaused, func(in *redemption.RedeemInput) { in.Held[0].Use = false }},
	{fault.RedeemLimit, func(in *redemption.RedeemInput) { capped(in, limit.RedeemCount) }},
	{fault.RedeemBudget, func(in *redemption.RedeemInput) { capped(in, limit.RedeemAmount) }},
	{fault.LockNotFound, func(in *redemption.RedeemInput) { in.Lock.Member = 8 }},
	{fault.LockResolved, func(in *redemption.RedeemInput) { in.Lock.State = redemption.LockReleased }},
	{fault.LockExpired, func(in *redemption.RedeemInput) { in.Market.Policies.LatePayment = market.LateRefuse }},
	{fault.CartChanged, func(in *redemption.RedeemInput) { in.Lock.CartHash = "" }},
	{fault.OrderDiffers, func(in *redemption.RedeemInput) { known(in).CartHash = "" }},
	{fault.OrderRefunded, func(in *redemption.RedeemInput) { known(in).RefundedMinor = 1 }},
}

func known(in *redemption.RedeemInput) *order.Order {
	if in.Order == nil {
		o := redemption.OrderOf(in.Cart, nil)
		o.Member, o.CartHash = member, in.CartHash
		in.Order = &o
	}
	return in.Order
}

// together reports whether two refusals can hold at once.
func together(a, b fault.Code) bool {
	of := func(c fault.Code, list ...fault.Code) bool { return slices.Contains(list, c) }
	states := []fault.Code{fault.CouponWithdrawn, fault.CouponUsedUp, fault.CouponExpired, fault.CouponNotYetValid}
	locks := []fault.Code{fault.LockNotFound, fault.LockResolved, fault.LockExpired, fault.CartChanged}
	switch {
	case of(a, states...) && of(b, states...), b == fault.CouponLocked && of(a, fault.CouponWithdrawn, fault.CouponUsedUp):
		return false
	case of(a, fault.RedeemLimit, fault.RedeemBudget) && of(b, locks...):
		return false
	case a == fault.LockResolved && b == fault.LockExpired:
		return false
	}
	return true
}

func TestPaymentPrecedence(t *testing.T) {
	if _, refusal := redemption.DecideRedeem(payment(t)); refusal != nil {
		t.Fatalf("the valid payment: %v", refusal)
	}
	for i, a := range breaks {
		for _, b := range breaks[i+1:] {
			if !together(a.code, b.code) {
				continue
			}
			in := payment(t)
			b.do(in)
			a.do(in)
			_, refusal := redemption.DecideRedeem(in)
			if refusal == nil || refusal.Code != a.code {
				t.Errorf("%s and %s: got %v", a.code, b.code, refusal)
				continue
			}
			if len(refusal.Also) == 0 || refusal.Also[0].Code != b.code {
				t.Errorf("%s and %s: also %v", a.code, b.code, refusal.Also)
			}
		}
	}
}

func TestOrderFollowsTheCodes(t *testing.T) {
	if slices.Index(redemption.Order, fault.NoEffect) > slices.Index(redemption.Order, fault.RedeemLimit) {
		t.Error("coupons come before limits")
	}
	codes := fault.Codes()
	seen := map[fault.Code]bool{}
	for _, c := range redemption.Order {
		if _, ok := codes[c]; !ok || seen[c] {
			t.Errorf("%s is unknown or stands twice", c)
		}
		seen[c] = true
	}
}

func TestRefundBadInput(t *testing.T) {
	w := newWorld(t)
	w.buy(t, []string{"a:2:1000"})
	if _, refusal := w.redeem("o", []id.ID{}); refusal != nil {
		t.Fatal(refusal)
	}
	for _, c := range []struct {
		lines []redemption.RefundLine
		full  bool
		want  string
	}{
		{nil, false, "missing_value /lines"},
		{[]redemption.RefundLine{{Line: 0, Quantity: 1}}, true, "conflicting_rules /lines"},
		{[]redemption.RefundLine{{Line: 1, Quantity: 1}}, false, "invalid_value /lines/0/line"},
		{[]redemption.RefundLine{{Line: 0, Quantity: 0}}, false, "out_of_range /lines/0/quantity"},
		{[]redemption.RefundLine{{Line: 0, Quantity: -1}}, false, "out_of_range /lines/0/quantity"},
		{[]redemption.RefundLine{{Line: 0, Quantity: 1}, {Line: 0, Quantity: 1}}, false, "duplicate_value /lines/1/line"},
		{[]redemption.RefundLine{{Line: 0, Quantity: 3}}, false, "refund_exceeds_paid /lines/0/quantity"},
	} {
		_, refusal := w.refund("o", c.lines, c.full, false)
		if refusal == nil || string(refusal.Code)+" "+refusal.Pointer != c.want {
			t.Errorf("%v: got %v, want %s", c.lines, refusal, c.want)
		}
	}
}
