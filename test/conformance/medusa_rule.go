package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"quan/internal/domain/condition"
)

// object is a JSON object of which rules name attributes by a path.
type object map[string]json.RawMessage

// pick returns the values at a path: through lists, those of every element. list
// is false where the path leads to one value or to none.
func (o object) pick(path string) (values []string, list bool) {
	name, rest, deeper := strings.Cut(path, ".")
	raw, ok := o[name]
	if !ok || string(raw) == "null" {
		return nil, false
	}
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) == nil {
		for _, e := range elements {
			if deeper {
				var of object
				if json.Unmarshal(e, &of) == nil {
					more, _ := of.pick(rest)
					values = append(values, more...)
				}
			} else {
				values = append(values, text(e))
			}
		}
		return values, true
	}
	var of object
	if deeper && json.Unmarshal(raw, &of) == nil {
		return of.pick(rest)
	}
	return []string{text(raw)}, false
}

// text is a value as rules compare it.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// asked are conditions with the facts that they ask.
type asked struct {
	all   []condition.Tree
	facts map[string]string
}

func newAsked() *asked { return &asked{facts: map[string]string{}} }

func (a *asked) tree() condition.Tree {
	if len(a.all) == 0 {
		return condition.Tree{}
	}
	return condition.Tree{All: a.all}
}

// never is a condition that no facts satisfy.
func never() condition.Tree {
	return leaf(&condition.Outer{Name: "(never)", Kind: condition.AttributeText, In: []string{"(never)"}})
}

func leaf(l condition.Leaf) condition.Tree { return condition.Tree{Leaf: l} }

// rules adds rules over an object. of is what stands in front of a path that
// starts in the object ("items."): it is left out where rules write it.
func (a *asked) rules(rules []medusaRule, of string, o object) {
	for _, r := range rules {
		path := strings.Replace(r.Attribute, of, "", 1)
		values, list := o.pick(path)
		a.all = append(a.all, a.rule(r, path, values, list))
	}
}

// rule is one rule over the values of its attribute: "in" asks for one of them,
// the others for all. A value that is not there is equal to nothing.
func (a *asked) rule(r medusaRule, path string, values []string, list bool) condition.Tree {
	if len(r.Values) == 0 {
		return never()
	}
	if len(values) == 0 {
		if r.Operator == "ne" && (list || len(r.Values) > 0) {
			return condition.Tree{}
		}
		return never()
	}
	each := make([]condition.Tree, len(values))
	for i, v := range values {
		name := fmt.Sprintf("%s.%d", path, i)
		each[i] = a.compare(r, name, v)
	}
	switch r.Operator {
	case "in":
		return condition.Tree{Any: each}
	case "ne":
		return condition.Tree{None: each}
	}
	return condition.Tree{All: each}
}

// fine is how finely figures of rules are compared.
const fine = 1_000_000

// compare asks for one value of an attribute.
func (a *asked) compare(r medusaRule, name, value string) condition.Tree {
	switch r.Operator {
	case "eq", "in", "ne":
		a.facts[name] = value
		return leaf(&condition.Outer{Name: name, Kind: condition.AttributeText, In: slices.Compact(slices.Sorted(slices.Values(r.Values)))})
	case "gt", "gte", "lt", "lte":
	default:
		return never()
	}
	figure, ok := figureOf(value)
	if !ok {
		return never()
	}
	name += ".figure" // the same attribute may be compared as a text by another rule
	a.facts[name] = fmt.Sprint(figure)
	var any []condition.Tree
	for _, v := range r.Values {
		if bound, ok := figureOf(v); ok {
			any = append(any, leaf(bounded(r.Operator, name, bound)))
		}
	}
	if any == nil {
		return never()
	}
	return condition.Tree{Any: any}
}

func bounded(operator, name string, bound int64) *condition.Outer {
	c := &condition.Outer{Name: name, Kind: condition.AttributeNumber}
	switch operator {
	case "gt":
		bound++
		c.Min = &bound
	case "gte":
		c.Min = &bound
	case "lt":
		bound--
		c.Max = &bound
	default:
		c.Max = &bound
	}
	return c
}

// figureOf is a figure in millionths.
func figureOf(text string) (int64, bool) {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, false
	}
	r.Mul(r, big.NewRat(fine, 1))
	if f, _ := r.Float64(); !r.IsInt() || math.Abs(f) > 1e15 {
		return 0, false
	}
	return r.Num().Int64(), true
}

// there asks that a context has the attribute of every rule: automatic promotions
// are looked up by what the context has.
func (a *asked) there(rules []medusaRule, o object) {
	for _, r := range rules {
		if values, list := o.pick(r.Attribute); len(values) == 0 && !list {
			a.all = append(a.all, never())
		}
	}
}

// holds reports whether the conditions hold for their facts.
func (a *asked) holds() (bool, error) {
	p, err := condition.Compile(a.tree())
	if err != nil {
		return false, err
	}
	ok, _ := p.Check(&condition.Facts{Outer: a.facts})
	return ok, nil
}
