package checkout

import (
	"maps"
	"slices"

	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
	"quan/internal/store"
)

// balanced is the fault of a deal that states the balance of a coupon which it
// does not speak of, or one that is no amount. A balance is read when the cart is
// priced; a payment of a lock goes by what the lock promised.
func (d *deal) balanced() error {
	if len(d.Balances) == 0 {
		return nil
	}
	known := d.named()
	for _, c := range slices.Sorted(maps.Keys(d.Balances)) {
		at := "/balances/" + id.Format(id.Coupon, c)
		switch minor := d.Balances[c]; {
		case !slices.Contains(known, c):
			return fault.New(fault.CouponUnknown).At(at)
		case minor < 0 || minor > money.MaxMinor:
			return fault.New(fault.OutOfRange, "min", 0, "max", int64(money.MaxMinor)).At(at)
		}
	}
	return nil
}

// lookEarlier reads when else the coupons were used whose uses may be given back.
func (b *batch) lookEarlier(tx store.Tx) error {
	var rows []redemption.Redemption
	for _, d := range b.deals {
		if !d.undoes() {
			continue
		}
		for _, r := range d.redeemed {
			if c := d.coupons[r.Coupon]; c != nil && c.NextUse > 2 {
				rows = append(rows, r)
			}
		}
	}
	times, err := tx.Redemptions().Earlier(rows)
	if err != nil {
		return err
	}
	at := make(map[id.ID]calendar.Instant, len(rows))
	for i, r := range rows {
		at[r.ID] = times[i]
	}
	for _, d := range b.deals {
		d.earlier = at
	}
	return nil
}

// undoes reports whether the deal may give uses back.
func (d *deal) undoes() bool {
	switch d.verb.(type) {
	case *refundVerb, *returnVerb:
		return true
	}
	return false
}
