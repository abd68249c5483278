package pricing

import (
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// tooRecent is the refusal of a coupon whose terms ask for some hours between two
// uses, while they run; nil for none. from is when it can be used again.
func tooRecent(c *coupon.Coupon, t *coupon.Terms, now calendar.Instant) *fault.Fault {
	if t == nil || t.IntervalHours == 0 || c.LastUsedAt == 0 {
		return nil
	}
	from := c.LastUsedAt.Add(time.Duration(t.IntervalHours) * time.Hour)
	if now >= from {
		return nil
	}
	return fault.New(fault.UsedTooRecently, "from", from)
}
