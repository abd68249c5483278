//go:build unix

package sqlite

import (
	"sync"
	"sync/atomic"
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

// All page caches of a process are one group, with one mutex, which SQLite takes for
// every page that a statement looks at, so that connections can take pages from each
// other when a bound on the memory of all is reached. quan sets no such bound: each
// connection has its own (cache_size). So each cache is a group of its own, which
// needs no mutex, because one goroutine uses a connection at a time: the writer does
// not wait for readers, nor they for each other.

// lockedPage is the number for pages of 4 KiB, as all files of ours have them.
const lockedPage = 0x40000000/4096 + 1

type (
	createFunc  = func(tls *libc.TLS, page, extra, purgeable int32) uintptr
	destroyFunc = func(tls *libc.TLS, cache uintptr)
	rekeyFunc   = func(tls *libc.TLS, cache, page uintptr, from, to uint32)
)

// pageCache is the table of SQLite's own page cache.
var pageCache sqlite3.Tsqlite3_pcache_methods2

// watchPages puts our functions into the table of the page cache. It must run before
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
	own.FxCreate, own.FxDestroy = function(createCache), function(destroyCache)
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

// cachesApart says that a cache was given a group of its own. It is given one only
// where SQLite's has a mutex, so from then on a group without one is ours to free.
var cachesApart atomic.Bool

// createCache makes a page cache that is a group of its own.
func createCache(tls *libc.TLS, page, extra, purgeable int32) uintptr {
	cache := called[createFunc](pageCache.FxCreate)(tls, page, extra, purgeable)
	if cache == 0 || purgeable == 0 {
		return cache // of a table in memory: its pages belong to no group
	}
	c := at[sqlite3.TPCache1](cache)
	if at[sqlite3.TPGroup](c.FpGroup).Fmutex == 0 {
		return cache
	}
	own := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.TPGroup{})))
	if own == 0 {
		return cache // the shared group does as well
	}
	all, g := at[sqlite3.TPGroup](c.FpGroup), at[sqlite3.TPGroup](own)
	sqlite3.Xsqlite3_mutex_enter(tls, all.Fmutex)
	all.FnMinPage -= c.FnMin
	countPinnable(all)
	sqlite3.Xsqlite3_mutex_leave(tls, all.Fmutex)
	end := own + unsafe.Offsetof(g.Flru)
	g.Flru.FisAnchor, g.Flru.FpLruNext, g.Flru.FpLruPrev = 1, end, end
	g.FnMinPage = c.FnMin
	countPinnable(g)
	c.FpGroup, c.FpnPurgeable = own, own+unsafe.Offsetof(g.FnPurgeable)
	cachesApart.Store(true)
	return cache
}

// countPinnable says how many pages of a group may be in use at once, as SQLite does.
func countPinnable(g *sqlite3.TPGroup) { g.FmxPinned = g.FnMaxPage + 10 - g.FnMinPage }

func destroyCache(tls *libc.TLS, cache uintptr) {
	group := at[sqlite3.TPCache1](cache).FpGroup
	own := cachesApart.Load() && at[sqlite3.TPGroup](group).Fmutex == 0
	called[destroyFunc](pageCache.FxDestroy)(tls, cache)
	if own {
		libc.Xfree(tls, group)
	}
}
