// Package guard says who is asking: it turns the secret of an API key into a
// principal, the signed token of a member into the member that a browser key acts
// for, and the login, password and second factor of a person into a session.
//
// It owns neither keys and people (app/admin) nor permissions (domain/access).
// Secrets are compared by their hashes only and never stored, logged or named in a
// fault: every refusal of a key is the same fault unauthenticated, every one of a
// sign-in the same fault sign_in_failed, in the same time. Guesses are slowed down by
// login and by address.
//
// A member token is worth what the key that made it is: no more than its scope, and
// nothing once it is revoked.
//
// Time: keys and sessions are remembered for at most a second of wall-clock time, so
// a revoked one dies within a second; tokens, sessions and codes expire by the wall
// clock too, whatever clock the business has.
package guard
