package schedule

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// Bounds of a relative validity, in days.
const (
	DaysMax  = 3660
	DelayMax = 366
)

// Validate adds the faults of the validity, at pointers below pointer. Fields of
// another kind have to be absent.
func (v Validity) Validate(pointer string, l *fault.List) {
	switch v.Kind {
	case ValiditySameDay, ValidityDays, ValidityFixed, ValidityForever:
	case "":
		l.Add(fault.New(fault.MissingValue).At(pointer + "/kind"))
		return
	default:
		l.Add(fault.New(fault.InvalidValue).At(pointer + "/kind"))
		return
	}
	if v.Kind == ValidityDays {
		if v.Days < 1 || v.Days > DaysMax {
			l.Add(fault.New(fault.OutOfRange, "min", 1, "max", DaysMax).At(pointer + "/days"))
		}
	} else if v.Days != 0 {
		l.Add(v.foreign(pointer + "/days"))
	}
	if v.DelayDays != 0 && v.Kind == ValidityFixed {
		l.Add(v.foreign(pointer + "/delay_days"))
	} else if v.DelayDays < 0 || v.DelayDays > DelayMax {
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", DelayMax).At(pointer + "/delay_days"))
	}
	if v.CutByWindow && v.Kind == ValidityFixed {
		l.Add(v.foreign(pointer + "/cut_by_window"))
	}
	v.validateDates(pointer, l)
}

func (v Validity) validateDates(pointer string, l *fault.List) {
	if v.Kind != ValidityFixed {
		if v.From != 0 {
			l.Add(v.foreign(pointer + "/from"))
		}
		if v.To != 0 {
			l.Add(v.foreign(pointer + "/to"))
		}
		return
	}
	if v.From == 0 {
		l.Add(fault.New(fault.MissingValue).At(pointer + "/from"))
	}
	if v.To == 0 {
		l.Add(fault.New(fault.MissingValue).At(pointer + "/to"))
	}
	between(v.From, v.To, pointer, l)
}

func (v Validity) foreign(pointer string) *fault.Fault {
	return fault.New(fault.Conflicting, "a", "kind", "b", string(v.Kind)).At(pointer)
}

// Holds reports whether an instant lies in the window.
func (w Window) Holds(now calendar.Instant) bool { return now >= w.From && (w.To == 0 || now < w.To) }

// Validate adds the faults of the window, at pointers below pointer.
func (w Window) Validate(pointer string, l *fault.List) { between(w.From, w.To, pointer, l) }

// between checks the bounds of two instants and that from lies before to.
func between(from, to calendar.Instant, pointer string, l *fault.List) {
	inside := func(i calendar.Instant) bool { return i == 0 || i >= calendar.Earliest && i <= calendar.Latest }
	if !inside(from) {
		l.Add(fault.New(fault.OutOfRange, "min", calendar.Earliest, "max", calendar.Latest).At(pointer + "/from"))
	}
	if !inside(to) {
		l.Add(fault.New(fault.OutOfRange, "min", calendar.Earliest, "max", calendar.Latest).At(pointer + "/to"))
	}
	if to != 0 && from >= to {
		l.Add(fault.New(fault.Conflicting, "a", "from", "b", "to").At(pointer + "/to"))
	}
}
