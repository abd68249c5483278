package condition

import (
	"fmt"

	"quan/internal/domain/schedule"
	"quan/internal/kernel/fault"
)

const rangesMax = 24

// Hours asks for the time of day by the clocks of the market's zone.
type Hours struct {
	Ranges []schedule.TimeRange `json:"ranges"` // one is enough
	Fallback
}

// Type is hours.
func (c *Hours) Type() string { return "hours" }

// Check looks at the local time.
func (c *Hours) Check(f *Facts) Answer {
	if f.Moment.Zone == nil {
		return Unknown
	}
	at := schedule.Clock(f.Moment.Minute)
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
			spans = append(spans, span{0, to - 1}, span{from, schedule.MinutesOfDay - 1})
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
		r.Validate(v.at+at, v.list)
	}
}
