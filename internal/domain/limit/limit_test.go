package limit_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quan/internal/domain/limit"
)

func TestStarts(t *testing.T) {
	for _, c := range []struct {
		period limit.Period
		per    limit.Per
		week   time.Weekday
		want   limit.Key
	}{
		{limit.Ever, limit.PerTemplate, time.Monday, limit.Key{}},
		{limit.Day, limit.PerMember, time.Monday, limit.Key{Subject: 2, Start: 20260301}},
		{limit.Week, limit.PerPlacement, time.Monday, limit.Key{Subject: 3, Start: 20260223}},
		{limit.Week, limit.PerPlacement, time.Sunday, limit.Key{Subject: 3, Start: 20260301}},
		{limit.Month, limit.PerTemplate, time.Monday, limit.Key{Start: 20260301}},
		{limit.Rolling, limit.PerDevice, time.Monday, limit.Key{Subject: 4, Start: 100}},
		{limit.Window, limit.PerMember, time.Monday, limit.Key{Subject: 2, Start: 77}},
	} {
		l := limit.Limit{What: limit.IssueCount, Period: c.period, Per: c.per, Cap: 1}
		c.want.Template, c.want.What, c.want.Period, c.want.Per = 1, l.What, l.Period, l.Per
		s := limit.Subject{Template: 1, Member: 2, Placement: 3, Actor: limit.Actor{Device: 4}, Day: 20260301, Opened: 77 * 60_000,
			At: 100*3_600_000 + 1, WeekStart: c.week}
		if diff := cmp.Diff(c.want, limit.Takings(s, limit.Issue(0), []limit.Limit{l})[0].Key); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTakings(t *testing.T) {
	limits := []limit.Limit{
		{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 9},
		{What: limit.IssueAmount, Period: limit.Day, Per: limit.PerTemplate, Cap: 9},
		{What: limit.RedeemCount, Period: limit.Day, Per: limit.PerMember, Cap: 9},
		{What: limit.RedeemAmount, Period: limit.Day, Per: limit.PerPlacement, Cap: 9},
	}
	amounts := func(s limit.Subject, a limit.Act) map[limit.What]int64 {
		out := map[limit.What]int64{}
		for _, t := range limit.Takings(s, a, limits) {
			out[t.Limit.What] = t.Amount
		}
		return out
	}
	s := limit.Subject{Template: 1, Member: 2, Day: 20260301}
	if diff := cmp.Diff(map[limit.What]int64{limit.IssueCount: 1, limit.IssueAmount: 500}, amounts(s, limit.Issue(500))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[limit.What]int64{limit.RedeemCount: 1}, amounts(s, limit.Redeem(300))); diff != "" {
		t.Errorf("no placement, nothing counted for it: %s", diff)
	}
	s.Placement = 3
	if diff := cmp.Diff(map[limit.What]int64{limit.RedeemCount: 1, limit.RedeemAmount: 300}, amounts(s, limit.Redeem(300))); diff != "" {
		t.Error(diff)
	}
}

// A counter under any acts: taken never passes the ceiling, without a promise
// kept it never passes the highest cap, and over-use is what went beyond.
func TestCounterHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c limit.Counter
		var highest int64
		for range 40 {
			cap := rapid.Int64Range(0, 20).Draw(t, "cap")
			amount := rapid.Int64Range(0, 6).Draw(t, "amount")
			before := c
			switch rapid.IntRange(0, 2).Draw(t, "act") {
			case 0:
				if limit.Room(c, cap, amount) {
					limit.Take(&c, cap, amount)
					highest = max(highest, cap)
					if amount > 0 && c.Taken > cap {
						t.Fatalf("took %d over the cap %d: %+v", amount, cap, c)
					}
				} else if c.Taken+amount <= cap {
					t.Fatalf("refused though there was room: %+v cap %d amount %d", c, cap, amount)
				}
			case 1:
				limit.TakeOver(&c, cap, amount)
				if over := c.Over - before.Over; over != max(0, min(amount, before.Taken+amount-cap)) {
					t.Fatalf("over-use %d of %d at %d under %d", over, amount, before.Taken, cap)
				}
			case 2:
				limit.Give(&c, amount)
			}
			if c.Taken < 0 || c.Taken > c.Ceiling {
				t.Fatalf("%+v", c)
			}
		}
	})
}
