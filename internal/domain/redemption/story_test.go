package redemption_test

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

func TestStories(t *testing.T) { tell(t, "testdata/stories.txt", 100) }

func TestStoriesOfKinds(t *testing.T) { tell(t, "testdata/kinds.txt", 50) }

// tell plays the stories of a file, which has at least so many acts.
func tell(t *testing.T, file string, least int) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var w *world
	name, acts := "", 0
	for s := bufio.NewScanner(f); s.Scan(); {
		line := strings.TrimSpace(s.Text())
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
			continue
		case words[0] == "case":
			name, w = strings.Join(words[1:], " "), newWorld(t)
			continue
		}
		act, want, judged := strings.Cut(line, " -> ")
		if !judged {
			if got := w.set(t, words); got != "" {
				t.Errorf("%s: %s: got %s", name, line, got)
			}
			continue
		}
		acts++
		if got := w.act(t, strings.Fields(act)); got != want {
			t.Errorf("%s: %s: got %s, want %s", name, act, got, want)
		}
	}
	if acts < least {
		t.Fatalf("only %d acts were read", acts)
	}
}

// set changes the world or looks at it: "" when what is seen is as told.
func (w *world) set(t *testing.T, words []string) string {
	switch words[0] {
	case "coupon":
		w.issue(t, words[1:])
	case "cart":
		w.buy(t, words[1:])
	case "terms":
		w.say(t, words[1:])
	case "balance":
		n, err := strconv.ParseInt(words[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		w.balances[ids(t, words[1:2])[0]] = n
	case "pause":
		w.paused = true
	case "at":
		minutes, err := time.ParseDuration(words[1] + "m")
		if err != nil {
			t.Fatal(err)
		}
		w.now = start().Add(minutes)
	case "policy":
		w.choose(t, words[1], words[2])
	case "see":
		got := w.see(t, words[1:])
		if want := strings.Join(words[1:], " "); got != want {
			return got
		}
	default:
		t.Fatalf("unknown word %q", words[0])
	}
	return ""
}

func (w *world) choose(t *testing.T, what, choice string) {
	p := &w.market.Policies
	switch what {
	case "late":
		p.LatePayment = market.LatePayment(choice)
	case "broken":
		p.BrokenThreshold = market.BrokenThreshold(choice)
	case "return":
		p.CouponReturn = market.CouponReturn(choice)
	case "grace":
		p.ReturnGraceHours, _ = strconv.ParseInt(choice, 10, 64)
	default:
		t.Fatalf("unknown policy %q", what)
	}
}

func (w *world) see(t *testing.T, words []string) string {
	number, _ := strconv.Atoi(words[1])
	switch words[0] {
	case "coupon":
		c := w.coupons[id.ID(number)]
		return fmt.Sprintf("coupon %d %s used %d", c.ID, c.State, c.Used)
	case "lock":
		return fmt.Sprintf("lock %s %s", words[1], w.locks[words[1]].State)
	case "order":
		o := w.orders[words[1]]
		return fmt.Sprintf("order %s list %d off %d paid %d", words[1], o.ListMinor, o.DiscountMinor, o.PaidMinor)
	case "redemption":
		r := w.redemptions[number-1]
		switch words[2] {
		case "gift":
			return fmt.Sprintf("redemption %d gift %d", number, r.GiftQuantity)
		case "benefit":
			return fmt.Sprintf("redemption %d benefit %d %s", number, r.BenefitValue, r.BenefitUnit)
		case "off":
			return fmt.Sprintf("redemption %d off %d", number, r.DiscountMinor)
		}
		if words[2] == "use" {
			return fmt.Sprintf("redemption %d use %d", number, r.Use)
		}
		return fmt.Sprintf("redemption %d late %s", number, map[bool]string{true: "yes", false: "no"}[r.Late])
	case "shares": // of the order's newest refund
		text := "shares " + words[1]
		all := w.refunds[words[1]]
		for _, s := range redemption.SharesOf(w.orders[words[1]], w.redemptions, all, all[len(all)-1].ID) {
			text += fmt.Sprintf(" %d:%d", s.Coupon, s.Minor)
		}
		return text
	case "taken", "over", "yesterday":
		return w.counter(words)
	}
	t.Fatalf("unknown sight %q", words[0])
	return ""
}

func (w *world) counter(words []string) string {
	day := w.market.Day(w.now)
	if words[0] == "yesterday" {
		day = day.AddDays(-1)
	}
	var sum int64
	for k, c := range w.counters {
		if string(k.What) == words[1] && string(k.Period) == words[2] && (k.Period == limit.Ever || k.Start == day) {
			sum += map[string]int64{"taken": c.Taken, "over": c.Over, "yesterday": c.Taken}[words[0]]
		}
	}
	return fmt.Sprintf("%s %s %s %d", words[0], words[1], words[2], sum)
}

func (w *world) act(t *testing.T, words []string) string {
	var refusal *fault.Fault
	outcome := "ok"
	switch verb, ref := words[0], words[1]; verb {
	case "lock":
		l, f := w.lock(ref, ids(t, words[2:]))
		if refusal = f; f == nil {
			outcome = fmt.Sprint("ok pay ", l.PayableMinor)
		}
	case "release":
		refusal = w.resolve(ref, redemption.DecideRelease)
	case "expire":
		refusal = w.resolve(ref, redemption.DecideExpireLock)
	case "redeem":
		var coupons []id.ID
		if words[2] != "lock" {
			coupons = ids(t, words[2:])
		}
		o, f := w.redeem(ref, coupons)
		if refusal = f; f == nil {
			outcome = fmt.Sprint("ok paid ", o.PaidMinor)
		}
	case "refund":
		refusal = w.refundWords(t, words[1:], &outcome)
	case "return":
		n, _ := strconv.Atoi(ref)
		refusal = w.giveBack(n)
	default:
		t.Fatalf("unknown act %q", verb)
	}
	if refusal != nil {
		return string(refusal.Code)
	}
	return outcome
}

func (w *world) refundWords(t *testing.T, words []string, outcome *string) *fault.Fault {
	var lines []redemption.RefundLine
	full, kept := false, false
	for _, word := range words[1:] {
		var l redemption.RefundLine
		switch word {
		case "full":
			full = true
		case "kept":
			kept = true
		default:
			if _, err := fmt.Sscanf(word, "%d:%d", &l.Line, &l.Quantity); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, l)
		}
	}
	r, refusal := w.refund(words[0], lines, full, kept)
	if refusal == nil {
		*outcome = fmt.Sprintf("ok %d charge %d", r.Minor, r.ChargeMinor)
	}
	return refusal
}

func ids(t *testing.T, words []string) []id.ID {
	var out []id.ID
	for _, word := range words {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, id.ID(n))
	}
	return out
}
