package issue

import "quan/internal/kernel/fault"

// Order is the order in which refusals are looked for: the first that holds is
// given. It is the order of the constants in kernel/fault.
var Order = []fault.Code{
	fault.CodeInvalid, fault.TemplateNotPublished, fault.TemplateArchived, fault.ClaimingStopped, fault.ClaimNotStarted,
	fault.ClaimClosed, fault.ClaimEnded, fault.PlacementClosed, fault.BatchClosed, fault.BudgetClosed, fault.ChannelNotAllowed, fault.CityNotAllowed, fault.ConditionNotMet, fault.MemberBlocked,
	fault.NewcomerHeld, fault.MemberLimit, fault.PersonLimit, fault.DeviceLimit, fault.PayerLimit, fault.PlacementLimit, fault.PeriodLimit, fault.SoldOut,
	fault.BudgetExhausted,
}
