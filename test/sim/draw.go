package sim

// What the driver draws, and asks of quan and of the model alike: markets'
// policies, templates, carts and requests.

type policy struct {
	floor, lockSeconds, graceHours int64
	broken, late, coupons          string // keep, recompute, refuse; honour, refuse; on_full, never
}

// offer is a version of a template. Its kind sets one of amount, most (with bps)
// and gift, its validity days or dates. The switches are read from the newest version.
type offer struct {
	n, uses, days, delay, wait         int   // wait: hours until it can be used
	hours                              []int // of the day at which it can be claimed; none: all
	active                             int64 // it can be used not before this moment; 0: at once
	kind, scope, validity, city        string
	amount, bps, most, gift, threshold int64
	from, to, closes                   int64 // dates; end of the claim window
	after                              int64 // 1: the threshold is asked after the coupon
	zero, newcomer, claiming, usable   bool
	funders                            []int64
	limits                             []bound
	budgets                            []int // that its coupons draw on, for life
}

// bound is a limit of an offer or, under a number below zero, of a budget.
type bound struct {
	holder            int
	what, period, per string
	cap               int64
	hours             int64 // of a rolling one
}

// budgetNo is the holder that stands for a budget.
func budgetNo(n int) int { return -1 - n }

// place offers a template, or a pack (offer -1).
type place struct {
	offer int
	pack  *pack // nil: none
	cap   int
}

type line struct {
	category  string
	qty, unit int64
}

// wish is a claim or a grant of coupons or of a pack, or a wish for a packet's share.
type wish struct {
	key, city     string
	member, place int // place -1: none
	device        int // from 1; 0: not said, as in grants
	offers        []int
	grant         bool
	pack          *pack   // nil: none
	packet        *packet // nil: none
	agent, link   int     // of a desk that compensates; through which it is claimed; 0: none
}

// purchase asks to lock, to pay or to note an order. Without a ticket: by the
// order's lock, or with the best one (best).
type purchase struct {
	key, order string
	member     int    // -1: a guest
	cart       []line // nil: not said
	ticket     *ticket
	best       bool
}

// refund asks for units of lines back; nil is all that is left.
type refund struct {
	key, order, number string
	member             int
	units              []int64
	giftKept           bool
	minor              int64 // what it gave back, and whether the coupon too
	coupon             bool
}
