//go:build unix && !linux

package sqlite

import "modernc.org/libc"

// canDefer says that a log can be synced without SQLite: elsewhere a sync may need
// more than the file (F_FULLFSYNC), which SQLite knows.
const canDefer = false

func descriptor(uintptr) int { return 0 }

func (c *connection) databaseFile() int { return -1 }

func syncFile(int) error { return nil }

func syncData(tls *libc.TLS, l *logFile, file uintptr, flags int32) int32 {
	return called[syncFunc](l.system().FxSync)(tls, file, flags)
}
