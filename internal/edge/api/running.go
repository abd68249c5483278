package api

import (
	"sync"

	"quan/internal/kernel/fault"
)

// running counts the requests under way by caller and key. Twins wait for each
// other at the store's locks; only one whose wait ran out is told that the other
// is still running (docs/adr/0008).
type running struct {
	mu     sync.Mutex
	counts map[string]int
}

// start notes a request and returns its end.
func (r *running) start(name string) (end func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = map[string]int{}
	}
	r.counts[name]++
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.counts[name]--; r.counts[name] == 0 {
			delete(r.counts, name)
		}
	}
}

// twin reports whether another request of this name is under way.
func (r *running) twin(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts[name] > 1
}

// begin notes that the call acts under a key, until the call ends.
func (c *call) begin(key string) {
	if c.running == nil || c.twins != "" {
		return
	}
	c.twins = c.principal.ID + "\x00" + key
	c.end = c.running.start(c.twins)
}

// waited turns "overloaded" into "still running" where the wait was for a twin.
func (c *call) waited(f *fault.Fault) *fault.Fault {
	if f.Code == fault.Overloaded && c.twins != "" && c.running.twin(c.twins) {
		return fault.New(fault.KeyRunning).At("header:Idempotency-Key")
	}
	return f
}
