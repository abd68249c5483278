package limit

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// What a limit counts.
type What string

// The things that are limited. An amount is in minor units of the holder's market.
const (
	IssueCount   What = "issue_count"   // coupons issued; never given back
	IssueAmount  What = "issue_amount"  // what the coupons issued can cost at worst; never given back
	RedeemCount  What = "redeem_count"  // uses
	RedeemAmount What = "redeem_amount" // discount given
	// Liability is what may still have to be paid and what was: the worst case of each
	// coupon from its issue on, from each use on what the use took off instead, and
	// nothing of what expired, was withdrawn or given back.
	Liability What = "liability"
)

// What packs, share packets, waiting rooms and service desks count, of themselves: no template names it. Their
// counters have the pack, the plan or the packet in the place of the template.
const (
	PackCount    What = "pack_count"    // packs given out
	PacketCount  What = "packet_count"  // share packets sent under a plan
	PacketAmount What = "packet_amount" // what they hold, in minor units; the rest comes back
	ShareCount   What = "share_count"   // shares of one packet that were opened
	PlaceTime    What = "place_time"    // of a waiting room: microseconds up to which places are taken
	DeskCount    What = "desk_count"    // acts of a service desk (domain/desk)
)

// Period is the span after which a limit starts anew.
type Period string

// The periods. Days, weeks and months are those of the market's zone.
const (
	Ever     Period = "ever"
	Day      Period = "day"
	Week     Period = "week"
	Month    Period = "month"
	Campaign Period = "campaign" // of a budget: its own from and to
	Window   Period = "window"   // of a template: its open claim window
	// Rolling is the last Hours hours, counted by whole hours: what lies in the hour
	// that the span begins in counts too, so that no span of that length ever holds
	// more than the cap, and one may wait up to an hour longer.
	Rolling Period = "rolling"
)

// Per says whose taking is counted together.
type Per string

// The subjects.
const (
	PerTemplate  Per = "template" // all of a template's own
	PerCampaign  Per = "campaign" // all that draw on a budget
	PerPlacement Per = "placement"
	PerMember    Per = "member"
	PerPerson    Per = "person" // a natural person, of whom several accounts may be
	PerDevice    Per = "device"
	PerPayer     Per = "payer"
	PerStore     Per = "store"  // where a coupon is used
	PerFunder    Per = "funder" // who bears a share of a discount
	PerCode      Per = "code"   // a batch of exchange codes; its cap is the batch's size, nothing names it
	PerAgent     Per = "agent"  // of a service desk; its cap is the desk's quota, no template names it
	PerBatch     Per = "batch"  // a batch of stock; its caps are the batch's size and budget, no template names it
)

// Over is what a discount meets that is more than a limit leaves.
type Over string

// The policies.
const (
	OverMarket   Over = ""         // as the market's prices say (pricing.OverPolicy)
	OverRefuse   Over = "refuse"   // the coupon is refused
	OverTruncate Over = "truncate" // it takes what is left
)

// Stop is what ends when a limit is reached.
type Stop string

// The policies.
const (
	StopOwn    Stop = ""       // the acts that it counts
	StopClaims Stop = "claims" // only new coupons: uses go on, and what they take beyond the cap is counted as over-use
	StopAll    Stop = "all"    // new coupons and uses
)

// Limit is (what, cap, period, per whom). A template or budget may hold any
// number, one for each (What, Period, Hours, Per, Only).
type Limit struct {
	What   What    `json:"what"`
	Period Period  `json:"period"`
	Hours  int64   `json:"hours,omitempty"` // of Rolling
	Per    Per     `json:"per"`
	Only   string  `json:"only,omitempty"` // the one store, or funder as kind:code, that is counted; none: each by itself
	Cap    int64   `json:"cap"`
	Over   Over    `json:"over,omitempty"` // of RedeemAmount
	Stop   Stop    `json:"stop,omitempty"`
	Alarms []int64 `json:"alarms,omitempty"` // percentages of the cap that are told when they are reached, rising
}

// Key names one counter. Template is what the limit lies on: a template, or a
// budget. Start is the first day of the period; of Window the minute since 1970 in
// which it opened, of Rolling the hour, and zero for the row that orders who takes. Subject is the member,
// placement, batch of codes or of stock, or the number of another subject (Numbered), zero for
// the template or budget itself.
type Key struct {
	Template id.ID
	Per      Per
	Subject  id.ID
	What     What
	Period   Period
	Start    calendar.Date
}

// Slot of the counter's row: the subject's where it has one that is no part of
// the template.
func (k Key) Slot() int64 {
	switch k.Per {
	case PerMember, PerPerson, PerDevice, PerPayer, PerAgent:
		return k.Subject.Slot()
	}
	return k.Template.Slot()
}

// Counter is what has been taken under a key. Cap is policy and lives in the
// template or budget; Ceiling = max(cap, taken) is what the CHECK guards; Over
// counts what was taken beyond the cap by rule (late payments). Alarmed is the
// highest taking of which an alarm was told. Rev is meaningful on a stock row only
// (StockKey): the template revision that claims compare (hot-path P9).
type Counter struct {
	Key
	Taken   int64
	Ceiling int64
	Over    int64
	Alarmed int64
	Rev     int64
}

// Unlimited is the cap of a counter that is kept for its figure alone.
const Unlimited = int64(1)<<62 - 1

// StockKey is the counter every published template has: coupons ever issued.
func StockKey(template id.ID) Key {
	return Key{Template: template, Per: PerTemplate, What: IssueCount, Period: Ever}
}
