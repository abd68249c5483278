package issue

import (
	"slices"

	"quan/internal/domain/limit"
	"quan/internal/domain/schedule"
	"quan/internal/domain/stock"
	"quan/internal/kernel/fault"
)

// draw is the batch of stock that a request takes its coupon from; nil where the
// template has none, or none gives it out.
type draw struct {
	*stock.Batch
	refusal fault.Code // batch_closed, sold_out or budget_exhausted; "" for none
}

// open are the batches that the request may draw from now, in order.
func (r *Request) open() []*stock.Batch {
	return stock.Open(stock.Candidates(r.Batches, r.Batch, r.placement()), r.Now, func(b *stock.Batch) bool {
		span := r.interval(b)
		return span.To <= span.From || span.To <= r.Now
	})
}

// draw finds the first batch with room. One whose counters are not there was
// closed when they were locked, and counts as closed.
func (r *Request) draw(counters map[limit.Key]*limit.Counter) draw {
	if len(r.Batches) == 0 {
		return draw{}
	}
	liability, _ := r.Version.Doc.Terms.Liability()
	found := draw{refusal: fault.BatchClosed}
next:
	for _, b := range r.open() {
		why := fault.Code("")
		for _, t := range b.Takings(liability) {
			row := counters[t.Key]
			if row == nil {
				continue next
			}
			if why == "" && !limit.Room(*row, t.Limit.Cap, t.Amount) {
				why = refusalOf(&t)
			}
		}
		if why == "" {
			return draw{Batch: b}
		}
		if found.refusal != fault.BudgetExhausted { // some have coupons left, if not the money
			found.refusal = why
		}
	}
	return found
}

// ownDates reports whether a batch that the request may draw from has dates of its own.
func (r *Request) ownDates() bool {
	return slices.ContainsFunc(stock.Candidates(r.Batches, r.Batch, r.placement()), func(b *stock.Batch) bool { return b.Validity != nil })
}

// Span is when a coupon that is issued now could be used: with batches of stock, as
// the first open one says, room aside.
func (r *Request) Span() schedule.Interval {
	if open := r.open(); len(open) > 0 {
		return r.interval(open[0])
	}
	return r.interval(nil)
}

// batchKeys names the counters of all batches that the request may draw from.
func (r *Request) batchKeys() (keys []limit.Key) {
	for _, b := range r.open() {
		for _, t := range b.Takings(0) {
			keys = append(keys, t.Key)
		}
	}
	return keys
}

// validity is that of the batch, or the template's own.
func (r *Request) validity(b *stock.Batch) schedule.Validity {
	if b != nil && b.Validity != nil {
		return *b.Validity
	}
	return r.Version.Doc.Terms.Validity
}
