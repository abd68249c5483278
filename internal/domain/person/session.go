package person

import (
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Session is a sign-in of a person on one device.
type Session struct {
	ID        id.ID
	Person    id.ID
	Hash      string // hex SHA-256 of the token that the device holds
	CreatedAt calendar.Instant
	SeenAt    calendar.Instant // to some minutes
	Agent     string           // what the browser calls itself, cut
	Address   string           // network address at the sign-in
}

// How long a session lives.
const (
	Idle   = 12 * time.Hour     // after it was last seen
	Life   = 7 * 24 * time.Hour // after its start
	Seldom = 5 * time.Minute    // a use within it is not written down
)

// EndsAt is when the session ends if it is not used again.
func (s *Session) EndsAt() calendar.Instant {
	return min(s.SeenAt.Add(Idle), s.CreatedAt.Add(Life))
}
