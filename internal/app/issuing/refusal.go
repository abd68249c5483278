package issuing

import (
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// refuse ends an act and gives back what it took.
func (b *batch) refuse(i int, why *fault.Fault, took []limit.Taking, locked *store.Locked) {
	for i := range took {
		if t := &took[i]; t.Takes() {
			limit.Give(locked.Counters[t.Key], t.Amount)
		}
	}
	b.outcomes[i].Err = why
}

// countRefusals counts what was refused, after the commit. Those of a pack are
// counted under the pack.
func (b *batch) countRefusals() {
	now := b.Clock()
	for i, o := range b.outcomes {
		f := fault.From(o.Err)
		if f == nil || f.Class() != fault.Refused || len(b.acts[i].templates) == 0 || b.acts[i].amends != nil { // an agent is told, and no member was refused
			continue
		}
		offer := b.offers[b.acts[i].templates[0]]
		if offer == nil {
			continue
		}
		m := b.markets[offer.Template.Market]
		of := offer.Template.ID
		if b.acts[i].pack != 0 {
			of = b.acts[i].pack
		}
		b.Refusals.Count(m.Code, m.Day(now), of, f.Code, b.acts[i].channel)
		if b.members[i] != 0 {
			b.Refusals.Tell(b.members[i], offer.Template.ID, 0, f, b.acts[i].channel, now)
		}
	}
}
