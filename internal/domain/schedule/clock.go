package schedule

import (
	"fmt"

	"quan/internal/kernel/fault"
)

// MinutesOfDay is the last time of day, 24:00.
const MinutesOfDay = 24 * 60

// Clock is a time of day in minutes since midnight, 24:00 included. In JSON it is hh:mm.
type Clock int64

// MarshalText writes hh:mm.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// String writes hh:mm.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int64(c)/60, int64(c)%60) }

// UnmarshalText reads hh:mm, 00:00 to 24:00.
func (c *Clock) UnmarshalText(b []byte) error {
	digit := func(i int) int64 { return int64(b[i]) - '0' }
	if len(b) == 5 && b[2] == ':' {
		*c = Clock((digit(0)*10+digit(1))*60 + digit(3)*10 + digit(4))
		if *c >= 0 && *c <= MinutesOfDay && *c%60 == Clock(digit(3)*10+digit(4)) && c.String() == string(b) {
			return nil
		}
	}
	return fmt.Errorf("schedule: %q is no time of day hh:mm", b)
}

// TimeRange is [From, To) of each day; with To before From it goes over midnight.
type TimeRange struct {
	From Clock `json:"from"`
	To   Clock `json:"to"`
}

// Validate adds the faults of the range, at pointers below pointer: it has a length
// and stays within its day and the next one.
func (r TimeRange) Validate(pointer string, l *fault.List) {
	if r.From < 0 || r.From >= MinutesOfDay {
		l.Add(fault.New(fault.OutOfRange, "min", "00:00", "max", "23:59").At(pointer + "/from"))
	}
	if r.To < 0 || r.To > MinutesOfDay || r.To == 0 && r.From == 0 {
		l.Add(fault.New(fault.OutOfRange, "min", "00:00", "max", "24:00").At(pointer + "/to"))
	} else if r.From == r.To {
		l.Add(fault.New(fault.Conflicting, "a", pointer+"/from", "b", pointer+"/to").At(pointer + "/to"))
	}
}

// end is To in minutes since the midnight that the range begins after.
func (r TimeRange) end() int64 {
	if r.To < r.From {
		return int64(r.To) + MinutesOfDay
	}
	return int64(r.To)
}
