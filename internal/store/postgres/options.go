package postgres

import "time"

// Options of an engine. The zero value is the default.
type Options struct {
	WriteConns int // most updates at once, each on a connection; control has two more; 16
	ReadConns  int // most connections of views; 8

	MostWait time.Duration // who would wait longer for a place is refused; 0 means queue.MostWait

	ReadOnly    bool // no migration, every session read-only: for verify and doctor beside a server
	SkipMigrate bool // fail when the schema is behind instead of bringing it forward
}

func (o Options) withDefaults() Options {
	if o.WriteConns <= 0 {
		o.WriteConns = 16
	}
	if o.ReadConns <= 0 {
		o.ReadConns = 8
	}
	return o
}

// Deadlines and bounds (hot-path P6, P8).
const (
	connectLimit  = 2 * time.Second
	queueLimit    = 5 * time.Second  // waiting for a connection; then overloaded
	lockLimit     = 2 * time.Second  // waiting for a row
	idleLimit     = 5 * time.Second  // a closure that holds locks and says nothing
	attemptLimit  = 10 * time.Second // one run of a closure with its commit
	viewLimit     = 2 * time.Second
	resolveLimit  = 5 * time.Second // settling an ambiguous commit
	rollbackLimit = 2 * time.Second
	closeLimit    = 15 * time.Second // letting transactions finish at Close
	retries       = 4
)
