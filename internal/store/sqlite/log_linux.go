package sqlite

import (
	"errors"
	"fmt"
	"syscall"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// syncData brings a log to the disk without the times of its file, which the
// system's own sync writes too, through the file system's journal.
func syncData(_ *libc.TLS, _ *logFile, file uintptr, _ int32) int32 {
	if syncFile(descriptor(file)) != nil {
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	return sqlite3.SQLITE_OK
}

// canDefer says that a log can be synced without SQLite.
const canDefer = true

func descriptor(file uintptr) int { return int(at[sqlite3.TunixFile](file).Fh) }

// databaseFile is the descriptor of the database's file, to be synced without SQLite;
// -1 where it can't be.
func (c *connection) databaseFile() int {
	if file := c.file(sqlite3.SQLITE_FCNTL_FILE_POINTER); file != 0 {
		return descriptor(file)
	}
	return -1
}

func syncFile(fd int) error {
	for {
		switch err := syscall.Fdatasync(fd); {
		case err == nil:
			return nil
		case !errors.Is(err, syscall.EINTR):
			return fmt.Errorf("sync of the log: %w", err)
		}
	}
}
