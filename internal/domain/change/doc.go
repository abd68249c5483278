// Package change holds the steps of an aggregate's history, which are also the
// events that leave quan: one row serves both.
//
// It owns the types and their names. It does not own delivery.
//
// Invariants: one change for each change of state, in its transaction; Seq counts
// from 1 without a gap and equals the aggregate's Rev; a type's version is only
// added to; facts hold no personal data.
//
// Time: At is the decision's instant.
package change
