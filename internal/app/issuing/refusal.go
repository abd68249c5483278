package issuing

import "quan/internal/kernel/fault"

// countRefusals counts what was refused, after the commit.
func (b *batch) countRefusals() {
	now := b.Clock()
	for i, o := range b.outcomes {
		f := fault.From(o.Err)
		if f == nil || f.Class() != fault.Refused || len(b.acts[i].templates) == 0 {
			continue
		}
		offer := b.offers[b.acts[i].templates[0]]
		if offer == nil {
			continue
		}
		m := b.markets[offer.Template.Market]
		b.Refusals.Count(m.Code, m.Day(now), offer.Template.ID, f.Code, b.acts[i].channel)
	}
}
