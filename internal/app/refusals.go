package app

import (
	"encoding/json"
	"sync"

	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Refusals counts refused requests in memory; a worker flushes them each second,
// so a refusal costs no write.
type Refusals struct {
	mu     sync.Mutex
	counts map[store.Refusal]int64 // key with Count zero
	told   map[refusedKey]member.Refused
}

// MostTold bounds how many members' refusals wait to be written: what comes beyond is
// counted by its reason alone.
const MostTold = 4_096

type refusedKey struct {
	member, template id.ID
	code             string
}

// Count adds one refusal.
func (r *Refusals) Count(market string, day calendar.Date, template id.ID, code fault.Code, channel string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = map[store.Refusal]int64{}
	}
	r.counts[store.Refusal{Market: market, Day: day, Template: template, Code: string(code), Channel: channel}]++
}

// Take returns what was counted since the last Take.
func (r *Refusals) Take() []store.Refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]store.Refusal, 0, len(r.counts))
	for k, n := range r.counts {
		k.Count = n
		out = append(out, k)
	}
	clear(r.counts)
	return out
}

// Restore puts back what could not be flushed.
func (r *Refusals) Restore(rows []store.Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = map[store.Refusal]int64{}
	}
	for _, row := range rows {
		n := row.Count
		row.Count = 0
		r.counts[row] += n
	}
}

// Tell notes why a member was refused, so that it can be told later. It costs no
// write: a worker writes some each second.
func (r *Refusals) Tell(who, template, coupon id.ID, f *fault.Fault, channel string, now calendar.Instant) {
	k := refusedKey{who, template, string(f.Code)}
	r.mu.Lock()
	defer r.mu.Unlock()
	old, known := r.told[k]
	if !known && len(r.told) >= MostTold {
		return
	}
	if r.told == nil {
		r.told = map[refusedKey]member.Refused{}
	}
	if !known {
		old.FirstAt = now
	}
	r.told[k] = member.Refused{Member: who, Template: template, Code: k.code, Coupon: coupon, Channel: channel, Facts: refusedFacts(f),
		Count: old.Count + 1, FirstAt: old.FirstAt, LastAt: now}
}

// Told takes at most so many of the members' refusals; their ids are zero.
func (r *Refusals) Told(most int) []member.Refused {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]member.Refused, 0, min(most, len(r.told)))
	for k, row := range r.told {
		if len(out) == most {
			break
		}
		out = append(out, row)
		delete(r.told, k)
	}
	return out
}

// refusedFacts are the parameters of a refusal as a JSON object; of large ones nothing
// is kept.
func refusedFacts(f *fault.Fault) string {
	facts := map[string]any{}
	for _, p := range f.Params {
		facts[p.Name] = p.Value
	}
	b, err := json.Marshal(facts)
	if err != nil || len(b) > member.MostRefusedFacts {
		return "{}"
	}
	return string(b)
}
