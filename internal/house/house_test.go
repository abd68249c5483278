package house

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var rules = []rule{
	importDirection, edgeHandles, names, purity, modules, floats, noSleep, noSkip, fileLength,
	packageComments, docComments, unfinished, places, migrations, readmes, invariants,
}

func TestHouse(t *testing.T) {
	tr := load(t, filepath.Join("..", ".."))
	if len(tr.code) == 0 {
		t.Fatal("no Go files found")
	}
	for _, r := range rules {
		t.Run(strings.ReplaceAll(r.name, " ", "_"), func(t *testing.T) {
			for _, f := range sorted(r.check(tr)) {
				t.Error(f)
			}
			if t.Failed() {
				t.Log("why: " + r.why)
			}
		})
	}
}

func sorted(found []finding) []finding {
	slices.SortFunc(found, func(a, b finding) int { return strings.Compare(a.String(), b.String()) })
	return found
}

// plant writes files (path → text) into a folder of their own and loads it.
func plant(t *testing.T, files map[string]string) *tree {
	t.Helper()
	root := t.TempDir()
	for rel, text := range files {
		file := filepath.Join(root, filepath.FromSlash(rel))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return load(t, root)
}
