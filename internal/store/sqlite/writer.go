package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/queue"
	"quan/internal/store/sqlrepo"
)

const (
	batchClosures = 512
	batchTime     = 4 * time.Millisecond
	remembered    = 64 << 10 // rows of a kind that the memory holds at least: some 20 MB of them all
)

// writer runs all closures on its one connection. Its queue is guarded by mu;
// the rest belongs to the goroutine of loop.
type writer struct {
	session *session
	memory  *sqlrepo.Memory
	foreign int64 // PRAGMA data_version: another number says that another connection has written
	counts  counts

	mu      sync.Mutex
	wake    sync.Cond
	queue   queue.Queue[*job]
	pace    queue.Pace // of transactions
	rest    queue.Pace // of what they take beside their closures: begin, savepoints, commit
	busy    time.Time  // when the transaction under way began; zero: none is
	waits   [queue.Classes]queue.Meter
	closed  bool
	ended   chan struct{} // closed when loop has drained the queue
	instant func() time.Time

	landing *landing
	gate    sync.Mutex // held during a transaction; the checkpointer takes it to get the log to itself
	latched atomic.Bool
	full    atomic.Bool

	batch   []*job // taken from the queue and not answered
	more    int    // how many of the queue belong to this transaction: those that waited when it began
	next    int    // the first of batch that has not run in this transaction
	open    bool   // a transaction is open
	lone    bool   // it has one closure and no savepoint
	undone  bool   // it had, and is rolled back
	running *job   // its closure has been called and is not settled
	begun   time.Time

	committing func() error  // run before COMMIT; tests make it fail
	limit      time.Duration // batchTime, but in tests
}

func newWriter(s *session, mostWait time.Duration, load func(sqlrepo.Load)) *writer {
	w := &writer{session: s, memory: sqlrepo.NewMemory(remembered, load), ended: make(chan struct{}), limit: batchTime, instant: time.Now}
	for c := range w.waits {
		w.waits[c].Most = mostWait
	}
	w.wake.L = &w.mu
	w.landing = newLanding(w.latch)
	return w
}

// submit queues a job. It is refused when the writer is closed, and when its class
// would wait too long.
func (w *writer) submit(j *job) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return errClosed
	}
	j.since = w.instant()
	if queue.Sheds(j.class) {
		wait := w.expect(j.class, j.since)
		if err := w.waits[j.class].Refuse(wait); err != nil {
			return fmt.Errorf("sqlite: expected wait %s: %w", wait, err)
		}
	}
	w.queue.Push(j.class, j)
	if w.queue.Len() == 1 {
		w.wake.Signal()
	}
	return nil
}

// expect is how long a newcomer would wait for its turn: for the transaction under
// way, for the closures in front, and for the commits between them.
func (w *writer) expect(c store.Class, now time.Time) time.Duration {
	closures := w.queue.Expect(c)
	commits := max(int64(closures/batchTime), int64(w.queue.Len()/batchClosures))
	wait := closures + time.Duration(commits*int64(w.rest.Mean()))
	if !w.busy.IsZero() {
		wait += w.pace.Rest(now.Sub(w.busy))
	}
	return wait
}

// over reports whether the writer is closed.
func (w *writer) over() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

// take begins a transaction of what is left of the last one and of what has queued
// since, waiting for the first; false means that the writer is closed and the
// queue is empty.
func (w *writer) take() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.queue.Len() == 0 && len(w.batch) == 0 && !w.closed {
		w.busy = time.Time{}
		w.wake.Wait()
	}
	w.more = min(w.queue.Len(), batchClosures-len(w.batch))
	w.busy = w.instant()
	return len(w.batch)+w.more > 0
}

// pop moves the queue's next job to the end of the batch.
func (w *writer) pop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.more--
	if j, ok := w.queue.Pop(); ok {
		w.waits[j.class].Waited(w.instant().Sub(j.since))
		w.batch = append(w.batch, j)
	}
}

// measure notes what the transaction has cost, and its closures.
func (w *writer) measure(ran []*job) {
	if len(ran) == 0 {
		return // everyone had left
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	took := w.instant().Sub(w.busy)
	w.pace.Note(took)
	rest := took
	for _, j := range ran {
		rest -= j.took
		w.queue.Took(j.class, j.took)
	}
	w.rest.Note(rest)
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
	for w.open || w.take() {
		w.advance()
	}
	ended = true
}

func (w *writer) waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.queue.Len()
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
		if w.next == len(w.batch) && w.more == 0 || w.next > 0 && w.instant().Sub(w.begun) > w.limit {
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
		_ = w.landing.await(context.Background()) // which does not end
		if w.latched.Load() {
			w.session.keepLog()
		} else {
			_, err = w.session.number("PRAGMA wal_checkpoint(TRUNCATE)")
		}
	}
	return errors.Join(err, w.session.Close())
}

// latch refuses writes for the rest of the process's life.
func (w *writer) latch() { w.latched.Store(true) }

func errReadOnly() error { return fault.New(fault.ReadOnlyStore) }
func errFull() error     { return fault.New(fault.StoreFull) }
