package sqlite

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// bind converts the arguments and gives them to a statement.
func (s *session) bind(p *prepared, args []any) error {
	s.args, s.list = s.args[:0], s.list[:0]
	for i, a := range args {
		v, err := s.value(a)
		if err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
		s.args = append(s.args, v)
	}
	return p.bind(s.connection, s.args)
}

// value converts an argument: the common types by name, other types of the same
// kinds by reflection. Lists become the text of a JSON array.
func (s *session) value(a any) (bound, error) {
	switch v := a.(type) {
	case int64:
		return bound{number: v}, nil
	case string:
		return storable(v)
	case id.ID:
		return bound{number: int64(v)}, nil
	case calendar.Instant:
		return bound{number: int64(v)}, nil
	case calendar.Date:
		return bound{number: int64(v)}, nil
	case coupon.State:
		return bound{number: int64(v)}, nil
	case int:
		return bound{number: int64(v)}, nil
	case bool:
		if v {
			return bound{number: 1}, nil
		}
		return bound{}, nil
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
func storable(t string) (bound, error) {
	if strings.IndexByte(t, 0) >= 0 || !utf8.ValidString(t) {
		return bound{}, errors.New("text with NUL or broken UTF-8")
	}
	return bound{text: t, isText: true}, nil
}

func (s *session) reflected(v reflect.Value) (bound, error) {
	switch {
	case v.Kind() == reflect.String:
		return storable(v.String())
	case v.Kind() == reflect.Bool:
		return s.value(v.Bool())
	case v.CanInt():
		return bound{number: v.Int()}, nil
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
		return bound{}, fmt.Errorf("nil is no value")
	}
	return bound{}, fmt.Errorf("%s is no value", v.Type())
}

func numbers[T ~int64](s *session, list []T) bound {
	start := len(s.list)
	b := append(s.list, '[')
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return s.listed(append(b, ']'), start)
}

func texts(s *session, list []string) bound {
	start := len(s.list)
	b := append(s.list, '[')
	for i, t := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = quote(b, t)
	}
	return s.listed(append(b, ']'), start)
}

// listed is the list at the end of the scratch, whose bytes stay as they are until
// the next bind.
func (s *session) listed(b []byte, start int) bound {
	s.list = b
	return bound{text: unsafe.String(&b[start], len(b)-start), isText: true}
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

// assignNumber writes a column's number into a destination: a pointer to a type of
// kind integer or bool.
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

// assignText writes a column's text into a destination: a pointer to a type of kind
// string, or to bytes. The text is copied.
func assignText(dest any, v []byte) error {
	switch d := dest.(type) {
	case *string:
		*d = string(v)
	case *coupon.Form:
		*d = coupon.Form(v)
	case *[]byte:
		*d = append([]byte{}, v...)
	default:
		p := reflect.ValueOf(dest)
		if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.String {
			return fmt.Errorf("text does not go into %T", dest)
		}
		p.Elem().SetString(string(v))
	}
	return nil
}
