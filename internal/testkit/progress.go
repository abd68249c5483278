package testkit

import (
	"testing"
	"time"
)

// Progress returns what a long test calls with how much it has done; once a minute
// that is told, so that who runs `make soak` sees where it is. A short test says
// nothing.
func Progress[T int | int64](tb testing.TB, of T, what string) func(done T) {
	tb.Helper()
	began := time.Now()
	told := began
	return func(done T) {
		tb.Helper()
		if time.Since(told) < time.Minute {
			return
		}
		told = time.Now()
		tb.Logf("%d of %d %s after %s", done, of, what, told.Sub(began).Round(time.Second))
	}
}
