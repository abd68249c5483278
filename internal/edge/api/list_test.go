package api

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

// TestOrderList reads orders by member, day and store, in pages, and within a scope.
func TestOrderList(t *testing.T) {
	w := newStage(t) // R-1 and G-1 were bought in nanjing-road by the stage's member
	w.ok(201, "PUT", "/v1/stores/bund", map[string]any{"name": "Bund", "merchant": "green", "city": "shanghai"})
	other := w.web.member("13800000005")
	for i := range 4 {
		cart := w.cart()
		cart["store"] = "bund"
		w.ok(201, "POST", "/v1/orders", map[string]any{"order": orderNamed("B-" + strconv.Itoa(i)), "member": map[string]any{"id": other}, "cart": cart})
	}
	// Orders of one second come in no promised order, so names are compared as a set.
	refs := func(query string, headers ...string) string {
		t.Helper()
		a := w.ok(200, "GET", "/v1/orders"+query, nil, headers...)
		var names []string
		for i := range a.json["items"].([]any) {
			names = append(names, a.text("items", i, "order", "ref"))
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	clerk := "Authorization: Bearer " + w.makeKey(access.KindClerk, nil, access.Scope{Stores: []string{"bund"}})
	today := w.ok(200, "GET", "/v1/orders/shop/R-1", nil).text("day")
	for _, c := range []struct{ query, want string }{
		{"", "B-0 B-1 B-2 B-3 G-1 R-1"},
		{"?member=" + w.member, "G-1 R-1"},
		{"?member=" + other + "&store=nanjing-road", ""},
		{"?store=nanjing-road", "G-1 R-1"},
		{"?store=nowhere", ""},
		{"?from=" + today + "&to=" + today, "B-0 B-1 B-2 B-3 G-1 R-1"},
		{"?from=2199-01-01", ""},
		{"?to=2001-01-01", ""},
	} {
		if got := refs(c.query); got != c.want {
			t.Errorf("%q: %s, want %s", c.query, got, c.want)
		}
	}
	for _, c := range []struct{ query, want string }{{"", "B-0 B-1 B-2 B-3"}, {"?store=nanjing-road", ""}, {"?member=" + w.member, ""}} {
		if got := refs(c.query, clerk); got != c.want {
			t.Errorf("a clerk of another store, %q: %s, want %s", c.query, got, c.want)
		}
	}
	var seen []string
	query := "?limit=4"
	for pages := 0; ; pages++ {
		a := w.ok(200, "GET", "/v1/orders"+query, nil)
		seen = append(seen, strings.Fields(refs(query))...)
		if a.text("next_cursor") == "" {
			if pages != 1 {
				t.Errorf("%d pages", pages+1)
			}
			break
		}
		w.ok(201, "POST", "/v1/orders", map[string]any{"order": orderNamed("new"), "cart": w.cart()}) // written meanwhile: on no page or on one
		query = "?limit=4&cursor=" + a.text("next_cursor")
	}
	seen = slices.DeleteFunc(seen, func(ref string) bool { return ref == "new" })
	if slices.Sort(seen); strings.Join(seen, " ") != "B-0 B-1 B-2 B-3 G-1 R-1" {
		t.Errorf("in pages: %s", seen)
	}
	w.refused(fault.OutOfRange, "query:to", "GET", "/v1/orders?from=2026-03-02&to=2026-03-01", nil)
	w.refused(fault.InvalidValue, "query:from", "GET", "/v1/orders?from=2026-02-30", nil)
	w.refused(fault.InvalidValue, "query:member", "GET", "/v1/orders?member="+w.template, nil)
	if one := w.ok(200, "GET", "/v1/orders?member="+w.member, nil); one.text("items", 1, "currency") != "CNY" || one.text("items", 1, "paid_minor") != "2500" || one.text("items", 1, "lines") != "" {
		t.Errorf("%s", one.body)
	}
}

// TestGetLock shows an order's newest lock with what it promised.
func TestGetLock(t *testing.T) {
	w := newStage(t)
	const path = "/v1/locks/shop/L-1"
	a := w.ok(200, "GET", path, nil)
	if a.text("state") != "active" || a.text("priced", "discount_minor") != "500" || a.text("order", "ref") != "L-1" {
		t.Errorf("%s", a.body)
	}
	w.refused(fault.LockNotFound, "", "GET", "/v1/locks/shop/none", nil)
	w.refused(fault.LockNotFound, "", "GET", "/v1/locks/other/L-1", nil)
	w.ok(201, "PUT", "/v1/stores/bund", map[string]any{"name": "Bund", "merchant": "green", "city": "shanghai"})
	clerk := "Authorization: Bearer " + w.makeKey(access.KindClerk, nil, access.Scope{Stores: []string{"bund"}})
	w.refused(fault.LockNotFound, "", "GET", path, nil, clerk)
	w.Time.Set(w.Clock().Add(31 * time.Minute))
	if state := w.ok(200, "GET", path, nil).text("state"); state != "expired" {
		t.Errorf("after its time: %s", state)
	}
	w.ok(201, "POST", "/v1/redemptions", w.use("L-1", a.text("coupons", 0)))
	if state := w.ok(200, "GET", path, nil).text("state"); state == "active" {
		t.Errorf("after the payment: %s", state)
	}
}
