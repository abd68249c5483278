// Package explanation writes the sentences 文案释义 that tell customers what a
// coupon does: one line for its card, and a sentence for each rule on its detail
// page, in zh-CN, zh-TW and en.
//
// It owns the wording of rules. It does not own names that operators write
// (coupon.Names), the words of refusals (package i18n), nor HTML: names and codes
// go in as they are, and the edge escapes.
//
// Invariants, held by tests: each field of coupon.Terms and coupon.ClaimRules
// changes a sentence or is on a list with the reason why not; each value of each
// enumeration has words of its own in each language. So a new rule without a
// sentence fails. Golden texts of all rules are in testdata; to write them anew:
//
//	go test ./internal/domain/explanation -run TestGolden -update
//
// A percentage is 折 in Chinese, the part that is paid (1,500 bps off are 8.5折,
// in zh-TW 85折), and "% off" in English. All arithmetic is on integers.
//
// Time: instants are told in the market's zone, with its name. A relative
// validity counts local days of that zone.
package explanation
