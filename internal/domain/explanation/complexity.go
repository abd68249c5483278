package explanation

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/i18n"
)

// Warnings tell an operator that a coupon is too hard to understand, and what
// makes it so, the hardest first; none for one that is not.
func Warnings(lang i18n.Lang, c coupon.Complexity) []string {
	if c.Level != coupon.LevelHard {
		return nil
	}
	words := wordsOf(lang)
	all := []string{words.Say("complexity.hard")}
	for _, one := range c.Why {
		what := words.Say("complexity.why." + string(one.What))
		all = append(all, words.Say("complexity.part", arg("what", what), arg("n", lang.Number(one.Points))))
	}
	return all
}
