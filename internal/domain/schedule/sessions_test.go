package schedule_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
)

// TestMain gives the properties one seed; -rapid.seed chooses another.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.seed", "20261122"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func hours(t testing.TB, spans ...string) (all []schedule.TimeRange) {
	t.Helper()
	for _, s := range spans {
		var r schedule.TimeRange
		from, to, _ := strings.Cut(s, "-")
		if r.From.UnmarshalText([]byte(from)) != nil || r.To.UnmarshalText([]byte(to)) != nil {
			t.Fatal(s)
		}
		all = append(all, r)
	}
	return all
}

// TestOpenings: the next openings at a moment, in UTC where a clock change hides
// what they are.
func TestOpenings(t *testing.T) {
	for _, c := range []struct {
		name, zone, now, from, to string
		s                         *schedule.Sessions
		want                      string
	}{
		{"no sessions: the window", "Asia/Shanghai", "2026-03-10 12:00", "2026-03-11 00:00", "2026-03-12 00:00", nil, "03-10T16:00/03-11T16:00"},
		{"the window is over", "Asia/Shanghai", "2026-03-12 00:00", "", "2026-03-12 00:00", nil, ""},
		{"one that is open, then the next days", "Asia/Shanghai", "2026-03-10 10:30", "", "",
			&schedule.Sessions{Every: schedule.EveryDay, Hours: hours(t, "20:00-21:00", "10:00-11:00")},
			"03-10T02:00/03-10T03:00 03-10T12:00/03-10T13:00 03-11T02:00/03-11T03:00"},
		{"cut to the window", "Asia/Shanghai", "2026-03-10 10:00", "2026-03-10 10:30", "2026-03-10 20:30",
			&schedule.Sessions{Every: schedule.EveryDay, Hours: hours(t, "10:00-11:00", "20:00-21:00")}, "03-10T02:30/03-10T03:00 03-10T12:00/03-10T12:30"},
		{"the window ended while a session lasted", "Asia/Shanghai", "2026-03-10 20:45", "", "2026-03-10 20:30",
			&schedule.Sessions{Every: schedule.EveryDay, Hours: hours(t, "20:00-21:00")}, ""},
		{"over midnight", "Asia/Shanghai", "2026-03-10 00:59", "", "",
			&schedule.Sessions{Every: schedule.EveryWeek, Weekdays: []string{"mon"}, Hours: hours(t, "22:00-01:00")},
			"03-09T14:00/03-09T17:00 03-16T14:00/03-16T17:00 03-23T14:00/03-23T17:00"},
		{"the 31st, or the last day", "Asia/Shanghai", "2026-02-01 00:00", "", "", &schedule.Sessions{Every: schedule.EveryMonth, MonthDays: []int64{31, 30}},
			"02-27T16:00/02-28T16:00 03-29T16:00/03-30T16:00 03-30T16:00/03-31T16:00"},
		{"the 31st, or none", "Asia/Shanghai", "2026-02-01 00:00", "", "",
			&schedule.Sessions{Every: schedule.EveryMonth, MonthDays: []int64{31}, ShortMonth: schedule.ShortSkip},
			"03-30T16:00/03-31T16:00 05-30T16:00/05-31T16:00 07-30T16:00/07-31T16:00"},
		{"29 February comes again", "Asia/Shanghai", "2097-01-01 00:00", "", "2104-03-01 00:00", &schedule.Sessions{Every: schedule.EveryMonth, MonthDays: []int64{29},
			ShortMonth: schedule.ShortSkip, Except: everyMonthBut2(2097, 2104)}, "02-28T16:00/02-29T16:00"},
		{"not on a day that is left out", "Asia/Shanghai", "2026-03-10 00:00", "", "2026-03-14 00:00",
			&schedule.Sessions{Every: schedule.EveryDay, Hours: hours(t, "10:00-11:00"), Except: []calendar.Date{20260310, 20260312}},
			"03-11T02:00/03-11T03:00 03-13T02:00/03-13T03:00"},
		{"clocks go forward: 2:30 is 3:00, and 2:15-2:45 is not at all", "America/New_York", "2026-03-07 12:00", "", "2026-03-09 03:00",
			&schedule.Sessions{Every: schedule.EveryDay, Hours: hours(t, "02:15-02:45", "02:50-03:30")},
			"03-08T07:00/03-08T07:30 03-09T06:15/03-09T06:45 03-09T06:50/03-09T07:00"},
		{"clocks go back: 1:00-2:00 takes two hours, 1:30-1:45 is held once", "America/New_York", "2026-11-01 00:00", "", "2026-11-01 12:00",
			&schedule.Sessions{Every: schedule.EveryDay, Hours: hours(t, "00:00-00:30", "01:30-01:45", "01:45-02:00")},
			"11-01T04:00/11-01T04:30 11-01T05:30/11-01T05:45 11-01T05:45/11-01T07:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			w := schedule.Window{From: at(t, c.zone, c.from), To: at(t, c.zone, c.to)}
			var got []string
			for _, o := range w.Openings(c.s, at(t, c.zone, c.now), zone, 3) {
				got = append(got, o.From.Time().Format("01-02T15:04")+"/"+o.To.Time().Format("01-02T15:04"))
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("got %s, want %s", text, c.want)
			}
		})
	}
}

// everyMonthBut2 are the 29ths of all months but February.
func everyMonthBut2(from, to int) (days []calendar.Date) {
	for y := from; y <= to; y++ {
		for m := 1; m <= 12; m++ {
			if m != 2 {
				days = append(days, calendar.Date(y*10000+m*100+29))
			}
		}
	}
	return days
}

// TestSessionsByTheClock walks over days with clock changes in steps of five minutes: what
// is open is open in one session, under one name, and is what Openings said before.
func TestSessionsByTheClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.SampledFrom([]struct{ zone, day string }{{"America/New_York", "2026-03-06"}, {"America/New_York", "2026-10-30"},
			{"America/Sao_Paulo", "2018-11-02"}, {"Australia/Lord_Howe", "2026-10-02"}, {"Asia/Shanghai", "2026-02-26"}}).Draw(t, "place")
		zone, err := time.LoadLocation(place.zone)
		if err != nil {
			t.Fatal(err)
		}
		first, _ := calendar.ParseDate(place.day)
		s := &schedule.Sessions{Every: schedule.EveryDay}
		switch rapid.IntRange(0, 2).Draw(t, "every") {
		case 1:
			s.Every, s.Weekdays = schedule.EveryWeek, rapid.SliceOfNDistinct(rapid.SampledFrom(schedule.Weekdays), 1, 5, rapid.ID).Draw(t, "weekdays")
		case 2:
			s.Every, s.MonthDays = schedule.EveryMonth, rapid.SliceOfNDistinct(rapid.Int64Range(1, 31), 1, 20, rapid.ID).Draw(t, "days")
		}
		cuts := rapid.SliceOfNDistinct(rapid.Int64Range(0, 95), 0, 8, rapid.ID).Draw(t, "hours")
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			s.Hours = append(s.Hours, schedule.TimeRange{From: schedule.Clock(cuts[i] * 15), To: schedule.Clock(cuts[i+1] * 15)})
		}
		if n := len(s.Hours); n > 0 && cuts[0] > 0 && rapid.Bool().Draw(t, "over midnight") {
			s.Hours[n-1].To = schedule.Clock(cuts[0] * 15)
		}
		w := schedule.Window{From: first.Start(zone), To: first.AddDays(5).Start(zone)}
		told := w.Openings(s, w.From, zone, 1000)
		for _, o := range told {
			if o.From >= o.To || o.From < w.From || o.To > w.To {
				t.Fatalf("%+v opens from %s to %s", s, o.From, o.To)
			}
		}
		for now := w.From; now < w.To; now += 300_000 {
			i := slices.IndexFunc(told, func(o schedule.Interval) bool { return o.From <= now && now < o.To })
			start, open := w.Start(s, now, zone)
			if open != (i >= 0) || open != w.OpenAt(s, now, zone) {
				t.Fatalf("%+v at %s in %s: open %v, told %v", s, now, zone, open, i)
			}
			if i >= 0 && max(start, w.From) != told[i].From {
				t.Fatalf("%+v at %s: named %s, told %s", s, now, start, told[i].From)
			}
			if now%1_500_000 != 0 {
				continue
			}
			if next := w.Openings(s, now, zone, 1); len(next) > 0 {
				want := slices.IndexFunc(told, func(o schedule.Interval) bool { return o.To > now })
				if fmt.Sprint(next[0]) != fmt.Sprint(told[want]) {
					t.Fatalf("%+v at %s: next %v, want %v", s, now, next, told[want])
				}
			}
		}
	})
}

func TestDelayedActivation(t *testing.T) {
	for _, c := range []struct {
		name, zone, issued string
		v                  schedule.Validity
		from, to           string
	}{
		{"hours after the issue, and days from then", "Asia/Shanghai", "2026-03-10 20:00", schedule.Validity{Kind: schedule.ValidityDays, Days: 2, DelayHours: 6},
			"2026-03-11 02:00", "2026-03-13 00:00"},
		{"hours are hours, whatever the clocks do", "America/New_York", "2026-03-07 12:00", schedule.Validity{Kind: schedule.ValiditySameDay, DelayHours: 24},
			"2026-03-08 13:00", "2026-03-09 00:00"},
		{"the next midnight", "America/Sao_Paulo", "2018-11-03 12:00", schedule.Validity{Kind: schedule.ValiditySameDay, DelayDays: 1},
			"2018-11-04 01:00", "2018-11-05 00:00"},
		{"not before a moment", "Asia/Shanghai", "2026-03-10 12:00", schedule.Validity{Kind: schedule.ValidityDays, Days: 3, From: at(t, "Asia/Shanghai", "2026-03-12 08:00")},
			"2026-03-12 08:00", "2026-03-15 00:00"},
		{"at once after that moment", "Asia/Shanghai", "2026-03-13 12:00", schedule.Validity{Kind: schedule.ValidityDays, Days: 3, From: at(t, "Asia/Shanghai", "2026-03-12 08:00")},
			"2026-03-13 12:00", "2026-03-16 00:00"},
		{"the later of delay and moment", "Asia/Shanghai", "2026-03-12 07:00",
			schedule.Validity{Kind: schedule.ValidityForever, DelayHours: 2, From: at(t, "Asia/Shanghai", "2026-03-12 08:00")}, "2026-03-12 09:00", "forever"},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			got := c.v.For(at(t, c.zone, c.issued), zone, 0)
			if want := (schedule.Interval{From: at(t, c.zone, c.from), To: at(t, c.zone, c.to)}); got != want {
				t.Errorf("got %s - %s, want %s - %s", got.From, got.To, want.From, want.To)
			}
		})
	}
}

func BenchmarkOpenAt(b *testing.B) {
	zone, _ := time.LoadLocation("Asia/Shanghai")
	s := &schedule.Sessions{Every: schedule.EveryDay, Hours: hours(b, "10:00-11:00", "14:00-15:00", "20:00-21:00")}
	now := calendar.Date(20260310).At(20*60+30, zone)
	b.ReportAllocs()
	for b.Loop() {
		_ = schedule.Window{}.OpenAt(s, now, zone)
	}
}
