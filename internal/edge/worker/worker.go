package worker

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"quan/internal/app/upkeep"
	"quan/internal/domain/job"
	"quan/internal/store"
)

// Job is work that one process does at a time, in small pieces. Run does one
// piece and says how much it did; while that is not nothing it is run again.
type Job struct {
	Name  string // also its lease
	Every time.Duration
	// Share is how many hundredths of the time its pieces may take together while
	// there is more to do: after each, the job rests in proportion. 0 is no bound.
	Share int
	Run   func(ctx context.Context) (n int, err error)
}

// Config says what a worker does beside its own loops.
type Config struct {
	Holder   string // names this process in leases; no other has it
	Sink     Sink
	Jobs     []Job           // expiry of coupons and locks
	Kinds    map[string]Kind // jobs of the table that this process runs
	Periodic []job.Periodic
	Slots    int      // jobs at once; 0: two
	Observe  Observer // nil: nobody
	Clock    Clock
	Log      *slog.Logger
}

// How often the loops look for work, how long a lease and a turn live.
const (
	deliverEvery = 500 * time.Millisecond
	foldEvery    = 5 * time.Second
	flushEvery   = time.Second
	claimEvery   = time.Second
	rescueEvery  = 10 * time.Second
	enqueueEvery = time.Second
	slots        = 2
	leaseTTL     = 20 * time.Second
	turnTime     = 10 * time.Second
)

// Worker runs the loops of one process.
type Worker struct {
	upkeep *upkeep.Upkeep
	config Config
	loops  []*loop
	slots  []*slot
}

// New makes a worker; Run starts it.
func New(u *upkeep.Upkeep, config Config) *Worker {
	w := &Worker{upkeep: u, config: config}
	w.add("deliver", deliverEvery, true, w.deliver)
	w.add("fold", foldEvery, true, func(ctx context.Context, lease store.Lease) (bool, error) {
		n, err := u.Fold(ctx, lease)
		return n == upkeep.Batch, err
	})
	w.add("flush", flushEvery, false, func(ctx context.Context, _ store.Lease) (bool, error) {
		return false, errors.Join(u.FlushRefusals(ctx), u.FlushTraffic(ctx))
	})
	for _, job := range config.Jobs {
		w.add(job.Name, job.Every, true, func(ctx context.Context, _ store.Lease) (bool, error) {
			n, err := job.Run(ctx)
			return n > 0, err
		})
		w.loops[len(w.loops)-1].share = job.Share
	}
	w.addJobs()
	return w
}

// addJobs adds the loops of the jobs of the table.
func (w *Worker) addJobs() {
	if len(w.config.Kinds) == 0 {
		return
	}
	w.add("rescue", rescueEvery, true, func(ctx context.Context, lease store.Lease) (bool, error) {
		n, err := w.upkeep.Rescue(ctx, lease)
		return n == upkeep.Batch, err
	})
	if len(w.config.Periodic) > 0 {
		w.add("enqueue", enqueueEvery, true, func(ctx context.Context, lease store.Lease) (bool, error) {
			_, err := w.upkeep.Enqueue(ctx, lease, w.config.Periodic)
			return false, err
		})
	}
	for i := range cmp.Or(w.config.Slots, slots) {
		s := &slot{Worker: w}
		w.slots = append(w.slots, s)
		w.add("jobs "+strconv.Itoa(i+1), claimEvery, false, s.turn)
	}
}

func (w *Worker) add(name string, every time.Duration, leased bool, turn turn) {
	w.loops = append(w.loops, &loop{Worker: w, name: name, every: every, leased: leased, turn: turn})
}

// Run takes turns until the context ends, finishes those under way, and returns.
func (w *Worker) Run(ctx context.Context) {
	var loops sync.WaitGroup
	for _, l := range w.loops {
		loops.Go(func() { l.run(ctx) })
	}
	loops.Wait()
	rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), turnTime)
	defer cancel()
	if err := errors.Join(w.upkeep.FlushRefusals(rest), w.upkeep.FlushTraffic(rest)); err != nil {
		w.config.Log.Error("worker: last flush", "error", err)
	}
	for _, s := range w.slots {
		s.giveBack(rest)
	}
	for _, l := range w.loops {
		l.release(rest)
	}
}

// Drain takes turns of every loop, in this goroutine, until a round finds
// nothing more to do or one fails: for tests, and for a demo that is to end with
// everything folded and delivered.
func (w *Worker) Drain(ctx context.Context) error {
	for more := true; more; {
		more = false
		for _, l := range w.loops {
			again, err := l.take(ctx)
			if err != nil {
				return err
			}
			more = more || again
		}
	}
	return ctx.Err()
}

// deliver hands a batch to the sink and marks it.
func (w *Worker) deliver(ctx context.Context, lease store.Lease) (more bool, err error) {
	rows, err := w.upkeep.Undelivered(ctx)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	if err := w.config.Sink.Deliver(ctx, rows); err != nil {
		return false, err
	}
	return len(rows) == upkeep.Batch, w.upkeep.Delivered(ctx, lease, rows)
}
