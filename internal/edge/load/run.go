package load

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Plan says how to ask.
type Plan struct {
	Rate        int64         // requests a second, in even distances; 0: as fast as answers come
	Duration    time.Duration // of the run
	Connections int           // requests under way at most
	Progress    func(done, refused int64)
}

// Work is what is asked.
type Work struct {
	Name    string
	Most    int64 // requests there are; 0 is no bound
	Request func(n int64) Request
}

// Result is what a run brought.
type Result struct {
	Work      string
	Plan      Plan
	Took      time.Duration
	Latencies Histogram // of requests that were answered, as asked or not
	Done      int64     // as asked
	Codes     map[string]int64
	Unsent    int64 // of the rate: whose moment came, but no connection was free before the end
	Stopped   bool  // before its time
	UsedUp    bool  // nothing prepared was left
}

// Refused is how many answers were no success, or none.
func (r *Result) Refused() (n int64) {
	for _, k := range r.Codes {
		n += k
	}
	return n
}

// noAnswer counts requests whose connection broke.
const noAnswer = "no_answer"

// stopLimit is how long a stopped run waits for answers that are under way.
const stopLimit = 2 * time.Second

// run is one run under way.
type run struct {
	Plan
	work    Work
	target  *Target
	began   time.Time
	end     time.Time
	next    atomic.Int64
	done    atomic.Int64
	refused atomic.Int64
	usedUp  atomic.Bool
}

// Run asks until the time is over, the work is used up or the context ends.
func (t *Target) Run(ctx context.Context, work Work, plan Plan) *Result {
	r := &run{Plan: plan, work: work, target: t, began: time.Now()}
	r.end = r.began.Add(plan.Duration)
	result := &Result{Work: work.Name, Plan: plan, Codes: map[string]int64{}}
	var mu sync.Mutex
	var running sync.WaitGroup
	for range max(plan.Connections, 1) {
		running.Go(func() {
			a := &asker{run: r, codes: map[string]int64{}}
			a.all(ctx)
			mu.Lock()
			defer mu.Unlock()
			result.Latencies.Add(&a.latencies)
			for code, n := range a.codes {
				result.Codes[code] += n
			}
		})
	}
	over := make(chan struct{})
	told := make(chan struct{})
	go func() { defer close(told); r.tell(over) }()
	running.Wait()
	close(over)
	<-told
	result.Took, result.Done, result.UsedUp = time.Since(r.began), r.done.Load(), r.usedUp.Load()
	result.Stopped = ctx.Err() != nil
	if plan.Rate > 0 && !result.UsedUp {
		due := int64(min(result.Took, plan.Duration).Seconds() * float64(plan.Rate))
		result.Unsent = max(due-result.Latencies.Count()-result.Codes[noAnswer], 0)
	}
	return result
}

// tell calls Progress each second until the run is over.
func (r *run) tell(over <-chan struct{}) {
	if r.Progress == nil {
		return
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		case <-tick.C:
			r.Progress(r.done.Load(), r.refused.Load())
		}
	}
}

// asker is one connection's way through a run.
type asker struct {
	*run
	conn      *conn
	latencies Histogram
	codes     map[string]int64
}

func (a *asker) all(ctx context.Context) {
	defer func() {
		if a.conn != nil {
			_ = a.conn.net.Close()
		}
	}()
	for {
		n := a.next.Add(1) - 1
		if a.work.Most > 0 && n >= a.work.Most {
			a.usedUp.Store(true)
			return
		}
		intended, ok := a.wait(ctx, n)
		if !ok {
			return
		}
		a.one(ctx, n, intended)
	}
}

// wait returns the moment at which request n is meant to be sent, when it has come;
// ok is false when the run is over.
func (a *asker) wait(ctx context.Context, n int64) (intended time.Time, ok bool) {
	now := time.Now()
	intended = now
	if a.Rate > 0 {
		intended = a.began.Add(time.Duration(float64(n) / float64(a.Rate) * float64(time.Second)))
	}
	if ctx.Err() != nil || !now.Before(a.end) || !intended.Before(a.end) {
		return intended, false
	}
	if early := intended.Sub(now); early > 0 {
		timer := time.NewTimer(early)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return intended, false
		case <-timer.C:
		}
	}
	return intended, true
}

// one asks request n and counts what came back.
func (a *asker) one(ctx context.Context, n int64, intended time.Time) {
	if a.conn == nil {
		var err error
		if a.conn, err = a.target.dial(ctx); err != nil {
			a.refuse(noAnswer)
			return
		}
	}
	conn := a.conn
	stop := context.AfterFunc(ctx, func() { _ = conn.net.SetDeadline(time.Now().Add(stopLimit)) })
	status, body, err := a.conn.ask(a.work.Request(n))
	stop()
	if err != nil {
		_ = a.conn.net.Close()
		a.conn = nil
		if !errors.Is(err, errClosing) {
			a.refuse(noAnswer)
			return
		}
	}
	a.latencies.Record(time.Since(intended))
	if code := codeOf(status, body); code != "" {
		a.refuse(code)
		return
	}
	a.done.Add(1)
}

func (a *asker) refuse(code string) {
	a.codes[code]++
	a.refused.Add(1)
}
