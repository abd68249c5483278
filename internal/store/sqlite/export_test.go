package sqlite

import "testing"

// Room leaves the file so many pages to grow; negative takes the bound away.
func Room(t *testing.T, e *Engine, pages int64) {
	t.Helper()
	room(t, e, pages)
}
