// Package guard says who is asking: it turns the secret of an API key into a
// principal, and the signed token of a member into the member that a browser
// key acts for.
//
// It owns neither keys (app/admin) nor permissions (domain/access). Secrets are
// compared by SHA-256 only and never stored, logged or named in a fault: every
// refusal is the same fault unauthenticated.
//
// Time: keys are remembered for at most a second of wall-clock time, so a
// revoked key dies within a second; tokens expire by the wall clock too,
// whatever clock the business has.
package guard
