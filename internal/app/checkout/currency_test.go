package checkout_test

import (
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/reporting"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/item"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/fault"
	"quan/internal/testkit"
)

// takes makes the market take orders in Hong Kong dollars too.
func takes(w *apptest.World, further market.Further) {
	w.Helper()
	m := w.Market
	row, _, err := (&catalog.Catalog{App: w.App}).PutMarket(w.Ctx(), w.By, catalog.PutMarketInput{Code: m.Code, Name: m.Name, Currency: m.Currency,
		Zone: m.Zone, WeekStart: int64(m.WeekStart), Currencies: map[string]market.Further{"HKD": further}, IfRev: m.Rev})
	w.Must(err)
	*m = row
	w.Time.Advance(2 * time.Minute) // verify asks of what was decided after it
}

// abroad is a cart of 40.00 dollars.
func abroad() *pricing.Cart {
	c := cart()
	c.Currency = "HKD"
	c.Lines = []pricing.Line{{SKU: "apple", Category: "fresh/fruit", Quantity: 2, UnitMinor: 1500}, {SKU: "soap", Category: "home", Quantity: 1, UnitMinor: 1000}}
	return c
}

// A coupon takes off its own amount in the currency of the order, which is counted
// apart from the market's own from the quote to the refund.
func TestOrderInAFurtherCurrency(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.Currencies = map[string]coupon.Amounts{"HKD": {AmountMinor: 700, ThresholdMinor: 3000}}
		takes(w, market.Further{FloorMinor: 1})
		c := wallet(w, doc, doc)
		w.Must(redeem(w, checkout.RedeemInput{Basis: used("home", cart(), c[1])}).Err)

		quote, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: checkout.Who{Key: w.Key(0)}, Cart: *abroad(), Coupons: c[:1]})
		w.Must(err)
		if quote.Result.PayableMinor != 3300 {
			t.Errorf("quote: %+v", quote.Result)
		}
		held := lock(w, checkout.LockInput{Basis: used("1", abroad(), c[0])})
		w.Must(held.Err)
		plain := abroad()
		plain.Currency = ""
		if got := redeem(w, checkout.RedeemInput{Basis: again(used("1", plain, c[0]), "other")}); !fault.Has(got.Err, fault.CartChanged) {
			t.Errorf("the same figures in the market's currency: %v", got.Err)
		}
		paid := redeem(w, checkout.RedeemInput{Basis: again(basis("1"), "pay")})
		w.Must(paid.Err)
		if o := paid.Order; o.Currency != "HKD" || o.PaidMinor != 3300 || paid.Redemptions[0].Currency != "HKD" || paid.Redemptions[0].DiscountMinor != 700 {
			t.Errorf("paid %+v with %+v", o, paid.Redemptions)
		}
		sums(w, "", metric.Values{Issued: 2, Redeemed: 2, CouponsUsed: 2, Orders: 2, ListMinor: 3000, DiscountMinor: 500, PaidMinor: 2500})
		sums(w, "CNY", metric.Values{Issued: 2, Redeemed: 2, CouponsUsed: 2, Orders: 2, ListMinor: 3000, DiscountMinor: 500, PaidMinor: 2500})
		sums(w, "HKD", metric.Values{Issued: 2, Redeemed: 2, CouponsUsed: 2, Orders: 2, ListMinor: 4000, DiscountMinor: 700, PaidMinor: 3300})

		w.Must(refund(w, checkout.RefundInput{Basis: again(basis("1"), "part"), Ref: "r1", Lines: []redemption.RefundLine{{Line: 1, Quantity: 1}}, Digest: "1"}).Err)
		all := refund(w, checkout.RefundInput{Basis: again(basis("1"), "rest"), Ref: "r2", Full: true, Digest: "2"})
		w.Must(all.Err)
		if all.Currency != "HKD" || len(all.CouponsBack) != 1 {
			t.Errorf("refund: %+v", all)
		}
		sums(w, "HKD", metric.Values{Issued: 2, Redeemed: 2, CouponsUsed: 2, Returned: 1, Orders: 2, ListMinor: 4000, DiscountMinor: 700, PaidMinor: 3300, ReturnedMinor: 700})
		w.Clean()
	})
}

func sums(w *apptest.World, currency string, want metric.Values) {
	w.Helper()
	r, err := (&reporting.Reporting{App: w.App}).Statistics(w.Ctx(), w.By, reporting.Query{Currency: currency})
	w.Must(err)
	if r.Totals != want {
		w.Errorf("in %q: %+v, want %+v", currency, r.Totals, want)
	}
}

// A threshold that breaks by a refund is that of the order's currency: 30.00 dollars,
// not 10.00 of the market's own.
func TestRefundBreaksTheThresholdOfTheCurrency(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.AmountMinor, doc.Terms.ThresholdMinor = 500, 1000
		doc.Terms.Currencies = map[string]coupon.Amounts{"HKD": {AmountMinor: 800, ThresholdMinor: 3500}}
		takes(w, market.Further{FloorMinor: 1})
		c := wallet(w, doc)
		choose(w, func(p *market.Policies) { p.BrokenThreshold = market.BrokenRecompute })
		w.Must(redeem(w, checkout.RedeemInput{Basis: used("1", abroad(), c...)}).Err)
		out := refund(w, checkout.RefundInput{Basis: again(basis("1"), "part"), Ref: "r1", Lines: []redemption.RefundLine{{Line: 1, Quantity: 1}}, Digest: "1"})
		w.Must(out.Err)
		if out.Refund.Minor != 200 || out.Refund.ChargeMinor != 600 {
			t.Errorf("10.00 less all of the discount of 8.00: %+v", out.Refund)
		}
		w.Clean()
	})
}

// What a further currency lacks is refused, never converted: amounts of terms and
// of the catalogue, and conditions on amounts count as their rules say.
func TestNothingIsConverted(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		takes(w, market.Further{FloorMinor: 3900, MaxDiscountMinor: 650})
		both := testkit.Doc()
		both.Terms.Currencies = map[string]coupon.Amounts{"HKD": {AmountMinor: 700, ThresholdMinor: 3000}}
		least := int64(100)
		asks := both
		asks.Terms.When = condition.Tree{Leaf: &condition.CartAmount{Base: condition.BaseList, MinMinor: &least}}
		c := wallet(w, testkit.Doc(), asks, both)
		for i, code := range []fault.Code{fault.CurrencyMismatch, fault.ConditionNotMet} {
			if out := redeem(w, checkout.RedeemInput{Basis: again(used("1", abroad(), c[i]), string(code))}); !fault.Has(out.Err, code) {
				t.Errorf("%s: %v", code, out.Err)
			}
		}
		shelf := &catalog.Catalog{App: w.App}
		_, _, err := shelf.PutItem(w.Ctx(), w.By, catalog.PutItemInput{SKU: "pear", Name: "Pear", PriceMinor: 900, Market: w.Market.Code,
			Prices: map[string]item.Price{"HKD": {PriceMinor: 4000, MinMinor: 3950}}})
		w.Must(err)
		_, _, err = shelf.PutItem(w.Ctx(), w.By, catalog.PutItemInput{SKU: "plum", Name: "Plum", PriceMinor: 900, Market: w.Market.Code})
		w.Must(err)
		buy := func(sku string) *pricing.Cart {
			b := abroad()
			b.Lines = []pricing.Line{{SKU: sku, Quantity: 1, UnitMinor: -1}}
			return b
		}
		if out := redeem(w, checkout.RedeemInput{Basis: used("2", buy("plum"), c[2])}); !fault.Has(out.Err, fault.CurrencyMismatch) || fault.From(out.Err).Pointer != "/cart/lines/0/unit_minor" {
			t.Errorf("no price in it: %v", out.Err)
		}
		out := redeem(w, checkout.RedeemInput{Basis: again(used("2", buy("pear"), c[2]), "pear")})
		w.Must(out.Err)
		if out.Order.ListMinor != 4000 || out.Order.PaidMinor != 3950 {
			t.Errorf("the least price, floor and cap in dollars: %+v", out.Order)
		}
		w.Clean()
	})
}

// Terms hold amounts of it, so a further currency stays.
func TestACurrencyInUseStays(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		takes(w, market.Further{FloorMinor: 1})
		w.Publish(testkit.Doc())
		m, shop := w.Market, &catalog.Catalog{App: w.App}
		put := func(currencies map[string]market.Further) error {
			row, _, err := shop.PutMarket(w.Ctx(), w.By, catalog.PutMarketInput{Code: m.Code, Name: m.Name, Currency: m.Currency,
				Zone: m.Zone, WeekStart: int64(m.WeekStart), Currencies: currencies, IfRev: m.Rev})
			if err == nil {
				*m = row
			}
			return err
		}
		if err := put(map[string]market.Further{}); !fault.Has(err, fault.WrongState) || fault.From(err).Pointer != "/currencies/HKD" {
			t.Errorf("without it: %v", err)
		}
		if err := put(map[string]market.Further{"HKD": {FloorMinor: 5}, "MOP": {}}); err != nil {
			t.Errorf("one more: %v", err)
		}
		if err := put(nil); err != nil || len(m.Currencies) != 2 {
			t.Errorf("not named: %v, %v", err, m.Currencies)
		}
		for code, wants := range map[string]fault.Code{"CNY": fault.Conflicting, "hkd": fault.InvalidValue} {
			if err := put(map[string]market.Further{"HKD": {}, "MOP": {}, code: {}}); !fault.Has(err, wants) {
				t.Errorf("%s: %v", code, err)
			}
		}
	})
}
