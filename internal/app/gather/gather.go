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

// Most is the most requests of a batch (hot-path S6), and Few what any batch may
// have.
const (
	Most = 256
	Few  = 8
)

// part is how large a part of its lane's requests a batch takes at most, those under
// way counted (half), and how large a part of those under way a batch is at least that
// begins beside them. So requests go round in two or three groups: while one is
// decided, others are synced, answered, sent and read. In one batch all would wait for
// each of these steps together, on one processor, and a commit costs the same for few.
// When nothing is under way, any batch begins.
const part = 2

// deepest is how many batches of a lane are under way at most: one that is being
// decided, one that is being committed and one that is being synced, on SQLite.
const deepest = 3

// Run settles a batch: outcomes are parallel to the inputs. An error says that
// nothing was done for those inputs that it does not know to be settled. It may call
// leave when all is decided and only the commit is to come: the lane's next batch
// begins then. It may be called again, from any goroutine, and does not wait.
type Run[I, O any] func(ctx context.Context, in []I, leave func()) ([]O, error)

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

// lane exists while requests wait or batches are under way.
type lane[I, O any] struct {
	waiting []*request[I, O]
	undone  []*request[I, O] // of batches that are over: they have begun, and come first
	begun   time.Time        // when the last batch began
	entered bool             // a batch is taken, or about to be, that has not left
	running int              // batches under way, those that are being committed too
	under   int              // requests in them
}

// size is how many requests the next batch takes at most.
func (l *lane[I, O]) size() int {
	return min(Most, max(Few, (len(l.undone)+len(l.waiting)+l.under)/part))
}

// enter reports whether the next batch is to be taken, by whoever asks.
func (l *lane[I, O]) enter() bool {
	next := len(l.waiting) + len(l.undone)
	if l.entered || l.running == deepest || next == 0 || next*part < l.under {
		return false
	}
	l.entered = true
	return true
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
		l = &lane[I, O]{begun: r.since}
		g.lanes[key] = l
	} else if err := m.Refuse(m.Expect(r.since.Sub(l.begun), len(l.waiting)/l.size())); err != nil {
		return false, err
	}
	l.waiting = append(l.waiting, r)
	return l.enter(), nil
}

// serve takes a batch of a lane that was entered and runs it, and then the next one,
// unless somebody else has entered since the batch left.
func (g *Gatherer[K, I, O]) serve(key K, way Way[I, O]) {
	for again := true; again; {
		again = g.batch(key, way)
	}
}

// batch runs one batch and reports whether the caller is to run the next. A run
// that calls Goexit takes the goroutine with it; another one goes on.
func (g *Gatherer[K, I, O]) batch(key K, way Way[I, O]) (again bool) {
	begun := way.Meter.Now()
	batch, begins := g.take(key, begun)
	if len(batch) == 0 {
		return false
	}
	for _, r := range batch[begins:] {
		way.Meter.Waited(begun.Sub(r.since))
	}
	var gone atomic.Bool
	leave := func() {
		if !gone.Swap(true) && g.left(key) {
			go func() {
				g.let(key)
				g.serve(key, way)
			}()
		}
	}
	ended := false
	defer func() {
		if ended {
			return
		}
		fail(batch, errExited)
		if g.over(key, len(batch), gone.Load(), nil) {
			go g.serve(key, way)
		}
	}()
	// The batch is everybody's: it ends with no caller.
	way.settle(context.WithoutCancel(batch[0].ctx), batch, leave)
	ended = true
	way.Meter.Took(way.Meter.Now().Sub(begun))
	undone := way.answer(batch)
	g.let(key)
	return g.over(key, len(batch), gone.Load(), undone)
}

// left notes that a batch is being committed and reports whether the next one is
// to be taken.
func (g *Gatherer[K, I, O]) left(key K) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.lanes[key]
	l.entered = false
	return l.enter()
}

// over notes that a batch of so many is over, whether it had left or not, and reports
// whether the next one is to be taken. Without any the lane ends.
func (g *Gatherer[K, I, O]) over(key K, size int, gone bool, undone []*request[I, O]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.lanes[key]
	l.running--
	l.under -= size
	if !gone {
		l.entered = false
	}
	l.undone = append(l.undone, undone...)
	next := l.enter()
	g.end(key, l)
	return next
}

// end forgets a lane in which nothing is under way: who waits would have entered.
func (g *Gatherer[K, I, O]) end(key K, l *lane[I, O]) {
	if l.running == 0 && !l.entered {
		delete(g.lanes, key)
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
		waiting := g.waiting(key)
		if waiting == before || waiting >= Most {
			return
		}
		before = waiting
	}
}

// waiting is how many wait in a lane behind its batches.
func (g *Gatherer[K, I, O]) waiting(key K) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if l := g.lanes[key]; l != nil {
		return len(l.waiting)
	}
	return 0
}

// take returns the next batch of a lane that was entered: the undone ones, and from
// begins on those that wait and whose callers have not left. With none nobody is in
// the lane any more.
func (g *Gatherer[K, I, O]) take(key K, now time.Time) (batch []*request[I, O], begins int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	l, n := g.lanes[key], 0
	most := l.size()
	batch, l.undone = l.undone, nil
	begins = len(batch)
	for ; n < len(l.waiting) && len(batch) < most; n++ {
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
		l.entered = false
		g.end(key, l)
		return nil, 0
	}
	l.running++
	l.under += len(batch)
	return batch, begins
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
func (w *Way[I, O]) settle(ctx context.Context, batch []*request[I, O], leave func()) {
	inputs := make([]I, len(batch))
	for i, r := range batch {
		inputs[i] = r.in
	}
	out, err := w.try(ctx, inputs, leave)
	if err != nil && fault.From(err) == nil && len(batch) > 1 {
		w.settle(ctx, batch[:len(batch)/2], leave)
		w.settle(ctx, batch[len(batch)/2:], leave)
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
func (w *Way[I, O]) try(ctx context.Context, in []I, leave func()) (out []O, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, &panicked{p, debug.Stack()}
		}
	}()
	out, err = w.Run(ctx, in, leave)
	if err == nil && len(out) != len(in) {
		return nil, fmt.Errorf("gather: %d outcomes for %d requests", len(out), len(in))
	}
	return out, err
}
