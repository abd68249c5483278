package limit

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// What a limit counts.
type What string

// The things that are limited. An amount is in minor units of the template's market.
const (
	IssueCount   What = "issue_count"   // coupons issued
	IssueAmount  What = "issue_amount"  // worst-case liability of the coupons issued
	RedeemCount  What = "redeem_count"  // uses
	RedeemAmount What = "redeem_amount" // discount given
)

// What packs and share packets count, of themselves: no template names it. Their
// counters have the pack, the plan or the packet in the place of the template.
const (
	PackCount    What = "pack_count"    // packs given out
	PacketCount  What = "packet_count"  // share packets sent under a plan
	PacketAmount What = "packet_amount" // what they hold, in minor units; the rest comes back
	ShareCount   What = "share_count"   // shares of one packet that were opened
)

// Period is the calendar span after which a limit starts anew.
type Period string

// The periods, in the market's zone and week.
const (
	Ever  Period = "ever"
	Day   Period = "day"
	Week  Period = "week"
	Month Period = "month"
)

// Per says whose taking is counted together.
type Per string

// The subjects.
const (
	PerTemplate  Per = "template"
	PerMember    Per = "member"
	PerPlacement Per = "placement"
	PerCode      Per = "code" // a batch of exchange codes; its cap is the batch's size, no template names it
)

// Limit is (what, cap, period, per whom). A template may hold any number, one
// for each (What, Period, Per).
type Limit struct {
	What   What   `json:"what"`
	Period Period `json:"period"`
	Per    Per    `json:"per"`
	Cap    int64  `json:"cap"`
}

// Key names one counter. Start is the first day of the period (zero for Ever),
// Subject the member or placement (zero for the template itself).
type Key struct {
	Template id.ID
	Per      Per
	Subject  id.ID
	What     What
	Period   Period
	Start    calendar.Date
}

// Slot of the counter's row: the member's for a member's counter, else the template's.
func (k Key) Slot() int64 {
	if k.Per == PerMember {
		return k.Subject.Slot()
	}
	return k.Template.Slot()
}

// Counter is what has been taken under a key. Cap is policy and lives in the
// template; Ceiling = max(cap, taken) is what the CHECK guards; Over counts what
// was taken beyond the cap by rule (late payments). Rev is meaningful on a stock
// row only (StockKey): the template revision that claims compare (hot-path P9).
type Counter struct {
	Key
	Taken   int64
	Ceiling int64
	Over    int64
	Rev     int64
}

// Unlimited is the cap of a counter that is kept for its figure alone.
const Unlimited = int64(1)<<62 - 1

// StockKey is the counter every published template has: coupons ever issued.
func StockKey(template id.ID) Key {
	return Key{Template: template, Per: PerTemplate, What: IssueCount, Period: Ever}
}
