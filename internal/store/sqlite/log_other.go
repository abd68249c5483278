//go:build !unix

package sqlite

// The log is written by the system's own VFS.
const logVFS = ""

func registerLogVFS() error { return nil }

// canDefer says that a log can be synced without SQLite.
const canDefer = false

func logged(string) int64 { return 0 }

// commit commits and syncs at once.
func (s *session) commit() (fd int, err error) { return 0, s.run("COMMIT") }

func syncFile(int) error { return nil }

func (c *connection) databaseFile() int { return -1 }
