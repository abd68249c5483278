package issue

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/placement"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Request is one coupon that a member asks for, or is given.
type Request struct {
	Template  *coupon.Template
	Version   *coupon.Version // newest published; nil for a template that has none
	Market    *market.Market
	Placement *placement.Placement // nil for none
	Member    *member.Member
	Channel   string // delivery channel; "" takes the placement's
	City      string
	Form      coupon.Form
	Origin    id.ID // of one act of issuing; the coupons of a pack share it
	Now       calendar.Instant
}

// Decision is a coupon to be issued. The caller sets Coupon.ID and writes the
// coupon and the counters; nothing else is left to decide.
type Decision struct {
	Coupon  coupon.Coupon // ID is zero, Rev is 1
	Facts   Facts         // Coupon.Facts, before encoding
	Takings []limit.Taking
}

// Decide issues one coupon or returns the first refusal in Order.
//
// held are the member's newcomer coupons; a caller that decides a batch adds
// each Newcomer coupon it got to the member's next call. counters holds a row
// for every key of Keys(r) (a missing one is internal_error: the keys were
// reckoned for another day); on success, and only then, the rows are raised, so
// that a batch is decided in arrival order against the same rows.
func Decide(r *Request, held []coupon.Coupon, counters map[limit.Key]*limit.Counter) (Decision, *fault.Fault) {
	return Decision{}, nil
}

// Reasons returns every refusal that holds, in Order; nil when the coupon can be issued.
func Reasons(r *Request, held []coupon.Coupon, counters map[limit.Key]*limit.Counter) []*fault.Fault {
	return nil
}

// Keys names the counters that the request touches at r.Now, the stock first,
// each once. It is empty for a template without a published version.
func Keys(r *Request) []limit.Key { return nil }
