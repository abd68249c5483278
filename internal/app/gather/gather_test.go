package gather_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"quan/internal/app/gather"
	"quan/internal/kernel/fault"
	"quan/internal/store/queue"
)

// lane is a gatherer of numbers whose runs are held until they are let go.
type lane struct {
	*testing.T
	gather.Gatherer[string, int, int]
	way     gather.Way[int, int]
	began   chan []int
	proceed chan func(in []int) ([]int, error)
}

// double is what a run does when nothing else is asked for.
func double(in []int) ([]int, error) {
	out := make([]int, len(in))
	for i, n := range in {
		out[i] = 2 * n
	}
	return out, nil
}

func newLane(t *testing.T) *lane {
	l := &lane{T: t, began: make(chan []int), proceed: make(chan func([]int) ([]int, error))}
	l.way = gather.Way[int, int]{Meter: &queue.Meter{}, Run: func(_ context.Context, in []int, _ func()) ([]int, error) {
		l.began <- slices.Clone(in)
		return (<-l.proceed)(in)
	}}
	return l
}

// answer is what a caller got.
type answer struct {
	in, out int
	err     error
}

// ask lets callers ask one after the other, each queued before the next comes.
func (l *lane) ask(ctx context.Context, in ...int) <-chan answer {
	answers := make(chan answer, len(in))
	for _, n := range in {
		before := l.Waiting("lane")
		go func() {
			out, err := l.Do(ctx, "lane", n, l.way)
			answers <- answer{n, out, err}
		}()
		for l.Waiting("lane") == before {
			runtime.Gosched()
		}
	}
	return answers
}

// first starts a batch of one and leaves it under way.
func (l *lane) first() <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		out, err := l.Do(l.Context(), "lane", 100, l.way)
		answers <- answer{100, out, err}
	}()
	l.next(100)
	return answers
}

// next expects that a batch begins.
func (l *lane) next(want ...int) {
	l.Helper()
	if got := <-l.began; !slices.Equal(got, want) {
		l.Errorf("batch %v, want %v", got, want)
	}
}

func (l *lane) got(answers <-chan answer, good func(answer) bool) {
	l.Helper()
	if a := <-answers; !good(a) {
		l.Errorf("%d got %d, %v", a.in, a.out, a.err)
	}
}

func doubled(a answer) bool { return a.err == nil && a.out == 2*a.in }

// TestWhatQueuedIsTheNextBatch: no timer, arrival order, half of the lane at a time,
// but at most Most, and Few at least.
func TestWhatQueuedIsTheNextBatch(t *testing.T) {
	l := newLane(t)
	alone := l.first()
	all := make([]int, 2*gather.Most+64)
	for i := range all {
		all[i] = i
	}
	rest := l.ask(t.Context(), all...)
	l.proceed <- double
	l.got(alone, doubled)
	sizes := []int{gather.Most, 160, 80, 40, 20, 10, gather.Few, 2}
	from := 0
	for _, n := range sizes {
		l.next(all[from : from+n]...)
		l.proceed <- double
		from += n
	}
	if from != len(all) {
		t.Fatalf("%d of %d have begun", from, len(all))
	}
	for range all {
		l.got(rest, doubled)
	}
	if w := l.way.Meter.Waits(); w.Count != int64(len(all))+1 {
		t.Errorf("%d waits were measured", w.Count)
	}
}

// TestPoisonStaysAlone: an error or a panic is found by halving; the others are
// settled. A fault is everybody's.
func TestPoisonStaysAlone(t *testing.T) {
	bug := errors.New("bug")
	for name, poison := range map[string]func() ([]int, error){
		"error": func() ([]int, error) { return nil, bug },
		"panic": func() ([]int, error) { panic(bug) },
		"short": func() ([]int, error) { return nil, nil },
	} {
		t.Run(name, func(t *testing.T) {
			var g gather.Gatherer[string, int, int]
			way := gather.Way[int, int]{Meter: &queue.Meter{}, Run: func(_ context.Context, in []int, _ func()) ([]int, error) {
				if slices.Contains(in, 7) {
					return poison()
				}
				return double(in)
			}}
			var all sync.WaitGroup
			for n := range 40 {
				all.Go(func() {
					out, err := g.Do(t.Context(), "lane", n, way)
					if (err != nil) != (n == 7) || err == nil && out != 2*n {
						t.Errorf("%d: %d, %v", n, out, err)
					}
					if n == 7 && name != "short" && !errors.Is(err, bug) {
						t.Errorf("%v does not say what happened", err)
					}
				})
			}
			all.Wait()
		})
	}
	l := newLane(t)
	alone := l.first()
	rest := l.ask(t.Context(), 1, 2)
	l.proceed <- double
	l.got(alone, doubled)
	l.next(1, 2)
	l.proceed <- func([]int) ([]int, error) { return nil, fault.New(fault.StoreFull) }
	for range 2 {
		l.got(rest, func(a answer) bool { return fault.Has(a.err, fault.StoreFull) })
	}
}

// TestWhoLeaves: before the batch began nothing was done, and it is left out;
// afterwards the outcome is unknown, and the batch goes on.
func TestWhoLeaves(t *testing.T) {
	l := newLane(t)
	alone := l.first()
	early, leaveEarly := context.WithCancel(t.Context())
	late, leaveLate := context.WithCancel(t.Context())
	gone, cut, stays := l.ask(early, 1), l.ask(late, 2), l.ask(t.Context(), 3)
	leaveEarly()
	l.got(gone, func(a answer) bool { return fault.Has(a.err, fault.Overloaded) })
	l.proceed <- double
	l.got(alone, doubled)
	l.next(2, 3)
	leaveLate()
	l.got(cut, func(a answer) bool { return fault.Has(a.err, fault.OutcomeUnknown) })
	l.proceed <- double
	l.got(stays, doubled)
}

// TestUndoneComesFirst: a request that its run leaves undone heads the next batch.
func TestUndoneComesFirst(t *testing.T) {
	l := newLane(t)
	l.way.Undone = func(out int) bool { return out < 0 }
	alone := l.first()
	rest := l.ask(t.Context(), 1, 2)
	l.proceed <- double
	l.got(alone, doubled)
	l.next(1, 2)
	later := l.ask(t.Context(), 3)
	l.proceed <- func([]int) ([]int, error) { return []int{2, -1}, nil }
	l.got(rest, doubled)
	l.next(2, 3)
	l.proceed <- double
	l.got(rest, doubled)
	l.got(later, doubled)
}

// TestGoexitEndsItsBatchOnly: a run that takes its goroutine away fails its batch;
// the lane goes on.
func TestGoexitEndsItsBatchOnly(t *testing.T) {
	l := newLane(t)
	alone := l.first()
	rest := l.ask(t.Context(), 1)
	l.proceed <- func([]int) ([]int, error) { runtime.Goexit(); return nil, nil }
	l.got(alone, func(a answer) bool { return a.err != nil })
	l.next(1)
	l.proceed <- double
	l.got(rest, doubled)
}

// TestShedsByExpectedWait: what counts is how long batches take and how many stand
// in front, not how many requests wait.
func TestShedsByExpectedWait(t *testing.T) {
	l := newLane(t)
	now := time.Unix(1e9, 0)
	var mu sync.Mutex
	pass := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	l.way.Meter.Clock = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }

	alone := l.first() // nothing was measured: many may wait
	rest := l.ask(t.Context(), make([]int, 2*gather.Most)...)
	pass(300 * time.Millisecond)
	l.proceed <- double
	l.got(alone, doubled)
	<-l.began
	// One batch under way, 300 ms each, one full batch in front: 600 ms.
	_, err := l.Do(t.Context(), "lane", 1, l.way)
	if !fault.Has(err, fault.Overloaded) || fault.From(err).Param("retry_after_seconds") != int64(1) {
		t.Errorf("behind a full batch: %v", err)
	}
	pass(150 * time.Millisecond) // half of it is over: 450 ms
	late := l.ask(t.Context(), 5)
	pass(2 * time.Second) // it hangs: nobody knows for how long
	if _, err := l.Do(t.Context(), "lane", 1, l.way); fault.From(err).Param("retry_after_seconds") != int64(3) {
		t.Errorf("behind a batch that hangs: %v", err)
	}
	if w := l.way.Meter.Waits(); w.Shed != 2 {
		t.Errorf("%d were counted as shed", w.Shed)
	}
	for range []int{128, 64, 32, 16, 8, 8, 1} { // halves of the 257 that wait
		l.proceed <- double
		<-l.began
	}
	l.proceed <- double
	for range 2 * gather.Most {
		l.got(rest, doubled)
	}
	l.got(late, doubled)
}

// leaving is a lane whose runs leave when they are told to, before they end.
type leaving struct {
	*lane
	entered, decided chan struct{}
}

func newLeaving(t *testing.T) *leaving {
	l := &leaving{newLane(t), make(chan struct{}, 10), make(chan struct{})}
	run := l.way.Run
	l.way.Run = func(ctx context.Context, in []int, leave func()) ([]int, error) {
		l.entered <- struct{}{}
		<-l.decided
		leave()
		leave() // again does nothing
		return run(ctx, in, leave)
	}
	return l
}

// enter asks and waits until the request's own batch is being decided.
func (l *leaving) enter(n int) <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		out, err := l.Do(l.Context(), "lane", n, l.way)
		answers <- answer{n, out, err}
	}()
	<-l.entered
	return answers
}

// leave lets the batch that is being decided leave.
func (l *leaving) leave(want ...int) {
	l.Helper()
	l.decided <- struct{}{}
	l.next(want...)
}

// begin asks and waits until the request's own batch has left.
func (l *leaving) begin(n int) <-chan answer {
	l.Helper()
	answers := l.enter(n)
	l.leave(n)
	return answers
}

// TestNextBeginsWhileTheLastIsCommitted: a batch that left makes room for the next,
// and two that are under way for none.
func TestNextBeginsWhileTheLastIsCommitted(t *testing.T) {
	l := newLeaving(t)
	one := l.begin(1)
	two := l.begin(2) // while the first is not over
	three := l.begin(3)
	rest := l.ask(t.Context(), 4, 5)
	select {
	case l.decided <- struct{}{}:
		t.Fatal("a batch began while as many as may be were under way")
	default:
	}
	for range 3 {
		l.proceed <- double
	}
	<-l.entered
	l.leave(4, 5)
	l.proceed <- double
	for _, answers := range []<-chan answer{one, two, three, rest, rest} {
		l.got(answers, doubled)
	}
	for l.Lanes() > 0 { // the lane ends
		runtime.Gosched()
	}
}

// TestFewWaitForMany: beside a large batch no small one begins, until it is over or
// others have come.
func TestFewWaitForMany(t *testing.T) {
	l := newLeaving(t)
	one := l.enter(0)
	many := l.ask(t.Context(), 1, 2, 3, 4, 5, 6, 7, 8)
	l.leave(0)
	<-l.entered
	l.proceed <- double
	l.got(one, doubled)
	l.leave(1, 2, 3, 4, 5, 6, 7, 8)
	few := l.ask(t.Context(), 9, 10, 11) // returns when they wait
	more := l.ask(t.Context(), 12)
	<-l.entered
	l.leave(9, 10, 11, 12)
	last := l.ask(t.Context(), 13)
	for range 2 {
		l.proceed <- double
	}
	for range 8 {
		l.got(many, doubled)
	}
	<-l.entered
	l.leave(13)
	l.proceed <- double
	for _, answers := range []<-chan answer{few, few, few, more, last} {
		l.got(answers, doubled)
	}
}

// TestUndoneOfWhoLeft: what batches leave undone after they left heads the next one
// that is taken, while another is being decided.
func TestUndoneOfWhoLeft(t *testing.T) {
	l := newLeaving(t)
	l.way.Undone = func(out int) bool { return out < 0 }
	one, two := l.begin(1), l.begin(2)
	three := l.enter(3)
	for range 2 {
		l.proceed <- func([]int) ([]int, error) { return []int{-1}, nil }
	}
	for l.Running("lane") > 1 {
		runtime.Gosched()
	}
	l.leave(3)
	<-l.entered
	l.decided <- struct{}{}
	if got := <-l.began; len(got) != 2 || got[0]+got[1] != 3 {
		t.Fatalf("batch %v, want 1 and 2", got)
	}
	for range 2 {
		l.proceed <- double
	}
	for _, answers := range []<-chan answer{one, two, three} {
		l.got(answers, doubled)
	}
}

// TestGoexitAfterLeaving: the next batch is not taken down with it.
func TestGoexitAfterLeaving(t *testing.T) {
	l := newLeaving(t)
	one := l.begin(1)
	two := l.begin(2)
	l.proceed <- func([]int) ([]int, error) { runtime.Goexit(); return nil, nil }
	l.proceed <- double
	failed := 0
	for _, answers := range []<-chan answer{one, two} {
		if a := <-answers; a.err != nil {
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d of two failed", failed)
	}
	after := l.begin(3)
	l.proceed <- double
	l.got(after, doubled)
}
