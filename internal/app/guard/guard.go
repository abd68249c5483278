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
	Visitors Visitors
	keys     Keys
	wall     func() time.Time
	guesses  app.Throttle
	texts    app.Throttle  // messages that phones and addresses ask for
	hashing  chan struct{} // who hashes a password: each takes 19 MiB
	mu       sync.Mutex
	known    map[string]remembered // by the hash of the secret
	sessions map[string]remembered // by the hash of the token
	visits   map[string]remembered // of members, by the hash of the token
	minters  map[string]remembered // keys that made member tokens, by their ids
}

// Keys are what a guard signs and seals with, 32 bytes or more each.
type Keys struct {
	Member []byte // tokens of members
	Factor []byte // second factors of people
	Setup  []byte // the token of the first administrator
}

// remembered is a principal as it was read at a moment.
type remembered struct {
	principal access.Principal
	at        time.Time
}

// mostHashing bounds the passwords that are hashed at the same time.
const mostHashing = 4

// New makes a guard; wall is the wall clock.
func New(a *app.App, keys Keys, wall func() time.Time) *Guard {
	return &Guard{App: a, keys: keys, wall: wall, known: map[string]remembered{}, sessions: map[string]remembered{}, visits: map[string]remembered{}, minters: map[string]remembered{},
		hashing: make(chan struct{}, mostHashing)}
}
