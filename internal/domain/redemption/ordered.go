package redemption

import (
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
)

// OrderOf makes the amounts and lines of an order from its cart and the discount
// of each line (nil for none). Who, when and where are the caller's to fill.
func OrderOf(cart *pricing.Cart, discounts []int64) order.Order {
	o := order.Order{Currency: cart.Currency, Store: cart.Store, Channel: cart.Channel, City: cart.City, Lines: make([]order.Line, len(cart.Lines))}
	for i, l := range cart.Lines {
		line := order.Line{No: int64(i), SKU: l.SKU, Category: l.Category, Brand: l.Brand, Merchant: l.Merchant,
			Quantity: l.Quantity, UnitMinor: l.UnitMinor, ListMinor: l.ListMinor(), NoCoupons: l.NoCoupons, Shipping: l.Shipping}
		if i < len(discounts) {
			line.DiscountMinor = discounts[i]
		}
		o.ListMinor += line.ListMinor
		o.DiscountMinor += line.DiscountMinor
		o.PaidMinor += line.PaidMinor()
		o.Lines[i] = line
	}
	return o
}
