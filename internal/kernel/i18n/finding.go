package i18n

// Finding is the sentence for a pair of rules of a coupon that don't fit, by the
// finding's code; the code itself where it has no words.
func Finding(lang Lang, code string) string {
	w := lang.words()
	if key := "finding." + code; w.Has(key) {
		return w.Say(key)
	}
	return code
}
