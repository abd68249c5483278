package sqlite

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// bind writes the arguments into the session's scratch, as the driver wants them.
func (s *session) bind(args []any) error {
	if cap(s.args) < len(args) {
		s.args = make([]driver.NamedValue, len(args))
	}
	s.args = s.args[:len(args)]
	for i, a := range args {
		v, err := s.value(a)
		if err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
		s.args[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return nil
}

// value converts an argument: the common types by name, other types of the same
// kinds by reflection. Lists become the text of a JSON array.
func (s *session) value(a any) (driver.Value, error) {
	switch v := a.(type) {
	case int64:
		return v, nil
	case string:
		return storable(v)
	case id.ID:
		return int64(v), nil
	case calendar.Instant:
		return int64(v), nil
	case calendar.Date:
		return int64(v), nil
	case coupon.State:
		return int64(v), nil
	case int:
		return int64(v), nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case []int64:
		return numbers(s, v), nil
	case []id.ID:
		return numbers(s, v), nil
	case []string:
		return texts(s, v), nil
	}
	return s.reflected(reflect.ValueOf(a))
}

// storable refuses what PostgreSQL can't store, so that a database can move there.
func storable(t string) (driver.Value, error) {
	if strings.IndexByte(t, 0) >= 0 || !utf8.ValidString(t) {
		return nil, errors.New("text with NUL or broken UTF-8")
	}
	return t, nil
}

func (s *session) reflected(v reflect.Value) (driver.Value, error) {
	switch {
	case v.Kind() == reflect.String:
		return storable(v.String())
	case v.Kind() == reflect.Bool:
		return s.value(v.Bool())
	case v.CanInt():
		return v.Int(), nil
	case v.Kind() != reflect.Slice:
	case v.Type().Elem().Kind() == reflect.String:
		list := make([]string, v.Len())
		for i := range list {
			list[i] = v.Index(i).String()
		}
		return texts(s, list), nil
	case v.Type().Elem().Kind() >= reflect.Int && v.Type().Elem().Kind() <= reflect.Int64:
		list := make([]int64, v.Len())
		for i := range list {
			list[i] = v.Index(i).Int()
		}
		return numbers(s, list), nil
	}
	if !v.IsValid() {
		return nil, fmt.Errorf("nil is no value")
	}
	return nil, fmt.Errorf("%s is no value", v.Type())
}

func numbers[T ~int64](s *session, list []T) string {
	b := append(s.list[:0], '[')
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	s.list = append(b, ']')
	return string(s.list)
}

func texts(s *session, list []string) string {
	b := append(s.list[:0], '[')
	for i, t := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = quote(b, t)
	}
	s.list = append(b, ']')
	return string(s.list)
}

// quote writes a JSON string, leaving bytes above ASCII as they are: what is
// looked up is compared with what was stored, byte by byte.
func quote(b []byte, t string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(t) {
		switch c := t[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// assign writes a column's value into a destination: a pointer to a type of kind
// integer, bool or string.
func assign(dest any, from driver.Value) error {
	switch v := from.(type) {
	case int64:
		return assignNumber(dest, v)
	case string:
		return assignText(dest, v)
	}
	return fmt.Errorf("%T is neither number nor text", from)
}

func assignNumber(dest any, v int64) error {
	switch d := dest.(type) {
	case *int64:
		*d = v
	case *id.ID:
		*d = id.ID(v)
	case *calendar.Instant:
		*d = calendar.Instant(v)
	case *calendar.Date:
		*d = calendar.Date(v)
	case *coupon.State:
		*d = coupon.State(v)
	case *int:
		*d = int(v)
	case *bool:
		*d = v != 0
	default:
		p := reflect.ValueOf(dest)
		if p.Kind() != reflect.Pointer || p.IsNil() {
			return fmt.Errorf("%T is no destination", dest)
		}
		switch e := p.Elem(); {
		case e.CanInt() && !e.OverflowInt(v):
			e.SetInt(v)
		case e.Kind() == reflect.Bool:
			e.SetBool(v != 0)
		default:
			return fmt.Errorf("number %d does not go into %T", v, dest)
		}
	}
	return nil
}

func assignText(dest any, v string) error {
	switch d := dest.(type) {
	case *string:
		*d = v
	case *coupon.Form:
		*d = coupon.Form(v)
	case *[]byte:
		*d = []byte(v)
	default:
		p := reflect.ValueOf(dest)
		if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.String {
			return fmt.Errorf("text does not go into %T", dest)
		}
		p.Elem().SetString(v)
	}
	return nil
}
