package testkit_test

import (
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/testkit"
)

func TestKindsAreValidAndTwoOfEach(t *testing.T) {
	m := testkit.Market()
	count, names := map[coupon.Kind]int{}, map[string]bool{}
	for _, k := range testkit.Kinds() {
		doc := coupon.Doc{Terms: k.Terms}
		if err := doc.Validate(&m, nil); err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
		if names[k.Name] {
			t.Errorf("%s stands twice", k.Name)
		}
		names[k.Name] = true
		count[k.Terms.Kind]++
	}
	for _, kind := range coupon.Kinds {
		if count[kind] != 2 {
			t.Errorf("%d of %s", count[kind], kind)
		}
	}
}
