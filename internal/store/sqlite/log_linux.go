package sqlite

import (
	"errors"
	"syscall"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// syncData brings a log to the disk without the times of its file, which the
// system's own sync writes too, through the file system's journal.
func syncData(_ *libc.TLS, _ *logFile, file uintptr, _ int32) int32 {
	fd := int(at[sqlite3.TunixFile](file).Fh)
	for {
		switch err := syscall.Fdatasync(fd); {
		case err == nil:
			return sqlite3.SQLITE_OK
		case !errors.Is(err, syscall.EINTR):
			return sqlite3.SQLITE_IOERR_FSYNC
		}
	}
}
