package sqlite

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"quan/internal/kernel/fault"
)

const (
	batchClosures = 512
	batchTime     = 4 * time.Millisecond
)

// writer runs all closures on its one connection. Its queue is guarded by mu;
// the rest belongs to the goroutine of loop.
type writer struct {
	session *session
	counts  counts

	mu     sync.Mutex
	wake   sync.Cond
	queue  []*job
	closed bool
	ended  chan struct{} // closed when loop has drained the queue

	gate    sync.Mutex // held during a transaction; the checkpointer takes it to get the log to itself
	latched atomic.Bool
	full    atomic.Bool

	batch   []*job // taken from the queue and not answered
	next    int    // the first of batch that has not run in this transaction
	open    bool   // a transaction is open
	lone    bool   // it has one closure and no savepoint
	undone  bool   // it had, and is rolled back
	running *job   // its closure has been called and is not settled
	begun   time.Time

	committing func() error  // run before COMMIT; tests make it fail
	limit      time.Duration // batchTime, but in tests
}

func newWriter(s *session) *writer {
	w := &writer{session: s, ended: make(chan struct{}), limit: batchTime}
	w.wake.L = &w.mu
	return w
}

// submit queues a job; false means that the writer is closed.
func (w *writer) submit(j *job) bool {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return false
	}
	w.queue = append(w.queue, j)
	first := len(w.queue) == 1
	w.mu.Unlock()
	if first {
		w.wake.Signal()
	}
	return true
}

// over reports whether the writer is closed.
func (w *writer) over() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

// take fills the batch with what has queued, waiting for the first; false means
// that the writer is closed and the queue is empty.
func (w *writer) take() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) == 0 && !w.closed {
		w.wake.Wait()
	}
	n := min(len(w.queue), batchClosures-len(w.batch))
	w.batch = append(w.batch, w.queue[:n]...)
	rest := copy(w.queue, w.queue[n:])
	clear(w.queue[rest:])
	w.queue = w.queue[:rest]
	return len(w.batch) > 0
}

// loop writes until the writer is closed and drained. A closure that calls
// Goexit takes the goroutine with it; a new one goes on where it stopped.
func (w *writer) loop() {
	ended := false
	defer func() {
		if ended {
			close(w.ended)
		} else {
			go w.loop()
		}
	}()
	for w.open || w.more() {
		w.advance()
	}
	ended = true
}

// more fills the batch: without waiting when some are left over.
func (w *writer) more() bool {
	if len(w.batch) > 0 && w.waiting() == 0 {
		return true
	}
	return w.take()
}

func (w *writer) waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.queue)
}

// advance takes the batch as far as the end of one transaction.
func (w *writer) advance() {
	if !w.open && !w.begin() {
		return
	}
	for {
		if j := w.running; j != nil {
			w.running = nil
			if err := w.settle(j); err != nil {
				w.lose(j, err)
				return
			}
		}
		if w.next == len(w.batch) || w.next > 0 && time.Since(w.begun) > w.limit {
			w.commit()
			return
		}
		if !w.call() {
			return
		}
	}
}

// close stops taking jobs and waits for the accepted ones, when loop runs at all.
func (w *writer) close(looping bool) error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.wake.Signal()
	var err error
	if looping {
		<-w.ended
		if !w.latched.Load() {
			_, err = w.session.number("PRAGMA wal_checkpoint(TRUNCATE)")
		}
	}
	return errors.Join(err, w.session.Close())
}

// latch refuses writes for the rest of the process's life.
func (w *writer) latch() { w.latched.Store(true) }

func errReadOnly() error { return fault.New(fault.ReadOnlyStore) }
func errFull() error     { return fault.New(fault.StoreFull) }
