//go:build unix

package sqlite

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite writes each page of a commit by two calls, 24 and 4,096 bytes, which is
// half of what a commit costs. Under this VFS, which is that of the system but for
// one thing, the write-ahead log of a connection gathers what follows on and
// writes it in one piece before anybody can miss it: before it is synced, read,
// truncated, measured or closed. The order of writes does not change.
//
// It is right for synchronous=FULL only, where each commit syncs the log before
// other connections are told of it: the writer's.

// logVFS is the name under which a connection opens it ("vfs" in its DSN).
const logVFS = "quan-log"

const (
	logBuffer = 1 << 20
	logPiece  = 1 << 16 // SQLite's own write takes less than 128 KiB at a time
)

// logFile is the log of one connection, which uses it from one goroutine at a time.
// What SQLite is given the address of lies in SQLite's memory.
type logFile struct {
	methods uintptr // of the system's file
	own     uintptr // ours
	buffer  uintptr // of pending
	pending []byte
	at      int64  // where pending belongs
	synced  bool   // the system's own sync has run: it syncs the directory too, the first time
	started bool   // the log's head has been written, and not synced: it must be before anything behind it is
	defers  bool   // a commit is under way that is synced later, by landing
	owed    bool   // and it has left a sync to be done
	syncs   int    // that were not left
	path    string // of the log
	written atomic.Int64
}

var logFiles struct {
	sync.RWMutex
	open map[uintptr]*logFile
}

// logBase is the system's VFS.
var logBase uintptr

// registerLogVFS makes the VFS known to SQLite, once.
var registerLogVFS = sync.OnceValue(func() error {
	watchPages()
	tls := libc.NewTLS() // lives as long as the process
	logBase = sqlite3.Xsqlite3_vfs_find(tls, 0)
	name, err := libc.CString(logVFS)
	if err != nil {
		return err
	}
	made := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	if logBase == 0 || made == 0 {
		return fmt.Errorf("sqlite: no VFS to build %s on", logVFS)
	}
	v := at[sqlite3.Tsqlite3_vfs](made)
	*v = *at[sqlite3.Tsqlite3_vfs](logBase)
	v.FpNext, v.FzName = 0, name
	v.FxOpen = function(openLog)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, made, 0); rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("sqlite: register %s: %d", logVFS, rc)
	}
	logFiles.open = map[uintptr]*logFile{}
	return nil
})

// function is the address by which SQLite calls a function of a package.
func function[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

// called is the function at an address of a table of SQLite's.
func called[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&p)) }

type (
	openFunc  = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	closeFunc = func(tls *libc.TLS, file uintptr) int32
	moveFunc  = func(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32 // read and write
	cutFunc   = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc  = func(tls *libc.TLS, file uintptr, flags int32) int32
	sizeFunc  = func(tls *libc.TLS, file, size uintptr) int32
)

// openLog opens a file as the system does; a log gets our methods.
func openLog(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
	rc := called[openFunc](at[sqlite3.Tsqlite3_vfs](logBase).FxOpen)(tls, logBase, name, file, flags, out)
	if rc != sqlite3.SQLITE_OK || flags&sqlite3.SQLITE_OPEN_WAL == 0 {
		return rc
	}
	f := at[sqlite3.Tsqlite3_file](file)
	l := &logFile{methods: f.FpMethods, path: libc.GoString(name), buffer: libc.Xmalloc(tls, logBuffer),
		own: libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))}
	if l.own == 0 || l.buffer == 0 {
		l.free(tls)
		return rc // the system's own file does as well
	}
	l.pending = unsafe.Slice(at[byte](l.buffer), logBuffer)[:0]
	own := at[sqlite3.Tsqlite3_io_methods](l.own)
	*own = *l.system()
	own.FxClose, own.FxSync = function(closeLog), function(syncLog)
	own.FxRead, own.FxWrite = function(readLog), function(writeLog)
	own.FxTruncate, own.FxFileSize = function(truncateLog), function(sizeOfLog)
	logFiles.Lock()
	logFiles.open[file] = l
	logFiles.Unlock()
	f.FpMethods = l.own
	return rc
}

func (l *logFile) free(tls *libc.TLS) {
	for _, p := range []uintptr{l.own, l.buffer} {
		if p != 0 {
			libc.Xfree(tls, p)
		}
	}
}

// logged is how much has been written into the log of a database.
func logged(path string) int64 {
	path, err := filepath.Abs(path)
	if err == nil {
		path, err = filepath.EvalSymlinks(path) // as SQLite does
	}
	if err != nil {
		return 0
	}
	logFiles.RLock()
	defer logFiles.RUnlock()
	for _, l := range logFiles.open {
		if l.path == path+"-wal" {
			return l.written.Load()
		}
	}
	return 0
}

// log is the file of a connection's write-ahead log, zero while there is none.
func (c *connection) log() uintptr { return c.file(sqlite3.SQLITE_FCNTL_JOURNAL_POINTER) }

// file is one of the files that a connection has open, zero for none.
func (c *connection) file(which int32) uintptr {
	*at[uintptr](c.cells) = 0
	main, err := libc.CString("main")
	if err != nil {
		return 0
	}
	defer libc.Xfree(c.tls, main)
	if rc := sqlite3.Xsqlite3_file_control(c.tls, c.db, main, which, c.cells); rc != sqlite3.SQLITE_OK {
		return 0
	}
	return *at[uintptr](c.cells)
}

func logOf(file uintptr) *logFile {
	logFiles.RLock()
	defer logFiles.RUnlock()
	return logFiles.open[file]
}

func (l *logFile) system() *sqlite3.Tsqlite3_io_methods {
	return at[sqlite3.Tsqlite3_io_methods](l.methods)
}

// flush writes what is pending. What could not be written is not tried again:
// SQLite undoes the transaction.
func (l *logFile) flush(tls *libc.TLS, file uintptr) int32 {
	rest, write := l.pending, called[moveFunc](l.system().FxWrite)
	l.pending = l.pending[:0]
	for offset := l.at; len(rest) > 0; {
		n := min(len(rest), logPiece)
		if rc := write(tls, file, uintptr(unsafe.Pointer(unsafe.SliceData(rest))), int32(n), offset); rc != sqlite3.SQLITE_OK {
			return rc
		}
		rest, offset = rest[n:], offset+int64(n)
	}
	return sqlite3.SQLITE_OK
}

func writeLog(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32 {
	l := logOf(file)
	if len(l.pending) > 0 && (offset != l.at+int64(len(l.pending)) || len(l.pending)+int(n) > logBuffer) {
		if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
			return rc
		}
	}
	l.written.Add(int64(n))
	l.started = l.started || offset == 0
	if int(n) > logBuffer {
		return called[moveFunc](l.system().FxWrite)(tls, file, buffer, n, offset)
	}
	if len(l.pending) == 0 {
		l.at = offset
	}
	l.pending = append(l.pending, unsafe.Slice(at[byte](buffer), int(n))...)
	return sqlite3.SQLITE_OK
}

func syncLog(tls *libc.TLS, file uintptr, flags int32) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	if l.defers && l.synced && !l.started && canDefer {
		l.owed = true
		return sqlite3.SQLITE_OK
	}
	l.started = false
	l.syncs++
	if !l.synced {
		l.synced = true
		return called[syncFunc](l.system().FxSync)(tls, file, flags)
	}
	return syncData(tls, l, file, flags)
}

// commit commits, and leaves the sync of the log to the caller: the file to be
// synced, zero for none. A log that starts over syncs its head by itself, before
// anything is written behind it: with an old head, what is left of the old log
// would count.
func (s *session) commit() (fd int, err error) {
	file := s.log()
	l := logOf(file)
	if l == nil { // the system's own, or of tests without syncs
		return 0, s.run("COMMIT")
	}
	l.defers, l.owed = true, false
	err = s.run("COMMIT")
	l.defers = false
	if l.owed {
		fd = descriptor(file)
	}
	return fd, err
}

func readLog(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return called[moveFunc](l.system().FxRead)(tls, file, buffer, n, offset)
}

func truncateLog(tls *libc.TLS, file uintptr, size int64) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return called[cutFunc](l.system().FxTruncate)(tls, file, size)
}

func sizeOfLog(tls *libc.TLS, file, size uintptr) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return called[sizeFunc](l.system().FxFileSize)(tls, file, size)
}

func closeLog(tls *libc.TLS, file uintptr) int32 {
	l := logOf(file)
	flushed := l.flush(tls, file)
	logFiles.Lock()
	delete(logFiles.open, file)
	logFiles.Unlock()
	rc := called[closeFunc](l.system().FxClose)(tls, file)
	l.free(tls)
	if rc != sqlite3.SQLITE_OK {
		return rc
	}
	return flushed
}
