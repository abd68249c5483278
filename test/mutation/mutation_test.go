package mutation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const root = "../.."

// planted is the file with the bug.
func (b *bug) planted() ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, b.file))
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
		text, err := b.planted()
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

// TestBugsAreCaught plants one bug after the other.
func TestBugsAreCaught(t *testing.T) {
	which := os.Getenv("QUAN_MUTATIONS")
	caught, planted := 0, 0
	for _, b := range bugs {
		if which != "all" && which != b.name {
			continue
		}
		planted++
		began := time.Now()
		if err := b.caught(t); err != nil {
			t.Errorf("%s: %v", b.name, err)
			continue
		}
		caught++
		t.Logf("caught in %4.1f s: %s", time.Since(began).Seconds(), b.name)
	}
	if planted == 0 && which != "" {
		t.Errorf("no bug is called %q", which)
	}
	t.Logf("%d of %d planted bugs caught, of %d in the list", caught, planted, len(bugs))
}

// caught runs the tests over the bug; an error when they pass, or don't run.
func (b *bug) caught(t *testing.T) error {
	text, err := b.planted()
	if err != nil {
		return err
	}
	dir := t.TempDir()
	file, err := filepath.Abs(filepath.Join(root, b.file))
	if err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{file: filepath.Join(dir, "bug.go")}})
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"bug.go": text, "overlay.json": overlay} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	args := append([]string{"test", "-count=1", "-failfast", "-timeout", "4m", "-run", b.run}, strings.Fields(b.tests)...)
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir = root
	// Through the environment, so that what tests build has the bug too.
	c.Env = append(os.Environ(), "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+filepath.Join(dir, "overlay.json")), "QUAN_MUTATIONS=")
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
