package crash

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quan/test/program"
)

// clients is how many journeys are under way at the same time.
const clients = 8

// crowd is the clients of one cycle, each with a member of its own.
type crowd struct {
	*testing.T
	cycle    int
	template string
	seed     uint64
	journeys [clients][]*journey
	answered atomic.Int64
	repeats  atomic.Int64
}

func (w *crowd) member(no int) string { return fmt.Sprintf("m%d-%d", w.cycle, no) }

// newCrowd makes the members.
func newCrowd(t *testing.T, s *program.Server, template string, seed uint64, cycle int) *crowd {
	for no := range clients {
		s.Want(201, nil, "PUT", fmt.Sprintf("/v1/members/external/m%d-%d", cycle, no), "{}")
	}
	return &crowd{T: t, cycle: cycle, template: template, seed: seed}
}

// each runs one function per client at the same time, with its HTTP client.
func (w *crowd) each(do func(no int, c *http.Client)) {
	var all sync.WaitGroup
	for no := range clients {
		all.Go(func() {
			c := program.NewClient()
			defer c.CloseIdleConnections()
			do(no, c)
		})
	}
	all.Wait()
}

// until lets the clients travel until enough steps are acknowledged, and for at
// least so long, ends the program under their hands, and waits until all have
// noticed.
func (w *crowd) until(s *program.Server, enough int64, least time.Duration, end func()) {
	w.Helper()
	pace := time.NewTimer(least)
	defer pace.Stop()
	reached, gone := make(chan struct{}), make(chan struct{})
	var once sync.Once
	count := func() {
		if w.answered.Add(1) >= enough {
			once.Do(func() { close(reached) })
		}
	}
	go func() {
		defer close(gone)
		w.each(func(no int, c *http.Client) {
			if err := w.travel(s, c, no, count); !program.Unreached(err) {
				w.Errorf("a client got neither an answer nor a closed connection: %v", err)
			}
		})
	}()
	select {
	case <-reached:
	case <-gone:
		w.Fatal("all clients gave up")
	}
	select {
	case <-pace.C:
	case <-gone:
	}
	end()
	<-gone
}

// travel starts one journey after the other until a request is not acknowledged.
func (w *crowd) travel(s *program.Server, c *http.Client, no int, count func()) error {
	draw := rand.New(rand.NewPCG(w.seed, uint64(w.cycle*clients+no)))
	for n := 0; ; n++ {
		j := newJourney(draw, w.member(no), fmt.Sprintf("%d-%d-%d", w.cycle, no, n))
		w.journeys[no] = append(w.journeys[no], j)
		for j.left() {
			st := j.next(w.template)
			a, err := heard(s, c, st)
			if err == nil {
				err = j.take(st, a)
			}
			if err != nil {
				return err
			}
			count()
		}
	}
}

// check looks before, while and after everything is sent again.
func (w *crowd) check(s *program.Server) {
	w.Helper()
	w.each(func(no int, c *http.Client) {
		w.look(s, c, no, "before anything is sent again")
		for _, j := range w.journeys[no] {
			for _, st := range j.steps {
				w.repeats.Add(1)
				if err := j.repeat(s, c, st); err != nil {
					w.Errorf("cycle %d: %v", w.cycle, err)
				}
			}
		}
		w.look(s, c, no, "after everything was sent again")
	})
}

// look compares a member's wallet with its journeys. A coupon of a claim in doubt
// is one that no acknowledged claim explains.
func (w *crowd) look(s *program.Server, c *http.Client, no int, when string) {
	states, err := wallet(s, c, w.member(no))
	if err != nil {
		w.Errorf("cycle %d: %s: %v", w.cycle, when, err)
		return
	}
	doubts := 0
	for _, j := range w.journeys[no] {
		if j.coupon == "" {
			doubts += len(j.steps)
			continue
		}
		state, ok := states[j.coupon]
		if delete(states, j.coupon); !ok || !slices.Contains(j.may(), state) {
			w.Errorf("cycle %d, %s: %s of %s is %q, want one of %q", w.cycle, when, j.coupon, j.name, state, j.may())
		}
	}
	if len(states) > doubts {
		w.Errorf("cycle %d, %s: %v were issued by %d requests without an answer", w.cycle, when, states, doubts)
	}
}

// wallet is the state of each of a member's coupons.
func wallet(s *program.Server, c *http.Client, member string) (map[string]string, error) {
	states := map[string]string{}
	for cursor := ""; ; {
		a, err := s.Send(c, "GET", "/v1/members/external/"+member+"/coupons?limit=500"+cursor, "")
		if err != nil {
			return nil, err
		}
		if a.Status != 200 {
			return nil, fmt.Errorf("wallet: %d %s", a.Status, a.Body)
		}
		var page struct {
			Items      []struct{ ID, State string }
			NextCursor string `json:"next_cursor"`
		}
		if err := a.Into(&page); err != nil {
			return nil, err
		}
		for _, k := range page.Items {
			if _, twice := states[k.ID]; twice {
				return nil, fmt.Errorf("%s stands twice in the wallet", k.ID)
			}
			states[k.ID] = k.State
		}
		if page.NextCursor == "" {
			return states, nil
		}
		cursor = "&cursor=" + page.NextCursor
	}
}

// tally counts the acknowledged steps by kind.
func (w *crowd) tally(into map[string]int) {
	for _, js := range w.journeys {
		for _, j := range js {
			for _, st := range j.steps {
				if st.reply != "" {
					into[st.kind]++
				}
			}
		}
	}
}
