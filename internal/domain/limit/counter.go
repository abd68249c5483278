package limit

import "quan/internal/kernel/calendar"

// Room reports whether a counter holds amount more under a cap. Taking nothing
// is always possible, also above a cap that was lowered.
func Room(c Counter, cap, amount int64) bool {
	return amount <= 0 || c.Taken <= cap && cap-c.Taken >= amount
}

// Take adds amount. The caller has asked Room; the ceiling follows the cap, and
// what was taken before the cap was lowered.
func Take(c *Counter, cap, amount int64) {
	c.Taken += amount
	c.Ceiling = max(cap, c.Taken)
}

// TakeOver adds amount whether or not there is room: what lies beyond the cap is
// counted in Over. It is for promises that are kept (late payments, a lock that
// is paid in the next period).
func TakeOver(c *Counter, cap, amount int64) {
	before := max(c.Taken-cap, 0)
	Take(c, cap, amount)
	c.Over += max(c.Taken-cap, 0) - before
}

// Give returns amount, never below zero. The ceiling stays: it is raised by
// takings and lowered by none.
func Give(c *Counter, amount int64) {
	c.Taken = max(c.Taken-amount, 0)
}

// Move adds what an entry changed by, either way: what a coupon holds of a counter
// is settled, given back, or reserved again when its use comes back.
func Move(c *Counter, by int64) {
	if by <= 0 {
		Give(c, -by)
		return
	}
	c.Taken += by
	c.Ceiling = max(c.Ceiling, c.Taken)
}

// Left is what the taking's limit leaves, at least zero. at gives the counter of a
// key, nil where nothing was ever taken.
func (t *Taking) Left(at func(Key) *Counter) int64 {
	return max(t.Limit.Cap-t.taken(at), 0)
}

// Fits reports whether the taking's limit has room for it, or, where it is only
// watched, has any left.
func (t *Taking) Fits(at func(Key) *Counter) bool {
	if t.Missing != "" || !t.Watch && t.Amount <= 0 {
		return true
	}
	taken := t.taken(at)
	if t.Watch {
		return taken < t.Limit.Cap
	}
	return taken <= t.Limit.Cap && t.Limit.Cap-taken >= t.Amount
}

// Honoured reports whether the act goes on though the limit has no room.
func (t *Taking) Honoured() bool {
	return t.Limit.Stop == StopClaims && !t.Limit.What.ofIssue() && !t.Watch
}

func (t *Taking) taken(at func(Key) *Counter) (n int64) {
	if t.Limit.Period != Rolling {
		if c := at(t.Key); c != nil {
			n = c.Taken
		}
		return n
	}
	// The hour after this one is another process's, whose clock is a little ahead.
	k := t.Key
	for k.Start = t.Since(); k.Start <= t.Key.Start+1; k.Start++ {
		if c := at(k); c != nil {
			n += c.Taken
		}
	}
	return n
}

// Since is the first hour that a rolling limit counts.
func (t *Taking) Since() calendar.Date { return t.Key.Start - calendar.Date(t.Limit.Hours) }

// Locks appends the counters to lock before the taking is decided: its own, and of
// a rolling limit the row that orders all who take of it, in whichever hour.
func (t *Taking) Locks(keys []Key) []Key {
	if t.Missing != "" {
		return keys
	}
	keys = append(keys, t.Key)
	if t.Limit.Period == Rolling {
		order := t.Key
		order.Start = 0
		keys = append(keys, order)
	}
	return keys
}
