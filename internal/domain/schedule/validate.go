package schedule

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// Bounds of a relative validity, in days.
const (
	DaysMax  = 3660
	DelayMax = 366
	// DelayHoursMax bounds a delay in hours.
	DelayHoursMax = 24 * DelayMax
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
	switch {
	case v.DelayHours != 0 && v.Kind == ValidityFixed:
		l.Add(v.foreign(pointer + "/delay_hours"))
	case v.DelayHours < 0 || v.DelayHours > DelayHoursMax:
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", DelayHoursMax).At(pointer + "/delay_hours"))
	case v.DelayHours > 0 && v.DelayDays > 0:
		l.Add(fault.New(fault.Conflicting, "a", "delay_days", "b", "delay_hours").At(pointer + "/delay_hours"))
	}
	if v.CutByWindow && v.Kind == ValidityFixed {
		l.Add(v.foreign(pointer + "/cut_by_window"))
	}
	v.validateDates(pointer, l)
}

func (v Validity) validateDates(pointer string, l *fault.List) {
	if v.Kind != ValidityFixed {
		if v.To != 0 {
			l.Add(v.foreign(pointer + "/to"))
		}
		between(v.From, 0, pointer, l)
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
