package condition

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"quan/internal/kernel/fault"
)

func child(pointer, name string, i int) string {
	return pointer + "/" + name + "/" + strconv.Itoa(i)
}

// MarshalJSON writes {} for the zero tree, {"all":[…]}, {"any":[…]}, {"none":[…]}
// or {"type":"…", fields of the leaf}.
func (t Tree) MarshalJSON() ([]byte, error) {
	if t.Leaf == nil {
		name, kids := t.kids()
		if name == "" {
			return []byte("{}"), nil
		}
		return json.Marshal(map[string][]Tree{name: kids})
	}
	fields, err := json.Marshal(t.Leaf)
	if err != nil {
		return nil, fmt.Errorf("condition: encode %s: %w", t.Leaf.Type(), err)
	}
	b := append([]byte(`{"type":`), strconv.Quote(t.Leaf.Type())...)
	if len(fields) > len("{}") {
		b = append(b, ',')
	}
	return append(b, fields[1:]...), nil
}

// UnmarshalJSON reads what MarshalJSON writes. Anything else is a fault with
// pointers below the tree: use Parse to have them below a pointer.
func (t *Tree) UnmarshalJSON(raw []byte) error {
	var l fault.List
	*t = Parse(raw, "", &l)
	return l.Err()
}

// Parse reads a tree and adds its faults of form at pointers below pointer: more
// than one of all, any, none and type; an unknown type or field; a value of the
// wrong form; a tree too deep or with too many leaves. Bounds and contradictions
// are Validate's.
func Parse(raw []byte, pointer string, l *fault.List) Tree {
	p := parser{list: l}
	t := p.node(raw, pointer, 1)
	if p.leaves > LeavesMax {
		l.Add(fault.New(fault.TooLong, "max", LeavesMax).At(pointer))
	}
	if len(l.Faults) > 0 {
		return Tree{}
	}
	return t
}

type parser struct {
	list   *fault.List
	leaves int
}

func (p *parser) add(code fault.Code, at string, params ...any) {
	p.list.Add(fault.New(code, params...).At(at))
}

type member struct {
	name string
	raw  json.RawMessage
}

// members reads the members of an object in their order; a name stands once.
func (p *parser) members(raw []byte, at string) (all []member, ok bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		p.add(fault.InvalidValue, at)
		return nil, false
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			p.add(fault.InvalidBody, at)
			return nil, false
		}
		m := member{name: name.(string)}
		if err := d.Decode(&m.raw); err != nil {
			p.add(fault.InvalidBody, at)
			return nil, false
		}
		if slices.ContainsFunc(all, func(o member) bool { return o.name == m.name }) {
			p.add(fault.InvalidBody, at+"/"+escape(m.name))
			return nil, false
		}
		all = append(all, m)
	}
	if _, err := d.Token(); err != nil {
		p.add(fault.InvalidBody, at)
		return nil, false
	}
	return all, true
}

// escape writes a name as a part of a JSON pointer.
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

func (p *parser) node(raw []byte, at string, depth int) (t Tree) {
	if p.leaves > LeavesMax {
		return t
	}
	if depth > DepthMax {
		p.add(fault.TooLong, at, "max", DepthMax)
		return t
	}
	members, ok := p.members(raw, at)
	if !ok || len(members) == 0 && depth == 1 {
		return t
	}
	kind := slices.IndexFunc(members, func(m member) bool {
		return m.name == "type" || m.name == "all" || m.name == "any" || m.name == "none"
	})
	switch {
	case kind < 0:
		p.add(fault.MissingValue, at+"/type")
		return t
	case members[kind].name == "type":
		p.leaves++
		t.Leaf = p.leaf(members, kind, at)
		return t
	case len(members) > 1:
		p.add(fault.Conflicting, at+"/"+escape(members[1-min(kind, 1)].name), "a", members[0].name, "b", members[1].name)
		return t
	}
	kids := p.children(members[kind], at, depth)
	switch members[kind].name {
	case "all":
		t.All = kids
	case "any":
		t.Any = kids
	default:
		t.None = kids
	}
	return t
}

func (p *parser) children(m member, at string, depth int) (kids []Tree) {
	var raws []json.RawMessage
	if err := json.Unmarshal(m.raw, &raws); err != nil {
		p.add(fault.InvalidValue, at+"/"+m.name)
		return nil
	}
	if len(raws) == 0 {
		p.add(fault.MissingValue, at+"/"+m.name)
		return nil
	}
	if len(raws) > LeavesMax {
		p.add(fault.TooLong, at+"/"+m.name, "max", LeavesMax)
		return nil
	}
	kids = make([]Tree, len(raws))
	for i, raw := range raws {
		kids[i] = p.node(raw, child(at, m.name, i), depth+1)
	}
	return kids
}

func (p *parser) leaf(members []member, kind int, at string) Leaf {
	var name string
	if err := json.Unmarshal(members[kind].raw, &name); err != nil {
		p.add(fault.InvalidValue, at+"/type")
		return nil
	}
	leaf := New(name)
	if leaf == nil {
		p.add(fault.InvalidValue, at+"/type")
		return nil
	}
	fields := reflect.ValueOf(leaf).Elem()
	for i, m := range members {
		if i == kind {
			continue
		}
		if index, ok := fieldsOf(fields.Type())[m.name]; ok {
			p.field(fields.FieldByIndex(index), m.raw, at+"/"+escape(m.name))
		} else {
			p.add(fault.UnknownField, at+"/"+escape(m.name))
		}
	}
	return leaf
}

// fieldsOf maps the JSON names of a leaf's fields to their places.
func fieldsOf(t reflect.Type) map[string][]int {
	all := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			all[name] = f.Index
		}
	}
	return all
}

func (p *parser) field(into reflect.Value, raw []byte, at string) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(into.Addr().Interface())
	if err == nil {
		if _, err = d.Token(); err == io.EOF {
			err = nil
		}
	}
	var mismatch *json.UnmarshalTypeError
	switch {
	case err == nil:
		emptyIsNone(into)
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		name, _ := strconv.Unquote(strings.TrimPrefix(err.Error(), "json: unknown field "))
		p.add(fault.UnknownField, at+"/"+escape(name))
	case errors.As(err, &mismatch) && mismatch.Field != "":
		p.add(fault.InvalidValue, at+"/"+strings.ReplaceAll(mismatch.Field, ".", "/"))
	default:
		p.add(fault.InvalidValue, at)
	}
}

// emptyIsNone makes empty lists and maps absent ones, as they are when written.
func emptyIsNone(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		if v.Len() == 0 {
			v.SetZero()
			return
		}
		if v.Kind() == reflect.Slice {
			for i := range v.Len() {
				emptyIsNone(v.Index(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			emptyIsNone(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				emptyIsNone(v.Field(i))
			}
		}
	}
}
