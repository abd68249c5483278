package coupon

import (
	"fmt"
	"slices"

	"quan/internal/kernel/fault"
)

// DefaultGroup is the stacking group of terms that name none.
const DefaultGroup = "default"

// ExcludesMax bounds the groups that terms exclude.
const ExcludesMax = 50

// Taken names the amount that a percentage is taken of.
type Taken string

// The amounts that a percentage is taken of.
const (
	TakenList   Taken = "list"   // list amount of the lines in scope
	TakenBefore Taken = "before" // what the coupons before it have left of them (default)
)

// Stacking says what a coupon can stand beside on an order 叠加与互斥. An order
// takes at most one coupon of a group; without words about it all are of the
// default group, so an order takes one.
type Stacking struct {
	Group    string   `json:"group,omitempty"`    // "" is DefaultGroup
	Excludes []string `json:"excludes,omitempty"` // groups that it can't stand beside, whatever they say themselves
	Base     Taken    `json:"base,omitempty"`     // percentages only
	Again    bool     `json:"again,omitempty"`    // kinds by units: also units that another one has discounted
}

// Named is the group, DefaultGroup where none is named.
func (s *Stacking) Named() string {
	if s.Group == "" {
		return DefaultGroup
	}
	return s.Group
}

// Beside reports whether coupons of these two terms can stand on one order: they
// are of different groups and neither excludes the other's.
func (s *Stacking) Beside(other *Stacking) bool {
	a, b := s.Named(), other.Named()
	return a != b && !slices.Contains(s.Excludes, b) && !slices.Contains(other.Excludes, a)
}

func (v *validation) stacking() {
	s := &v.doc.Terms.Stacking
	const at = "/terms/stacking"
	if s.Group != "" {
		v.word(s.Group, at+"/group")
	}
	switch s.Base {
	case "", TakenList, TakenBefore:
	default:
		v.add(fault.InvalidValue, at+"/base")
	}
	t := &v.doc.Terms
	if t.Kind != KindPercentOff && t.Reward != RewardPercent {
		v.absent(s.Base != "", at+"/base")
	}
	if t.Class() != ClassUnits {
		v.absent(s.Again, at+"/again")
	}
	if len(s.Excludes) > ExcludesMax {
		v.add(fault.TooLong, at+"/excludes", "max", ExcludesMax)
		return
	}
	for i, group := range s.Excludes {
		pointer := fmt.Sprintf("%s/excludes/%d", at, i)
		v.word(group, pointer)
		switch {
		case slices.Contains(s.Excludes[:i], group):
			v.add(fault.DuplicateValue, pointer)
		case group == s.Named(): // one of a group is the rule anyway: another group was meant
			v.add(fault.Conflicting, pointer, "a", "group", "b", "excludes")
		}
	}
}
