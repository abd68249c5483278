package calendar

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instant(t testing.TB, text string) Instant {
	t.Helper()
	i, err := ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestStartOfDay(t *testing.T) {
	for _, c := range []struct {
		zone string
		day  Date
		want string
	}{
		{"Asia/Shanghai", 20261122, "2026-11-21T16:00:00Z"},
		{"America/New_York", 20260308, "2026-03-08T05:00:00Z"},  // clocks go forward at 2:00
		{"America/New_York", 20261101, "2026-11-01T04:00:00Z"},  // and back at 2:00
		{"America/Sao_Paulo", 20181104, "2018-11-04T03:00:00Z"}, // midnight does not exist
		{"Asia/Beirut", 20260329, "2026-03-28T22:00:00Z"},
		{"Pacific/Apia", 20111230, "2011-12-30T10:00:00Z"},   // the day does not exist
		{"America/Havana", 20261101, "2026-11-01T04:00:00Z"}, // midnight comes twice: the first
		{"Pacific/Kiritimati", 20260101, "2025-12-31T10:00:00Z"},
	} {
		if got := c.day.Start(zone(t, c.zone)); got != instant(t, c.want) {
			t.Errorf("%s in %s starts at %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

func TestStartIsTheFirstInstant(t *testing.T) {
	var zones []*time.Location
	for _, name := range []string{"Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana"} {
		zones = append(zones, zone(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		z := zones[rapid.IntRange(0, len(zones)-1).Draw(t, "zone")]
		i := Instant(rapid.Int64Range(0, int64(4_000_000_000_000)).Draw(t, "instant"))
		day := DateOf(i, z)
		start := day.Start(z)
		if start > i || DateOf(start, z) != day || DateOf(start-1, z) >= day {
			t.Fatalf("%s in %s: start %s of %s", i, z, start, day)
		}
		if next := day.AddDays(1).Start(z); next <= i {
			t.Fatalf("%s in %s: the next day starts at %s", i, z, next)
		}
	})
}

func TestTimeOfDay(t *testing.T) {
	for _, c := range []struct {
		zone    string
		day     Date
		minutes int64
		want    string
	}{
		{"Asia/Shanghai", 20261122, 10 * 60, "2026-11-22T02:00:00Z"},
		{"Asia/Shanghai", 20261122, 24 * 60, "2026-11-22T16:00:00Z"},
		{"Asia/Shanghai", 20261122, 26 * 60, "2026-11-22T18:00:00Z"},
		{"America/New_York", 20260308, 119, "2026-03-08T06:59:00Z"},
		{"America/New_York", 20260308, 150, "2026-03-08T07:00:00Z"}, // 2:30 is skipped: 3:00 summer time
		{"America/New_York", 20260308, 180, "2026-03-08T07:00:00Z"},
		{"America/New_York", 20261101, 90, "2026-11-01T05:30:00Z"},  // 1:30 comes twice: the first
		{"America/New_York", 20261101, 120, "2026-11-01T07:00:00Z"}, // 2:00 comes once, after both
		{"America/Sao_Paulo", 20181104, 30, "2018-11-04T03:00:00Z"},
		{"Australia/Lord_Howe", 20261004, 135, "2026-10-03T15:30:00Z"}, // half an hour is skipped at 2:00
	} {
		if got := c.day.At(c.minutes, zone(t, c.zone)); got != instant(t, c.want) {
			t.Errorf("%s and %d minutes in %s: %s, want %s", c.day, c.minutes, c.zone, got, c.want)
		}
	}
}

func TestLaterTimesAreNotEarlier(t *testing.T) {
	var zones []*time.Location
	for _, name := range []string{"Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Apia"} {
		zones = append(zones, zone(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		z := zones[rapid.IntRange(0, len(zones)-1).Draw(t, "zone")]
		day := DateOf(Instant(rapid.Int64Range(0, int64(2_000_000_000_000)).Draw(t, "instant")), z)
		last := day.At(0, z)
		for minutes := int64(1); minutes <= 48*60; minutes += rapid.Int64Range(1, 60).Draw(t, "step") {
			at := day.At(minutes, z)
			if at < last || DateOf(at, z) < day.AddDays(int(minutes/1440)) {
				t.Fatalf("%s and %d minutes in %s: %s after %s", day, minutes, z, at, last)
			}
			last = at
		}
	})
}

func TestWeeksAndMonths(t *testing.T) {
	for _, c := range []struct {
		day   Date
		start time.Weekday
		want  Date
	}{{20261122, time.Monday, 20261116}, {20261122, time.Sunday, 20261122}, {20261116, time.Monday, 20261116}, {20260101, time.Monday, 20251229}} {
		if got := WeekOf(c.day, c.start); got != c.want {
			t.Errorf("week of %s from %s: %s, want %s", c.day, c.start, got, c.want)
		}
	}
	if got := MonthOf(20260228); got != 20260201 {
		t.Errorf("month: %s", got)
	}
}

func TestAddMonths(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31T10:00:00+08:00", 1, "2026-02-28T10:00:00+08:00"},
		{"2028-01-31T10:00:00+08:00", 1, "2028-02-29T10:00:00+08:00"},
		{"2028-02-29T10:00:00+08:00", 12, "2029-02-28T10:00:00+08:00"},
		{"2026-03-31T00:00:00+08:00", -1, "2026-02-28T00:00:00+08:00"},
		{"2026-12-15T23:59:59+08:00", 1, "2027-01-15T23:59:59+08:00"},
	} {
		if got := AddMonths(instant(t, c.from), c.n, z); got != instant(t, c.want) {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestParseInstant(t *testing.T) {
	for _, bad := range []string{"", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "1700000000", "0000-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z", "1969-12-31T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00+25:00"} {
		if i, err := ParseInstant(bad); err == nil {
			t.Errorf("%q was read as %s", bad, i)
		}
	}
	for text, want := range map[string]string{"2026-01-01T00:00:00+14:00": "2025-12-31T10:00:00.000Z",
		"2026-01-01T00:00:00.1239-12:00": "2026-01-01T12:00:00.123Z", "2038-01-19T03:14:08Z": "2038-01-19T03:14:08.000Z"} {
		if got := instant(t, text).String(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	type both struct {
		At  Instant
		Day Date
	}
	in := both{instant(t, "2026-11-22T10:00:00Z"), 20261122}
	text, err := json.Marshal(in)
	if err != nil || string(text) != `{"At":"2026-11-22T10:00:00.000Z","Day":"2026-11-22"}` {
		t.Fatalf("%s, %v", text, err)
	}
	var out both
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Fatalf("%+v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"At":null,"Day":""}`), &out); err != nil || out != (both{}) {
		t.Fatalf("none: %+v, %v", out, err)
	}
	for _, bad := range []string{`{"At":5}`, `{"At":"yesterday"}`, `{"Day":"2026-02-30"}`, `{"Day":"20261122"}`} {
		if err := json.Unmarshal([]byte(bad), &out); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}
