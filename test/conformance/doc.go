// Command conformance asks quan what other engines were asked, and compares.
//
//	go run ./test/conformance -dir ../shared/conformance
//
// A suite is a file of cases that another engine answered. Its translator (one
// per engine, by meaning, never by case) says a case in quan's own types: a cart,
// terms, conditions, budgets, and the named pricing profile of the engine. The
// case is cut in two when it is read: a translator is given what was asked
// (Given) and has no way to what was answered, which only Expect sees.
//
// Both answers become Facts, words with amounts, and are compared after rounding
// to the minor unit. A case agrees, differs, or is not expressible with a reason.
// A case that differs is priced again with every other value of every policy; the
// report names the value that would make it agree.
//
// Amounts: engines that reckon with decimals are asked in a unit fine enough that
// every price of the case is a whole number of it (grain), at least 1/10,000 of
// the currency.
//
// It owns no rule of pricing. docs/guides/conformance.md has the results and says
// what each profile means.
package main
