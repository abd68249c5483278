package member

import (
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Code is what was sent to a phone so that its owner can sign in; the newest of a
// phone counts. Only a keyed hash of it is kept.
type Code struct {
	Key       Key    // of the phone, as an identity
	Hash      string // hex of HMAC-SHA-256 over phone and code
	Tries     int64  // guesses made
	CreatedAt calendar.Instant
	ExpiresAt calendar.Instant
}

// How a code lives.
const (
	CodeLife  = 5 * time.Minute
	CodeAgain = time.Minute // before another one is sent to the phone
	CodeTries = 5           // guesses, right or wrong
)

// Visit is a member's sign-in on our own pages; hash is of the token that the browser holds.
type Visit struct {
	Hash      string // hex SHA-256
	Member    id.ID
	Minter    id.ID // the API key whose member token began it; 0: a code that was sent to the phone
	CreatedAt calendar.Instant
	EndsAt    calendar.Instant
}

// VisitLife is how long a sign-in with a code lasts.
const VisitLife = 30 * 24 * time.Hour

// Slot is where a visit lies: by its hash, which is all that a request brings.
func (v *Visit) Slot() int64 { return VisitSlot(v.Hash) }

// VisitSlot is the slot of the visit with a hash.
func VisitSlot(hash string) int64 { return id.SlotOf("visit", hash) }
