package coupon

// Asks says what of a cart a counter has to know before the coupon can be used.
type Asks string

// What coupons ask.
const (
	AsksNothing Asks = "nothing" // it is handed over, or the caller applies it
	AsksAmount  Asks = "amount"  // one sum for all goods will do
	AsksGoods   Asks = "goods"   // which goods, and how many
)

// Asks of the terms: as little as their price needs, so that nobody types a cart for a
// cup of coffee. What it says is advice; the price has the last word.
func (t *Terms) Asks() Asks {
	in, out := &t.Scope.Include, &t.Scope.Exclude
	named := len(in.Categories) + len(in.Brands) + len(in.SKUs) + len(out.Categories) + len(out.Brands) + len(out.SKUs)
	cart := t.When.Needs().Cart
	switch {
	case t.Class() == ClassUnits, named+len(t.Contains) > 0, t.ThresholdQuantity > 0, cart:
		return AsksGoods
	case t.Class() == ClassBenefit && t.ThresholdMinor == 0 && len(t.Steps) == 0:
		return AsksNothing
	}
	return AsksAmount
}
