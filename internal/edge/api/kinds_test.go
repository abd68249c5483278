package api

import (
	"testing"

	"quan/internal/domain/coupon"
)

// What kinds bring is told from the quote to the refund: balances, gifts that the
// cart lacks, benefits, units, shipping.
func TestKindsOverHTTP(t *testing.T) {
	w := newStage(t)
	of := func(kind coupon.Kind, change func(*coupon.Terms)) string {
		return w.claimed(w.published(func(b *createTemplateBody) {
			b.Draft.Terms = coupon.Terms{Kind: kind, UsesPerCoupon: 1, Validity: b.Draft.Terms.Validity, Funders: b.Draft.Terms.Funders,
				Stacking: coupon.Stacking{Group: string(kind)}}
			change(&b.Draft.Terms)
		}), phone).text("coupons", 0, "id")
	}
	card := of(coupon.KindStoredValue, func(t *coupon.Terms) { t.AmountMinor = 5000 })
	second := of(coupon.KindNthItem, func(t *coupon.Terms) {
		t.Nth, t.Reward, t.DiscountBps, t.ItemCapMinor, t.Times = 2, coupon.RewardPercent, 5000, 5000, 1
	})
	mug := of(coupon.KindGift, func(t *coupon.Terms) {
		t.Gift = &coupon.Gift{SKU: "apple", Quantity: 3, ValueMinor: 900, Mode: coupon.GiftAddMissing}
		t.Stacking.Again = true
	})
	interest := of(coupon.KindExternal, func(t *coupon.Terms) { t.External = &coupon.External{Unit: "bps", Value: 50} })
	ask := map[string]any{"member": w.buyer(), "cart": w.fullCart(), "coupons": []any{card, second, interest}, "balances": map[string]any{card: 700}}
	quoted := w.ok(200, "POST", "/v1/quotes", ask)
	for path, want := range map[string]string{"list_minor": "3800", "discount_minor": "1450", "currency": "CNY"} {
		if got := quoted.text(path); got != want {
			t.Errorf("%s: %s, want %s in %s", path, got, want, quoted.body)
		}
	}
	if quoted.text("uses", 0, "units", 0, "quantity") != "1" || quoted.text("uses", 0, "units", 0, "line") != "0" {
		t.Errorf("no units: %s", quoted.body)
	}
	if quoted.text("uses", 2, "benefit", "value") != "50" || quoted.text("uses", 2, "benefit", "unit") != "bps" {
		t.Errorf("no benefit: %s", quoted.body)
	}
	ask["order"] = orderNamed("K-1")
	paid := w.ok(201, "POST", "/v1/redemptions", ask)
	if paid.text("order", "paid_minor") != "2350" || paid.text("order", "lines", 1, "shipping") != "express" {
		t.Errorf("order: %s", paid.body)
	}
	if paid.text("redemptions", 2, "benefit", "value")+paid.text("redemptions", 1, "benefit", "value")+paid.text("redemptions", 0, "benefit", "value") != "50" {
		t.Errorf("no benefit promised: %s", paid.body)
	}
	back := w.ok(201, "POST", "/v1/refunds", map[string]any{"order": orderNamed("K-1"), "refund": "K-1-1", "full": true})
	shares := map[string]string{back.text("shares", 0, "coupon"): back.text("shares", 0, "minor"), back.text("shares", 1, "coupon"): back.text("shares", 1, "minor")}
	if shares[card] != "700" || shares[second] != "750" {
		t.Errorf("shares: %s", back.body)
	}
	gift := w.use("K-2", mug)
	given := w.ok(201, "POST", "/v1/redemptions", gift)
	if given.text("redemptions", 0, "gift_quantity") != "1" || given.text("redemptions", 0, "discount_minor") != "2999" {
		t.Errorf("two of three were in the cart: %s", given.body)
	}
	w.Clean()
}
