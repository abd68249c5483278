package redemption

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// CellReturn is what one refund gave back of one cell. A cell's ReturnedMinor is the
// sum of its returns; Day is the market's local day of the refund, so that a
// settlement counts it in the period in which the money went back.
type CellReturn struct {
	Redemption id.ID
	Refund     id.ID
	Cell       int64 // place among the redemption's cells
	Day        calendar.Date
	Minor      int64
}

// ReturnsOf is what a refund gave back of a redemption's cells: after less before.
func ReturnsOf(before, after *Redemption, refund id.ID, day calendar.Date) []CellReturn {
	var out []CellReturn
	for i := range after.Cells {
		if n := after.Cells[i].ReturnedMinor - before.Cells[i].ReturnedMinor; n > 0 {
			out = append(out, CellReturn{Redemption: after.ID, Refund: refund, Cell: int64(i), Day: day, Minor: n})
		}
	}
	return out
}
