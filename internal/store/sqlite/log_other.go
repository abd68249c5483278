//go:build !unix

package sqlite

// The log is written by the system's own VFS.
const logVFS = ""

func registerLogVFS() error { return nil }

func logged(string) int64 { return 0 }
