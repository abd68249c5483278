package pgtest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
)

// Environment variables.
const (
	// EnvDSN names a running server whose user may create databases.
	EnvDSN = "QUAN_TEST_PG_DSN"
	// EnvBin names the folder with initdb and postgres.
	EnvBin = "QUAN_TEST_PG_BIN"
)

// ErrMissing says that PostgreSQL can't be found, and how to get it.
var ErrMissing = errors.New("PostgreSQL is not installed: apt-get install postgresql, or set " + EnvBin +
	" to the folder with initdb and postgres, or " + EnvDSN + " to a server where databases may be created")

// binaries returns the folder with initdb and postgres: the one named by EnvBin,
// else the newest of Debian's, else that of PATH.
func binaries() (string, error) {
	if dir := os.Getenv(EnvBin); dir != "" {
		if complete(dir) {
			return dir, nil
		}
		return "", ErrMissing
	}
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	sort.Slice(dirs, func(i, j int) bool { return major(dirs[i]) > major(dirs[j]) })
	if path, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	for _, dir := range dirs {
		if complete(dir) {
			return dir, nil
		}
	}
	return "", ErrMissing
}

func complete(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// major reads the version off …/15/bin.
func major(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}
