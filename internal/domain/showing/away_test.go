package showing_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"quan/internal/domain/showing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

func TestAScanWithoutNetworkLiesBetweenContactAndNow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		elapsed := time.Duration(rapid.Int64Range(-10_000, int64(showing.Shift/time.Millisecond)+10_000).Draw(t, "elapsed")) * time.Millisecond
		later := time.Duration(rapid.Int64Range(0, int64(showing.Shift/time.Millisecond)).Draw(t, "later")) * time.Millisecond
		a := showing.Away{Contact: keys.SignContact("psn_1", now), Elapsed: elapsed}
		at, f := keys.ScannedAt(a, "psn_1", now.Add(later))
		good := elapsed >= 0 && elapsed <= showing.Shift && elapsed <= later+5*time.Second
		if good != (f == nil) {
			t.Fatalf("%s after the contact, sent after %s: %v", elapsed, later, f)
		}
		if f == nil && (at < now || at > now.Add(later) || at != min(now.Add(elapsed), now.Add(later))) {
			t.Errorf("scanned at %d", at)
		}
	})
}

func TestAContactIsOfItsCaller(t *testing.T) {
	mine := keys.SignContact("psn_1", now)
	foreign := showing.NewKeys([]byte("another key of thirty-two bytes!")).SignContact("psn_1", now)
	code, _ := keys.Sign(7, 8, now)
	for _, text := range []string{"", "C1.", mine[3:], mine + "0", foreign, code, "Q1." + mine[3:], mine[:len(mine)-1] + "%"} {
		if _, f := keys.ScannedAt(showing.Away{Contact: text}, "psn_1", now); f == nil || f.Code != fault.InvalidValue || f.Pointer != "/contact" {
			t.Errorf("%q: %v", text, f)
		}
	}
	if _, f := keys.ScannedAt(showing.Away{Contact: mine}, "psn_2", now); f == nil {
		t.Error("somebody else's contact counts")
	}
	if at, f := keys.ScannedAt(showing.Away{Contact: " " + strings.ToLower(mine)}, "psn_1", now); f != nil || at != now {
		t.Errorf("%d, %v", at, f)
	}
}

// A code that was good when it was scanned counts for four hours; one that was not, never.
func TestACodeScannedWithoutNetwork(t *testing.T) {
	code, until := keys.Sign(7, 8, now)
	const slack = 5 * time.Second
	for name, c := range map[string]struct {
		scanned, sent calendar.Instant
		want          fault.Code
	}{
		"as it was made":           {now, now.Add(time.Hour), ""},
		"in its last second":       {until - 1, until.Add(3 * time.Hour), ""},
		"by a clock that is slow":  {now.Add(-slack), now.Add(time.Hour), ""},
		"by one that is too slow":  {now.Add(-slack) - 1, now.Add(time.Hour), fault.QRExpired},
		"when it was over":         {until.Add(slack), until.Add(time.Hour), fault.QRExpired},
		"sent in the last moment":  {now, now.Add(showing.Late) - 1, ""},
		"sent too late":            {now, now.Add(showing.Late), fault.ScanTooOld},
		"over, and sent too late":  {until.Add(slack), now.Add(2 * showing.Late), fault.QRExpired},
		"long before it was there": {now.Add(-time.Hour), now.Add(time.Hour), fault.QRExpired},
	} {
		_, f := keys.ReadAway(code, c.scanned, c.sent)
		if got := codeOf(f); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if _, f := keys.ReadAway(code+"0", now, now); codeOf(f) != fault.CouponUnknown {
		t.Errorf("a forged one: %v", f)
	}
}

func codeOf(f *fault.Fault) fault.Code {
	if f == nil {
		return ""
	}
	return f.Code
}
