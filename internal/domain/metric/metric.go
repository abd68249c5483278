package metric

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Dims are the dimensions of a rollup cell. Template zero is the cell of all
// orders, with or without a coupon. Channel and City are those of the event
// itself: the delivery channel of an issue, the use channel of a redemption.
// Day is the market's local date at the decision. Merchant and Store are those of the
// order that a use belongs to; an issue has none.
type Dims struct {
	Market    string // as Book names it
	Day       calendar.Date
	Template  id.ID
	Placement id.ID
	Form      coupon.Form
	Channel   string
	City      string
	Merchant  string
	Store     string
}

// Wide reports whether the cell knows where its order was made.
func (d *Dims) Wide() bool { return d.Merchant != "" || d.Store != "" }

// Narrow is the cell without the dimensions of its order.
func (d Dims) Narrow() Dims {
	d.Merchant, d.Store = "", ""
	return d
}

// Book names where a market's orders in one of its further currencies are counted,
// apart from those in its own, "": amounts of two currencies are never added up.
// No code of a market holds its divider.
func Book(market, currency string) string {
	if currency == "" {
		return market
	}
	return market + "@" + currency
}

// Values are the sums of a cell. Every one can be recounted from the facts.
type Values struct {
	Issued        int64 `json:"issued"`         // coupons
	Redeemed      int64 `json:"redeemed"`       // uses
	CouponsUsed   int64 `json:"coupons_used"`   // coupons used for the first time
	Returned      int64 `json:"returned"`       // uses given back
	Expired       int64 `json:"expired"`        // coupons
	Withdrawn     int64 `json:"withdrawn"`      // coupons
	Orders        int64 `json:"orders"`         // template zero: orders; else equal to Redeemed
	ListMinor     int64 `json:"list_minor"`     // of those orders
	DiscountMinor int64 `json:"discount_minor"` // of the coupon; template zero: of the order
	PaidMinor     int64 `json:"paid_minor"`
	RefundedMinor int64 `json:"refunded_minor"` // template zero only
	ReturnedMinor int64 `json:"returned_minor"` // discount shares given back
}

// Delta is what one transaction adds to a cell; Slot is that of the member.
type Delta struct {
	ID id.ID // names the row until it is folded; Fold leaves it to the caller
	Dims
	Values
	Slot int64
}

// Add sums another cell into v.
func (v *Values) Add(o Values) {
	v.Issued += o.Issued
	v.Redeemed += o.Redeemed
	v.CouponsUsed += o.CouponsUsed
	v.Returned += o.Returned
	v.Expired += o.Expired
	v.Withdrawn += o.Withdrawn
	v.Orders += o.Orders
	v.ListMinor += o.ListMinor
	v.DiscountMinor += o.DiscountMinor
	v.PaidMinor += o.PaidMinor
	v.RefundedMinor += o.RefundedMinor
	v.ReturnedMinor += o.ReturnedMinor
}

// Columns returns the values in the order of their columns, for stores and checks.
func (v *Values) Columns() []*int64 {
	return []*int64{&v.Issued, &v.Redeemed, &v.CouponsUsed, &v.Returned, &v.Expired, &v.Withdrawn, &v.Orders,
		&v.ListMinor, &v.DiscountMinor, &v.PaidMinor, &v.RefundedMinor, &v.ReturnedMinor}
}

// ColumnNames are the names of Columns, in the same order.
var ColumnNames = []string{"issued", "redeemed", "coupons_used", "returned", "expired", "withdrawn", "orders",
	"list_minor", "discount_minor", "paid_minor", "refunded_minor", "returned_minor"}

// Fold sums deltas with the same dimensions, slot and id, keeping first-seen order.
func Fold(deltas []Delta) []Delta {
	type key struct {
		Dims
		slot int64
		id   id.ID
	}
	at := make(map[key]int, len(deltas))
	out := deltas[:0:0]
	for _, d := range deltas {
		k := key{d.Dims, d.Slot, d.ID}
		if i, ok := at[k]; ok {
			out[i].Values.Add(d.Values)
			continue
		}
		at[k] = len(out)
		out = append(out, d)
	}
	return out
}
