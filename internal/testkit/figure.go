package testkit

import (
	"os"
	"strconv"
	"testing"
)

// Figure reads how often or with which seed a test runs from the environment, so
// that `make soak` may ask for more. Absent, empty and 0 are the default.
func Figure[T int | int64 | uint64](tb testing.TB, name string, otherwise T) T {
	tb.Helper()
	text := os.Getenv(name)
	if text == "" || text == "0" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return T(n)
}
