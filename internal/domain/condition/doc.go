// Package condition holds the conditions of claim rules and use rules: trees of
// all, any and none over leaves, one leaf type in one file.
//
// A leaf is its check, the bounds of what may be written in it, the form that a
// console draws its editor from, the word key and arguments of its sentence (the
// words are explanation's), the facts that have to be loaded for it, and, where
// it speaks of a member only, a typed predicate that a store turns into SQL.
//
// Checks are three-valued: a fact may be not known. Each leaf says what that
// counts as ("unknown": "yes" or "no", default no), so a tree answers yes or no.
// The zero Tree asks for nothing.
//
// It owns the shape of trees, their bounds, what contradicts what (Validate
// inside one tree, Against between claim and use), and the names of the standard
// member attributes. It does not own the facts: a use case loads what Needs names
// and hands over Facts. It reads no clock; the moment is a fact.
//
// Invariants, held by tests: a Program answers as a naive walk of the tree does;
// a tree survives JSON exactly; a contradiction that is reported has no facts
// that satisfy both sides; Check allocates nothing (an expression, and a position at
// the edge of a fence of many corners, apart).
//
// Time: weekdays, hours and days are those of the market's zone, so an hour that
// a clock change skips never comes and one that it repeats comes twice. Intervals
// are [from, to). "The last N days" are local days, today included.
//
// Places: positions and areas name their coordinate system (WGS-84, GCJ-02,
// BD-09) and are compared in WGS-84; edges of polygons are great circles.
package condition
