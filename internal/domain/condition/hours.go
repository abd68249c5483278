package condition

import (
	"fmt"

	"quan/internal/kernel/fault"
)

const (
	minutesOfDay = 24 * 60
	rangesMax    = 24
)

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
		if *c >= 0 && *c <= minutesOfDay && *c%60 == Clock(digit(3)*10+digit(4)) && c.String() == string(b) {
			return nil
		}
	}
	return fmt.Errorf("condition: %q is no time of day hh:mm", b)
}

// TimeRange is [From, To) of each day; with To before From it goes over midnight.
type TimeRange struct {
	From Clock `json:"from"`
	To   Clock `json:"to"`
}

// Hours asks for the time of day by the clocks of the market's zone.
type Hours struct {
	Ranges []TimeRange `json:"ranges"` // one is enough
	Fallback
}

// Type is hours.
func (c *Hours) Type() string { return "hours" }

// Check looks at the local time.
func (c *Hours) Check(f *Facts) Answer {
	if f.Moment.Zone == nil {
		return Unknown
	}
	at := Clock(f.Moment.Minute)
	for _, r := range c.Ranges {
		inside := at >= r.From && at < r.To
		if r.To < r.From {
			inside = at >= r.From || at < r.To
		}
		if inside {
			return Yes
		}
	}
	return No
}

// Form has the ranges.
func (c *Hours) Form() Form {
	return form(c.Type(), field("ranges", FieldTimeRanges).required().most(rangesMax))
}

// Explain names the ranges.
func (c *Hours) Explain() Saying { return say(c.Type(), Arg{Name: "items", Value: c.Ranges}) }

// Predicate does not exist: only the moment knows.
func (c *Hours) Predicate() (Predicate, bool) { return momentary() }

// Needs adds nothing: the moment is always at hand.
func (c *Hours) Needs(*Needs) {}

func (c *Hours) compile() (check, error) { return c.Check, nil }

func (c *Hours) cost() int64 { return int64(len(c.Ranges)) }

func (c *Hours) reach(holds bool) []constraint {
	var spans []span
	for _, r := range c.Ranges {
		from, to := int64(r.From), int64(r.To)
		if to < from {
			spans = append(spans, span{0, to - 1}, span{from, minutesOfDay - 1})
		} else {
			spans = append(spans, span{from, to - 1})
		}
	}
	return exact(dimension{kind: dimMinute}, numberSet(minutes, spans...), c.Fallback, holds)
}

func (c *Hours) validate(v *validation) {
	v.fallback(c.Fallback)
	switch {
	case len(c.Ranges) == 0:
		v.add(fault.MissingValue, "/ranges")
	case len(c.Ranges) > rangesMax:
		v.add(fault.TooLong, "/ranges", "max", rangesMax)
	}
	for i, r := range c.Ranges {
		at := fmt.Sprintf("/ranges/%d", i)
		if r.From < 0 || r.From >= minutesOfDay {
			v.add(fault.OutOfRange, at+"/from", "min", "00:00", "max", "23:59")
		}
		if r.To < 0 || r.To > minutesOfDay || r.To == 0 && r.From == 0 {
			v.add(fault.OutOfRange, at+"/to", "min", "00:00", "max", "24:00")
		} else if r.From == r.To {
			v.add(fault.Conflicting, at+"/to", "a", v.at+at+"/from", "b", v.at+at+"/to")
		}
	}
}
