package limit_test

import (
	"testing"

	"pgregory.net/rapid"

	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
)

const hour = 3_600_000

// Whatever is asked for when, no span of n hours holds more than the cap, and what
// was refused would have held more within an hour longer.
func TestRolling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hours, most := rapid.Int64Range(1, 5).Draw(t, "hours"), rapid.Int64Range(1, 4).Draw(t, "cap")
		h := limit.Holder{ID: 7, Limits: []limit.Limit{{What: limit.IssueCount, Period: limit.Rolling, Hours: hours, Per: limit.PerDevice, Cap: most}}}
		rows := map[limit.Key]*limit.Counter{}
		at := func(k limit.Key) *limit.Counter { return rows[k] }
		within := func(taken []int64, now, span int64) (n int64) {
			for _, when := range taken {
				if when > now-span && when <= now {
					n++
				}
			}
			return n
		}
		var taken []int64
		now := int64(480_000 * hour)
		for range 40 {
			now += rapid.Int64Range(0, hour+1).Draw(t, "wait")
			one := h.Takings(nil, &limit.Subject{Actor: limit.Actor{Device: 3}, At: calendar.Instant(now)}, limit.Issue(0))[0]
			if rows[one.Key] == nil {
				rows[one.Key] = &limit.Counter{Key: one.Key}
			}
			if one.Fits(at) {
				limit.Take(rows[one.Key], most, 1)
				taken = append(taken, now)
			} else if within(taken, now, hours*hour+hour) < most {
				t.Fatalf("refused with %d in the last %d hours and one", within(taken, now, hours*hour+hour), hours)
			}
			if n := within(taken, now, hours*hour); n > most {
				t.Fatalf("%d in %d hours under a cap of %d", n, hours, most)
			}
		}
	})
}
