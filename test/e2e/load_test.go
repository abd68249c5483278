package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"quan/test/program"
)

// clients is how many ask at the same time.
const clients = 50

// request is one that a client has sent, and the answer that acknowledged it.
type request struct {
	key, path, body string
	member          int
	reply           string // of a 201, "" when none came
	coupon          string // of an acknowledged claim
}

// load is what all clients have asked for since the start of a test.
type load struct {
	*program.Place
	template string
	rounds   int

	mu    sync.Mutex
	sent  []*request
	errs  []error
	fresh int // sent before this place have been checked
}

// newLoad prepares a server for the load.
func newLoad(s *program.Server) *load {
	for no := range clients {
		s.Want(201, nil, "PUT", fmt.Sprintf("/v1/members/external/m%d", no), "{}")
	}
	return &load{Place: s.Place, template: s.Template("")}
}

// until lets the clients claim; once enough is acknowledged it ends the program
// under their hands. It returns what went wrong with requests that got no answer.
func (l *load) until(s *program.Server, enough int64, end func()) []error {
	l.Helper()
	l.rounds++
	l.errs = nil
	var acknowledged atomic.Int64
	reached := make(chan struct{})
	count := func() {
		if acknowledged.Add(1) == enough {
			close(reached)
		}
	}
	var all sync.WaitGroup
	gone := make(chan struct{})
	for no := range clients {
		all.Go(func() { l.shop(s, no, count) })
	}
	go func() {
		all.Wait()
		close(gone)
	}()
	select {
	case <-reached:
	case <-gone:
		l.Fatalf("all clients gave up after %d answers: %v", acknowledged.Load(), l.errs)
	}
	end()
	<-gone
	l.Logf("round %d: %d requests, %d acknowledged", l.rounds, len(l.sent)-l.fresh, acknowledged.Load())
	return l.errs
}

// shop is one client's way, until the program is gone.
func (l *load) shop(s *program.Server, no int, count func()) {
	c := program.NewClient()
	defer c.CloseIdleConnections()
	for n := 0; ; n++ {
		name := fmt.Sprintf("%d-%d-%d", l.rounds, no, n)
		claim := &request{member: no, key: "claim-" + name, path: "/v1/claims",
			body: fmt.Sprintf(`{"template": %q, "channel": "app", "member": {"kind": "external", "value": "m%d"}}`, l.template, no)}
		if !l.ask(s, c, claim, count) {
			return
		}
	}
}

// ask sends a new request and remembers it; false when it was not acknowledged.
func (l *load) ask(s *program.Server, c *http.Client, r *request, count func()) bool {
	l.mu.Lock()
	l.sent = append(l.sent, r)
	l.mu.Unlock()
	a, err := s.Send(c, "POST", r.path, r.body, "Idempotency-Key: "+r.key)
	if err == nil {
		err = r.take(a)
	}
	if err != nil {
		l.mu.Lock()
		l.errs = append(l.errs, err)
		l.mu.Unlock()
		return false
	}
	count()
	return true
}

// take keeps an answer, which must be a 201.
func (r *request) take(a program.Answer) error {
	if a.Status != 201 {
		return fmt.Errorf("%s: %d\n%s", r.key, a.Status, a.Body)
	}
	var got struct{ Coupons []struct{ ID string } }
	if err := a.Into(&got); err != nil {
		return err
	}
	if len(got.Coupons) != 1 {
		return fmt.Errorf("%s: %d coupons", r.key, len(got.Coupons))
	}
	r.coupon = got.Coupons[0].ID
	r.reply = program.Compact(a.Body)
	return nil
}

// check looks at a restarted program: what was acknowledged is in the wallets;
// every request of the last round, sent again, is answered as before if it was
// acknowledged; and then the store holds each request once.
func (l *load) check(s *program.Server) {
	l.Helper()
	held := l.wallets(s)
	for _, r := range l.sent {
		if r.coupon != "" && !held[r.coupon] {
			l.Errorf("%s was acknowledged with %s, which is gone", r.key, r.coupon)
		}
	}
	l.again(s)
	claims := len(l.sent)
	if held = l.wallets(s); len(held) != claims {
		l.Errorf("wallets hold %d coupons for %d claims", len(held), claims)
	}
	var funnel struct {
		Total struct{ Issued int }
	}
	s.Want(200, &funnel, "GET", "/v1/templates/"+l.template+"/funnel", "")
	if funnel.Total.Issued != claims {
		l.Errorf("the funnel counts %+v, wanted %d claims", funnel.Total, claims)
	}
	l.Verify()
}

// told demands that every coupon in a wallet was acknowledged: a program that
// ends in peace finishes what it has begun, answer included.
func (l *load) told(s *program.Server) {
	l.Helper()
	told := map[string]bool{}
	for _, r := range l.sent {
		told[r.coupon] = true
	}
	silent := 0
	for k := range l.wallets(s) {
		if !told[k] {
			silent++
		}
	}
	if silent > 0 {
		l.Errorf("%d coupons were issued by requests that got no answer", silent)
	}
}

// again sends the last round's requests once more under their keys.
func (l *load) again(s *program.Server) {
	l.Helper()
	todo := make(chan *request)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			c := program.NewClient()
			defer c.CloseIdleConnections()
			for r := range todo {
				l.repeat(s, c, r)
			}
		})
	}
	for _, r := range l.sent[l.fresh:] {
		todo <- r
	}
	close(todo)
	all.Wait()
	l.fresh = len(l.sent)
}

func (l *load) repeat(s *program.Server, c *http.Client, r *request) {
	a, err := s.Send(c, "POST", r.path, r.body, "Idempotency-Key: "+r.key)
	before := r.reply
	if err == nil {
		err = r.take(a)
	}
	switch {
	case err != nil:
		l.Errorf("sent again: %v", err)
	case before != "" && (a.Header.Get("Idempotency-Replayed") != "true" || r.reply != before):
		l.Errorf("%s, sent again, is answered (replayed %q)\n%s\nand before\n%s", r.key, a.Header.Get("Idempotency-Replayed"), r.reply, before)
	}
}

// wallets are all coupons of all members.
func (l *load) wallets(s *program.Server) map[string]bool {
	l.Helper()
	held := map[string]bool{}
	for no := range clients {
		path := fmt.Sprintf("/v1/members/external/m%d/coupons?limit=500", no)
		for cursor := ""; ; {
			var page struct {
				Items      []struct{ ID string }
				NextCursor string `json:"next_cursor"`
			}
			s.Want(200, &page, "GET", path+cursor, "")
			for _, k := range page.Items {
				if held[k.ID] {
					l.Errorf("%s stands twice in the wallets", k.ID)
				}
				held[k.ID] = true
			}
			if page.NextCursor == "" {
				break
			}
			cursor = "&cursor=" + page.NextCursor
		}
	}
	return held
}

// TestStopUnderLoad asks the program to end while fifty clients claim: each gets
// its answer or finds the door closed, and nothing acknowledged is lost.
func TestStopUnderLoad(t *testing.T) {
	program.Places(t, func(p *program.Place) {
		s := p.Serve()
		l := newLoad(s)
		for _, err := range l.until(s, 600, s.Stop) {
			if !program.Unreached(err) {
				p.Errorf("a client got neither an answer nor a closed connection: %v", err)
			}
		}
		p.Verify()
		s = p.Serve()
		l.told(s)
		l.check(s)
		s.Stop()
	})
}
