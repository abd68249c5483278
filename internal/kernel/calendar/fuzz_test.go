package calendar

import (
	"testing"
	"time"
)

// Whatever is read is written as one text, which is read as the same.
func FuzzParseInstant(f *testing.F) {
	for _, seed := range []string{"2026-03-02T15:04:05Z", "2026-03-02T15:04:05.123+08:00", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59.999Z", "10000-01-01T00:00:00Z",
		"2026-02-29T00:00:00Z", "2026-03-02 15:04", "2026-06-30T23:59:60Z", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		i, err := ParseInstant(text)
		if err != nil {
			return
		}
		if again, err := ParseInstant(i.String()); err != nil || again != i || i < Earliest || i > Latest {
			t.Errorf("%q is %d, written %s, read %d, %v", text, i, i, again, err)
		}
	})
}

// A day that is read exists, and none is read as another one.
func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-03-02", "2024-02-29", "2026-02-29", "0000-01-01", "9999-12-31", "2026-3-2", "", "2026-03-02T00:00:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDate(text)
		if err != nil {
			return
		}
		year, month, day := d.Parts()
		if got := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly); got != text {
			t.Errorf("%q was read as %s", text, got)
		}
	})
}
