//go:build unix

package sqlite

import (
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite puts the pages of a split in order by giving one of them, for a moment, the
// number of the page that holds the file's lock bytes, which no page ever has: with
// pages of 4 KiB 262,145. Its page cache notes the highest number that it has seen,
// and each commit that finds that note beyond the file's end goes through the whole
// cache for pages to drop, although there are none: in a file below 1 GiB that was a
// tenth of the writer's time, and all of its processor's own cache. So the note is
// put back after such a move.

// lockedPage is the number for pages of 4 KiB, as all files of ours have them.
const lockedPage = 0x40000000/4096 + 1

type rekeyFunc = func(tls *libc.TLS, cache, page uintptr, from, to uint32)

// pageCache is the table of SQLite's own page cache.
var pageCache sqlite3.Tsqlite3_pcache_methods2

// watchPages puts rekeyPage into the table of the page cache. It must run before
// SQLite is used; where something else in the process has used it already, nothing
// changes.
var watchPages = sync.OnceFunc(func() {
	tls := libc.NewTLS()
	defer tls.Close()
	table := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(pageCache)))
	list := libc.Xmalloc(tls, 8)
	if table == 0 || list == 0 {
		return
	}
	defer libc.Xfree(tls, list)
	if sqlite3.Xsqlite3_config(tls, sqlite3.SQLITE_CONFIG_GETPCACHE2, libc.VaList(list, table)) != sqlite3.SQLITE_OK {
		return
	}
	own := at[sqlite3.Tsqlite3_pcache_methods2](table)
	pageCache = *own
	own.FxRekey = function(rekeyPage)
	sqlite3.Xsqlite3_config(tls, sqlite3.SQLITE_CONFIG_PCACHE2, libc.VaList(list, table))
})

func rekeyPage(tls *libc.TLS, cache, page uintptr, from, to uint32) {
	highest := &at[sqlite3.TPCache1](cache).FiMaxKey
	before := *highest
	called[rekeyFunc](pageCache.FxRekey)(tls, cache, page, from, to)
	if to == lockedPage {
		*highest = before
	}
}
