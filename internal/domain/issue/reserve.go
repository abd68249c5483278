package issue

import (
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
)

// Reserved are the takings of limits on liability alone: what a coupon has to hold
// that stands for another one, whose place it takes in all other limits on issuing. A
// limit whose subject is not known counts nothing.
func Reserved(r *Request) (held []limit.Taking) {
	for _, t := range r.takings() {
		if t.Limit.What == limit.Liability && t.Missing == "" {
			held = append(held, t)
		}
	}
	return held
}

// Reserve takes what Reserved returned, or refuses it with budget_exhausted and takes
// nothing.
func Reserve(held []limit.Taking, counters map[limit.Key]*limit.Counter) *fault.Fault {
	at := func(k limit.Key) *limit.Counter { return counters[k] }
	for i := range held {
		t := &held[i]
		if counters[t.Key] == nil {
			return fault.New(fault.InternalError, "counter", string(t.Key.What))
		}
		if !t.Fits(at) {
			return full(t)
		}
	}
	for i := range held {
		if t := &held[i]; t.Takes() {
			limit.Take(counters[t.Key], t.Limit.Cap, t.Amount)
		}
	}
	return nil
}
