package budget

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
)

// Reserved is what a coupon may still cost at worst: nothing once it has ended.
func Reserved(c *coupon.Coupon) int64 {
	if c.State != coupon.Usable && c.State != coupon.Locked || c.Uses < 1 {
		return 0
	}
	return c.Liability / c.Uses * (c.Uses - c.Used)
}

// Settle brings what a coupon holds of limits on liability after a change of it:
// the reserve of the uses that it has left falls or rises, and a use's discount is
// taken (spentMinor above zero) or given back (below). The entries are all of the
// coupon's; those that change are returned as they shall be, and their counters
// moved, always of the period in which the coupon was issued. ok is false where a
// counter is not among them: it was not locked.
func Settle(entries []limit.Entry, before, after *coupon.Coupon, spentMinor int64, counters map[limit.Key]*limit.Counter) (changed []limit.Entry, ok bool) {
	by := Reserved(after) - Reserved(before) + spentMinor
	if by == 0 {
		return nil, true
	}
	for _, e := range entries {
		if e.What != limit.Liability {
			continue
		}
		c := counters[e.Key]
		if c == nil {
			return nil, false
		}
		e.Amount += by
		limit.Move(c, by)
		changed = append(changed, e)
	}
	return changed, true
}
