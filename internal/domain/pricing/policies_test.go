package pricing_test

import (
	"testing"

	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
)

// Each plain word takes a profile's policy back to quan's own, each other word is
// the profile's own, and what is left out stays.
func TestProfileOf(t *testing.T) {
	own := market.Pricing{Split: "largest", Rounding: "half_up", Round: "once", Order: "stack", Base: "left", Tax: "out",
		Over: "refuse", NoEffect: "refuse", Units: "once", Together: "groups", Patterns: "most"}
	for name, profile := range pricing.Profiles {
		if got := pricing.ProfileOf(market.Pricing{Profile: name}); got != profile {
			t.Errorf("%s: %+v", name, got)
		}
		own.Profile = name
		if got := pricing.ProfileOf(own); got != (pricing.Profile{}) {
			t.Errorf("%s with quan's own policies: %+v", name, got)
		}
	}
	all := market.Pricing{Split: "last_line", Rounding: "up", Round: "line", Order: "value", Base: "line", Tax: "in",
		Over: "truncate", NoEffect: "drop", Units: "list", Together: "all", Patterns: "each"}
	want := pricing.Profile{Split: "last_line", Rounding: "up", Round: "line", Order: "value", Base: "line", Tax: "in",
		Over: "truncate", NoEffect: "drop", Units: "list", Together: "all", Patterns: "each"}
	var l fault.List
	if got := pricing.Choose(all, "", &l); got != want || l.Err() != nil {
		t.Errorf("%+v, %v", got, l.Err())
	}
}
