package issue

import "quan/internal/kernel/id"

// FactsMax is the size of encoded facts in bytes.
const FactsMax = 200

// Facts explain later why a coupon was issued. They are kept with the coupon as
// compact JSON of at most FactsMax bytes; texts that don't fit are cut, counters
// that don't fit are left off (the coupon's columns hold the whole).
type Facts struct {
	Version   int64   // of the template
	Policy    int64   // of the market's policies (its rev)
	Placement id.ID   // zero for none
	Channel   string  // delivery channel
	City      string  //
	Segment   string  // "" in this release
	Seen      []int64 // counters as they were before this issue, in the order of Keys
}

// Encode writes the facts.
func (f Facts) Encode() string { return "" }

// DecodeFacts reads what Encode writes.
func DecodeFacts(text string) (Facts, error) { return Facts{}, nil }
