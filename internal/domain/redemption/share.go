package redemption

import (
	"cmp"
	"slices"

	"quan/internal/domain/order"
	"quan/internal/kernel/id"
)

// Share is the part of a coupon's discount that belongs to what a refund gave
// back. Of a stored value it is what goes back onto the balance that the caller
// keeps.
type Share struct {
	Coupon id.ID
	Minor  int64
}

// SharesOf are the shares of one refund of an order, by the stored allocation and
// the units that the refunds up to it gave back: the same now and later. Coupons
// without a share are left out.
func SharesOf(o *order.Order, rows []Redemption, refunds []order.Refund, refund id.ID) []Share {
	before, after := make(map[int64]int64), make(map[int64]int64)
	for _, f := range inTime(refunds) {
		for _, l := range f.Lines {
			after[l.Line] += l.Quantity
			if f.ID != refund {
				before[l.Line] += l.Quantity
			}
		}
		if f.ID == refund {
			break
		}
	}
	quantity := make(map[int64]int64, len(o.Lines))
	for _, l := range o.Lines {
		quantity[l.No] = l.Quantity
	}
	var out []Share
	for _, r := range rows {
		var minor int64
		for _, c := range r.Cells {
			minor += share(c.Minor, after[c.Line], quantity[c.Line]) - share(c.Minor, before[c.Line], quantity[c.Line])
		}
		if minor > 0 {
			out = append(out, Share{r.Coupon, minor})
		}
	}
	return out
}

func inTime(refunds []order.Refund) []order.Refund {
	sorted := slices.Clone(refunds)
	slices.SortStableFunc(sorted, func(a, b order.Refund) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID)) })
	return sorted
}
