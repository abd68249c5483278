package condition

import (
	"fmt"

	"quan/internal/domain/schedule"
	"quan/internal/kernel/fault"
)

const windowsMax = 100

// DateWindow asks for the moment to lie in a window [from, to).
type DateWindow struct {
	Windows []schedule.Window `json:"windows"` // one is enough
	Fallback
}

// Type is date_window.
func (c *DateWindow) Type() string { return "date_window" }

// Check looks at the moment.
func (c *DateWindow) Check(f *Facts) Answer {
	if f.Moment.Zone == nil {
		return Unknown
	}
	for _, w := range c.Windows {
		if w.Holds(f.Moment.At) {
			return Yes
		}
	}
	return No
}

// Form has the windows.
func (c *DateWindow) Form() Form {
	return form(c.Type(), field("windows", FieldWindows).required().most(windowsMax))
}

// Explain names the windows.
func (c *DateWindow) Explain() Saying { return say(c.Type(), windowsArg(c.Windows)) }

// Predicate does not exist: only the moment knows.
func (c *DateWindow) Predicate() (Predicate, bool) { return momentary() }

// Needs adds nothing: the moment is always at hand.
func (c *DateWindow) Needs(*Needs) {}

func (c *DateWindow) compile() (check, error) { return c.Check, nil }

func (c *DateWindow) cost() int64 { return int64(len(c.Windows)) }

func (c *DateWindow) reach(holds bool) []constraint {
	var spans []span
	for _, w := range c.Windows {
		p := numbers
		if w.From != 0 {
			p.low = int64(w.From)
		}
		if w.To != 0 {
			p.high = int64(w.To) - 1
		}
		spans = append(spans, p)
	}
	return exact(dimension{kind: dimNow}, numberSet(numbers, spans...), c.Fallback, holds)
}

func (c *DateWindow) validate(v *validation) {
	v.fallback(c.Fallback)
	switch {
	case len(c.Windows) == 0:
		v.add(fault.MissingValue, "/windows")
	case len(c.Windows) > windowsMax:
		v.add(fault.TooLong, "/windows", "max", windowsMax)
	}
	for i, w := range c.Windows {
		at := fmt.Sprintf("/windows/%d", i)
		if w.From == 0 && w.To == 0 {
			v.add(fault.MissingValue, at+"/from")
		}
		w.Validate(v.at+at, v.list)
	}
}
