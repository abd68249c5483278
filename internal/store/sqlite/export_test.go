package sqlite

import (
	"context"
	"testing"

	"quan/internal/store"
)

// Room leaves the file so many pages to grow; negative takes the bound away.
func Room(t *testing.T, e *Engine, pages int64) {
	t.Helper()
	room(t, e, pages)
}

// Path is where the file lies.
func (e *Engine) Path() string { return e.path }

// Checkpoint copies into the file what no reader holds back, and leaves the log.
func Checkpoint(t *testing.T, e *Engine) {
	t.Helper()
	s, err := connector{dsn: checkpointDSN(e.path, e.options)}.open()
	must(t, err)
	defer s.Close()
	_, err = s.number("PRAGMA wal_checkpoint(PASSIVE)")
	must(t, err)
}

// KnowsRequests reports whether no week's requests are still to be loaded.
func KnowsRequests(e *Engine) (all bool) {
	_ = e.update(context.Background(), store.Control, func(x *executor) error {
		all = x.memory.Loaded()
		return nil
	})
	return all
}
