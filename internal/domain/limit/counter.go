package limit

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
