package guard

import (
	"sync"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
)

// Guard holds the use cases; it is safe for concurrent use.
type Guard struct {
	*app.App
	tokenKey []byte
	wall     func() time.Time
	mu       sync.Mutex
	known    map[string]remembered // by the hash of the secret
}

// remembered is a principal as it was read at a moment.
type remembered struct {
	principal access.Principal
	at        time.Time
}

// New makes a guard. tokenKey (≥ 32 bytes) signs member tokens, wall is the wall clock.
func New(a *app.App, tokenKey []byte, wall func() time.Time) *Guard {
	return &Guard{App: a, tokenKey: tokenKey, wall: wall, known: map[string]remembered{}}
}
