// Package person holds the people who sign in to the console (Person) and their
// sign-ins (Session).
//
// It owns who a person is, what a password may be, and when a session ends. It
// does not own how a password or a code is proved (app/guard), nor what a role may
// do (domain/access).
//
// Invariants: a login is one person's for ever; a person with a role outside the
// business has a scope of merchants; only a slow hash of a password, a sealed second
// factor and hashes of recovery codes and of session tokens are stored.
//
// Time: a session ends 12 hours after it was last used and 7 days after its start,
// by the wall clock, whatever clock the business has.
package person
