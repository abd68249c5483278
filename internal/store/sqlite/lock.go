package sqlite

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// ErrHeld says that another process writes this database.
var ErrHeld = errors.New("another process writes this database")

// fileLock is the right to write, held by a lock on a file that says who holds it.
// The operating system frees it with the process.
type fileLock struct{ file *os.File }

func lockFile(path string) (*fileLock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	if err := lockHandle(f); err != nil {
		defer f.Close()
		if !errors.Is(err, errTaken) {
			return nil, fmt.Errorf("lock: %w", err)
		}
		return nil, fmt.Errorf("%w: %s", ErrHeld, holder(path))
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	text := fmt.Sprintf("process %d on %s\n", os.Getpid(), host)
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(text), 0)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock: %w", err)
	}
	return &fileLock{f}, nil
}

func holder(path string) string {
	b, err := os.ReadFile(path)
	if text := strings.TrimSpace(string(b)); err == nil && text != "" {
		return text
	}
	return "an unknown process"
}

// free gives the lock up. The file stays: removing it would race with the next holder.
func (l *fileLock) free() error { return l.file.Close() }
