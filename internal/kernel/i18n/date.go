package i18n

import (
	"strconv"
	"strings"
	"time"

	"quan/internal/kernel/calendar"
)

// Date writes a calendar day: 2026年11月1日, 1 Nov 2026.
func (l Lang) Date(d calendar.Date) string {
	y, m, day := d.Parts()
	w := l.words()
	return w.Say("date.day", Arg{"y", strconv.Itoa(y)}, Arg{"d", strconv.Itoa(day)},
		Arg{"m", strconv.Itoa(int(m))}, Arg{"month", w.Say("date.month." + strconv.Itoa(int(m)))})
}

// Moment writes day and time of day in a zone; seconds only where there are any.
func (l Lang) Moment(i calendar.Instant, zone *time.Location) string {
	t := i.Time().In(zone)
	layout := "15:04"
	if t.Second() != 0 {
		layout = time.TimeOnly
	}
	return l.words().Say("date.moment", Arg{"date", l.Date(calendar.DateOf(i, zone))}, Arg{"time", t.Format(layout)})
}

// start writes the start of an interval; a whole day needs no time of day.
func (l Lang) start(from calendar.Instant, zone *time.Location) string {
	if day := calendar.DateOf(from, zone); day.Start(zone) == from {
		return l.Date(day)
	}
	return l.Moment(from, zone)
}

// End writes the end of an interval [from, to): a midnight is told as the end of
// the day before (11月11日 24:00), which no reader takes for the day after.
func (l Lang) End(to calendar.Instant, zone *time.Location) string {
	if day := calendar.DateOf(to, zone); day.Start(zone) == to {
		return l.words().Say("date.end", Arg{"date", l.Date(day.AddDays(-1))})
	}
	return l.Moment(to, zone)
}

// Span writes an interval [from, to) in a zone, without the zone's name; zero is
// an open end. Whole days are told as days, the last one included. It is "" when
// both ends are open.
func (l Lang) Span(from, to calendar.Instant, zone *time.Location) string {
	w := l.words()
	switch {
	case from == 0 && to == 0:
		return ""
	case to == 0:
		return w.Say("span.from", Arg{"from", l.start(from, zone)})
	case from == 0:
		return w.Say("span.to", Arg{"to", l.End(to, zone)})
	}
	first, last := calendar.DateOf(from, zone), calendar.DateOf(to, zone)
	if first.Start(zone) != from || last.Start(zone) != to {
		return w.Say("span.both", Arg{"from", l.start(from, zone)}, Arg{"to", l.End(to, zone)})
	}
	if last = last.AddDays(-1); first == last {
		return w.Say("span.day", Arg{"date", l.Date(first)})
	}
	return w.Say("span.days", Arg{"from", l.Date(first)}, Arg{"to", l.Date(last)})
}

// Zone names a time zone as people do: 北京时间, New York time.
func (l Lang) Zone(zone *time.Location) string {
	name := zone.String()
	w := l.words()
	if key := "zone." + name; w.Has(key) {
		return w.Say(key)
	}
	city := strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
	return w.Say("zone.other", Arg{"zone", name}, Arg{"city", city})
}
