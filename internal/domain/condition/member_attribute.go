package condition

import "quan/internal/kernel/fault"

// AttributeKind says how an attribute is read.
type AttributeKind string

// The kinds of attributes.
const (
	AttributeText   AttributeKind = "text"   // compared with In
	AttributeNumber AttributeKind = "number" // a whole number, compared with Min and Max
	AttributeBool   AttributeKind = "bool"   // "true" or "false", compared with Is
	AttributeExists AttributeKind = "exists" // whether there is one, compared with Is; never not known
)

// MemberAttribute asks for an attribute that the operator has named.
type MemberAttribute struct {
	Name string        `json:"name"`
	Kind AttributeKind `json:"kind"`
	In   []string      `json:"in,omitempty"`
	Min  *int64        `json:"min,omitempty"`
	Max  *int64        `json:"max,omitempty"`
	Is   bool          `json:"is,omitempty"`
	Fallback
}

// Type is member_attribute.
func (c *MemberAttribute) Type() string { return "member_attribute" }

// Check reads the attribute by its kind.
func (c *MemberAttribute) Check(f *Facts) Answer {
	return compare(f.Member.Attributes[c.Name], c.Kind, c.In, c.Min, c.Max, c.Is)
}

func compare(value string, kind AttributeKind, in []string, low, high *int64, is bool) Answer {
	switch {
	case kind == AttributeExists:
		return answer((value != "") == is)
	case value == "":
		return Unknown
	case kind == AttributeNumber:
		return figureWithin(value, low, high)
	case kind == AttributeText:
		return answer(contains(in, value))
	case value == "true" || value == "false":
		return answer((value == "true") == is)
	}
	return Unknown
}

// Form has the name, the kind and what it is compared with.
func (c *MemberAttribute) Form() Form {
	name := field("name", FieldText).required().most(64)
	name.Names = NamedAttribute
	return form(c.Type(), append([]Field{name}, compareFields()...)...)
}

func compareFields() []Field {
	return []Field{
		choice("kind", string(AttributeText), string(AttributeNumber), string(AttributeBool), string(AttributeExists)).required(),
		wordList("in", NamedNone),
		number("min", FieldInteger, -figureMost, figureMost), number("max", FieldInteger, -figureMost, figureMost),
		field("is", FieldYesNo),
	}
}

// Explain tells name and comparison.
func (c *MemberAttribute) Explain() Saying {
	return compareSaying(c.Type(), Arg{"name", NamedAttribute, c.Name}, c.Kind, c.In, c.Min, c.Max, c.Is)
}

func compareSaying(key string, name Arg, kind AttributeKind, in []string, low, high *int64, is bool) Saying {
	yes := map[bool]string{true: ".yes", false: ".no"}[is]
	switch kind {
	case AttributeNumber:
		return between(UnitCount, key+".number", low, high, name)
	case AttributeText:
		return say(key+".text", name, items(NamedNone, in))
	}
	return say(key+"."+string(kind)+yes, name)
}

// Predicate compares the stored attribute.
func (c *MemberAttribute) Predicate() (Predicate, bool) {
	switch c.Kind {
	case AttributeNumber:
		return figureIn(c.Name, c.Min, c.Max)
	case AttributeText:
		return attributeIn(c.Name, c.In)
	case AttributeExists:
		p := Predicate{Op: OpHas, Name: c.Name}
		if !c.Is {
			p = Predicate{Op: OpNot, Of: []Predicate{p}}
		}
		return p, true
	}
	return c.bool()
}

// bool asks for one word, and where another than true and false stands, for what
// unknown counts as.
func (c *MemberAttribute) bool() (Predicate, bool) {
	want, other := "false", "true"
	if c.Is {
		want, other = other, want
	}
	if c.IfUnknown() == Yes {
		return Predicate{Op: OpNot, Of: []Predicate{{Op: OpAttribute, Name: c.Name, Values: []string{other}}}}, true
	}
	return attributeIn(c.Name, []string{want})
}

// Needs adds the attribute.
func (c *MemberAttribute) Needs(n *Needs) { n.Attributes = append(n.Attributes, c.Name) }

func (c *MemberAttribute) compile() (check, error) {
	if c.Kind == AttributeText {
		return attributeWord(c.Name).compile(c.In)
	}
	return c.Check, nil
}

func (c *MemberAttribute) cost() int64 { return 1 + int64(len(c.In)) }

func (c *MemberAttribute) reach(holds bool) []constraint {
	return compareReach(dimAttribute, dimFigure, c.Name, c.Kind, c.In, rangeSet(numbers, c.Min, c.Max), c.Is, c.Fallback, holds)
}

func compareReach(text, number dimKind, name string, kind AttributeKind, in []string, bounds set, is bool, fb Fallback, holds bool) []constraint {
	d := dimension{kind: text, name: name}
	switch kind {
	case AttributeNumber:
		d.kind = number
		return exact(d, bounds, fb, holds)
	case AttributeText:
		return exact(d, wordSet(in), fb, holds)
	case AttributeExists:
		s := everyWord()
		if is != holds {
			s = s.complement()
		}
		return []constraint{{d, s, true}}
	}
	// Another text than true and false is not known either.
	return boolReach(d, is, fb, holds)
}

func boolReach(d dimension, is bool, fb Fallback, holds bool) []constraint {
	want, other := "false", "true"
	if is {
		want, other = other, want
	}
	s := wordSet([]string{want})
	if fb.IfUnknown() == Yes {
		s = wordSet([]string{other}).complement()
	}
	if !holds {
		s = s.complement()
	}
	return []constraint{{d, s, true}}
}

func (c *MemberAttribute) validate(v *validation) {
	v.fallback(c.Fallback)
	v.word(c.Name, "/name")
	v.compare(c.Kind, c.In, c.Min, c.Max, c.Is, c.Fallback)
}

func (v *validation) compare(kind AttributeKind, in []string, low, high *int64, is bool, fb Fallback) {
	v.choice(string(kind), "/kind", string(AttributeText), string(AttributeNumber), string(AttributeBool), string(AttributeExists))
	foreign := func(set bool, field string) {
		if set {
			v.add(fault.Conflicting, field, "a", "kind", "b", string(kind))
		}
	}
	if kind == AttributeText {
		v.words(in, "/in")
	} else {
		foreign(in != nil, "/in")
	}
	if kind == AttributeNumber {
		v.interval(low, high, -figureMost, figureMost, "/min", "/max")
	} else {
		foreign(low != nil, "/min")
		foreign(high != nil, "/max")
	}
	foreign(is && (kind == AttributeText || kind == AttributeNumber), "/is")
	foreign(fb.Unknown != "" && kind == AttributeExists, "/unknown")
}
