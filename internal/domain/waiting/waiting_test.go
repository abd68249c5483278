package waiting

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

const start = calendar.Instant(1_780_000_000_000)

func TestTokenRefusesInOrder(t *testing.T) {
	keys := NewKeys([]byte("secret"))
	p := Place{Template: 7, Holder: "phone\x00abc", From: start.Add(time.Minute), To: start.Add(2 * time.Minute)}
	token := keys.Sign(p, start)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, token, holder string
		template            id.ID
		at                  time.Duration
		want                fault.Code
	}{
		{"in its time", token, p.Holder, 7, time.Minute, ""},
		{"the last moment", token, p.Holder, 7, 2*time.Minute - time.Millisecond, ""},
		{"none", "", p.Holder, 7, time.Minute, fault.PlaceMissing},
		{"garbled", "x" + token, p.Holder, 7, time.Minute, fault.PlaceForged},
		{"no text of ours", "令牌", p.Holder, 7, time.Minute, fault.PlaceForged},
		{"of another secret", NewKeys([]byte("other")).Sign(p, start), p.Holder, 7, time.Minute, fault.PlaceForged},
		{"signed days ago", keys.Sign(p, start.Add(-72*time.Hour)), p.Holder, 7, time.Minute, fault.PlaceForged},
		{"signed days ahead", keys.Sign(p, start.Add(72*time.Hour)), p.Holder, 7, time.Minute, fault.PlaceForged},
		{"of another member, early", token, "phone\x00abd", 7, 0, fault.PlaceForeign},
		{"of another template", token, p.Holder, 8, time.Minute, fault.PlaceForeign},
		{"early", token, p.Holder, 7, time.Minute - time.Millisecond, fault.PlaceEarly},
		{"late", token, p.Holder, 7, 2 * time.Minute, fault.PlaceLate},
	} {
		f := keys.Check(c.token, c.template, c.holder, start.Add(c.at))
		if c.want == "" && f != nil || c.want != "" && (f == nil || f.Code != c.want) {
			t.Errorf("%s: %v, want %q", c.what, f, c.want)
		}
		if c.want == fault.PlaceEarly && f.Param("retry_after_seconds") != int64(1) {
			t.Errorf("early: %v", f)
		}
	}
	// No bit can be changed.
	for i := range raw {
		for bit := range 8 {
			forged := []byte(string(raw))
			forged[i] ^= 1 << bit
			if f := keys.Check(base64.RawURLEncoding.EncodeToString(forged), 7, p.Holder, p.From); f == nil || f.Code != fault.PlaceForged {
				t.Fatalf("byte %d, bit %d: %v", i, bit, f)
			}
		}
	}
}

// Several processes that take pieces of one counter never give more places a second
// than the room has, each at its own moment.
func TestPlacesAreSpread(t *testing.T) {
	for _, rate := range []int64{1, 3, 50, 1000, 99_999} {
		r := Room{PerSecond: rate, LifeSeconds: 10}
		counter := &limit.Counter{}
		holds := map[int]*Piece{}
		given := map[calendar.Instant]int64{}
		for n := range 4 * int(r.Places()) {
			process := n % 3
			p := holds[process]
			for {
				if p != nil {
					if at, ok := p.Next(start); ok {
						given[at]++
						break
					}
				}
				piece := r.Take(counter, start)
				p = &piece
				holds[process] = p
			}
		}
		most := rate/1000 + 1
		for at, n := range given {
			if n > most || at < start {
				t.Errorf("rate %d: %d places at one moment, %d after the start", rate, n, at-start)
			}
		}
		seconds := map[int64]int64{}
		for at, n := range given {
			seconds[int64(at-start)/1000] += n
		}
		for s, n := range seconds {
			if n > rate {
				t.Errorf("rate %d: %d places in second %d", rate, n, s)
			}
		}
	}
	// What was not given in its time is not given later in a heap.
	r := Room{PerSecond: 1000, LifeSeconds: 10}
	p := r.Take(&limit.Counter{}, start)
	if at, ok := p.Next(start.Add(150 * time.Millisecond)); !ok || at != start.Add(150*time.Millisecond) {
		t.Errorf("at %d", at-start)
	}
	if _, ok := p.Next(start.Add(time.Second)); ok {
		t.Error("a place of the past")
	}
}

func FuzzToken(f *testing.F) {
	keys := NewKeys([]byte("secret"))
	f.Add(keys.Sign(Place{Template: 7, Holder: "x", From: start, To: start + 1}, start))
	f.Add(strings.Repeat("A", 67))
	f.Fuzz(func(t *testing.T, token string) {
		if got := keys.Check(token, 9, "y", start); got == nil {
			t.Fatalf("%q lets a stranger in", token)
		}
	})
}
