package order

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Key is an order's identity outside: the system it comes from and its number there.
type Key struct {
	Source string // ≤ 64 bytes
	Ref    string // ≤ 128 bytes
}

// Order is a purchase as quan knows it, with or without a coupon. It is known
// once a source reports it or a coupon is redeemed on it. Amounts are minor
// units of its currency.
type Order struct {
	ID            id.ID
	Key           Key
	Market        string
	Currency      string // "": the market's own
	Member        id.ID  // zero for a guest
	Merchant      string
	Store         string
	Channel       string // use channel
	City          string
	At            calendar.Instant
	Day           calendar.Date
	CartHash      string // of the canonical cart, so that a repeat can be told from a change
	ListMinor     int64
	DiscountMinor int64
	PaidMinor     int64
	RefundedMinor int64
	Lines         []Line
	Rev           int64
}

// Slot is carried in the id: the member's, or the key's hash for a guest.
func (o *Order) Slot() int64 { return o.ID.Slot() }

// Line is a line of an order as sold.
type Line struct {
	No               int64 // from 0
	SKU              string
	Category         string
	Brand            string
	Merchant         string
	Quantity         int64
	UnitMinor        int64
	ListMinor        int64 // Quantity × UnitMinor
	DiscountMinor    int64
	RefundedQuantity int64
	RefundedMinor    int64
	NoCoupons        bool   // no coupon saw the line
	Shipping         string // method of a shipping line, "" for goods
}

// PaidMinor is what the line cost after discounts.
func (l Line) PaidMinor() int64 { return l.ListMinor - l.DiscountMinor }

// Refund is money given back on an order; (Source of the order, Ref) names it.
type Refund struct {
	ID          id.ID
	Order       id.ID
	Ref         string
	At          calendar.Instant
	Day         calendar.Date
	Minor       int64 // money given back, after charges
	ChargeMinor int64 // gifts not sent back and recomputed discounts, already taken off Minor
	Full        bool  // nothing is left on the order
	BodyHash    string
	Lines       []RefundLine
}

// RefundLine is the part of a refund that belongs to one line.
type RefundLine struct {
	Line     int64
	Quantity int64
	Minor    int64
}
