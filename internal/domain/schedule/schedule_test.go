package schedule_test

import (
	"testing"
	"time"

	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

func at(t *testing.T, zone, text string) calendar.Instant {
	t.Helper()
	if text == "" {
		return 0
	}
	if text == "forever" {
		return schedule.Forever
	}
	where, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", text, where)
	if err != nil {
		t.Fatal(err)
	}
	return calendar.Of(when)
}

func TestValidityFor(t *testing.T) {
	for _, c := range []struct {
		name, zone, issued, window string
		v                          schedule.Validity
		from, to                   string
	}{
		{"same day ends at local midnight", "Asia/Shanghai", "2026-03-10 23:59", "", schedule.Validity{Kind: schedule.ValiditySameDay},
			"2026-03-10 23:59", "2026-03-11 00:00"},
		{"the day of issue is the first of three", "Asia/Shanghai", "2026-03-10 23:59", "",
			schedule.Validity{Kind: schedule.ValidityDays, Days: 3}, "2026-03-10 23:59", "2026-03-13 00:00"},
		{"a delayed start", "Asia/Shanghai", "2026-03-10 12:00", "", schedule.Validity{Kind: schedule.ValidityDays, Days: 3, DelayDays: 1},
			"2026-03-11 00:00", "2026-03-14 00:00"},
		{"a delayed single day", "Asia/Shanghai", "2026-03-10 12:00", "", schedule.Validity{Kind: schedule.ValiditySameDay, DelayDays: 2},
			"2026-03-12 00:00", "2026-03-13 00:00"},
		{"days over the end of summer time are local days", "America/New_York", "2026-10-31 12:00", "",
			schedule.Validity{Kind: schedule.ValidityDays, Days: 2}, "2026-10-31 12:00", "2026-11-02 00:00"},
		{"a relative validity outlives the window", "Asia/Shanghai", "2026-03-10 12:00", "2026-03-11 00:00",
			schedule.Validity{Kind: schedule.ValidityDays, Days: 3}, "2026-03-10 12:00", "2026-03-13 00:00"},
		{"or is cut by it", "Asia/Shanghai", "2026-03-10 12:00", "2026-03-11 00:00",
			schedule.Validity{Kind: schedule.ValidityDays, Days: 3, CutByWindow: true}, "2026-03-10 12:00", "2026-03-11 00:00"},
		{"no end", "Asia/Shanghai", "2026-03-10 12:00", "", schedule.Validity{Kind: schedule.ValidityForever}, "2026-03-10 12:00", "forever"},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			got := c.v.For(at(t, c.zone, c.issued), zone, at(t, c.zone, c.window))
			if want := (schedule.Interval{From: at(t, c.zone, c.from), To: at(t, c.zone, c.to)}); got != want {
				t.Errorf("got %s - %s, want %s - %s", got.From, got.To, want.From, want.To)
			}
		})
	}
}

func TestWindow(t *testing.T) {
	w := schedule.Window{From: 10, To: 20}
	for now, want := range map[calendar.Instant]bool{9: false, 10: true, 19: true, 20: false} {
		if w.Holds(now) != want {
			t.Errorf("at %d: %v", now, !want)
		}
	}
	if !(schedule.Window{}).Holds(1) || !(schedule.Window{From: 1}).Holds(schedule.Forever) {
		t.Error("an open end closes")
	}
	var l fault.List
	schedule.Window{From: 20, To: 10}.Validate("/window", &l)
	schedule.Validity{Kind: schedule.ValiditySameDay, Days: 1, From: calendar.Earliest, DelayDays: -1}.Validate("/validity", &l)
	if len(l.Faults) < 4 {
		t.Errorf("%v", l.Faults)
	}
}
