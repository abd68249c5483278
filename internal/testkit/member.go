package testkit

import (
	"fmt"

	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/metric"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/id"
)

// Member has no identity and no attributes.
func Member(key id.ID) member.Member {
	return member.Member{ID: key, Slot: key.Slot(), Rev: 1, CreatedAt: Start, UpdatedAt: Start}
}

// Identity is a phone of a member; value stands for its blind hash.
func Identity(owner id.ID, value string) member.Identity {
	return member.Identity{Key: member.Key{Kind: "phone", Hash: value}, Member: owner, Sealed: "sealed:" + value,
		KeyVersion: 1, CreatedAt: Start}
}

// Coupon is a fresh claim of version 1, usable for seven days.
func Coupon(key, owner, template id.ID) coupon.Coupon {
	return coupon.Coupon{ID: key, Member: owner, Template: template, Version: 1, State: coupon.Usable, Uses: 1, NextUse: 1,
		IssuedAt: Start, IssuedDay: Today, ValidFrom: Start, ValidTo: Today.AddDays(7).Start(zone()), Origin: key,
		Form: coupon.FormClaim, Channel: "app", City: "shanghai", Liability: 500, Facts: "{}", Rev: 1}
}

// Counter is an unused count of a template's coupons under a cap.
func Counter(template id.ID, most int64) limit.Counter {
	return limit.Counter{Key: limit.StockKey(template), Ceiling: most, Rev: 1}
}

// Order of one line: two units at 10.00, nothing off.
func Order(key, owner id.ID) order.Order {
	return order.Order{ID: key, Key: OrderKey(key), Market: market.DefaultCode, Member: owner, Channel: "app", City: "shanghai",
		At: Start, Day: Today, CartHash: "cart", ListMinor: 2000, PaidMinor: 2000, Rev: 1,
		Lines: []order.Line{{SKU: "apple", Category: "fresh/fruit", Quantity: 2, UnitMinor: 1000, ListMinor: 2000}}}
}

// OrderKey is an outside key made from the id.
func OrderKey(key id.ID) order.Key { return order.Key{Source: "pos", Ref: fmt.Sprint(int64(key))} }

// Lock holds coupons for half an hour.
func Lock(key, owner id.ID, coupons ...id.ID) redemption.Lock {
	return redemption.Lock{ID: key, Key: OrderKey(key), Member: owner, Coupons: coupons, State: redemption.LockActive,
		CreatedAt: Start, ExpiresAt: Start + 30*60*1000, CartHash: "cart", ListMinor: 2000, DiscountMinor: 500,
		PayableMinor: 1500, Priced: "{}", Rev: 1}
}

// Redemption is the first use of a coupon on an order: 5.00 off 20.00.
func Redemption(key id.ID, o order.Order, c coupon.Coupon) redemption.Redemption {
	return redemption.Redemption{ID: key, Key: o.Key, Order: o.ID, Member: c.Member, Coupon: c.ID, Use: c.NextUse,
		Template: c.Template, Version: c.Version, Form: c.Form, Channel: "app", City: "shanghai", Operator: "system:test",
		At: Start, Day: Today, ListMinor: o.ListMinor, DiscountMinor: 500, PaidMinor: o.ListMinor - 500, FirstUse: true,
		Cells: []redemption.Cell{{FunderKind: coupon.FunderPlatform, FunderCode: "platform", Minor: 500}}, Rev: 1}
}

// Change is a step of a coupon's history.
func Change(aggregate id.ID, seq int64) change.Change {
	return change.Change{Aggregate: aggregate, Kind: id.Coupon, Seq: seq, Type: change.CouponClaimed, At: Start,
		Actor: "system:test", Facts: "{}"}
}

// Delta is one coupon issued.
func Delta(template id.ID, slot int64) metric.Delta {
	return metric.Delta{Dims: metric.Dims{Market: market.DefaultCode, Day: Today, Template: template, Form: coupon.FormClaim,
		Channel: "app", City: "shanghai"}, Values: metric.Values{Issued: 1}, Slot: slot}
}
