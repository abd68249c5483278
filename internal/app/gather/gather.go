package gather

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"quan/internal/kernel/fault"
	"quan/internal/store/queue"
)

// Most is the most requests of a batch (hot-path S6).
const Most = 256

// Run settles a batch: outcomes are parallel to the inputs. An error says that
// nothing was done for those inputs that it does not know to be settled.
type Run[I, O any] func(ctx context.Context, in []I) ([]O, error)

// Way is how the requests of a gatherer are settled.
type Way[I, O any] struct {
	Run    Run[I, O]
	Undone func(O) bool // the request goes into the next batch; nil: never
	Meter  *queue.Meter // of the class of these requests
}

// Gatherer holds the lanes of requests, each named by what its requests contend
// for. The zero gatherer is ready; it must not be copied once it is in use.
type Gatherer[K comparable, I, O any] struct {
	mu    sync.Mutex
	lanes map[K]*lane[I, O]
}

// lane exists while its batches run.
type lane[I, O any] struct {
	waiting []*request[I, O]
	begun   time.Time // when the batch under way began
}

// The states of a request: whoever moves it out of queued decides whether it runs.
const (
	queued int32 = iota
	started
	left
)

// request is one that waits for its batch.
type request[I, O any] struct {
	ctx   context.Context
	in    I
	since time.Time
	state atomic.Int32
	done  chan struct{}
	out   O
	err   error
}

// Do settles a request in a batch of its lane and returns its outcome. Beside the
// errors of the run these are its own: overloaded, when nothing was done, and
// outcome_unknown when ctx ended while the batch was under way.
func (g *Gatherer[K, I, O]) Do(ctx context.Context, key K, in I, way Way[I, O]) (out O, err error) {
	r := &request[I, O]{ctx: ctx, in: in, since: way.Meter.Now(), done: make(chan struct{})}
	first, err := g.join(key, r, way.Meter)
	if err != nil {
		return out, err
	}
	if first {
		go g.serve(key, way)
	}
	select {
	case <-r.done:
		return r.out, r.err
	case <-ctx.Done():
	}
	if r.state.CompareAndSwap(queued, left) || r.state.Load() == left {
		return out, gone(ctx)
	}
	select {
	case <-r.done: // at the same moment
		return r.out, r.err
	default:
		return out, fmt.Errorf("gather: left while it was under way: %w: %w", fault.New(fault.OutcomeUnknown), ctx.Err())
	}
}

// gone is the error of a request whose caller left before its batch began.
func gone(ctx context.Context) error {
	return fmt.Errorf("gather: left before it began: %w: %w", fault.New(fault.Overloaded), ctx.Err())
}

// join queues a request and reports whether its lane has to be started.
func (g *Gatherer[K, I, O]) join(key K, r *request[I, O], m *queue.Meter) (first bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lanes == nil {
		g.lanes = map[K]*lane[I, O]{}
	}
	l := g.lanes[key]
	if l == nil {
		g.lanes[key] = &lane[I, O]{waiting: []*request[I, O]{r}, begun: r.since}
		return true, nil
	}
	if err := m.Refuse(m.Expect(r.since.Sub(l.begun), len(l.waiting)/Most)); err != nil {
		return false, err
	}
	l.waiting = append(l.waiting, r)
	return false, nil
}

// serve runs the batches of a lane until nobody waits. A run that calls Goexit
// takes the goroutine with it; another one goes on.
func (g *Gatherer[K, I, O]) serve(key K, way Way[I, O]) {
	var batch, undone []*request[I, O]
	defer func() {
		if batch != nil {
			fail(batch, errExited)
			go g.serve(key, way)
		}
	}()
	for {
		begun := way.Meter.Now()
		if batch = g.take(key, undone, begun); batch == nil {
			return
		}
		for _, r := range batch[len(undone):] {
			way.Meter.Waited(begun.Sub(r.since))
		}
		// The batch is everybody's: it ends with no caller.
		way.settle(context.WithoutCancel(batch[0].ctx), batch)
		way.Meter.Took(way.Meter.Now().Sub(begun))
		undone = way.answer(batch)
		g.let(key)
	}
}

// turns is how often a lane lets others go first, at most.
const turns = 16

// let gives way to who was answered and asks again, and to who came meanwhile, as
// long as each turn brings some: otherwise the next batch would be the quickest ones
// alone, and a commit costs the same for few. Nobody waits for a clock: where nobody
// else runs, a turn takes no time.
func (g *Gatherer[K, I, O]) let(key K) {
	for n, before := 0, -1; n < turns; n++ {
		runtime.Gosched()
		g.mu.Lock()
		waiting := len(g.lanes[key].waiting)
		g.mu.Unlock()
		if waiting == before || waiting >= Most {
			return
		}
		before = waiting
	}
}

// take returns the next batch: the undone ones first, then those that wait and
// whose callers have not left. With none the lane ends.
func (g *Gatherer[K, I, O]) take(key K, batch []*request[I, O], now time.Time) []*request[I, O] {
	g.mu.Lock()
	defer g.mu.Unlock()
	l, n := g.lanes[key], 0
	for ; n < len(l.waiting) && len(batch) < Most; n++ {
		switch r := l.waiting[n]; {
		case r.ctx.Err() == nil:
			if r.state.CompareAndSwap(queued, started) {
				batch = append(batch, r)
			}
		case r.state.CompareAndSwap(queued, left): // its caller may not have seen it yet
			r.err = gone(r.ctx)
			close(r.done)
		}
	}
	l.waiting, l.begun = l.waiting[n:], now
	if len(batch) == 0 {
		delete(g.lanes, key)
		return nil
	}
	return batch
}

func fail[I, O any](batch []*request[I, O], err error) {
	for _, r := range batch {
		r.err = err
		close(r.done)
	}
}

// answer tells the settled requests of a batch and returns the others.
func (w *Way[I, O]) answer(batch []*request[I, O]) (undone []*request[I, O]) {
	for _, r := range batch {
		if r.err == nil && w.Undone != nil && w.Undone(r.out) {
			undone = append(undone, r)
			continue
		}
		close(r.done)
	}
	return undone
}

// settle runs a batch; where it fails for a reason that is no fault, its halves.
func (w *Way[I, O]) settle(ctx context.Context, batch []*request[I, O]) {
	inputs := make([]I, len(batch))
	for i, r := range batch {
		inputs[i] = r.in
	}
	out, err := w.try(ctx, inputs)
	if err != nil && fault.From(err) == nil && len(batch) > 1 {
		w.settle(ctx, batch[:len(batch)/2])
		w.settle(ctx, batch[len(batch)/2:])
		return
	}
	for i, r := range batch {
		if r.err = err; err == nil {
			r.out = out[i]
		}
	}
}

// panicked is the panic of a run.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("gather: panic: %v\n\n%s", p.value, p.stack) }

func (p *panicked) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

var errExited = errors.New("gather: a run called Goexit")

// try turns a panic into the batch's error: the lane's other callers wait.
func (w *Way[I, O]) try(ctx context.Context, in []I) (out []O, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, &panicked{p, debug.Stack()}
		}
	}()
	out, err = w.Run(ctx, in)
	if err == nil && len(out) != len(in) {
		return nil, fmt.Errorf("gather: %d outcomes for %d requests", len(out), len(in))
	}
	return out, err
}
