package testkit

import (
	"os"
	"path/filepath"
	"testing"
)

// Shared returns the path of a file or folder below the folder of shared input
// (real data, conformance tables): QUAN_SHARED, by default ../shared beside the
// repository. Where it is missing the test is skipped with a message that starts
// with "needs ../shared", which the summary of `make test` counts.
func Shared(tb testing.TB, parts ...string) string {
	tb.Helper()
	root := os.Getenv("QUAN_SHARED")
	if root == "" {
		root = filepath.Join(filepath.Dir(repository(tb)), "shared")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("needs ../shared (%s is missing; QUAN_SHARED names the folder)", filepath.Join(parts...))
	}
	return path
}

// repository is the folder that holds go.mod, found by walking up from the test's.
func repository(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatalf("testkit: working folder: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("testkit: no go.mod above the working folder")
		}
		dir = up
	}
}
