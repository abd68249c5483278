package calendar

import (
	"fmt"
	"strconv"
	"time"
)

// Instant is a moment in milliseconds since the Unix epoch, UTC. Zero means
// "none" wherever a moment is optional. In JSON it is an RFC 3339 text.
type Instant int64

// Of converts a time to its instant, cutting below the millisecond.
func Of(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time returns the instant in UTC.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// Add returns the instant d later.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Milliseconds()) }

// String writes RFC 3339 in UTC with milliseconds, or "" for none.
func (i Instant) String() string {
	if i == 0 {
		return ""
	}
	return i.Time().Format("2006-01-02T15:04:05.000Z07:00")
}

// MarshalJSON writes the instant as an RFC 3339 text, none as null.
func (i Instant) MarshalJSON() ([]byte, error) {
	if i == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + i.String() + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON writes; a zone is required.
func (i *Instant) UnmarshalJSON(b []byte) error {
	if string(b) == "null" || string(b) == `""` {
		*i = 0
		return nil
	}
	text, err := strconv.Unquote(string(b))
	if err != nil {
		return fmt.Errorf("calendar: %s is no RFC 3339 time", b)
	}
	*i, err = ParseInstant(text)
	return err
}

// Earliest and Latest bound the instants that input may name.
var (
	Earliest = Of(time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC))
	Latest   = Of(time.Date(9999, 12, 30, 0, 0, 0, 0, time.UTC))
)

// ParseInstant reads an RFC 3339 time with its zone, between Earliest and Latest.
func ParseInstant(text string) (Instant, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0, fmt.Errorf("calendar: %q is no RFC 3339 time with a zone", text)
	}
	i := Of(t)
	if i < Earliest || i > Latest {
		return 0, fmt.Errorf("calendar: %q lies outside 1970-9999", text)
	}
	return i, nil
}

// Date is a local calendar day written as the number yyyymmdd; zero is none.
type Date int32

// DateOf returns the local day of an instant in a zone.
func DateOf(i Instant, zone *time.Location) Date {
	y, m, d := i.Time().In(zone).Date()
	return Date(y*10000 + int(m)*100 + d)
}

// ParseDate reads yyyy-mm-dd.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("calendar: %q is no date yyyy-mm-dd", text)
	}
	return Date(t.Year()*10000 + int(t.Month())*100 + t.Day()), nil
}

// Parts returns year, month and day.
func (d Date) Parts() (year int, month time.Month, day int) {
	return int(d) / 10000, time.Month(int(d) / 100 % 100), int(d) % 100
}

// Start returns the first instant of the day in the zone. Where a clock change
// skips midnight, it is the first instant that exists.
func (d Date) Start(zone *time.Location) Instant { return d.At(0, zone) }

// At returns the first instant at which the clocks of the zone show this day and
// so many minutes past midnight, or later: of an hour that a clock change skips
// the moment of the change, of one that it repeats the first time. So later times
// never come before earlier ones. From 1,440 on it is a time of the next day.
func (d Date) At(minutes int64, zone *time.Location) Instant {
	y, m, day := d.Parts()
	shown := time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Unix() + minutes*60
	for t := time.Unix(shown-earliestZone, 0).In(zone); ; {
		_, offset := t.Zone()
		begin, end := t.ZoneBounds()
		at := shown - int64(offset)
		switch {
		case !begin.IsZero() && at < begin.Unix():
			return Of(begin)
		case end.IsZero() || at < end.Unix():
			return Instant(at * 1000)
		}
		t = end
	}
}

// earliestZone is more than any zone is before UTC, in seconds.
const earliestZone = 16 * 3600

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date {
	y, m, day := d.Parts()
	t := time.Date(y, m, day+n, 0, 0, 0, 0, time.UTC)
	return Date(t.Year()*10000 + int(t.Month())*100 + t.Day())
}

// String writes yyyy-mm-dd, or "" for none.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Parts()
	return fmt.Sprintf("%04d-%02d-%02d", y, int(m), day)
}

// MarshalText writes yyyy-mm-dd.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads yyyy-mm-dd.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// WeekOf returns the first day of the week that holds d.
func WeekOf(d Date, start time.Weekday) Date {
	y, m, day := d.Parts()
	weekday := time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Weekday()
	return d.AddDays(-int((weekday - start + 7) % 7))
}

// MonthOf returns the first day of d's month.
func MonthOf(d Date) Date { return d/100*100 + 1 }

// AddMonths returns the instant n months later at the same local time of day;
// a day that the month lacks becomes its last day.
func AddMonths(i Instant, n int, zone *time.Location) Instant {
	t := i.Time().In(zone)
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Of(time.Date(first.Year(), first.Month(), min(t.Day(), last),
		t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone))
}
