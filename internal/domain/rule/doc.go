// Package rule holds the conditions that a template puts on goods and places:
// Scope (which lines), Contain (what must be in the cart), Place (cities and
// channels).
//
// It owns what matches and what is a well-formed rule. It does not own amounts,
// coupons or the refusals that follow (pricing, issue).
//
// Invariants: exclusion beats inclusion; an empty list leaves nothing out; a
// category holds everything below it in the tree; an entry can't be both included
// and excluded. Codes are compared exactly, byte by byte.
//
// Time has no part in it.
package rule
