package change

import (
	"strconv"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Type of a change: noun.verb.version. A version's facts are only ever added to.
type Type string

// The changes of this release.
const (
	CouponClaimed   Type = "coupon.claimed.v1"
	CouponGranted   Type = "coupon.granted.v1"
	CouponLocked    Type = "coupon.locked.v1"
	CouponReleased  Type = "coupon.released.v1" // facts: by release, expiry or replacement of its lock
	CouponRedeemed  Type = "coupon.redeemed.v1"
	CouponReturned  Type = "coupon.returned.v1"
	CouponExpired   Type = "coupon.expired.v1"
	CouponWithdrawn Type = "coupon.withdrawn.v1"
	CouponExtended  Type = "coupon.extended.v1" // facts: from and to, its end before and after, in milliseconds
	OrderPlaced     Type = "order.placed.v1"
	OrderUpdated    Type = "order.updated.v1" // a redemption joined an order that was known before
	OrderRefunded   Type = "order.refunded.v1"
	MemberCreated   Type = "member.created.v1"
	MemberUpdated   Type = "member.updated.v1"
	PacketSent      Type = "packet.sent.v1"   // a share packet
	PacketClosed    Type = "packet.closed.v1" // its time is over; facts: what came back
	LimitAlarm      Type = "limit.alarm.v1"   // a counter has reached a threshold; its own aggregate
)

// Change is one step of an aggregate's history and the event that subscribers
// get. Aggregate is the id of a coupon, order, member, packet or alarm; Seq counts its changes
// from 1 without a gap and equals the aggregate's Rev after the change.
type Change struct {
	Aggregate id.ID
	Kind      string // id prefix of the aggregate: cpn, ord, mem, pkt, alm
	Seq       int64
	Type      Type
	At        calendar.Instant
	Actor     string // principal
	Facts     string // JSON object, no personal data
}

// ID names the change for ever, also when it is delivered again.
func (c *Change) ID() string {
	return id.Format(c.Kind, c.Aggregate) + "." + strconv.FormatInt(c.Seq, 10)
}
