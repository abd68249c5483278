package contention

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"quan/internal/testkit"
	"quan/test/program"
)

// stampede is one row of the table.
type stampede struct {
	name    string
	members int
	wants   int // requests in all
	stock   int
	each    int
	refusal string // that everybody else is told
	limits  string
	exactly int64
}

var stampedes = []stampede{
	{"200 members, 50 coupons", 200, 200, 50, 1000, "sold_out",
		`[{"what": "issue_count", "period": "ever", "per": "template", "cap": 50}]`, 50},
	{"1 member × 20, one each", 1, 20, 1000, 1, "member_limit_reached",
		`[{"what": "issue_count", "period": "ever", "per": "template", "cap": 1000}, {"what": "issue_count", "period": "ever", "per": "member", "cap": 1}]`, 1},
}

// TestStampede: quan gives out exactly what there is, in every round; the rival
// beside it does not.
func TestStampede(t *testing.T) {
	rounds := testkit.Figure(t, "QUAN_CONTENTION_ROUNDS", 3)
	fleets(t, func(t *testing.T, f fleet, driver, address string) {
		for no := range 200 {
			f[0].Want(201, nil, "PUT", fmt.Sprintf("/v1/members/external/m%d", no), "{}")
		}
		r := newRival(t, driver, address)
		round := 0
		for _, s := range stampedes {
			told := testkit.Progress(t, rounds, "rounds")
			for n := range rounds {
				told(n)
				if got := s.ours(t, f, n); got != s.exactly {
					t.Errorf("%s: quan gave %d", s.name, got)
				}
			}
			// Who checks and then writes may be lucky, but not for long.
			worst := int64(0)
			for tries := 0; tries < 50 && worst <= s.exactly; tries++ {
				round++
				worst = max(worst, s.theirs(t, r, round))
			}
			if worst <= s.exactly {
				t.Errorf("%s: the rival gave %d: these requests do not meet each other, so quan's figure proves nothing", s.name, worst)
			}
			t.Logf("%s, %d processes: quan %d in each of %d rounds, the rival %d", s.name, len(f), s.exactly, rounds, worst)
		}
	})
}

// ours sends the stampede to quan and returns how many were given; nothing but
// the refusal of the row is expected beside it.
func (s *stampede) ours(t *testing.T, f fleet, round int) int64 {
	t.Helper()
	template := f[0].Template(s.limits)
	c := &http.Client{Timeout: program.Late, Transport: &http.Transport{MaxIdleConnsPerHost: 200}}
	defer c.CloseIdleConnections()
	together(s.wants, func(i int) { // connections are there before the race
		if _, err := f[i%len(f)].Send(c, "GET", "/healthz", ""); err != nil {
			t.Error(err)
		}
	})
	var given atomic.Int64
	together(s.wants, func(i int) {
		body := fmt.Sprintf(`{"template": %q, "channel": "app", "member": {"kind": "external", "value": "m%d"}}`, template, i%s.members)
		a, err := f[i%len(f)].Send(c, "POST", "/v1/claims", body, fmt.Sprintf("Idempotency-Key: %s-%d-%d", template, round, i))
		switch {
		case err != nil:
			t.Error(err)
		case a.Status == 201:
			given.Add(1)
		case a.Status != 409 || !strings.Contains(string(a.Body), `"`+s.refusal+`"`):
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
	var funnel struct{ Total struct{ Issued int64 } }
	f[len(f)-1].Want(200, &funnel, "GET", "/v1/templates/"+template+"/funnel", "")
	if funnel.Total.Issued != given.Load() {
		t.Errorf("%s: %d were told that they got one, %d are counted", s.name, given.Load(), funnel.Total.Issued)
	}
	return given.Load()
}

func (s *stampede) theirs(t *testing.T, r *rival, round int) int64 {
	t.Helper()
	c := &http.Client{Timeout: program.Late, Transport: &http.Transport{MaxIdleConnsPerHost: 200}}
	defer c.CloseIdleConnections()
	var given atomic.Int64
	together(s.wants, func(i int) {
		resp, err := c.Post(fmt.Sprintf("%s/?round=%d&member=%d&stock=%d&each=%d", r.web.URL, round, i%s.members, s.stock, s.each), "", nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		if resp.StatusCode == http.StatusCreated {
			given.Add(1)
		}
	})
	return given.Load()
}
