package contention

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"quan/internal/testkit"
	"quan/test/program"
)

// ask is the input of an operation; result is what the caller was told.
type ask struct {
	verb  string
	order int // which of a few orders
}

type result struct {
	ok   bool
	code string // of a refusal
	n    int64  // of a figure that was read
}

// history records operations of concurrent clients.
type history struct {
	*testing.T
	began time.Time
	mu    sync.Mutex
	ops   []porcupine.Operation
}

// do sends one request and records it. A refusal is a result; anything else that
// is no success ends the test, because the outcome would be in doubt.
func (h *history) do(s *program.Server, client int, in ask, method, path, body, key string, read func(program.Answer) int64) {
	c := clients[client]
	from := time.Since(h.began)
	a, err := s.Send(c, method, path, body, "Idempotency-Key: "+key)
	to := time.Since(h.began)
	var said struct{ Code string }
	if err == nil {
		err = a.Into(&said)
	}
	if err != nil || a.Status >= 300 && a.Status != 409 && a.Status != 404 {
		h.Errorf("%+v: %d %s %v", in, a.Status, a.Body, err)
		return
	}
	out := result{ok: a.Status < 300, code: said.Code}
	if out.ok && read != nil {
		out.n = read(a)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: in, Output: out, Call: int64(from), Return: int64(to)})
}

// check demands that the history is one that one after the other could have made.
func (h *history) check(m porcupine.Model) {
	h.Helper()
	switch porcupine.CheckOperationsTimeout(m, h.ops, 30*time.Second) {
	case porcupine.Illegal:
		slices.SortFunc(h.ops, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
		var lines []string
		for _, o := range h.ops {
			lines = append(lines, fmt.Sprintf("client %d  %8.3f … %8.3f ms  %s", o.ClientId, float64(o.Call)/1e6, float64(o.Return)/1e6, m.DescribeOperation(o.Input, o.Output)))
		}
		h.Errorf("not linearizable:\n%s", strings.Join(lines, "\n"))
	case porcupine.Unknown:
		h.Error("the history could not be checked in time: make it shorter")
	}
}

func describe(in, out any) string {
	i, o := in.(ask), out.(result)
	return fmt.Sprintf("%s %d: ok %v %s %d", i.verb, i.order, o.ok, o.code, o.n)
}

// stock is a template with a cap: how many are out.
func stock(most int64) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return int64(0) },
		Step: func(state, in, out any) (bool, any) {
			n, o := state.(int64), out.(result)
			switch {
			case in.(ask).verb == "read":
				return o.ok && o.n == n, n
			case o.ok:
				return n < most, n + 1
			}
			return n == most && o.code == "sold_out", n
		},
		DescribeOperation: describe,
	}
}

// life is one coupon: who holds or used it, and which orders it was used on.
type life struct {
	state  string // usable, locked, used
	holder int
	paid   [orders]bool
}

const orders = 4

var refusals = []string{"coupon_locked", "coupon_used", "lock_not_found", "lock_resolved", "order_differs", "order_not_found", "order_refunded"}

// coupon says what each verb may be answered, in a few lines.
var coupon = porcupine.Model{
	Init: func() any { return life{state: "usable"} },
	Step: func(state, in, out any) (bool, any) {
		s, i, o := state.(life), in.(ask), out.(result)
		next, may := s, false
		mine := s.state == "usable" || s.state == "locked" && s.holder == i.order
		switch i.verb {
		case "lock":
			may = mine && !s.paid[i.order]
			next.state, next.holder = "locked", i.order
		case "release":
			may = s.state == "locked" && mine
			next.state = "usable"
		case "redeem":
			if s.paid[i.order] { // the same order again gets the first answer
				return o.ok, s
			}
			may = mine
			next.state, next.holder, next.paid[i.order] = "used", i.order, true
		case "refund":
			may = s.state == "used" && s.holder == i.order
			next.state = "usable"
		}
		if !o.ok {
			return !may && slices.Contains(refusals, o.code), s
		}
		return may, next
	},
	DescribeOperation: describe,
}

// TestStockLinear: claims against stocks, and reads of what is out.
func TestStockLinear(t *testing.T) {
	seed, rounds := testkit.Figure[uint64](t, "QUAN_CONTENTION_SEED", 20260417), testkit.Figure(t, "QUAN_CONTENTION_ROUNDS", 3)
	t.Logf("QUAN_CONTENTION_SEED=%d", seed)
	fleets(t, func(t *testing.T, f fleet, _, _ string) {
		f[0].Want(201, nil, "PUT", "/v1/members/external/m", "{}")
		total := 0
		told := testkit.Progress(t, rounds, "histories")
		for round := range rounds {
			told(round)
			const most = 20
			template := f[0].Template(fmt.Sprintf(`[{"what": "issue_count", "period": "ever", "per": "template", "cap": %d}]`, most))
			h := &history{T: t, began: time.Now()}
			together(len(clients), func(client int) {
				draw := rand.New(rand.NewPCG(seed, uint64(round*len(clients)+client)))
				for n := range 8 {
					s := f[draw.IntN(len(f))]
					if draw.IntN(4) == 0 {
						h.do(s, client, ask{"read", 0}, "GET", "/v1/templates/"+template+"/funnel", "", "", issued)
						continue
					}
					h.do(s, client, ask{"claim", 0}, "POST", "/v1/claims", fmt.Sprintf(
						`{"template": %q, "channel": "app", "member": {"kind": "external", "value": "m"}}`, template),
						fmt.Sprintf("%s-%d-%d", template, client, n), nil)
				}
			})
			h.check(stock(most))
			total += len(h.ops)
		}
		t.Logf("%d operations in %d histories are linearizable", total, rounds)
	})
}

func issued(a program.Answer) int64 {
	var funnel struct{ Total struct{ Issued int64 } }
	if a.Into(&funnel) != nil {
		return -1
	}
	return funnel.Total.Issued
}

// TestCouponLinear: locks, releases, uses and refunds of one coupon by several
// orders at once.
func TestCouponLinear(t *testing.T) {
	seed, rounds := testkit.Figure[uint64](t, "QUAN_CONTENTION_SEED", 20260417), 2*testkit.Figure(t, "QUAN_CONTENTION_ROUNDS", 3)
	t.Logf("QUAN_CONTENTION_SEED=%d", seed)
	fleets(t, func(t *testing.T, f fleet, _, _ string) {
		f[0].Want(201, nil, "PUT", "/v1/members/external/m", "{}")
		template, total := f[0].Template(""), 0
		done := map[string]int{}
		told := testkit.Progress(t, rounds, "histories")
		for round := range rounds {
			told(round)
			var got struct{ Coupons []struct{ ID string } }
			f[0].Want(201, &got, "POST", "/v1/claims", fmt.Sprintf(`{"template": %q, "channel": "app", "member": {"kind": "external", "value": "m"}}`, template),
				fmt.Sprintf("Idempotency-Key: coupon-%d", round))
			h := &history{T: t, began: time.Now()}
			together(len(clients), func(client int) {
				draw := rand.New(rand.NewPCG(seed, uint64(round*len(clients)+client)))
				for n := range 8 {
					in := ask{[]string{"lock", "lock", "release", "redeem", "refund"}[draw.IntN(5)], draw.IntN(orders)}
					path, body := in.request(round, got.Coupons[0].ID, fmt.Sprintf("%d-%d", client, n))
					h.do(f[draw.IntN(len(f))], client, in, "POST", path, body, fmt.Sprintf("%d-%d-%d", round, client, n), nil)
				}
			})
			h.check(coupon)
			total += len(h.ops)
			for _, o := range h.ops {
				done[fmt.Sprintf("%s %v", o.Input.(ask).verb, o.Output.(result).ok)]++
			}
			if t.Failed() {
				return
			}
		}
		t.Logf("%d operations in %d histories are linearizable: %v", total, rounds, done)
	})
}

// request is an operation on the coupon as it is sent.
func (in ask) request(round int, coupon, name string) (path, body string) {
	order := fmt.Sprintf(`"order": {"source": "shop", "ref": "%d-%d"}`, round, in.order)
	used := fmt.Sprintf(`{%s, "coupons": [%q], "cart": {"channel": "app", "lines": [{"sku": "apple", "quantity": 1, "unit_minor": 2000}]}}`, order, coupon)
	switch in.verb {
	case "lock":
		return "/v1/locks", used
	case "redeem":
		return "/v1/redemptions", used
	case "release":
		return "/v1/releases", "{" + order + "}"
	}
	return "/v1/refunds", fmt.Sprintf(`{%s, "refund": "R-%d-%s", "full": true}`, order, round, name)
}
