// Package grant is a bulk grant: coupons for everyone, for a segment or for an
// uploaded list, given out by a job.
//
// It owns what is asked for (Spec), how far it is and what came of it (Progress),
// and the phases: the rehearsal decides every member without writing anything and
// then waits for a word; the issue decides them anew, under the locks, and writes.
// Whether a member gets the coupons is issue.Decide's, as for a single grant.
//
// Who is meant: the members who exist when a phase begins, by their ids; of a
// segment those of whom the condition holds when their turn comes. Who registers
// later gets nothing. Rows of a list name members when the list is uploaded.
//
// Invariants: a member's turn comes once in a phase, because the place behind the
// last one is stored with what its piece did; each member who was looked at in the
// issue has one outcome, coupons or a refusal. Undo takes back what is unused, and
// ends the grant for good.
//
// Time: moments are arguments. What was granted can be undone for UndoDays.
package grant
