package redemption

import (
	"slices"

	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
)

// Order is the order in which refusals are given: those of the coupons, then of
// limits, then of the lock and the order. It is the order of the constants in
// kernel/fault.
var Order = append(slices.Clone(pricing.Order),
	fault.RedeemLimit, fault.RedeemBudget,
	fault.LockNotFound, fault.LockResolved, fault.LockExpired, fault.CartChanged, fault.OrderDiffers,
	fault.OrderUnknown, fault.OrderRefunded, fault.RefundTooMuch, fault.ReturnedAlready, fault.RefundDiffers,
	fault.ThresholdBroken,
)

// refusals gathers what holds against a decision.
type refusals []*fault.Fault

func (r *refusals) add(code fault.Code, params ...any) { *r = append(*r, fault.New(code, params...)) }

// first returns the refusal that comes first in Order with the others in Also;
// what Order does not name (bad input, a broken call) goes before it.
func (r refusals) first() *fault.Fault {
	if len(r) == 0 {
		return nil
	}
	slices.SortStableFunc(r, func(a, b *fault.Fault) int {
		return slices.Index(Order, a.Code) - slices.Index(Order, b.Code)
	})
	first := r[0]
	first.Also = append(first.Also, r[1:]...)
	return first
}
