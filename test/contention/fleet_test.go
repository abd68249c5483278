package contention

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"quan/internal/testkit"
	"quan/test/program"
)

// crowd is a client with as many connections as it likes.
func crowd(t *testing.T) *http.Client {
	c := &http.Client{Timeout: program.Late, Transport: &http.Transport{MaxIdleConnsPerHost: 200}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// register makes members m0, m1, …
func (f fleet) register(n int) {
	for no := range n {
		f[0].Want(201, nil, "PUT", fmt.Sprintf("/v1/members/external/m%d", no), "{}")
	}
}

func claimBody(template string, member int) string {
	return fmt.Sprintf(`{"template": %q, "channel": "app", "member": {"kind": "external", "value": "m%d"}}`, template, member)
}

// coupon claims one and returns its id.
func (f fleet) coupon(template string, member int, key string) string {
	var got struct{ Coupons []struct{ ID string } }
	f[0].Want(201, &got, "POST", "/v1/claims", claimBody(template, member), "Idempotency-Key: "+key)
	return got.Coupons[0].ID
}

func orderBody(ref, coupon string) string {
	return fmt.Sprintf(`{"order": {"source": "shop", "ref": %q}, "coupons": [%q], "cart": {"channel": "app", "lines": [{"sku": "apple", "quantity": 1, "unit_minor": 2000}]}}`, ref, coupon)
}

// TestTwins: one request with one key, sent to every process at the same moment and
// more than once, has one effect and one answer.
func TestTwins(t *testing.T) {
	fleets(t, func(t *testing.T, f fleet, _, _ string) {
		f.register(1)
		c, template := crowd(t), f[0].Template("")
		rounds := testkit.Figure(t, "QUAN_CONTENTION_ROUNDS", 3)
		told := testkit.Progress(t, rounds, "rounds")
		for round := range rounds {
			told(round)
			ref := fmt.Sprintf("twin-%d", round)
			coupon := f.coupon(template, 0, ref)
			order := fmt.Sprintf(`{"order": {"source": "shop", "ref": %q}}`, ref)
			for _, r := range []struct{ path, body string }{
				{"/v1/claims", claimBody(template, 0)},
				{"/v1/grants", fmt.Sprintf(`{"templates": [%q, %q], "member": {"kind": "external", "value": "m0"}}`, template, template)},
				{"/v1/locks", orderBody(ref, coupon)},
				{"/v1/releases", order},
				{"/v1/redemptions", orderBody(ref, coupon)},
				{"/v1/refunds", fmt.Sprintf(`{"order": {"source": "shop", "ref": %q}, "refund": %q, "full": true}`, ref, ref)},
			} {
				var mu sync.Mutex
				answers, fresh := map[string]int{}, 0
				together(4*len(f), func(i int) {
					var a program.Answer
					var err error
					program.Await(t, "an answer of "+r.path, func() bool { // on a slow machine a twin may be told to ask again
						a, err = f[i%len(f)].Send(c, "POST", r.path, r.body, "Idempotency-Key: "+ref+r.path)
						return err != nil || a.Status != 503 && !strings.Contains(string(a.Body), `"idempotency_key_running"`)
					})
					if err != nil || a.Status >= 300 {
						t.Errorf("%s: %d %s %v", r.path, a.Status, a.Body, err)
						return
					}
					mu.Lock()
					defer mu.Unlock()
					if answers[program.Compact(a.Body)]++; a.Header.Get("Idempotency-Replayed") == "" {
						fresh++
					}
				})
				if len(answers) != 1 || fresh != 1 {
					t.Errorf("%s: %d effects, answers %v", r.path, fresh, answers)
				}
			}
		}
	})
}

// TestMixedLoad: many clients claim, lock, use and release on all processes at
// once, some for one coupon. What was promised is what is counted, and the store
// is clean afterwards (fleets verifies it).
func TestMixedLoad(t *testing.T) {
	seed := testkit.Figure[uint64](t, "QUAN_CONTENTION_SEED", 20260417)
	t.Logf("QUAN_CONTENTION_SEED=%d", seed)
	fleets(t, func(t *testing.T, f fleet, _, _ string) {
		const members, callers, most = 8, 24, 150
		f.register(members)
		c := crowd(t)
		template := f[0].Template(fmt.Sprintf(`[{"what": "issue_count", "period": "ever", "per": "template", "cap": %d}]`, most))
		shared := make([]string, members) // that several clients try to use
		for m := range shared {
			shared[m] = f.coupon(template, m, fmt.Sprint("shared-", m))
		}
		var issued, used atomic.Int64
		issued.Store(members)
		together(callers, func(caller int) {
			draw := rand.New(rand.NewPCG(seed, uint64(caller)))
			do := func(what, path, body string, refusals ...string) program.Answer {
				a, err := f[draw.IntN(len(f))].Send(c, "POST", path, body, fmt.Sprintf("Idempotency-Key: %d-%s", caller, what))
				said := string(a.Body)
				fine := a.Status < 300
				for _, r := range refusals {
					fine = fine || a.Status < 500 && strings.Contains(said, `"`+r+`"`)
				}
				if err != nil || !fine {
					t.Errorf("%s: %d %s %v", what, a.Status, said, err)
				}
				return a
			}
			for n := range testkit.Figure(t, "QUAN_CONTENTION_ROUNDS", 3) * 4 {
				name := func(verb string) string { return fmt.Sprintf("%s-%d", verb, n) }
				ref := fmt.Sprintf("%d-%d", caller, n)
				own := shared[draw.IntN(members)]
				var got struct{ Coupons []struct{ ID string } }
				if a := do(name("claim"), "/v1/claims", claimBody(template, caller%members), "sold_out"); a.Status == 201 && a.Into(&got) == nil {
					own = got.Coupons[0].ID
					issued.Add(1)
				}
				taken := []string{"coupon_locked", "coupon_used"}
				if draw.IntN(2) == 0 {
					if do(name("lock"), "/v1/locks", orderBody(ref, own), taken...).Status != 201 {
						continue
					}
					if draw.IntN(3) == 0 {
						do(name("release"), "/v1/releases", fmt.Sprintf(`{"order": {"source": "shop", "ref": %q}}`, ref))
						continue
					}
				}
				if do(name("use"), "/v1/redemptions", orderBody(ref, own), taken...).Status == 201 {
					used.Add(1)
				}
			}
		})
		var funnel struct {
			Total struct{ Issued, Redeemed int64 }
		}
		f[len(f)-1].Want(200, &funnel, "GET", "/v1/templates/"+template+"/funnel", "")
		if funnel.Total.Issued != issued.Load() || funnel.Total.Redeemed != used.Load() || issued.Load() > most {
			t.Errorf("counted %+v; %d were given out, %d used", funnel.Total, issued.Load(), used.Load())
		}
		t.Logf("%d given out of %d, %d used, by %d processes", issued.Load(), most, used.Load(), len(f))
	})
}

// TestPauseIsSeenAtOnce: what is asked of any process after one has answered that
// claiming, or use, is stopped is refused; and it goes on when it is let.
func TestPauseIsSeenAtOnce(t *testing.T) {
	fleets(t, func(t *testing.T, f fleet, _, _ string) {
		f.register(1)
		c, template := crowd(t), f[0].Template("")
		coupon := f.coupon(template, 0, "first")
		ask := func(s *program.Server, want, path, body, key string) {
			t.Helper()
			a, err := s.Send(c, "POST", path, body, "Idempotency-Key: "+key+path)
			if err != nil || (want == "") != (a.Status < 300) || !strings.Contains(string(a.Body), want) {
				t.Errorf("%s: %d %s %v, want %q", path, a.Status, a.Body, err, want)
			}
		}
		for round := range 5 {
			for i, s := range f { // every process knows the template
				ask(s, "", "/v1/claims", claimBody(template, 0), fmt.Sprintf("warm-%d-%d", round, i))
				ask(s, "", "/v1/locks", orderBody("warm", coupon), fmt.Sprintf("warm-%d-%d", round, i))
			}
			for _, off := range []struct{ set, claim, use string }{{`"claiming": false`, "claiming_stopped", ""}, {`"use": false`, "claiming_stopped", "use_paused"}, {`"claiming": true, "use": true`, "", ""}} {
				f[round%len(f)].Want(200, nil, "PUT", "/v1/templates/"+template+"/switches", "{"+off.set+`, "reason": "test"}`)
				together(2*len(f), func(i int) {
					key := fmt.Sprintf("%d-%s-%d", round, off.set, i)
					if i < len(f) {
						ask(f[i], off.claim, "/v1/claims", claimBody(template, 0), key)
					} else {
						ask(f[i-len(f)], off.use, "/v1/locks", orderBody("warm", coupon), key)
					}
				})
			}
		}
	})
}
