package app

import (
	"sync"

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
