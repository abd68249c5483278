package app

import (
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/store"
)

// Conditions are the compiled condition trees of a version, with the facts that
// they read. A program is nil where the tree asks for nothing.
type Conditions struct {
	Claim, Use           *condition.Program
	ClaimNeeds, UseNeeds condition.Needs
}

// Conditions compiles the trees of a version once.
func (c *Cache) Conditions(v *coupon.Version) *Conditions {
	if v.Doc.Claim.When.IsZero() && v.Doc.Terms.When.IsZero() {
		return &unconditional
	}
	k := store.VersionKey{Template: v.Template, Number: v.Number}
	if known, ok := c.conditions.Load(k); ok {
		return known.(*Conditions)
	}
	made := &Conditions{}
	made.Claim, made.ClaimNeeds = compiled(&v.Doc.Claim.When)
	made.Use, made.UseNeeds = compiled(&v.Doc.Terms.When)
	known, _ := c.conditions.LoadOrStore(k, made)
	return known.(*Conditions)
}

var unconditional Conditions

// compiled leaves a tree that does not compile to the decision, which refuses:
// publication lets none through.
func compiled(t *condition.Tree) (*condition.Program, condition.Needs) {
	if t.IsZero() {
		return nil, condition.Needs{}
	}
	program, err := condition.Compile(*t)
	if err != nil {
		return nil, condition.Needs{}
	}
	return program, t.Needs()
}
