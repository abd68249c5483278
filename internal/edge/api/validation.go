package api

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/edge/api/strict"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

const (
	// maxText bounds, in bytes, every text whose schema names no length.
	maxText = 4096
	// mostFaults are told of one request; more help nobody.
	mostFaults = 20
	// prefixExtension names the id prefix that a text must have.
	prefixExtension = "x-id-prefix"
)

// validation holds a value against its schema.
type validation struct {
	registry huma.Registry
	faults   fault.List
}

func (v *validation) add(code fault.Code, at string, params ...any) {
	if len(v.faults.Faults) < mostFaults {
		v.faults.Add(fault.New(code, params...).At(at))
	}
}

func (v *validation) value(s *huma.Schema, n *strict.Node, at string) {
	if s.Ref != "" {
		s = v.registry.SchemaFromRef(s.Ref)
	}
	if s.Extensions[treeMark] != nil {
		v.tree(n, at)
		return
	}
	switch s.Type {
	case huma.TypeString:
		v.text(s, n, at)
	case huma.TypeInteger:
		v.integer(s, n, at)
	case huma.TypeBoolean:
		if n.Kind != strict.Bool {
			v.add(fault.InvalidValue, at)
		}
	case huma.TypeArray:
		v.array(s, n, at)
	case huma.TypeObject:
		v.object(s, n, at)
	}
}

func (v *validation) integer(s *huma.Schema, n *strict.Node, at string) {
	if n.Kind != strict.Number {
		v.add(fault.InvalidValue, at)
		return
	}
	value, plain, fits := n.Integer()
	if !plain {
		v.add(fault.InvalidValue, at)
		return
	}
	low, high := bound(s.Minimum, -1<<63), bound(s.Maximum, 1<<63-1)
	if !fits || value < low || value > high {
		v.add(fault.OutOfRange, at, "min", low, "max", high)
	}
}

// bound reads a limit of a schema. Limits are whole and below 2^53, or absent.
func bound(limit *float64, otherwise int64) int64 {
	if limit == nil {
		return otherwise
	}
	return int64(*limit)
}

func (v *validation) text(s *huma.Schema, n *strict.Node, at string) {
	switch {
	case n.Kind != strict.String:
		v.add(fault.InvalidValue, at)
		return
	case !utf8.ValidString(n.Text) || strings.ContainsRune(n.Text, 0):
		v.add(fault.InvalidValue, at)
		return
	case n.Text == "" && s.MinLength != nil && *s.MinLength > 0:
		v.add(fault.MissingValue, at)
		return
	case s.MaxLength != nil && utf8.RuneCountInString(n.Text) > *s.MaxLength:
		v.add(fault.TooLong, at, "max", int64(*s.MaxLength))
		return
	case s.MaxLength == nil && len(n.Text) > maxText:
		v.add(fault.TooLong, at, "max", int64(maxText))
		return
	}
	if !wellFormed(s, n.Text) || len(s.Enum) > 0 && !slices.Contains(s.Enum, any(n.Text)) {
		v.add(fault.InvalidValue, at)
	}
}

// wellFormed checks the forms that schemas of this API name.
func wellFormed(s *huma.Schema, text string) bool {
	if prefix, ok := s.Extensions[prefixExtension].(string); ok {
		_, err := id.Parse(prefix, text)
		return err == nil
	}
	switch s.Format {
	case "date-time":
		_, err := calendar.ParseInstant(text)
		return err == nil
	case "date":
		_, err := calendar.ParseDate(text)
		return err == nil
	}
	return true
}

func (v *validation) array(s *huma.Schema, n *strict.Node, at string) {
	if n.Kind != strict.Array {
		v.add(fault.InvalidValue, at)
		return
	}
	low, high := 0, 1<<20
	if s.MinItems != nil {
		low = *s.MinItems
	}
	if s.MaxItems != nil {
		high = *s.MaxItems
	}
	if len(n.Items) == 0 && low > 0 {
		v.add(fault.MissingValue, at)
		return
	}
	if len(n.Items) < low || len(n.Items) > high {
		v.add(fault.OutOfRange, at, "min", int64(low), "max", int64(high))
		return
	}
	seen := map[string]bool{}
	for i := range n.Items {
		if s.UniqueItems && seen[n.Items[i].Text] {
			v.add(fault.DuplicateValue, strict.At(at, i))
		}
		seen[n.Items[i].Text] = true
		v.value(s.Items, &n.Items[i], strict.At(at, i))
	}
}

func (v *validation) object(s *huma.Schema, n *strict.Node, at string) {
	if n.Kind != strict.Object {
		v.add(fault.InvalidValue, at)
		return
	}
	for _, name := range s.Required {
		if f := n.Field(name); f == nil {
			v.add(fault.MissingValue, strict.Pointer(at, name))
		}
	}
	if s.MaxProperties != nil && len(n.Keys) > *s.MaxProperties {
		v.add(fault.OutOfRange, at, "min", int64(0), "max", int64(*s.MaxProperties))
		return
	}
	free, _ := s.AdditionalProperties.(*huma.Schema)
	for i, key := range n.Keys {
		child := s.Properties[key]
		switch {
		case child != nil && child.ReadOnly:
			v.add(fault.UnknownField, strict.Pointer(at, key))
		case child != nil:
			v.value(child, &n.Items[i], strict.Pointer(at, key))
		case free != nil && key != "":
			v.value(free, &n.Items[i], strict.Pointer(at, key))
		default:
			v.add(fault.UnknownField, strict.Pointer(at, key))
		}
	}
}

func mapKeys[K comparable, V any](m map[K]V) iter.Seq[K] { return maps.Keys(m) }
