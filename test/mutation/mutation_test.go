package mutation

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quan/internal/testkit"
)

const root = "../.."

// planted is the file with the bug.
func (b *bug) planted(tree string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(tree, b.file))
	if err != nil {
		return nil, err
	}
	if n := strings.Count(string(text), b.good); n != 1 {
		return nil, fmt.Errorf("%s has %d times %q, want one: plant the bug where the code went", b.file, n, b.good)
	}
	return []byte(strings.Replace(string(text), b.good, b.bad, 1)), nil
}

// TestBugsApply: each bug still has its place, and the file with it parses.
func TestBugsApply(t *testing.T) {
	names := map[string]bool{}
	for _, b := range bugs {
		if names[b.name] || b.good == b.bad {
			t.Errorf("%s: twice, or no bug", b.name)
		}
		names[b.name] = true
		text, err := b.planted(root)
		if err == nil {
			_, err = parser.ParseFile(token.NewFileSet(), b.file, text, parser.SkipObjectResolution)
		}
		if err != nil {
			t.Errorf("%s: %v", b.name, err)
		}
	}
	if len(bugs) < 15 {
		t.Errorf("%d bugs, want at least 15", len(bugs))
	}
}

// TestBugsAreCaught plants one bug after the other, from QUAN_MUTATIONS_FROM on.
func TestBugsAreCaught(t *testing.T) {
	which := os.Getenv("QUAN_MUTATIONS")
	from := testkit.Figure(t, "QUAN_MUTATIONS_FROM", 1)
	caught, planted, tree := 0, 0, ""
	for n, b := range bugs {
		if which != b.name && (which != "all" || n+1 < from) {
			continue
		}
		if planted++; tree == "" {
			tree = copied(t)
		}
		began := time.Now()
		if err := b.caught(t, tree); err != nil {
			t.Errorf("%d: %s: %v", n+1, b.name, err)
			continue
		}
		caught++
		t.Logf("%d: caught in %4.1f s: %s", n+1, time.Since(began).Seconds(), b.name)
	}
	if planted == 0 && which != "" {
		t.Errorf("no bug is called %q", which)
	}
	t.Logf("%d of %d planted bugs caught, of %d in the list", caught, planted, len(bugs))
}

// caught runs the tests over the bug in a copy of the tree; an error when they
// pass, or don't run.
func (b *bug) caught(t *testing.T, tree string) (err error) {
	text, err := b.planted(tree)
	if err != nil {
		return err
	}
	file := filepath.Join(tree, b.file)
	whole, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.WriteFile(file, whole, 0o600)) }()
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "go", "test", "-count=1", "-failfast", "-timeout", "5m", "-run", b.run, b.tests)
	c.Dir, c.Env = tree, append(os.Environ(), "QUAN_MUTATIONS=")
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return errors.New("all tests pass")
	case !errors.As(err, &exit) || strings.Contains(string(out), "[build failed]"):
		return fmt.Errorf("the tests did not run: %w\n%s", err, out)
	case !strings.Contains(string(out), "--- FAIL") && !strings.Contains(string(out), "panic:"):
		return fmt.Errorf("no test failed: %w\n%s", err, out)
	}
	return nil
}

// copied makes a copy of the tree: what failing tests write stays in it.
func copied(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	from, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		at, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch name := d.Name(); {
		case d.IsDir() && at != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || at == "bin" || at == "data"):
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, at), 0o755)
		case !d.Type().IsRegular() || strings.HasSuffix(name, ".test"):
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, at), content, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}
