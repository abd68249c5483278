package limit

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Actor is who acts beside the member, as numbers of keyed hashes: nothing of a
// device, a means of payment or a person can be read from them. Zero: not known.
type Actor struct {
	Person id.ID `json:"person,omitempty"`
	Device id.ID `json:"device,omitempty"`
	Payer  id.ID `json:"payer,omitempty"`
}

// Subject is who and what an action is counted for. Placement and Store may be
// none: limits per placement or store then count nothing.
type Subject struct {
	Template  id.ID
	Member    id.ID
	Placement id.ID
	Actor
	Store     string
	Funders   []string         // who bears the coupon's discounts, as kind:code
	Day       calendar.Date    // market's local day of the action
	Opened    calendar.Instant // when the claim window that is open began
	At        calendar.Instant // of the action
	WeekStart time.Weekday
}

// Numbered is the number under which a hash or code is counted: 63 bits of it, so
// that of a thousand million subjects hardly two share a counter.
func Numbered(hash string) id.ID {
	sum := sha256.Sum256([]byte(hash))
	return id.ID(binary.BigEndian.Uint64(sum[:8]) & math.MaxInt64)
}

// numbers are the subjects of a limit; ok is false where the subject should be
// known and is not. One that has no part in the action has no numbers.
func (s *Subject) numbers(l *Limit, list []id.ID) (_ []id.ID, ok bool) {
	known := func(i id.ID) ([]id.ID, bool) { return append(list, i), i != 0 }
	switch l.Per {
	case PerMember:
		return append(list, s.Member), true
	case PerPlacement:
		if s.Placement == 0 {
			return nil, true
		}
		return append(list, s.Placement), true
	case PerPerson:
		return known(s.Person)
	case PerDevice:
		return known(s.Device)
	case PerPayer:
		return known(s.Payer)
	case PerStore:
		if s.Store == "" || l.Only != "" && l.Only != s.Store {
			return nil, true
		}
		return append(list, Numbered(s.Store)), true
	case PerFunder:
		for _, f := range s.Funders {
			if l.Only == "" || l.Only == f {
				list = append(list, Numbered(f))
			}
		}
		return list, true
	}
	return append(list, 0), true
}

// hour counts the hours since 1970.
func hour(at calendar.Instant) calendar.Date {
	return calendar.Date(int64(at) / int64(time.Hour/time.Millisecond))
}

// SameHour reports whether two moments take from the same counters of rolling limits.
func SameHour(a, b calendar.Instant) bool { return hour(a) == hour(b) }

// start is the first day of the limit's period that holds the action.
func (s *Subject) start(l *Limit, campaign calendar.Date) calendar.Date {
	switch l.Period {
	case Day:
		return s.Day
	case Week:
		return calendar.WeekOf(s.Day, s.WeekStart)
	case Month:
		return calendar.MonthOf(s.Day)
	case Campaign:
		return campaign
	case Window:
		return calendar.Date(int64(s.Opened) / int64(time.Minute/time.Millisecond))
	case Rolling:
		return hour(s.At)
	}
	return 0
}
