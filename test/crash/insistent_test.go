package crash

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"quan/test/program"
)

// insistent clients send a request again under its key until it is acknowledged.
type insistent struct {
	*crowd
	most   int64 // attempts that a request may take once calm
	failed atomic.Int64
	worst  atomic.Int64 // attempts that a request took while calm
	calm   atomic.Int64 // when the last disturbance ended, unix nanoseconds; 0 while one lasts
	over   atomic.Bool
	why    sync.Map // code of a refused attempt -> *atomic.Int64
}

// insist sends a step until it is acknowledged.
func (w *insistent) insist(s *program.Server, c *http.Client, j *journey, st *step) error {
	deadline := time.Now().Add(program.Late)
	for calmly := int64(0); ; {
		began, calm := time.Now(), w.calm.Load()
		a, err := post(s, c, st)
		if err == nil && a.Status == st.status {
			w.record(calmly + 1)
			return j.take(st, a)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", st.key, err)
		}
		var said struct{ Code string }
		if err := a.Into(&said); err != nil || a.Status != http.StatusServiceUnavailable {
			return fmt.Errorf("%s: %d\n%s", st.key, a.Status, a.Body)
		}
		w.failed.Add(1)
		n, _ := w.why.LoadOrStore(said.Code, new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
		if calm != 0 && w.calm.Load() == calm && began.UnixNano() > calm {
			calmly++
		}
		if calmly >= w.most || time.Now().After(deadline) {
			return fmt.Errorf("%s is not acknowledged in %d attempts since the disturbance ended:\n%s", st.key, calmly, a.Body)
		}
	}
}

func (w *insistent) record(attempts int64) {
	for {
		now := w.worst.Load()
		if attempts <= now || w.worst.CompareAndSwap(now, attempts) {
			return
		}
	}
}

// travel starts journeys until the test is over, or a client is refused for good.
func (w *insistent) travel(s *program.Server, c *http.Client, no int) error {
	draw := rand.New(rand.NewPCG(w.seed, uint64(w.cycle*clients+no)))
	for n := 0; !w.over.Load(); n++ {
		j := newJourney(draw, w.member(no), fmt.Sprintf("%d-%d-%d", w.cycle, no, n))
		w.journeys[no] = append(w.journeys[no], j)
		for j.left() {
			if err := w.insist(s, c, j, j.next(w.template)); err != nil {
				return err
			}
			w.answered.Add(1)
		}
	}
	return nil
}

// during lets the clients travel while do disturbs them, and waits for them.
func (w *insistent) during(s *program.Server, do func()) {
	w.Helper()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		w.each(func(no int, c *http.Client) {
			if err := w.travel(s, c, no); err != nil {
				w.over.Store(true)
				w.Error(err)
			}
		})
	}()
	do()
	w.over.Store(true)
	<-gone
}

// codes are the refused attempts by code.
func (w *insistent) codes() map[string]int64 {
	out := map[string]int64{}
	w.why.Range(func(code, n any) bool {
		out[code.(string)] = n.(*atomic.Int64).Load()
		return true
	})
	return out
}
