package page

import "quan/internal/kernel/fault"

// State in which a visitor finds the page.
type State string

// The states.
const (
	Open    State = "open"
	Before  State = "before"   // not yet, or between two sessions: the page counts down
	SoldOut State = "sold_out" // for now or for ever: nothing is left
	Ended   State = "ended"
	Paused  State = "paused"  // somebody switched it off
	Claimed State = "claimed" // the member has what a member gets
	Refused State = "refused" // not for this member; the reason says why
)

// StateOf is the state that a refusal means for everybody; what speaks against one
// member only leaves the page open.
func StateOf(f *fault.Fault) State {
	if f == nil {
		return Open
	}
	switch f.Code {
	case fault.ClaimNotStarted, fault.ClaimClosed:
		return Before
	case fault.SoldOut, fault.BudgetExhausted, fault.PlacementLimit, fault.PeriodLimit:
		return SoldOut
	case fault.ClaimEnded, fault.TemplateArchived:
		return Ended
	case fault.ClaimingStopped, fault.PlacementClosed, fault.BatchClosed, fault.BudgetClosed, fault.PackClosed, fault.TemplateNotPublished, fault.ChannelNotAllowed:
		return Paused
	}
	return Open
}

// Own is the state that a refusal means for a member who holds claimed coupons of the
// page.
func Own(f *fault.Fault, claimed bool) State {
	switch everybody := StateOf(f); {
	case f == nil:
		return Open
	case claimed && f.Code != fault.ClaimNotStarted:
		return Claimed
	case everybody != Open:
		return everybody
	}
	return Refused
}
