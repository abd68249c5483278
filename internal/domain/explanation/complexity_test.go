package explanation

import (
	"reflect"
	"testing"

	"quan/internal/domain/coupon"
)

// Everything that can make a coupon hard has words.
func TestWarnings(t *testing.T) {
	c := coupon.Complexity{Level: coupon.LevelHard}
	whats := constants(t, reflect.TypeFor[coupon.Difficult]())
	for _, what := range whats {
		c.Why = append(c.Why, coupon.Difficulty{What: coupon.Difficult(what), Points: 1})
	}
	for _, lang := range languages {
		said := map[string]bool{}
		for _, text := range Warnings(lang, c) {
			said[text] = true
		}
		if len(said) != len(whats)+1 || said[""] {
			t.Errorf("%s: %v", lang, said)
		}
		for what := range c.Why {
			if !catalogue[lang].Has("complexity.why." + string(c.Why[what].What)) {
				t.Errorf("%s: no words for %s", lang, c.Why[what].What)
			}
		}
	}
	c.Level = coupon.LevelFair
	if got := Warnings("en", c); got != nil {
		t.Errorf("a fair coupon is warned of: %v", got)
	}
}
