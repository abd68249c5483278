// Package membership keeps members and what identifies them.
//
// A member is found by its id or by an identity (kind and value). Values come in
// as member.Secret, are hashed and sealed by the vault and never leave this
// package readable; faults point at them and never repeat them.
//
// Invariants: an identity belongs to one member for ever. A member's slot is
// that of its first identity. Each change of a member has one row in changes, in
// its transaction, whose sequence is the member's Rev (proto-2) and whose facts
// hold no personal data (priv-1).
//
// Time: rows carry the business clock's moment; Ensure takes its own.
package membership
