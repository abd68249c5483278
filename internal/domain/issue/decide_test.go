package issue_test

import (
	"bufio"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/budget"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/placement"
	"quan/internal/domain/schedule"
	"quan/internal/domain/stock"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// world is a valid claim with everything it rests on.
type world struct {
	issue.Request
	held  []coupon.Coupon
	taken map[string]int64 // by what period per
}

func moment(t *testing.T, text string) calendar.Instant {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return calendar.Of(at)
}

func fixture(t *testing.T) *world {
	w := &world{taken: map[string]int64{}}
	w.Request = issue.Request{
		Template: &coupon.Template{ID: 7, Status: coupon.StatusPublished, Claiming: true, Use: true, Version: 2},
		Version: &coupon.Version{Template: 7, Number: 2, Doc: coupon.Doc{Terms: coupon.Terms{
			Kind: coupon.KindAmountOff, AmountMinor: 500, ThresholdMinor: 3000, UsesPerCoupon: 1,
			Validity: schedule.Validity{Kind: schedule.ValidityDays, Days: 3},
			Funders:  []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10000}},
		}}},
		Market: &market.Market{Code: "main", Zone: "Asia/Shanghai", WeekStart: time.Monday, Rev: 4},
		Member: &member.Member{ID: 11}, Channel: "app", City: "shanghai", Form: coupon.FormClaim, Origin: 99,
		Now: moment(t, "2026-03-10T12:00"), Actor: limit.Actor{Person: 41, Device: 42, Payer: 43},
	}
	return w
}

func (w *world) counters() map[limit.Key]*limit.Counter {
	rows := map[limit.Key]*limit.Counter{}
	for _, k := range issue.Keys(&w.Request) {
		taken := w.taken[string(k.What)+" "+string(k.Period)+" "+string(k.Per)]
		rows[k] = &limit.Counter{Key: k, Taken: taken, Ceiling: max(taken, 1_000_000)}
	}
	return rows
}

func (w *world) apply(t *testing.T, verb string, args []string) {
	t.Helper()
	doc := &w.Version.Doc
	number := func(s string) int64 {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	text := func(s string) string { return strings.TrimPrefix(s, "-") }
	switch verb {
	case "status":
		w.Template.Status = coupon.Status(args[0])
	case "claiming":
		w.Template.Claiming = args[0] == "on"
	case "form":
		w.Form = coupon.Form(args[0])
	case "window":
		doc.Claim.Window = schedule.Window{From: moment(t, args[0]), To: moment(t, args[1])}
	case "sessions":
		doc.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryDay}
		for _, span := range args {
			var r schedule.TimeRange
			from, to, _ := strings.Cut(span, "-")
			if err := errors.Join(r.From.UnmarshalText([]byte(from)), r.To.UnmarshalText([]byte(to))); err != nil {
				t.Fatal(err)
			}
			doc.Claim.Sessions.Hours = append(doc.Claim.Sessions.Hours, r)
		}
	case "except":
		day, err := calendar.ParseDate(args[0])
		if err != nil {
			t.Fatal(err)
		}
		doc.Claim.Sessions.Except = append(doc.Claim.Sessions.Except, day)
	case "fixed":
		doc.Terms.Validity = schedule.Validity{Kind: schedule.ValidityFixed, From: moment(t, args[0]), To: moment(t, args[1])}
	case "now":
		w.Now = moment(t, args[0])
	case "cities":
		doc.Claim.Place.Cities = args
	case "channels":
		doc.Claim.Place.Channels = args
	case "city":
		w.City = text(args[0])
	case "channel":
		w.Channel = text(args[0])
	case "placement":
		w.Placement = &placement.Placement{ID: 21, Template: 7, Channel: args[0], Open: args[1] == "open"}
	case "batch":
		w.Batches = []*stock.Batch{{ID: 31, Template: 7, Size: 1, Open: args[0] == "open"}}
	case "placementcap":
		w.Placement.Cap = number(args[0])
	case "tier":
		doc.Claim.When = condition.Tree{Leaf: &condition.MemberTier{In: args}}
	case "budget":
		w.Budgets = append(w.Budgets, &budget.Budget{ID: 31, From: map[string]calendar.Instant{"open": 0, "closed": w.Now + 1}[args[0]]})
	case "budgetlimit":
		w.Budgets[0].Limits = append(w.Budgets[0].Limits, limit.Limit{What: limit.What(args[0]), Period: limit.Period(args[1]),
			Per: limit.Per(args[2]), Cap: number(args[3])})
	case "stop":
		w.Budgets[0].Limits[len(w.Budgets[0].Limits)-1].Stop = limit.Stop(args[0])
	case "unknown":
		w.Actor = limit.Actor{}
	case "blocked":
		w.Member.Blocked = true
	case "limit":
		doc.Claim.Limits = append(doc.Claim.Limits, limit.Limit{What: limit.What(args[0]), Period: limit.Period(args[1]),
			Per: limit.Per(args[2]), Cap: number(args[3])})
	case "taken":
		w.taken[strings.Join(args[:3], " ")] = number(args[3])
	case "newcomer":
		doc.Claim.Newcomer = true
	case "held":
		c := coupon.Coupon{Member: 11, Newcomer: true, State: coupon.ParseState(args[0]), Origin: 98, ValidTo: w.Now + 1}
		if args[1] == "same" {
			c.Origin = w.Origin
		}
		if args[2] == "over" {
			c.ValidTo = w.Now
		}
		w.held = append(w.held, c)
	case "code":
		uses, err := strconv.ParseInt(args[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		w.Form, w.Code = coupon.FormCode, &issue.Code{Batch: 9, Template: w.Template.ID, Cap: uses}
	default:
		t.Fatalf("unknown word %q", verb)
	}
}

func TestDecide(t *testing.T) {
	f, err := os.Open("testdata/decide.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var name string
	w, cases := fixture(t), 0
	for s := bufio.NewScanner(f); s.Scan(); {
		words := strings.Fields(s.Text())
		switch {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "case":
			name, w = strings.Join(words[1:], " "), fixture(t)
		case words[0] == "want":
			cases++
			t.Run(name, func(t *testing.T) { w.expect(t, words[1]) })
		default:
			w.apply(t, words[0], words[1:])
		}
	}
	if cases < 20 {
		t.Fatalf("only %d cases were read", cases)
	}
}

// expect decides and sees that a refusal changes no counter.
func (w *world) expect(t *testing.T, want string) {
	t.Helper()
	rows := w.counters()
	before := map[limit.Key]limit.Counter{}
	for k, c := range rows {
		before[k] = *c
	}
	d, refusal := issue.Decide(&w.Request, w.held, rows)
	got := "issued"
	if refusal != nil {
		got = string(refusal.Code)
	}
	if got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	for k, c := range rows {
		grown := c.Taken - before[k].Taken
		if refusal != nil && grown != 0 {
			t.Errorf("refused, but %v grew by %d", k, grown)
		}
		if watched := k.What == limit.RedeemCount || k.What == limit.RedeemAmount; refusal == nil && (grown <= 0) != watched {
			t.Errorf("issued, but %v grew by %d", k, grown)
		}
	}
	if refusal == nil && len(d.Coupon.Facts) > issue.FactsMax {
		t.Errorf("facts have %d bytes", len(d.Coupon.Facts))
	}
}

// breaks makes each refusal hold.
var breaks = map[fault.Code][]string{
	fault.CodeInvalid:          {"code 0"},
	fault.TemplateNotPublished: {"status draft"},
	fault.TemplateArchived:     {"status archived"},
	fault.ClaimingStopped:      {"claiming off"},
	fault.ClaimNotStarted:      {"window 2026-03-11T00:00 2026-03-12T00:00"},
	fault.ClaimClosed:          {"sessions 20:00-21:00"},
	fault.ClaimEnded:           {"fixed 2026-03-01T00:00 2026-03-02T00:00"},
	fault.PlacementClosed:      {"placement app closed"},
	fault.BudgetClosed:         {"budget closed"},
	fault.BatchClosed:          {"batch closed"},
	fault.ChannelNotAllowed:    {"channels h5"},
	fault.CityNotAllowed:       {"cities beijing"},
	fault.ConditionNotMet:      {"tier gold"},
	fault.MemberBlocked:        {"blocked"},
	fault.NewcomerHeld:         {"newcomer on", "held usable other live"},
	fault.MemberLimit:          {"limit issue_count ever member 0"},
	fault.PersonLimit:          {"limit issue_count ever person 0"},
	fault.DeviceLimit:          {"limit issue_count ever device 0"},
	fault.PayerLimit:           {"limit issue_count ever payer 0"},
	fault.PlacementLimit:       {"placement app open", "limit issue_count ever placement 0"},
	fault.PeriodLimit:          {"limit issue_count day template 0"},
	fault.SoldOut:              {"limit issue_count ever template 0"},
	fault.BudgetExhausted:      {"limit issue_amount ever template 499"},
}

func TestPrecedence(t *testing.T) {
	if len(breaks) != len(issue.Order) {
		t.Fatalf("%d of %d refusals are tested", len(breaks), len(issue.Order))
	}
	exclusive := func(a, b fault.Code) bool { // of one field, so that only one can hold
		states := []fault.Code{fault.TemplateNotPublished, fault.TemplateArchived, fault.ClaimingStopped}
		places := []fault.Code{fault.PlacementClosed, fault.PlacementLimit}
		windows := []fault.Code{fault.ClaimNotStarted, fault.ClaimClosed}
		return slices.Contains(windows, a) && slices.Contains(windows, b) || slices.Contains(states, a) && slices.Contains(states, b) || slices.Contains(places, a) && slices.Contains(places, b)
	}
	for i, a := range issue.Order {
		for _, b := range issue.Order[i+1:] {
			if exclusive(a, b) {
				continue
			}
			w := fixture(t)
			for _, line := range append(slices.Clone(breaks[b]), breaks[a]...) {
				words := strings.Fields(line)
				w.apply(t, words[0], words[1:])
			}
			_, refusal := issue.Decide(&w.Request, w.held, w.counters())
			if refusal == nil || refusal.Code != a {
				t.Errorf("%s and %s: got %v", a, b, refusal)
			}
			var all []fault.Code
			for _, f := range issue.Reasons(&w.Request, w.held, w.counters()) {
				all = append(all, f.Code)
			}
			if diff := cmp.Diff([]fault.Code{a, b}, all); diff != "" {
				t.Errorf("all reasons of %s and %s: %s", a, b, diff)
			}
		}
	}
}

func TestBatchIsDecidedInArrivalOrder(t *testing.T) {
	w := fixture(t)
	w.apply(t, "limit", strings.Fields("issue_count day template 3"))
	w.apply(t, "limit", strings.Fields("issue_count ever member 2"))
	rows := w.counters()
	var got []string
	for _, who := range []int64{11, 11, 11, 12, 13} {
		w.Member = &member.Member{ID: 11}
		if who != 11 {
			w.Member = &member.Member{ID: 12}
			for k, c := range w.counters() {
				if rows[k] == nil {
					rows[k] = c
				}
			}
		}
		if _, refusal := issue.Decide(&w.Request, nil, rows); refusal != nil {
			got = append(got, string(refusal.Code))
		} else {
			got = append(got, "issued")
		}
	}
	want := []string{"issued", "issued", "member_limit_reached", "issued", "period_limit_reached"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if keys := issue.Keys(&w.Request); keys[0] != limit.StockKey(7) || rows[keys[0]].Taken != 3 {
		t.Errorf("stock counts %d", rows[limit.StockKey(7)].Taken)
	}
}

func TestIssuedCoupon(t *testing.T) {
	w := fixture(t)
	d, refusal := issue.Decide(&w.Request, nil, w.counters())
	if refusal != nil {
		t.Fatal(refusal)
	}
	want := coupon.Coupon{
		Member: 11, Template: 7, Version: 2, State: coupon.Usable, Uses: 1, NextUse: 1,
		IssuedAt: w.Now, IssuedDay: 20260310, ValidFrom: w.Now, ValidTo: moment(t, "2026-03-13T00:00"),
		Origin: 99, Form: coupon.FormClaim, Channel: "app", City: "shanghai", Liability: 500, Rev: 1,
		Facts: `{"v":2,"m":4,"p":"","c":"app","y":"shanghai","s":"","k":[0]}`,
	}
	if diff := cmp.Diff(want, d.Coupon); diff != "" {
		t.Error(diff)
	}
}
