package coupon

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// State of an issued coupon, as stored. A coupon past its ValidTo is expired
// whatever its row says; the row follows by a job.
type State int64

// The states. Used, Expired and Withdrawn are final, save that a return brings a
// used one back to Usable (or to Expired).
const (
	Usable    State = 1 // has uses left
	Locked    State = 2 // held by one order's lock
	Used      State = 3 // no uses left
	Expired   State = 4
	Withdrawn State = 5
)

var stateNames = [...]string{"", "usable", "locked", "used", "expired", "withdrawn"}

// String is the state's name in JSON.
func (s State) String() string {
	if s < 1 || int(s) >= len(stateNames) {
		return "unknown"
	}
	return stateNames[s]
}

// ParseState reads a state's name; zero when it is none.
func ParseState(name string) State {
	for i, n := range stateNames {
		if n == name && n != "" {
			return State(i)
		}
	}
	return 0
}

// Form is the delivery form 投放形式: how a coupon reached its member.
type Form string

// The delivery forms of this release.
const (
	FormClaim  Form = "claim"  // the member took it (claim API)
	FormGrant  Form = "grant"  // the system or an operator gave it 绑券
	FormImport Form = "import" // brought in from another system
	// FormAutomatic coupons are issued by a lock that uses them.
	FormAutomatic Form = "automatic"
	FormCode      Form = "code"   // the member entered an exchange code 兑换码
	FormPacket    Form = "packet" // the member opened a share packet 分享红包
	// FormReissue coupons stand for one that was withdrawn or has expired by a fault 补发.
	FormReissue Form = "reissue"
)

// Coupon is one issued right of one member.
type Coupon struct {
	ID        id.ID
	Member    id.ID
	Template  id.ID
	Version   int64
	State     State
	Used      int64 // uses made and not returned
	Uses      int64 // uses it has in all
	NextUse   int64 // number of the next use; never taken back, so that (coupon, use) stays unique
	IssuedAt  calendar.Instant
	IssuedDay calendar.Date // the market's local day
	ValidFrom calendar.Instant
	ValidTo   calendar.Instant // schedule.Forever for no end
	Origin    id.ID            // of one act of issuing: the coupons of a pack share it
	Placement id.ID
	Batch     id.ID // of stock; zero for none
	Form      Form
	Channel   string // delivery channel
	City      string
	Newcomer  bool
	Liability int64  // minor units reserved at issue, worst case; 0 where unbounded
	FaceMinor int64  // its own amount instead of the terms' (Terms.Of); 0: none
	Lock      id.ID  // of the order lock that holds it
	Facts     string // why it was issued: see issue.Facts; ≤ 200 bytes
	EndedDay  calendar.Date
	// LastUsedAt is the newest use that was not given back: what an interval between
	// two uses is counted from. Zero: none.
	LastUsedAt calendar.Instant
	Rev        int64 // number of changes, also the sequence of its last change
	// Request asked for it: the coupon is what the request's idempotency key remembers.
	// It never changes.
	Request Request
}

// Request is an idempotent request as 63 bits each of hashes: of its caller,
// member and key, and of its body. Zero: there was no key.
type Request struct{ Key, Body int64 }

// Slot is the member's slot, part of the id.
func (c *Coupon) Slot() int64 { return c.ID.Slot() }

// At returns the state as it is at an instant: a usable coupon past its end is
// expired, whether or not the job has been there, and so is a locked one, as no
// lock lives longer than its coupons.
func (c *Coupon) At(now calendar.Instant) State {
	if (c.State == Usable || c.State == Locked) && now >= c.ValidTo {
		return Expired
	}
	return c.State
}
