package condition

import (
	"time"

	"quan/internal/kernel/calendar"
)

// DaysSinceOrder asks how many local days ago the member's last order was (0: today).
// Who has never ordered does not satisfy it.
type DaysSinceOrder struct {
	Min *int64 `json:"min,omitempty"`
	Max *int64 `json:"max,omitempty"`
	Fallback
}

// Type is days_since_order.
func (c *DaysSinceOrder) Type() string { return "days_since_order" }

// Check compares the days with the bounds.
func (c *DaysSinceOrder) Check(f *Facts) Answer {
	orders, m := f.Member.Orders, f.Moment
	switch {
	case orders == nil:
		return Unknown
	case orders.Count == 0:
		return No
	case orders.Last == 0 || m.Zone == nil:
		return Unknown
	}
	return within(max(0, dayNumber(m.Date)-dayNumber(calendar.DateOf(orders.Last, m.Zone))), c.Min, c.Max)
}

// dayNumber counts days, so that two dates can be taken from each other.
func dayNumber(d calendar.Date) int64 {
	y, m, day := d.Parts()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 3600)
}

// Form has the bounds.
func (c *DaysSinceOrder) Form() Form {
	return form(c.Type(), number("min", FieldInteger, 0, WindowMax), number("max", FieldInteger, 0, WindowMax))
}

// Explain tells the bounds.
func (c *DaysSinceOrder) Explain() Saying { return between(UnitCount, c.Type(), c.Min, c.Max) }

// Predicate compares the age of the stored last order.
func (c *DaysSinceOrder) Predicate() (Predicate, bool) {
	return Predicate{Op: OpOrderAge, Min: c.Min, Max: c.Max}, true
}

// Needs adds the figures of orders.
func (c *DaysSinceOrder) Needs(n *Needs) { n.Orders = true }

func (c *DaysSinceOrder) compile() (check, error) { return c.Check, nil }

func (c *DaysSinceOrder) cost() int64 { return 1 }

// reach knows that who has a last order has ordered.
func (c *DaysSinceOrder) reach(holds bool) []constraint {
	bounds := rangeSet(ages, c.Min, c.Max).intersect(numberSet(ages, span{0, ages.high}))
	all := exact(dimension{kind: dimOrderAge}, bounds, c.Fallback, holds)
	if holds && c.IfUnknown() == No {
		all = append(all, constraint{dimension{kind: dimOrders}, numberSet(counts, span{1, counts.high}), false})
	}
	return all
}

func (c *DaysSinceOrder) validate(v *validation) {
	v.fallback(c.Fallback)
	v.interval(c.Min, c.Max, 0, WindowMax, "/min", "/max")
}
