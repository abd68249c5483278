package condition

import "time"

// Day is a day of the week in conditions.
type Day string

// Days are the days of the week, Sunday first as in time.Weekday.
var Days = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Weekday asks for the day of the week in the market's zone.
type Weekday struct {
	In []Day `json:"in"`
	Fallback
}

// Type is weekday.
func (c *Weekday) Type() string { return "weekday" }

// Check looks at the local day.
func (c *Weekday) Check(f *Facts) Answer {
	if f.Moment.Zone == nil {
		return Unknown
	}
	for _, d := range c.In {
		if string(d) == Days[f.Moment.Weekday] {
			return Yes
		}
	}
	return No
}

func (c *Weekday) compile() (check, error) {
	var in [7]bool
	for _, d := range c.spans() {
		in[d.low] = true
	}
	return func(f *Facts) Answer {
		if f.Moment.Zone == nil {
			return Unknown
		}
		return answer(in[f.Moment.Weekday])
	}, nil
}

func (c *Weekday) spans() (all []span) {
	for _, d := range c.In {
		for at := time.Sunday; at <= time.Saturday; at++ {
			if Days[at] == string(d) {
				all = append(all, span{int64(at), int64(at)})
			}
		}
	}
	return all
}

// Form has the days.
func (c *Weekday) Form() Form {
	f := choice("in", Days...).required()
	f.Kind = FieldWeekdays
	return form(c.Type(), f)
}

// Explain names the days.
func (c *Weekday) Explain() Saying { return say(c.Type(), items(NamedChoice, c.texts())) }

func (c *Weekday) texts() []string {
	all := make([]string, len(c.In))
	for i, d := range c.In {
		all[i] = string(d)
	}
	return all
}

// Predicate does not exist: only the moment knows.
func (c *Weekday) Predicate() (Predicate, bool) { return momentary() }

// Needs adds nothing: the moment is always at hand.
func (c *Weekday) Needs(*Needs) {}

func (c *Weekday) cost() int64 { return 1 }

func (c *Weekday) reach(holds bool) []constraint {
	return exact(dimension{kind: dimWeekday}, numberSet(weekdays, c.spans()...), c.Fallback, holds)
}

func (c *Weekday) validate(v *validation) {
	v.fallback(c.Fallback)
	v.known(c.texts(), "/in", Days...)
}
