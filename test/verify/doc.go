// Package verify plants violations in a real history, one at a time, and sees
// that the checks of the store report exactly the invariants that each breaks.
//
// The history is made by the use cases, so that a clean verification of it says
// that checks and use cases agree; a plant is raw SQL on a connection of its own,
// as a bug or a hand in the database would leave it. Both engines run it.
package verify
