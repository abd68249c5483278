// Package i18n puts what quan says into the caller's language: zh-CN, zh-TW and
// en. It owns the choice of the language (Match), the catalogue (Words), the
// form of numbers, amounts, dates and zones, and the words of every fault code.
//
// It does not own the sentences about coupons (package explanation), texts that
// operators write (coupon.Names), nor HTML: text given as an argument is inserted
// as it is, and the edge escapes.
//
// A catalogue is a JSON file per language. A key leads to one sentence or to a
// list of alternatives: the first whose {placeholders} all have a value is said,
// so nothing is ever left unfilled; the last alternative of a fault has none.
// Number agreement is wording: where a language tells one from many, the key
// with ".one" is said for 1.
//
// Invariants, held by tests: each code has a title and a detail in each language;
// the three files have the same keys; a placeholder is one that Parameters lists
// for the code. docs/errors.md is made from the same words:
//
//	go test ./internal/kernel/i18n -run TestErrorsPage -update
//
// zh-TW has its own words (折價券, 滿額折抵, 門市, 通路); it is not converted.
//
// Time: dates are written in the zone that is given, the market's. Nothing here
// reads a clock, a file or the environment.
package i18n
