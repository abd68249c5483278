package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Class says how the edge answers; the names follow HTTP, the numbers are its status codes.
type Class int

// The classes and their HTTP statuses.
const (
	Input        Class = 400
	Unauthorized Class = 401
	Forbidden    Class = 403
	NotFound     Class = 404
	Refused      Class = 409
	Stale        Class = 412
	TooLarge     Class = 413
	KeyReused    Class = 422
	NoIfMatch    Class = 428
	Throttled    Class = 429
	Internal     Class = 500
	Unavailable  Class = 503
	Full         Class = 507
)

// Code names one fault; its class and its place in the refusal order are in codes.go.
type Code string

// Param is a value that the sentence of a fault shows.
type Param struct {
	Name  string
	Value any
}

// Fault is an error that a caller is told about.
type Fault struct {
	Code    Code
	Pointer string // JSON pointer into the input ("" for none), or a query/path/header name with a leading "query:", "path:" or "header:"
	Params  []Param
	Also    []*Fault // further faults of the same input, or all reasons when asked for
}

// New returns a fault; params alternate names (string) and values.
func New(code Code, params ...any) *Fault {
	f := &Fault{Code: code}
	if len(params) == 2 { // the usual number: a quote makes hundreds of these
		one := &struct {
			Fault
			first [1]Param
		}{Fault: Fault{Code: code}}
		f, one.Params = &one.Fault, one.first[:0]
	}
	for i := 0; i+1 < len(params); i += 2 {
		f.Params = append(f.Params, Param{params[i].(string), params[i+1]})
	}
	return f
}

// At returns the fault with its pointer set.
func (f *Fault) At(pointer string) *Fault {
	f.Pointer = pointer
	return f
}

// Param returns a parameter by name, nil when absent.
func (f *Fault) Param(name string) any {
	for _, p := range f.Params {
		if p.Name == name {
			return p.Value
		}
	}
	return nil
}

// Class returns the class of the fault's code.
func (f *Fault) Class() Class { return f.Code.Class() }

func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(string(f.Code))
	if f.Pointer != "" {
		b.WriteString(" at " + f.Pointer)
	}
	for _, p := range f.Params {
		fmt.Fprintf(&b, " %s=%v", p.Name, p.Value)
	}
	return b.String()
}

// Is makes errors.Is compare faults by code.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code
}

// From returns the fault inside err, nil when there is none.
func From(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// Has reports whether err is a fault with this code.
func Has(err error, code Code) bool {
	f := From(err)
	return f != nil && f.Code == code
}

// List gathers the faults of one input.
type List struct{ Faults []*Fault }

// Add appends a fault, ignoring nil.
func (l *List) Add(f *Fault) {
	if f != nil {
		l.Faults = append(l.Faults, f)
	}
}

// Err returns nil, or the first fault with the others in Also.
func (l *List) Err() error {
	if len(l.Faults) == 0 {
		return nil
	}
	first := *l.Faults[0]
	first.Also = append(append([]*Fault{}, first.Also...), l.Faults[1:]...)
	return &first
}

// Under puts the pointers of the fault inside err, and of those beside it, below
// a prefix, so that what is wrong with a part is told in terms of the whole.
// Pointers to parameters ("query:limit") and errors without a fault stay.
func Under(prefix string, err error) error {
	f := From(err)
	if f == nil {
		return err
	}
	moved := f.under(prefix)
	moved.Also = make([]*Fault, len(f.Also))
	for i, also := range f.Also {
		moved.Also[i] = also.under(prefix)
	}
	return moved
}

func (f *Fault) under(prefix string) *Fault {
	moved := *f
	if f.Pointer == "" || f.Pointer[0] == '/' {
		moved.Pointer = prefix + f.Pointer
	}
	return &moved
}
