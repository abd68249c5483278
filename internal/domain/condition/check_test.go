package condition

import (
	"testing"
	"time"
	_ "time/tzdata"

	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func moment(t testing.TB, text, name string) Moment {
	t.Helper()
	at, err := calendar.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return MomentOf(at, zone(t, name))
}

func located(t testing.TB, lat, lng float64) Position {
	t.Helper()
	p, ok := Locate(Coordinate{lat, lng}, SystemWGS84)
	if !ok {
		t.Fatal(lat, lng)
	}
	return p
}

func attributes(pairs ...string) *Facts {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return &Facts{Member: Member{Attributes: m}}
}

func orders(o Orders) *Facts { return &Facts{Member: Member{Orders: &o}} }

func cart(lines ...Line) *Facts { return &Facts{Cart: &Cart{Lines: lines}} }

func line(sku, category string, quantity, unit int64) Line {
	return Line{rule.Line{SKU: sku, Category: category}, quantity, unit}
}

func at(t testing.TB, text, name string) *Facts { return &Facts{Moment: moment(t, text, name)} }

func TestChecks(t *testing.T) {
	last := moment(t, "2026-03-01T15:30:00Z", "Asia/Shanghai") // 23:30 local
	since := func(now string) *Facts {
		f := orders(Orders{Count: 1, Last: last.At})
		f.Moment = moment(t, now, "Asia/Shanghai")
		return f
	}
	bought := func(pairs ...Purchase) *Facts {
		f := &Facts{Member: Member{Purchases: map[Purchase]bool{}}}
		for _, p := range pairs {
			f.Member.Purchases[p] = true
		}
		for _, code := range []string{"a", "b"} {
			p := Purchase{GoodsSKU, code, 0}
			if _, known := f.Member.Purchases[p]; !known {
				f.Member.Purchases[p] = false
			}
		}
		return f
	}
	newYork := "America/New_York"
	for _, c := range []struct {
		leaf  string
		facts *Facts
		want  Answer
	}{
		{`{"type":"member_new"}`, orders(Orders{}), Yes},
		{`{"type":"member_new"}`, orders(Orders{Count: 1}), No},
		{`{"type":"member_new_in","categories":["a"]}`, &Facts{Member: Member{Purchases: map[Purchase]bool{{GoodsCategory, "a", 0}: false}}}, Yes},
		{`{"type":"member_new_in","categories":["a"]}`, &Facts{Member: Member{Purchases: map[Purchase]bool{{GoodsCategory, "a", 0}: true}}}, No},
		{`{"type":"member_tier","in":["gold"]}`, attributes("tier", "gold"), Yes},
		{`{"type":"member_tier","in":["gold"]}`, attributes("tier", "silver"), No},
		{`{"type":"member_tier","in":["gold"]}`, attributes("tier", ""), Unknown},
		{`{"type":"member_tier","in":["a","b","c","d","e","f","g","h","i","gold"]}`, attributes("tier", "gold"), Yes},
		{`{"type":"member_tier","in":["a","b","c","d","e","f","g","h","i","gold"]}`, attributes("tier", "j"), No},
		{`{"type":"member_lifecycle","in":["new"]}`, attributes("lifecycle", "new"), Yes},
		{`{"type":"discount_sensitivity","in":["low"]}`, attributes("sensitivity", "high"), No},
		{`{"type":"churn_risk","in":["high"]}`, attributes("churn", "high"), Yes},
		{`{"type":"member_value","min":-3,"max":4}`, attributes("value", "-3"), Yes},
		{`{"type":"member_value","min":-3,"max":4}`, attributes("value", "5"), No},
		{`{"type":"member_value","min":-3,"max":4}`, attributes("value", "1e0"), Unknown},
		{`{"type":"member_value","min":-3,"max":4}`, attributes("value", "-"), Unknown},
		{`{"type":"member_value","min":-3,"max":4}`, attributes("value", "1000000000000000000"), Unknown},
		{`{"type":"subsidy_rate","max_bps":100}`, attributes("subsidy_rate_bps", "100"), Yes},
		{`{"type":"order_count","min":2,"max":3}`, orders(Orders{Count: 3}), Yes},
		{`{"type":"order_count","min":2,"max":3}`, orders(Orders{Count: 4}), No},
		{`{"type":"order_count","days":7,"max":0}`, orders(Orders{Count: 4, Recent: map[int64]int64{7: 0}}), Yes},
		{`{"type":"order_count","days":8,"max":0}`, orders(Orders{Count: 4, Recent: map[int64]int64{7: 0}}), Unknown},
		{`{"type":"days_since_order","max":0}`, since("2026-03-01T15:59:00Z"), Yes},
		{`{"type":"days_since_order","max":0}`, since("2026-03-01T16:00:00Z"), No},
		{`{"type":"days_since_order","min":1}`, since("2026-03-01T16:00:00Z"), Yes},
		{`{"type":"days_since_order","min":0}`, &Facts{Moment: last, Member: Member{Orders: &Orders{}}}, No},
		{`{"type":"days_since_order","min":0}`, &Facts{Moment: last, Member: Member{Orders: &Orders{Count: 1}}}, Unknown},
		{`{"type":"bought","kind":"sku","codes":["a","b"]}`, bought(Purchase{GoodsSKU, "b", 0}), Yes},
		{`{"type":"bought","kind":"sku","codes":["a","b"]}`, bought(), No},
		{`{"type":"bought","kind":"sku","codes":["a","c"]}`, bought(), Unknown},
		{`{"type":"bought","kind":"sku","codes":["a","c"]}`, bought(Purchase{GoodsSKU, "a", 0}), Yes},
		{`{"type":"never_bought","kind":"sku","codes":["a","b"]}`, bought(), Yes},
		{`{"type":"never_bought","kind":"sku","codes":["a","c"]}`, bought(), Unknown},
		{`{"type":"never_bought","kind":"sku","codes":["a","c"]}`, bought(Purchase{GoodsSKU, "a", 0}), No},
		{`{"type":"last_category","in":["fresh"]}`, orders(Orders{Count: 1, LastCategories: []string{"meat", "fresh/fruit"}}), Yes},
		{`{"type":"last_category","in":["fresh"]}`, orders(Orders{Count: 1, LastCategories: []string{"freshness"}}), No},
		{`{"type":"last_category","in":["fresh"]}`, orders(Orders{}), No},
		{`{"type":"member_attribute","name":"x","kind":"text","in":["a"]}`, attributes("x", "a"), Yes},
		{`{"type":"member_attribute","name":"x","kind":"number","min":5}`, attributes("x", "5"), Yes},
		{`{"type":"member_attribute","name":"x","kind":"number","min":5}`, attributes("x", "4"), No},
		{`{"type":"member_attribute","name":"x","kind":"bool","is":true}`, attributes("x", "true"), Yes},
		{`{"type":"member_attribute","name":"x","kind":"bool"}`, attributes("x", "true"), No},
		{`{"type":"member_attribute","name":"x","kind":"bool"}`, attributes("x", "yes"), Unknown},
		{`{"type":"member_attribute","name":"x","kind":"exists","is":true}`, attributes("x", "?"), Yes},
		{`{"type":"member_attribute","name":"x","kind":"exists"}`, attributes(), Yes},
		{`{"type":"member_tag","in":["a","b"]}`, &Facts{Member: Member{Tags: []string{"c", "b"}}}, Yes},
		{`{"type":"member_tag","in":["a","b"]}`, &Facts{Member: Member{Tags: []string{}}}, No},
		{`{"type":"member_list","in":["a"]}`, &Facts{Member: Member{Lists: []string{"a"}}}, Yes},
		{`{"type":"cart_amount","base":"before","min_minor":5}`, &Facts{Cart: &Cart{List: Known(1), Before: Known(5)}}, Yes},
		{`{"type":"cart_amount","base":"list","min_minor":5}`, &Facts{Cart: &Cart{List: Known(4), Before: Known(5)}}, No},
		{`{"type":"cart_amount","base":"after","max_minor":5}`, &Facts{Cart: &Cart{List: Known(4)}}, Unknown},
		{`{"type":"cart_contains","scope":{"include":{"skus":["a"]}},"min_minor":10,"min_quantity":2}`, cart(line("a", "", 1, 4), line("a", "", 2, 3)), Yes},
		{`{"type":"cart_contains","scope":{"include":{"skus":["a"]}},"min_minor":11,"min_quantity":2}`, cart(line("a", "", 1, 4), line("b", "", 9, 9), line("a", "", 2, 3)), No},
		{`{"type":"cart_contains","scope":{"include":{"skus":["a"]}}}`, cart(line("b", "", 1, 1)), No},
		{`{"type":"cart_quantity","max":3}`, cart(line("a", "", 1, 4), line("b", "", 2, 3)), Yes},
		{`{"type":"cart_quantity","max":3,"scope":{"include":{"skus":["b"]}},"min":3}`, cart(line("a", "", 1, 4), line("b", "", 2, 3)), No},
		{`{"type":"cart_items","quantifier":"any","min_unit_minor":5}`, cart(line("a", "", 1, 4), line("b", "", 1, 5)), Yes},
		{`{"type":"cart_items","quantifier":"every","min_unit_minor":5}`, cart(line("a", "", 1, 4), line("b", "", 1, 5)), No},
		{`{"type":"cart_items","quantifier":"every","min_unit_minor":4}`, cart(line("a", "", 1, 4), line("b", "", 1, 5)), Yes},
		{`{"type":"cart_items","quantifier":"every","min_unit_minor":4}`, cart(), No},
		{`{"type":"cart_items","quantifier":"none","min_unit_minor":4}`, cart(), Yes},
		{`{"type":"cart_items","quantifier":"none","min_unit_minor":5}`, cart(line("a", "", 1, 5)), No},
		{`{"type":"cart_items","quantifier":"cheapest","scope":{"include":{"skus":["b"]}}}`, cart(line("a", "", 1, 4), line("b", "", 1, 4), line("c", "", 1, 5)), Yes},
		{`{"type":"cart_items","quantifier":"cheapest","scope":{"include":{"skus":["c"]}}}`, cart(line("a", "", 1, 4), line("c", "", 1, 5)), No},
		{`{"type":"cart_items","quantifier":"dearest","scope":{"include":{"skus":["c"]}}}`, cart(line("a", "", 1, 4), line("c", "", 1, 5)), Yes},
		{`{"type":"cart_items","quantifier":"dearest","scope":{"include":{"skus":["a"]}}}`, cart(line("a", "", 1, 4), line("c", "", 1, 5)), No},
		{`{"type":"city","in":["x"]}`, &Facts{Place: Place{City: "x"}}, Yes},
		{`{"type":"store","in":["x"]}`, &Facts{Place: Place{Store: "y"}}, No},
		{`{"type":"distance","system":"wgs84","center":{"lat":0,"lng":1},"max_m":112000}`, &Facts{Place: Place{Position: located(t, 1, 1)}}, Yes},
		{`{"type":"distance","system":"wgs84","center":{"lat":0,"lng":1},"max_m":111000}`, &Facts{Place: Place{Position: located(t, 1, 1)}}, No},
		{`{"type":"near_store","in":["a","b"],"max_m":1000}`, &Facts{Place: Place{Position: located(t, 1, 0), Stores: map[string]Position{"b": located(t, 1.001, 0)}}}, Yes},
		{`{"type":"near_store","in":["a","b"],"max_m":100}`, &Facts{Place: Place{Position: located(t, 1, 0), Stores: map[string]Position{"b": located(t, 1.001, 0)}}}, Unknown},
		{`{"type":"near_store","in":["b"],"max_m":100}`, &Facts{Place: Place{Position: located(t, 1, 0), Stores: map[string]Position{"b": located(t, 1.001, 0)}}}, No},
		{`{"type":"weekday","in":["mon"]}`, at(t, "2026-03-01T16:00:00Z", "Asia/Shanghai"), Yes},
		{`{"type":"weekday","in":["mon"]}`, at(t, "2026-03-01T16:00:00Z", "UTC"), No},
		{`{"type":"hours","ranges":[{"from":"22:00","to":"02:00"}]}`, at(t, "2026-03-01T22:00:00Z", "UTC"), Yes},
		{`{"type":"hours","ranges":[{"from":"22:00","to":"02:00"}]}`, at(t, "2026-03-01T01:59:59Z", "UTC"), Yes},
		{`{"type":"hours","ranges":[{"from":"22:00","to":"02:00"}]}`, at(t, "2026-03-01T02:00:00Z", "UTC"), No},
		{`{"type":"hours","ranges":[{"from":"23:00","to":"24:00"}]}`, at(t, "2026-03-01T23:59:59Z", "UTC"), Yes},
		// New York springs forward over 02:00-03:00 on 8 March 2026, and back over 01:00-02:00 on 1 November.
		{`{"type":"hours","ranges":[{"from":"02:00","to":"03:00"}]}`, at(t, "2026-03-08T07:00:00Z", newYork), No},
		{`{"type":"hours","ranges":[{"from":"03:00","to":"04:00"}]}`, at(t, "2026-03-08T07:00:00Z", newYork), Yes},
		{`{"type":"hours","ranges":[{"from":"01:00","to":"02:00"}]}`, at(t, "2026-11-01T05:30:00Z", newYork), Yes},
		{`{"type":"hours","ranges":[{"from":"01:00","to":"02:00"}]}`, at(t, "2026-11-01T06:30:00Z", newYork), Yes},
		{`{"type":"date_window","windows":[{"from":"2026-03-01T00:00:00Z","to":"2026-03-02T00:00:00Z"}]}`, at(t, "2026-03-01T00:00:00Z", "UTC"), Yes},
		{`{"type":"date_window","windows":[{"from":"2026-03-01T00:00:00Z","to":"2026-03-02T00:00:00Z"}]}`, at(t, "2026-03-02T00:00:00Z", "UTC"), No},
		{`{"type":"date_window","windows":[{"from":"2026-03-01T00:00:00Z"}]}`, at(t, "2036-03-02T00:00:00Z", "UTC"), Yes},
		{`{"type":"holiday","in":["a"]}`, &Facts{Days: []string{"a"}}, Yes},
		{`{"type":"holiday","in":["a"]}`, &Facts{Days: []string{}}, No},
		{`{"type":"channel","in":["app"]}`, &Facts{Channel: "app"}, Yes},
		{`{"type":"business_mode","in":["agent"]}`, &Facts{Mode: "self_run"}, No},
		{`{"type":"payment_method","in":["card"]}`, &Facts{Payment: "card"}, Yes},
		{`{"type":"weather","in":["rain"]}`, &Facts{Outer: map[string]string{"weather": "rain"}}, Yes},
		{`{"type":"outer","name":"x","kind":"number","max":3}`, &Facts{Outer: map[string]string{"x": "4"}}, No},
		{`{"type":"holds_coupon","groups":["g"]}`, &Facts{Held: &Held{Groups: []string{"g"}}}, Yes},
		{`{"type":"holds_coupon","templates":["tpl_000003jz9j6gm"]}`, &Facts{Held: &Held{Templates: []id.ID{123456789012}}}, Yes},
		{`{"type":"holds_coupon","templates":["tpl_000003jz9j6gm"],"groups":["g"]}`, &Facts{Held: &Held{Templates: []id.ID{1}}}, No},
		{`{"type":"random_share","salt":"s","share_bps":9999}`, &Facts{Member: Member{ID: 7}}, Yes},
		{`{"type":"random_share","salt":"s","share_bps":1}`, &Facts{Member: Member{ID: 7}}, No},
		{`{"type":"expression","cel":"orders.count > 1"}`, orders(Orders{Count: 2}), Yes},
		{`{"type":"expression","cel":"orders.count > 1"}`, orders(Orders{Count: 1}), No},
		{`{"type":"expression","cel":"orders.count > 1 || channel == 'app'"}`, &Facts{Channel: "app"}, Yes},
		{`{"type":"expression","cel":"1 / orders.count == 1"}`, orders(Orders{}), Unknown},
		{`{"type":"expression","cel":"now.getFullYear('Asia/Shanghai') == 2026 && weekday == 0 && minute == 960 && date == 20260301"}`, at(t, "2026-03-01T16:00:00Z", "UTC"), Yes},
		{`{"type":"expression","cel":"cart.lines.exists(l, l.sku == 'a' && l.quantity > 1) && cart.quantity == 3"}`, cart(line("b", "", 1, 1), line("a", "", 2, 1)), Yes},
		{`{"type":"expression","cel":"'a' in tags && outer['x'] == '1' && 'g' in held_groups && 'h' in days"}`,
			&Facts{Member: Member{Tags: []string{"a"}}, Outer: map[string]string{"x": "1"}, Held: &Held{Groups: []string{"g"}}, Days: []string{"h"}}, Yes},
	} {
		tree := read(t, c.leaf)
		if found := faults(tree); found != nil {
			t.Errorf("%s: %q", c.leaf, found)
		}
		if got := tree.Leaf.Check(c.facts); got != c.want {
			t.Errorf("%s: Check says %v, want %v", c.leaf, got, c.want)
		}
		run, err := tree.Leaf.compile()
		if err != nil {
			t.Fatal(err)
		}
		if got := run(c.facts); got != c.want {
			t.Errorf("%s: compiled says %v, want %v", c.leaf, got, c.want)
		}
	}
}

func TestSince(t *testing.T) {
	m := moment(t, "2026-03-08T17:00:00Z", "America/New_York")
	for days, want := range map[int64]string{1: "2026-03-08T05:00:00.000Z", 2: "2026-03-07T05:00:00.000Z", 8: "2026-03-01T05:00:00.000Z"} {
		if got := m.Since(days).String(); got != want {
			t.Errorf("%d days: %s, want %s", days, got, want)
		}
	}
}

// The lot is part of the contract: who was drawn stays drawn.
func TestLot(t *testing.T) {
	share := 0
	for member := int64(1); member <= 20_000; member++ {
		l := lot("spring", member)
		if l < 0 || l > 9_999 {
			t.Fatal(l)
		}
		if l < 1_000 {
			share++
		}
	}
	if share < 1_850 || share > 2_150 {
		t.Errorf("10 %% of 20,000 are %d", share)
	}
	if a, b, c := lot("spring", 1), lot("spring", 2), lot("autumn", 1); a != 1768 || b != 776 || c != 974 {
		t.Errorf("lots have changed: %d %d %d", a, b, c)
	}
}
