package pricing

import (
	"math"
	"math/bits"
	"slices"

	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
)

// Forecast 试算 is what a coupon would have done to past orders, each priced anew
// with the coupon alone on it. It is a sum: forecasts of parts add up, so a long
// run can stop and go on.
type Forecast struct {
	Orders        int64  `json:"orders"`         // looked at
	Applied       int64  `json:"applied"`        // on which the coupon counts
	Zero          int64  `json:"zero"`           // of those, with no more than the floor left to pay
	Costed        int64  `json:"costed"`         // of those, with a cost known for every line
	BelowCost     int64  `json:"below_cost"`     // of those, paid less than the goods cost
	ListMinor     int64  `json:"list_minor"`     // of orders on which it counts
	DiscountMinor int64  `json:"discount_minor"` // all of it
	WorstMinor    int64  `json:"worst_minor"`    // least payable
	WorstOrder    id.ID  `json:"worst_order"`    // where; zero for none
	Discounts     Spread `json:"discounts"`      // discount of an order
}

// Add looks at one more order. cost is what a unit of a SKU costs the business,
// zero for not known.
func (f *Forecast) Add(order id.ID, cart *Cart, c Candidate, rules Rules, cost func(sku string) int64) {
	f.Orders++
	r := Quote(cart, []Candidate{c}, rules)
	if len(r.Uses) == 0 {
		return
	}
	f.Applied++
	f.ListMinor += r.ListMinor
	f.DiscountMinor += r.DiscountMinor
	f.Discounts.Add(r.DiscountMinor)
	if r.PayableMinor <= rules.FloorMinor {
		f.Zero++
	}
	if f.WorstOrder == 0 || r.PayableMinor < f.WorstMinor {
		f.WorstMinor, f.WorstOrder = r.PayableMinor, order
	}
	if minor, known := costOf(cart, cost); known {
		f.Costed++
		if r.PayableMinor < minor {
			f.BelowCost++
		}
	}
}

// costOf is what the goods of a cart cost the business; known only where every
// line's cost is.
func costOf(cart *Cart, cost func(string) int64) (minor int64, known bool) {
	for i := range cart.Lines {
		unit := cost(cart.Lines[i].SKU)
		if unit <= 0 {
			return 0, false
		}
		if one, err := money.Mul(unit, cart.Lines[i].Quantity); err != nil || minor > math.MaxInt64-one {
			minor = math.MaxInt64 // more than any price
		} else {
			minor += one
		}
	}
	return minor, len(cart.Lines) > 0
}

// Spread counts amounts by size: exactly below 128, then in 64 sizes for each
// doubling, so a quantile is at most 1/64 above the true one.
type Spread map[int64]int64

// Add counts one amount.
func (s *Spread) Add(minor int64) {
	if *s == nil {
		*s = Spread{}
	}
	(*s)[sizeOf(minor)]++
}

const exactSizes = 128

func sizeOf(minor int64) int64 {
	if minor < exactSizes {
		return max(minor, 0)
	}
	shift := bits.Len64(uint64(minor)) - 7
	return exactSizes + int64(shift-1)*64 + (minor>>shift - 64)
}

// topOf is the highest amount of a size.
func topOf(size int64) int64 {
	if size < exactSizes {
		return size
	}
	shift := (size-exactSizes)/64 + 1
	return ((size-exactSizes)%64+64+1)<<shift - 1
}

// Quantile is the amount that so many basis points of all do not exceed; zero for none.
func (s Spread) Quantile(bps int64) int64 {
	sizes := make([]int64, 0, len(s))
	var all int64
	for size, n := range s {
		sizes = append(sizes, size)
		all += n
	}
	slices.Sort(sizes)
	rank := max(ceil(all*bps, 10_000), 1)
	for _, size := range sizes {
		if rank -= s[size]; rank <= 0 {
			return topOf(size)
		}
	}
	return 0
}
