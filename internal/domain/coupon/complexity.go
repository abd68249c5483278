package coupon

import (
	"quan/internal/domain/condition"
	"quan/internal/domain/rule"
)

// Complexity says how hard a coupon is to understand for who holds it.
type Complexity struct {
	Score int64
	Level Level
	Why   []Difficulty // what makes up the score, the hardest first
}

// Level of a score.
type Level string

// The levels. Up to EasyMost a customer reads the card and knows what it does;
// from HardLeast on nobody reckons it in a shop.
const (
	LevelEasy Level = "easy"
	LevelFair Level = "fair"
	LevelHard Level = "hard"
)

// The bounds of levels.
const (
	EasyMost  = 4
	HardLeast = 10
)

// Difficulty is a part of the score.
type Difficulty struct {
	What   Difficult
	Points int64
}

// Difficult names what makes a coupon hard.
type Difficult string

// What is counted, with the points of one of it.
const (
	DifficultKind      Difficult = "kind"      // 0 an amount or percentage, 1 by units, 2 a pattern
	DifficultThreshold Difficult = "threshold" // 1 each: amount, units, another base than before
	DifficultSteps     Difficult = "steps"     // 1 for every step behind the first, and for repetition
	DifficultBounds    Difficult = "bounds"    // 1 each: caps, most units, times, a choice of units
	DifficultParts     Difficult = "parts"     // 1 for every part behind the first, 1 for goods of its own
	DifficultScope     Difficult = "scope"     // 1 for every list of what is in
	DifficultExclusion Difficult = "exclusion" // 2 for every list of what is out, and of groups
	DifficultContains  Difficult = "contains"  // 2 for every other thing that must be in the cart
	DifficultCalendar  Difficult = "calendar"  // 1 each: delay, cut by the window, time between uses
	DifficultPlace     Difficult = "place"     // 1 each: cities, channels
	DifficultUses      Difficult = "uses"      // 1 for several, 2 more for chained values
	DifficultWhen      Difficult = "when"      // 1 for every further condition of use
)

// Complexity adds up the rules that a holder has to keep in mind. Rules of
// claiming are met once, before there is a coupon, so they don't count.
func (d *Doc) Complexity() Complexity {
	t := &d.Terms
	var c Complexity
	c.add(DifficultKind, kindPoints(t))
	c.add(DifficultThreshold, count(t.ThresholdMinor != 0, t.ThresholdQuantity != 0, t.ThresholdBase != "" && t.ThresholdBase != BaseBefore))
	c.add(DifficultSteps, max(int64(len(t.Steps))-1, 0)+count(t.Repeat))
	c.add(DifficultBounds, count(t.CapMinor != 0, t.ItemCapMinor != 0, t.UnitsMax != 0, t.LineUnitsMax != 0, t.Times != 0,
		t.Select != "" && t.Select != SelectCheapest, len(t.Prices) > 0, len(t.Methods) > 0))
	c.add(DifficultParts, partsPoints(t))
	c.add(DifficultScope, lists(t.Scope.Include))
	c.add(DifficultExclusion, 2*lists(t.Scope.Exclude)+2*count(len(t.Stacking.Excludes) > 0))
	c.add(DifficultContains, 2*int64(len(t.Contains)))
	c.add(DifficultCalendar, count(t.Validity.Delayed(), t.Validity.CutByWindow, t.IntervalHours != 0))
	c.add(DifficultPlace, count(len(t.Use.Cities) > 0, len(t.Use.Channels) > 0))
	c.add(DifficultUses, count(t.UsesPerCoupon > 1)+2*count(len(t.Chain) > 0))
	c.add(DifficultWhen, leaves(&t.When))
	c.Level = LevelFair
	if c.Score <= EasyMost {
		c.Level = LevelEasy
	} else if c.Score >= HardLeast {
		c.Level = LevelHard
	}
	return c
}

// add keeps Why with the hardest first; what is as hard stays in the order in
// which it was added.
func (c *Complexity) add(what Difficult, points int64) {
	if points == 0 {
		return
	}
	c.Score += points
	at := len(c.Why)
	for at > 0 && c.Why[at-1].Points < points {
		at--
	}
	c.Why = append(c.Why, Difficulty{})
	copy(c.Why[at+1:], c.Why[at:])
	c.Why[at] = Difficulty{what, points}
}

func count(all ...bool) (n int64) {
	for _, yes := range all {
		if yes {
			n++
		}
	}
	return n
}

func kindPoints(t *Terms) int64 {
	switch t.Kind {
	case KindNthItem, KindBuyGet, KindBundle, KindAddOn:
		return 2
	}
	return count(t.Class() == ClassUnits)
}

func partsPoints(t *Terms) (points int64) {
	for _, side := range [][]Part{t.Buy, t.Get} {
		points += max(int64(len(side))-1, 0)
		for _, p := range side {
			points += count(!p.Scope.Everything())
			points += 2 * lists(p.Scope.Exclude)
		}
	}
	return points
}

// lists counts the lists of a selector that name anything.
func lists(s rule.Selector) int64 {
	return count(len(s.Categories) > 0, len(s.Brands) > 0, len(s.SKUs) > 0, len(s.Merchants) > 0, len(s.Stores) > 0)
}

func leaves(t *condition.Tree) (n int64) {
	t.Walk("", func(string, condition.Leaf) { n++ })
	return n
}
