package id

import (
	"errors"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// noon is a moment after the ids' epoch.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestPartsOfAnID(t *testing.T) {
	now := noon
	m := NewMaker(5, func() time.Time { return now })
	a := m.New(Slots - 1)
	b := m.New(Slots - 1)
	now = now.Add(time.Second)
	c := m.New(3)
	if a >= b || b >= c {
		t.Errorf("ids made later are larger: %d %d %d", a, b, c)
	}
	if a.Slot() != Slots-1 || c.Slot() != 3 {
		t.Errorf("slots %d, %d", a.Slot(), c.Slot())
	}
	if a.Second() != noon.Unix() || c.Second() != noon.Unix()+1 {
		t.Errorf("seconds %d, %d", a.Second(), c.Second())
	}
	if a.Week() != WeekOfSecond(noon.Unix()) || WeekOfSecond(noon.Unix()+7*24*3600) != a.Week()+1 {
		t.Errorf("week %d", a.Week())
	}
}

// What is made together lies together: the slot only orders ids of one tick.
func TestLaterTicksAreLargerWhateverTheSlot(t *testing.T) {
	now := noon
	m := NewMaker(5, func() time.Time { return now })
	last := ID(0)
	for n := range int64(2000) {
		i := m.New((n * 7919) % Slots)
		if i <= last {
			t.Fatalf("id %d after %d", i, last)
		}
		last, now = i, now.Add(time.Millisecond)
	}
}

func TestFullSequenceBorrowsTheNextSecond(t *testing.T) {
	m := NewMaker(1, func() time.Time { return noon })
	seen := map[ID]bool{}
	var last ID
	for range 3000 {
		i := m.New(7)
		if seen[i] || i <= last || i.Slot() != 7 {
			t.Fatalf("id %d after %d", i, last)
		}
		seen[i], last = true, i
	}
	if borrowed := last.Second() - noon.Unix(); borrowed != 2 {
		t.Errorf("3000 ids of one second borrowed %d seconds", borrowed)
	}
}

func TestClockGoingBackMakesNoTwins(t *testing.T) {
	now := noon
	m := NewMaker(1, func() time.Time { return now })
	a := m.New(7)
	now = now.Add(-time.Hour)
	if b := m.New(7); b <= a {
		t.Errorf("%d after %d", b, a)
	}
}

func TestWorkersMakeDifferentIDs(t *testing.T) {
	at := func() time.Time { return noon }
	seen := map[ID]int64{}
	for w := range int64(Workers) {
		m := NewMaker(w, at)
		for range 3 {
			i := m.New(9)
			if other, twice := seen[i]; twice {
				t.Fatalf("workers %d and %d made %d", other, w, i)
			}
			seen[i] = w
		}
	}
}

func TestMakerIsSafe(t *testing.T) {
	m := NewMaker(1, func() time.Time { return noon })
	var mu sync.Mutex
	seen := map[ID]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				i := m.New(1)
				mu.Lock()
				if seen[i] {
					t.Errorf("%d twice", i)
				}
				seen[i] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestTextOfAnID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := ID(rapid.Int64Range(1, 1<<63-1).Draw(t, "id"))
		text := Format(Coupon, i)
		if got, err := Parse(Coupon, text); err != nil || got != i {
			t.Fatalf("%s: %d, %v", text, got, err)
		}
		if _, err := Parse(Template, text); !errors.Is(err, ErrForm) {
			t.Fatalf("%s was read as a template", text)
		}
	})
	if Format(Coupon, 0) != "" {
		t.Error("none has a text")
	}
	for _, bad := range []string{"", "cpn_", "cpn_0000000000000", "cpn_zzzzzzzzzzzzz", "cpn_0cysw6cn0010", "CPN_0cysw6cn00100", "cpn_0cysw6cn0010I",
		"cpn_0CYSW6CN00100", "cpn-0cysw6cn00100", "cpn_0cysw6cn001000", "cpn_0cysw6cn0010\n"} {
		if i, err := Parse(Coupon, bad); err == nil {
			t.Errorf("%q was read as %d", bad, i)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("cpn_0cysw6cn00100")
	f.Add("cpn_7zzzzzzzzzzzz")
	f.Fuzz(func(t *testing.T, text string) {
		if i, err := Parse(Coupon, text); err == nil && Format(Coupon, i) != text {
			t.Errorf("%q and %q are one id", text, Format(Coupon, i))
		}
	})
}

func TestSlotsAreSpread(t *testing.T) {
	used := map[int64]bool{}
	for i := range 20_000 {
		s := SlotOf("phone", Format(Member, ID(i+1)))
		if s < 0 || s >= Slots {
			t.Fatalf("slot %d", s)
		}
		used[s] = true
	}
	if len(used) < Slots/2 {
		t.Errorf("20,000 identities use %d of %d slots", len(used), Slots)
	}
	if SlotOf("a", "bc") == SlotOf("ab", "c") && SlotOf("x", "yz") == SlotOf("xy", "z") {
		t.Error("the parts of a key run together")
	}
}
