package postgres

import (
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store/sqlrepo"
)

// pgx encodes and scans plain int64 and string without reflection, and named
// types through wrappers found by trial. So named types are made plain here: the
// frequent ones by a switch, the others by reflection.

// plainAll makes arguments plain.
func plainAll(args []any) ([]any, error) {
	out := make([]any, len(args))
	for i, a := range args {
		p, err := plain(a)
		if err != nil {
			return nil, fmt.Errorf("parameter %d: %w", i+1, err)
		}
		out[i] = p
	}
	return out, nil
}

// plain turns a value of the kinds that the executor takes into int64, string,
// []int64 or []string.
func plain(v any) (any, error) {
	switch v := v.(type) {
	case int64, string, []int64, []string:
		return v, nil
	case id.ID:
		return int64(v), nil
	case calendar.Instant:
		return int64(v), nil
	case calendar.Date:
		return int64(v), nil
	case coupon.State:
		return int64(v), nil
	case coupon.Form:
		return string(v), nil
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Int64, reflect.Int, reflect.Int32, reflect.Int16, reflect.Int8:
		return r.Int(), nil
	case reflect.String:
		return r.String(), nil
	case reflect.Slice:
		return plainList(r)
	}
	return nil, fmt.Errorf("%T is no integer, text or list of them", v)
}

func plainList(r reflect.Value) (any, error) {
	switch r.Type().Elem().Kind() {
	case reflect.Int64, reflect.Int, reflect.Int32, reflect.Int16, reflect.Int8:
		out := make([]int64, r.Len())
		for i := range out {
			out[i] = r.Index(i).Int()
		}
		return out, nil
	case reflect.String:
		out := make([]string, r.Len())
		for i := range out {
			out[i] = r.Index(i).String()
		}
		return out, nil
	}
	return nil, fmt.Errorf("%s is no list of integers or texts", r.Type())
}

// columns turns rows into one typed slice per column.
func columns(cols []sqlrepo.Col, rows int, row func(i int) []any) ([]any, error) {
	ints, texts := make([][]int64, len(cols)), make([][]string, len(cols))
	for c, col := range cols {
		if col == sqlrepo.Int {
			ints[c] = make([]int64, rows)
		} else {
			texts[c] = make([]string, rows)
		}
	}
	for i := range rows {
		values := row(i)
		if len(values) != len(cols) {
			return nil, fmt.Errorf("row %d has %d values for %d columns", i, len(values), len(cols))
		}
		for c, v := range values {
			if err := put(ints[c], texts[c], i, v); err != nil {
				return nil, fmt.Errorf("row %d column %d: %w", i, c+1, err)
			}
		}
	}
	out := make([]any, len(cols))
	for c := range cols {
		if ints[c] != nil {
			out[c] = ints[c]
		} else {
			out[c] = texts[c]
		}
	}
	return out, nil
}

// evenly turns rows into arguments of which those in same are single values, and says
// whether the rows agree in them. It compares what it is given, without making lists of
// it: most columns of most batches are the same.
func evenly(b *sqlrepo.Bulk, rows int, row func(i int) []any) (args []any, even bool, err error) {
	args = make([]any, len(b.Cols))
	single := make([]bool, len(b.Cols))
	for _, c := range b.Same {
		single[c] = true
	}
	ints, texts := make([][]int64, len(b.Cols)), make([][]string, len(b.Cols))
	var first []any
	for i := range rows {
		values := row(i)
		if len(values) != len(b.Cols) {
			return nil, false, fmt.Errorf("row %d has %d values for %d columns", i, len(values), len(b.Cols))
		}
		if i == 0 {
			first = values
			for c, col := range b.Cols {
				switch {
				case single[c]:
					if args[c], err = plain(values[c]); err != nil {
						return nil, false, fmt.Errorf("row 0 column %d: %w", c+1, err)
					}
				case col == sqlrepo.Int:
					ints[c] = make([]int64, rows)
					args[c] = ints[c]
				default:
					texts[c] = make([]string, rows)
					args[c] = texts[c]
				}
			}
		}
		for c, v := range values {
			if single[c] {
				if v != first[c] {
					return nil, false, nil
				}
			} else if err := put(ints[c], texts[c], i, v); err != nil {
				return nil, false, fmt.Errorf("row %d column %d: %w", i, c+1, err)
			}
		}
	}
	return args, true, nil
}

// put sets one value of a column, whichever of the two slices the column has.
func put(ints []int64, texts []string, i int, v any) error {
	p, err := plain(v)
	if err != nil {
		return err
	}
	switch p := p.(type) {
	case int64:
		if ints != nil {
			ints[i] = p
			return nil
		}
	case string:
		if texts != nil {
			texts[i] = p
			return nil
		}
	}
	return fmt.Errorf("%T does not fit the column", v)
}

// scanner reads a row into plain and named integers and texts.
type scanner struct {
	rows pgx.Rows
	dest []any
}

// Scan reads the current row.
func (s *scanner) Scan(dest ...any) error {
	s.dest = s.dest[:0]
	for _, d := range dest {
		s.dest = append(s.dest, target(d))
	}
	return s.rows.Scan(s.dest...)
}

var (
	intPointer  = reflect.TypeFor[*int64]()
	textPointer = reflect.TypeFor[*string]()
)

// target is the same pointer as one to a plain type.
func target(d any) any {
	switch d := d.(type) {
	case *int64, *string, *int32:
		return d
	case *id.ID:
		return (*int64)(d)
	case *calendar.Instant:
		return (*int64)(d)
	case *calendar.Date:
		return (*int32)(d)
	case *coupon.State:
		return (*int64)(d)
	case *coupon.Form:
		return (*string)(d)
	}
	r := reflect.ValueOf(d)
	if r.Kind() != reflect.Pointer {
		return d
	}
	switch r.Type().Elem().Kind() {
	case reflect.Int64:
		return r.Convert(intPointer).Interface()
	case reflect.String:
		return r.Convert(textPointer).Interface()
	}
	return d
}
