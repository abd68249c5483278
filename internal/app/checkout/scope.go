package checkout

import (
	"quan/internal/domain/access"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/fault"
)

// sees reports whether an order lies in a principal's scope.
func sees(by access.Principal, o *order.Order) bool {
	return by.Scope.Merchant(o.Merchant) && by.Scope.Store(o.Store) && by.Scope.City(o.City)
}

// hidden is the fault of a deal about an order or a lock outside of the
// principal's scope: it is not there. A lock lies where its cart does.
func (d *deal) hidden() error {
	if d.by.Scope.Everything() {
		return nil
	}
	if d.order != nil && !sees(d.by, d.order) {
		return fault.New(fault.OrderUnknown).At("/order")
	}
	if d.lock == nil {
		return nil
	}
	priced, err := redemption.DecodePriced(d.lock.Priced)
	if err != nil {
		return err
	}
	if !d.by.Scope.Store(priced.Cart.Store) || !d.by.Scope.City(priced.Cart.City) {
		return fault.New(fault.LockNotFound).At("/order")
	}
	return nil
}

// elsewhere is the fault of a cart that is bought outside of the principal's scope.
func (d *deal) elsewhere(c *pricing.Cart) error {
	switch {
	case !d.by.Scope.Store(c.Store):
		return fault.New(fault.Absent, "what", "store").At("/cart/store")
	case !d.by.Scope.City(c.City):
		return fault.New(fault.Absent, "what", "city").At("/cart/city")
	}
	return nil
}

// seller is the merchant in whose name an order is sold: a principal that is
// limited to merchants sells in the name of one of them, its only one when it
// names none. Otherwise it would not see its own order.
func (d *deal) seller(merchant string) (string, error) {
	own := d.by.Scope.Merchants
	switch {
	case merchant == "" && len(own) == 1:
		return own[0], nil
	case merchant == "" && len(own) > 1:
		return "", fault.New(fault.MissingValue).At("/merchant")
	case !d.by.Scope.Merchant(merchant):
		return "", fault.New(fault.Absent, "what", "merchant").At("/merchant")
	}
	return merchant, nil
}
