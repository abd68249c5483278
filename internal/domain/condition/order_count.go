package condition

// Bounds of windows and counts of orders.
const (
	WindowMax = 3660 // days
	OrdersMax = 1_000_000
)

// OrderCount asks how many orders the member has made, ever or in the last days.
type OrderCount struct {
	Days int64  `json:"days,omitempty"` // 1..WindowMax; 0: ever
	Min  *int64 `json:"min,omitempty"`
	Max  *int64 `json:"max,omitempty"`
	Fallback
}

// Type is order_count.
func (c *OrderCount) Type() string { return "order_count" }

// Check compares the count with the bounds.
func (c *OrderCount) Check(f *Facts) Answer {
	orders := f.Member.Orders
	if orders == nil {
		return Unknown
	}
	n := orders.Count
	if c.Days > 0 {
		recent, ok := orders.Recent[c.Days]
		if !ok {
			return Unknown
		}
		n = recent
	}
	return within(n, c.Min, c.Max)
}

// Form has the window and the bounds.
func (c *OrderCount) Form() Form {
	return form(c.Type(), number("min", FieldInteger, 0, OrdersMax), number("max", FieldInteger, 0, OrdersMax),
		number("days", FieldInteger, 0, WindowMax))
}

// Explain tells window and bounds.
func (c *OrderCount) Explain() Saying {
	if c.Days > 0 {
		return between(UnitCount, c.Type()+".recent", c.Min, c.Max, Arg{Name: "days", Value: Count(c.Days)})
	}
	return between(UnitCount, c.Type()+".ever", c.Min, c.Max)
}

// Predicate compares the stored count.
func (c *OrderCount) Predicate() (Predicate, bool) {
	return Predicate{Op: OpOrders, Days: c.Days, Min: c.Min, Max: c.Max}, true
}

// Needs adds the count.
func (c *OrderCount) Needs(n *Needs) {
	n.Orders = true
	if c.Days > 0 {
		n.OrderDays = append(n.OrderDays, c.Days)
	}
}

func (c *OrderCount) compile() (check, error) { return c.Check, nil }

func (c *OrderCount) cost() int64 { return 1 }

// reach knows that who has ordered lately has ordered.
func (c *OrderCount) reach(holds bool) []constraint {
	ever := dimension{kind: dimOrders}
	if c.Days == 0 {
		return exact(ever, rangeSet(counts, c.Min, c.Max), c.Fallback, holds)
	}
	all := exact(dimension{kind: dimRecent, days: c.Days}, rangeSet(counts, c.Min, c.Max), c.Fallback, holds)
	if holds && c.IfUnknown() == No && c.Min != nil {
		all = append(all, constraint{ever, rangeSet(counts, c.Min, nil), false})
	}
	return all
}

func (c *OrderCount) validate(v *validation) {
	v.fallback(c.Fallback)
	v.number(c.Days, 0, WindowMax, "/days")
	v.interval(c.Min, c.Max, 0, OrdersMax, "/min", "/max")
}
