package server

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// workerTTL is how long a worker number stays ours without renewal; the id
// maker borrows at most seconds, so a minute keeps two holders apart.
const workerTTL = time.Minute

var errNoWorker = errors.New("server: all worker numbers are leased: more than 128 processes on one database, or their leases have not run out yet (one minute)")

// leaseWorker takes a worker number that no living process holds. It starts
// behind the number taken last, so a number rests before it is used again and
// two processes can't make the same id within one second.
func leaseWorker(ctx context.Context, s store.Store, holder string) (number int64, err error) {
	err = s.Update(ctx, store.Control, func(tx store.Tx) error {
		settings, err := tx.Settings().Get([]string{"worker.last"})
		if err != nil {
			return err
		}
		last, _ := strconv.ParseInt(settings["worker.last"], 10, 64)
		now := calendar.Of(time.Now())
		for i := int64(1); i <= id.Workers; i++ {
			number = (last + i) % id.Workers
			_, ok, err := tx.Leases().Acquire(workerLease(number), holder, now, workerTTL)
			if err != nil {
				return err
			}
			if ok {
				return tx.Settings().Put(map[string]string{"worker.last": strconv.FormatInt(number, 10)})
			}
		}
		return errNoWorker
	})
	return number, err
}

func workerLease(number int64) string { return "worker/" + strconv.FormatInt(number, 10) }

// leaseMargin is how long before the end of the lease a number is no longer
// taken for ours: longer than any transaction that was begun under it.
const leaseMargin = 15 * time.Second

// workerNumber is the process's hold on its number in ids.
type workerNumber struct {
	store  store.Store // not fenced: a renewal is a write too
	number int64
	holder string // this process, in leases
	log    *slog.Logger
	wall   func() time.Time
	until  atomic.Int64  // wall milliseconds up to which the number is surely ours
	mu     sync.Mutex    // one renewal at a time
	lost   chan struct{} // closed when another process has the number
}

// hold takes a number for this process.
func hold(ctx context.Context, s store.Store, log *slog.Logger, wall func() time.Time) (*workerNumber, error) {
	w := &workerNumber{store: s, holder: holder(), log: log, wall: wall, lost: make(chan struct{})}
	began := wall()
	var err error
	w.number, err = leaseWorker(ctx, s, w.holder)
	w.ours(began)
	return w, err
}

func (w *workerNumber) ours(since time.Time) {
	w.until.Store(since.Add(workerTTL - leaseMargin).UnixMilli())
}

// isLost reports whether another process has the number.
func (w *workerNumber) isLost() bool {
	select {
	case <-w.lost:
		return true
	default:
		return false
	}
}

// sure returns nil while the number is ours. Where the renewals did not come
// through (a process that stood still, a store that took no writes) it renews
// first: until then another process may hold the number.
func (w *workerNumber) sure(ctx context.Context) error {
	if !w.isLost() && w.wall().UnixMilli() >= w.until.Load() {
		if err := w.renew(ctx); err != nil {
			return err
		}
	}
	if w.isLost() {
		return fault.New(fault.ReadOnlyStore)
	}
	return nil
}

// renew extends the lease, or finds the number lost.
func (w *workerNumber) renew(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.isLost() {
		return nil
	}
	mine, began := true, w.wall()
	err := w.store.Update(ctx, store.Control, func(tx store.Tx) (err error) {
		_, mine, err = tx.Leases().Acquire(workerLease(w.number), w.holder, calendar.Of(began), workerTTL)
		return err
	})
	switch {
	case err != nil:
		return err
	case !mine:
		close(w.lost)
		w.log.Error("another process holds our worker number: no more writes; restart this one")
	default:
		w.ours(began)
	}
	return nil
}

// keep renews the lease until the context ends.
func (w *workerNumber) keep(ctx context.Context) {
	tick := time.NewTicker(workerTTL / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.lost:
			return
		case <-tick.C:
			if err := w.renew(ctx); err != nil {
				w.log.Warn("worker number not renewed", "error", err)
			}
		}
	}
}

// giveBack frees the number for the next process.
func (w *workerNumber) giveBack() {
	err := w.store.Update(context.Background(), store.Control, func(tx store.Tx) error {
		return tx.Leases().Release(workerLease(w.number), w.holder)
	})
	if err != nil {
		w.log.Warn("worker number not given back; it comes free in a minute", "error", err)
	}
}
