package i18n

import (
	"testing"
	"time"
	_ "time/tzdata"

	"quan/internal/kernel/calendar"
)

func TestSpan(t *testing.T) {
	for _, c := range []struct{ zone, from, to, en, cn string }{
		{"Asia/Shanghai", "2026-10-31T16:00:00Z", "2026-11-11T16:00:00Z",
			"from 1 Nov 2026 through 11 Nov 2026", "2026年11月1日至2026年11月11日"},
		{"Asia/Shanghai", "2026-10-31T16:00:00Z", "2026-11-01T16:00:00Z", "on 1 Nov 2026", "2026年11月1日当天"},
		{"Asia/Shanghai", "2026-11-01T02:00:00Z", "2026-11-11T16:00:00Z",
			"from 1 Nov 2026, 10:00 until the end of 11 Nov 2026", "2026年11月1日 10:00至2026年11月11日 24:00"},
		{"Asia/Shanghai", "2026-11-01T02:00:00Z", "2026-11-11T15:59:59.999Z",
			"from 1 Nov 2026, 10:00 until 11 Nov 2026, 23:59:59", "2026年11月1日 10:00至2026年11月11日 23:59:59"},
		{"UTC", "", "2027-01-01T00:00:00Z", "until the end of 31 Dec 2026", "2026年12月31日 24:00前"},
		{"UTC", "2027-01-01T00:00:00Z", "", "from 1 Jan 2027", "2027年1月1日起"},
		{"UTC", "", "", "", ""},
		// A day of 23 hours, and a day whose midnight the clock skips.
		{"America/New_York", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", "on 8 Mar 2026", "2026年3月8日当天"},
		{"America/Santiago", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z", "on 6 Sep 2026", "2026年9月6日当天"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		from, to := instant(t, c.from), instant(t, c.to)
		if got := EN.Span(from, to, zone); got != c.en {
			t.Errorf("%s..%s %s:\n got %s\nwant %s", c.from, c.to, c.zone, got, c.en)
		}
		if got := ZhCN.Span(from, to, zone); got != c.cn {
			t.Errorf("%s..%s %s:\n got %s\nwant %s", c.from, c.to, c.zone, got, c.cn)
		}
	}
}

func instant(t *testing.T, text string) calendar.Instant {
	t.Helper()
	if text == "" {
		return 0
	}
	i, err := calendar.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestZone(t *testing.T) {
	for name, want := range map[string]string{
		"Asia/Shanghai":    "北京时间",
		"UTC":              "世界标准时间",
		"America/New_York": "America/New_York 时间",
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := ZhCN.Zone(zone); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if got := EN.Zone(time.FixedZone("America/New_York", 0)); got != "New York time" {
		t.Errorf("en: %s", got)
	}
}
