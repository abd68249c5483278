package issuing

import (
	"context"
	"errors"
	"runtime/debug"
	"strings"
	"sync"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// errPanicked is a panic of a batch, which is in the log.
var errPanicked = errors.New("issuing: a batch of claims panicked")

// mostGathered bounds a batch (hot-path S6).
const mostGathered = 256

// gatherer collects claims while the batch before them is being committed: what
// has queued then is the next batch, without a timer, so a lone claim does not
// wait. The zero gatherer is ready.
type gatherer struct {
	mu    sync.Mutex
	lanes map[lane][]*gathered // claims that wait; a lane exists while its batches run
}

// lane holds the claims of one template by one principal as it was authenticated:
// a batch has one of each. One transaction of a lane is in flight (hot-path P1).
type lane struct {
	template id.ID
	caller   string
	member   id.ID // of a browser's token
	scope    string
}

// gathered is one claim that waits for its batch.
type gathered struct {
	in   ClaimInput
	done chan struct{}
	out  Outcome
	err  error
}

// ClaimGathered is Claim for one request among many: it shares a transaction with
// those that arrive at the same time. A caller that gives up before the answer
// gets outcome_unknown; its claim goes on and the same key tells what became of it.
func (s *Issuing) ClaimGathered(ctx context.Context, by access.Principal, in ClaimInput) (Outcome, error) {
	if err := by.May(access.CouponClaim); err != nil {
		return Outcome{}, err
	}
	g := &gathered{in: in, done: make(chan struct{})}
	key := lane{in.Template, by.ID, by.Member, scopeText(by.Scope)}
	if s.gather.join(key, g) {
		// The batch is everybody's: it doesn't end with the caller that began it.
		go s.runLane(context.WithoutCancel(ctx), by, key)
	}
	select {
	case <-g.done:
		return g.out, g.err
	case <-ctx.Done():
		return Outcome{}, errors.Join(fault.New(fault.OutcomeUnknown), ctx.Err())
	}
}

func scopeText(s access.Scope) string {
	return strings.Join(s.Merchants, "\x00") + "\x01" + strings.Join(s.Stores, "\x00") + "\x01" + strings.Join(s.Cities, "\x00")
}

// join queues a claim and reports whether its lane has to be started.
func (q *gatherer) join(key lane, g *gathered) (first bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.lanes == nil {
		q.lanes = map[lane][]*gathered{}
	}
	_, running := q.lanes[key]
	q.lanes[key] = append(q.lanes[key], g)
	return !running
}

// take returns the next batch; with none left the lane ends.
func (q *gatherer) take(key lane) []*gathered {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := q.lanes[key]
	if len(waiting) == 0 {
		delete(q.lanes, key)
		return nil
	}
	n := min(len(waiting), mostGathered)
	q.lanes[key] = waiting[n:]
	return waiting[:n:n]
}

// runLane commits batches until nobody waits.
func (s *Issuing) runLane(ctx context.Context, by access.Principal, key lane) {
	for batch := s.gather.take(key); batch != nil; batch = s.gather.take(key) {
		s.runGathered(ctx, by, batch)
		for _, g := range batch {
			close(g.done)
		}
	}
}

// runGathered commits one batch. An error that is no fault is somebody's bug and
// must not be everybody's: the batch is run again in halves down to the one that
// has it (hot-path P7). Nothing of it was written.
func (s *Issuing) runGathered(ctx context.Context, by access.Principal, batch []*gathered) {
	inputs := make([]ClaimInput, len(batch))
	for i, g := range batch {
		inputs[i] = g.in
	}
	out, err := s.claimSafely(ctx, by, inputs)
	if err != nil && fault.From(err) == nil && len(batch) > 1 {
		s.runGathered(ctx, by, batch[:len(batch)/2])
		s.runGathered(ctx, by, batch[len(batch)/2:])
		return
	}
	for i, g := range batch {
		if g.err = err; err == nil {
			g.out = out[i]
		}
	}
}

// claimSafely turns a panic into the batch's error: the lane's other callers wait.
func (s *Issuing) claimSafely(ctx context.Context, by access.Principal, inputs []ClaimInput) (out []Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("a batch of claims panicked", "panic", p, "stack", string(debug.Stack()))
			out, err = nil, errPanicked
		}
	}()
	return s.Claim(ctx, by, inputs)
}
