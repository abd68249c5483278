package sqlite

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"quan/internal/store/queue"
)

// landing makes commits durable beside the writer, which goes on meanwhile: a
// transaction that was committed is written into the log and seen by others, but
// nobody is told of it, nor of anything that was read after it, before the log has
// been synced behind it. What came together shares a sync.
//
// The log is a sequence, so a crash may only take its end: transactions that nobody
// was told of, and none that another, which was told, was built on.
type landing struct {
	announced atomic.Int64 // the last commit that was begun, and so may be seen
	safe      atomic.Int64 // all up to it are durable, or nothing was written
	broke     func()       // called once a sync failed
	pace      queue.Pace   // of syncs

	mu      sync.Mutex
	waiting []landed
	running bool
	turned  chan struct{} // closed when safe has moved
	sync    func(fd int) error
	failed  error // of a sync: what comes later is as uncertain
}

// landed is a commit that is in the log.
type landed struct {
	number int64
	jobs   []*job
	fd     int // of the log, when it has to be synced; else zero
}

func newLanding(broke func()) *landing {
	return &landing{broke: broke, turned: make(chan struct{}), sync: syncFile}
}

// announce numbers a commit. It comes before the commit can be seen.
func (l *landing) announce() int64 { return l.announced.Add(1) }

// push takes a commit over: its jobs are answered when it is durable.
func (l *landing) push(c landed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, c)
	if !l.running {
		l.running = true
		go l.run()
	}
}

// run syncs and answers until nothing waits.
func (l *landing) run() {
	for {
		l.mu.Lock()
		all, err := l.waiting, l.failed
		l.waiting = nil
		if len(all) == 0 {
			l.running = false
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		if err == nil {
			err = l.settle(all)
		}
		for _, c := range all {
			for _, j := range c.jobs {
				if err != nil {
					j.result = outcome{err: unknown(err)}
				}
				j.answer(j.result)
			}
		}
		l.safe.Store(all[len(all)-1].number)
		l.mu.Lock()
		close(l.turned)
		l.turned = make(chan struct{})
		l.mu.Unlock()
	}
}

// settle syncs the log, when one of the commits needs it.
func (l *landing) settle(all []landed) error {
	fd := 0
	for _, c := range all {
		fd = max(fd, c.fd) // there is one log
	}
	if fd == 0 {
		return nil
	}
	began := time.Now()
	err := l.sync(fd)
	l.pace.Note(time.Since(began))
	if err != nil {
		l.broke()
		l.mu.Lock()
		l.failed = err
		l.mu.Unlock()
	}
	return err
}

// await returns when what could be seen so far is durable.
func (l *landing) await(ctx context.Context) error {
	for n := l.announced.Load(); l.safe.Load() < n; {
		l.mu.Lock()
		turned := l.turned
		l.mu.Unlock()
		if l.safe.Load() >= n {
			break
		}
		select {
		case <-turned:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
