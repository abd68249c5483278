package testkit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// skipper records what a helper does to its test.
type skipper struct {
	testing.TB
	said string
}

func (s *skipper) Helper() {}

func (s *skipper) Skipf(format string, args ...any) { s.said = format; s.TB.Logf(format, args...) }

func TestShared(t *testing.T) {
	root := t.TempDir()
	t.Setenv("QUAN_SHARED", root)
	want := filepath.Join(root, "data", "there.csv")
	if err := os.MkdirAll(filepath.Dir(want), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(want, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	probe := &skipper{TB: t}
	if got := Shared(probe, "data", "there.csv"); got != want || probe.said != "" {
		t.Errorf("Shared of what is there = %q (skipped: %q), want %q", got, probe.said, want)
	}
	Shared(probe, "data", "absent.csv")
	if !strings.HasPrefix(probe.said, "needs ../shared (") {
		t.Errorf("Shared of what is missing said %q", probe.said)
	}
}

func TestSharedLiesBesideTheRepository(t *testing.T) {
	t.Setenv("QUAN_SHARED", "")
	root := repository(t)
	probe := &skipper{TB: t}
	if got, want := Shared(probe, "x"), filepath.Join(filepath.Dir(root), "shared", "x"); got != want {
		t.Errorf("Shared = %q, want %q", got, want)
	}
}
