package sqlite

import (
	"sync/atomic"

	"quan/internal/store"
	"quan/internal/store/queue"
)

// Stats counts since Open.
type Stats struct {
	Commits   int64 // transactions committed
	Closures  int64 // closures in them, refused ones included
	Rollbacks int64 // transactions lost as a whole
	Largest   int64 // closures in the largest commit
	Queue     int   // closures waiting now
	LogPages  int64 // pages in the write-ahead log when last looked at
	Logged    int64 // bytes that the writer has written into the log; zero where the system writes it (see logVFS)
	Full      bool  // the disk was full at the last write
	Latched   bool  // a commit's outcome is unknown: no more writes until a restart
}

type counts struct {
	commits, closures, rollbacks, largest, log atomic.Int64
}

func (c *counts) batch(n int) {
	if n == 0 {
		return // everyone had left
	}
	c.commits.Add(1)
	c.closures.Add(int64(n))
	if int64(n) > c.largest.Load() { // only the writer stores
		c.largest.Store(int64(n))
	}
}

// Stats returns the counts; all zero for a read-only engine.
func (e *Engine) Stats() Stats {
	w := e.writer
	if w == nil {
		return Stats{}
	}
	return Stats{
		Commits: w.counts.commits.Load(), Closures: w.counts.closures.Load(),
		Rollbacks: w.counts.rollbacks.Load(), Largest: w.counts.largest.Load(),
		Queue: w.waiting(), LogPages: w.counts.log.Load(), Logged: logged(e.path),
		Full: w.full.Load(), Latched: w.latched.Load(),
	}
}

// Waits is how long closures have waited for the writer, by class.
func (e *Engine) Waits() (all [queue.Classes]queue.Waits) {
	if e.writer == nil {
		return all
	}
	for c := range all {
		all[c] = e.writer.waits[c].Waits()
	}
	return all
}

// Urgent counts turns of the classes before this one.
func (e *Engine) Urgent(class store.Class) (n int64) {
	if e.writer == nil {
		return 0
	}
	for c := range class {
		n += e.writer.waits[c].Turns()
	}
	return n
}

// Queue is how many closures wait for the writer now.
func (e *Engine) Queue() int { return e.Stats().Queue }
