// Package house holds the rules of the house as tests: import direction, purity,
// names, comments, and what must stay equal in two places. A failure names the
// file, the reason for the rule and what to do instead.
//
// It owns no behaviour of the product and nothing imports it. The rules read
// source text with go/parser only, so they are fast and see code that does not
// compile yet. Every rule takes a folder, and TestEveryRuleCatches plants a
// violation of each.
//
// To change a rule: change its file, plant a violation beside the others, and say
// why in an ADR when it is one of direction.
package house
