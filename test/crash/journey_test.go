package crash

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"quan/internal/kernel/fault"
	"quan/test/program"
)

// step is one request of a journey.
type step struct {
	kind, key, path, body string
	status                int    // of success
	reply                 string // that acknowledged it, "" when none came
}

// journey is what happens to one coupon.
type journey struct {
	member string
	name   string
	kinds  []string // of its steps, in order
	steps  []*step  // asked so far; only the last can be without a reply
	coupon string   // once the claim is acknowledged
}

// ways a coupon can go, from the claim on.
var ways = [][]string{
	{"claim", "redeem"},
	{"claim", "lock", "redeem"},
	{"claim", "lock", "release"},
	{"claim", "redeem", "refund"},
	{"claim", "lock", "redeem", "refund"},
	{"claim", "lock", "release", "redeem"},
}

func newJourney(draw *rand.Rand, member, name string) *journey {
	return &journey{member: member, name: name, kinds: ways[draw.IntN(len(ways))]}
}

// left reports whether the journey has a step to go.
func (j *journey) left() bool { return len(j.steps) < len(j.kinds) }

// next makes the next step.
func (j *journey) next(template string) *step {
	kind := j.kinds[len(j.steps)]
	s := &step{kind: kind, key: kind + "-" + j.name, status: 201}
	order := fmt.Sprintf(`{"source": "shop", "ref": %q}`, j.name)
	const cart = `{"channel": "app", "lines": [{"sku": "apple", "quantity": 1, "unit_minor": 2000}]}`
	coupons := fmt.Sprintf(`"order": %s, "coupons": [%q], "cart": %s`, order, j.coupon, cart)
	switch kind {
	case "claim":
		s.path, s.body = "/v1/claims", fmt.Sprintf(`{"template": %q, "channel": "app", "member": {"kind": "external", "value": %q}}`, template, j.member)
	case "lock":
		s.path, s.body = "/v1/locks", "{"+coupons+"}"
	case "release":
		s.path, s.body, s.status = "/v1/releases", `{"order": `+order+`}`, 200
	case "redeem":
		s.path, s.body = "/v1/redemptions", "{"+coupons+"}"
	case "refund":
		s.path, s.body = "/v1/refunds", fmt.Sprintf(`{"order": %s, "refund": "R-%s", "full": true}`, order, j.name)
	}
	j.steps = append(j.steps, s)
	return s
}

// leaves is the state in which a step leaves its coupon.
var leaves = map[string]string{"claim": "usable", "lock": "locked", "release": "usable", "redeem": "used", "refund": "usable"}

// may are the states in which the coupon may be: as the last acknowledged step
// left it, or as the step in doubt would.
func (j *journey) may() []string {
	var states []string
	for i := len(j.steps) - 1; i >= 0; i-- {
		s := j.steps[i]
		states = append(states, leaves[s.kind])
		if s.reply != "" {
			break
		}
	}
	return states
}

// take keeps an answer, which must be a success.
func (j *journey) take(s *step, a program.Answer) error {
	if a.Status != s.status {
		return fmt.Errorf("%s: %d\n%s", s.key, a.Status, a.Body)
	}
	if s.kind == "claim" {
		var got struct{ Coupons []struct{ ID string } }
		if err := a.Into(&got); err != nil {
			return err
		}
		if len(got.Coupons) != 1 {
			return fmt.Errorf("%s: %d coupons", s.key, len(got.Coupons))
		}
		j.coupon = got.Coupons[0].ID
	}
	s.reply = program.Compact(a.Body)
	return nil
}

func post(s *program.Server, c *http.Client, st *step) (program.Answer, error) {
	return s.Send(c, "POST", st.path, st.body, "Idempotency-Key: "+st.key)
}

// heard is post, sent again while the program says that it is too busy and has done
// nothing: of a machine that has no time for it there is nothing to learn.
func heard(s *program.Server, c *http.Client, st *step) (a program.Answer, err error) {
	for deadline := time.Now().Add(program.Late); ; {
		a, err = post(s, c, st)
		if err != nil || a.Status != http.StatusServiceUnavailable || time.Now().After(deadline) {
			return a, err
		}
		var said struct{ Code string }
		if a.Into(&said) != nil || said.Code != string(fault.Overloaded) {
			return a, err
		}
	}
}

// repeat sends a step again under its key: it acts once, with one answer.
func (j *journey) repeat(s *program.Server, c *http.Client, st *step) error {
	before := st.reply
	a, err := heard(s, c, st)
	if err == nil {
		err = j.take(st, a)
	}
	switch {
	case err != nil:
		return fmt.Errorf("sent again: %w", err)
	case before == "":
	case a.Header.Get("Idempotency-Replayed") != "true":
		return fmt.Errorf("%s was acknowledged; sent again it acts again: %s", st.key, a.Body)
	case st.reply != before:
		return fmt.Errorf("%s, sent again, is answered\n%s\nand before\n%s", st.key, st.reply, before)
	}
	return nil
}
