package condition

import (
	"fmt"
	"testing"

	"quan/internal/kernel/calendar"
)

// Every variable reads as its type from facts that are known, and not at all from
// facts that are not.
func TestEnvironment(t *testing.T) {
	_, f := nine(t)
	f.Days, f.Member.Tags, f.Member.Lists = []string{}, []string{}, []string{}
	f.Member.Orders = &Orders{Count: 1, First: 1, Last: calendar.Instant(2)}
	f.Cart.Before, f.Cart.After = Known(1), Known(2)
	f.Place.Store, f.Mode, f.Outer, f.Held = "s", "m", map[string]string{}, &Held{}
	for _, v := range Environment() {
		text := fmt.Sprintf("%s == %s", v.Name, v.Name)
		e, err := compiled(text)
		if err != nil {
			t.Errorf("%s: %v", v.Name, err)
			continue
		}
		if got := e.check(f); got != Yes {
			t.Errorf("%s (%s) is %v", v.Name, v.Type, got)
		}
		if got := e.check(&Facts{}); got != Unknown {
			t.Errorf("%s without facts is %v", v.Name, got)
		}
	}
}

// Only amounts that other coupons change have to be asked in each place of a stack:
// a search tries very many.
func TestExpressionReadsPlace(t *testing.T) {
	for text, want := range map[string]bool{
		"cart.lines.all(l, l.quantity > 0)": false, "cart.list_minor > 5": false, "true": false, "(": false,
		"cart.before_minor > 5": true, "city == 'a' || cart.after_minor > 5": true,
	} {
		if got := (&Expression{CEL: text}).ReadsPlace(); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestCacheForgets(t *testing.T) {
	for i := range 2*expressionsCached + 10 {
		if _, err := compiled(fmt.Sprintf("orders.count == %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(cache.byText); n > expressionsCached {
		t.Errorf("%d expressions are kept", n)
	}
}

func FuzzExpression(f *testing.F) {
	for _, text := range []string{
		"orders.count > 3", "attributes['x'].matches('(a+)+$')", "cart.lines.map(l, l.sku).exists(s, s == 'x')",
		"1 / 0 == 1", "[1, 2].all(x, x > 0)", "'a' * 3", "now < timestamp('2026-01-01T00:00:00Z')", "((((((true))))))", "\xff", "true // x",
	} {
		f.Add(text)
	}
	_, facts := nine(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > ExpressionMax {
			return
		}
		e, err := compiled(text)
		if err != nil {
			if err.fault().Error() == "" {
				t.Error("no fault")
			}
			return
		}
		if e.cost > ExpressionCostMax {
			t.Errorf("costs %d", e.cost)
		}
		e.check(facts)
		e.check(&Facts{})
	})
}
