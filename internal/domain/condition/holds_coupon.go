package condition

import (
	"fmt"
	"slices"

	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// HoldsCoupon asks whether the member holds a live coupon of one of the templates
// or stacking groups. In a "none" it keeps a coupon from those who hold an
// excluded one.
type HoldsCoupon struct {
	Templates []string `json:"templates,omitempty"` // tpl_…
	Groups    []string `json:"groups,omitempty"`
	Fallback
}

// Type is holds_coupon.
func (c *HoldsCoupon) Type() string { return "holds_coupon" }

// Check looks at the live coupons.
func (c *HoldsCoupon) Check(f *Facts) Answer { return holdsOne(f, c.ids(), c.Groups) }

func holdsOne(f *Facts, templates []id.ID, groups []string) Answer {
	if f.Held == nil {
		return Unknown
	}
	for _, t := range templates {
		if slices.Contains(f.Held.Templates, t) {
			return Yes
		}
	}
	for _, g := range groups {
		if slices.Contains(f.Held.Groups, g) {
			return Yes
		}
	}
	return No
}

// ids of the templates; one that is written wrong is left out.
func (c *HoldsCoupon) ids() (all []id.ID) {
	for _, text := range c.Templates {
		if t, err := id.Parse(id.Template, text); err == nil && t != 0 {
			all = append(all, t)
		}
	}
	return all
}

// Form has the templates and groups.
func (c *HoldsCoupon) Form() Form {
	return form(c.Type(), wordList("templates", NamedTemplate), wordList("groups", NamedGroup))
}

// Explain names templates and groups.
func (c *HoldsCoupon) Explain() Saying {
	templates, groups := Arg{"templates", NamedTemplate, c.Templates}, Arg{"groups", NamedGroup, c.Groups}
	switch {
	case len(c.Groups) == 0:
		return say(c.Type()+".templates", templates)
	case len(c.Templates) == 0:
		return say(c.Type()+".groups", groups)
	}
	return say(c.Type()+".both", templates, groups)
}

// Predicate does not exist: what is live depends on the moment.
func (c *HoldsCoupon) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the live coupons.
func (c *HoldsCoupon) Needs(n *Needs) { n.Held = true }

func (c *HoldsCoupon) compile() (check, error) {
	templates := c.ids()
	return func(f *Facts) Answer { return holdsOne(f, templates, c.Groups) }, nil
}

func (c *HoldsCoupon) cost() int64 { return int64(len(c.Templates) + len(c.Groups)) }

func (c *HoldsCoupon) reach(holds bool) []constraint {
	switch {
	case len(c.Groups) == 0:
		return eachWord(dimHeldTemplate, c.Templates, c.Fallback, holds)
	case len(c.Templates) == 0:
		return eachWord(dimHeldGroup, c.Groups, c.Fallback, holds)
	case holds:
		return nil
	}
	all := append(slices.Clone(c.Templates), c.Groups...)
	found := eachWord(dimHeldTemplate, all, c.Fallback, false)
	for i := range found {
		if i >= len(c.Templates) {
			found[i].dim.kind = dimHeldGroup
		}
	}
	return found
}

func (c *HoldsCoupon) validate(v *validation) {
	v.fallback(c.Fallback)
	if len(c.Templates)+len(c.Groups) == 0 {
		v.add(fault.MissingValue, "/templates")
		return
	}
	if len(c.Templates) > 0 {
		v.words(c.Templates, "/templates")
	}
	for i, text := range c.Templates {
		if t, err := id.Parse(id.Template, text); text != "" && (err != nil || t == 0) {
			v.add(fault.InvalidValue, fmt.Sprintf("/templates/%d", i))
		}
	}
	if len(c.Groups) > 0 {
		v.words(c.Groups, "/groups")
	}
}
