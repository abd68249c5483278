//go:build unix

package sqlite

import (
	"path/filepath"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"
)

// groupOf is the group of the page cache of a connection's database.
func groupOf(c *connection) *sqlite3.TPGroup {
	database := at[sqlite3.TDb](at[sqlite3.Tsqlite3](c.db).FaDb)
	shared := at[sqlite3.TBtShared](at[sqlite3.TBtree](database.FpBt).FpBt)
	pages := at[sqlite3.TPCache](at[sqlite3.TPager](shared.FpPager).FpPCache)
	return at[sqlite3.TPGroup](at[sqlite3.TPCache1](pages.FpCache).FpGroup)
}

// TestConnectionsShareNoPages: each has a page cache without a mutex, and keeps to its
// own bound.
func TestConnectionsShareNoPages(t *testing.T) {
	must(t, registerLogVFS())
	const bound = 50
	path := filepath.Join(t.TempDir(), "quan.db")
	writer, err := connector{dsn: dsn(path, "rwc", logVFS, "journal_mode(WAL)")}.open()
	must(t, err)
	_, err = writer.exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, filler BLOB)", nil)
	must(t, err)
	for n := range 20 * bound {
		_, err := writer.exec("INSERT INTO rows VALUES ($1, zeroblob(4000))", []any{int64(n)})
		must(t, err)
	}
	groups := map[*sqlite3.TPGroup]bool{groupOf(writer.connection): true}
	for range 3 {
		reader, err := connector{dsn: dsn(path, "ro", "", "cache_size(50)")}.open()
		must(t, err)
		n, err := reader.number("SELECT sum(length(filler)) FROM rows")
		must(t, err)
		g := groupOf(reader.connection)
		groups[g] = true
		if g.Fmutex != 0 {
			t.Error("a reader's pages have a mutex")
		}
		if n != 20*bound*4000 || g.FnPurgeable == 0 || g.FnPurgeable > bound || g.FnMaxPage != bound {
			t.Errorf("%d bytes read, %d pages kept of %d", n, g.FnPurgeable, g.FnMaxPage)
		}
		t.Cleanup(func() { must(t, reader.Close()) })
	}
	if len(groups) != 4 {
		t.Errorf("%d groups of four connections", len(groups))
	}
	must(t, writer.Close())
}
