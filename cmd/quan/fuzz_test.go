package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file of settings is an object, or is refused; reading it never fails otherwise.
func FuzzSettings(f *testing.F) {
	for _, seed := range []string{"{}", `{"listen":"127.0.0.1:1"}`, "[]", "null", "{", `{"a":{"b":[1,2,null]}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := readSettings(strings.NewReader(text)); (err == nil) != (s != nil) {
			t.Errorf("%q: %v, %v", text, s, err)
		}
	})
}

// An export of codes that was broken off goes on behind its last whole row, and what
// stays of the file ends with a line.
func FuzzLastRow(f *testing.F) {
	for _, seed := range []string{"", "number,code\n", "number,code\n1,A\n2,B\n", "number,code\n1,A\n2,B", "number,code\n1,A\n2", "x", "\n\n", "-1,A\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "codes.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		last, err := lastRow(file)
		left, readErr := os.ReadFile(path)
		if readErr != nil {
			t.Fatal(readErr)
		}
		if err == nil && (!strings.HasPrefix(text, string(left)) || len(left) > 0 && !strings.HasSuffix(string(left), "\n") || last != 0 && len(left) == 0) {
			t.Errorf("%q: row %d, %q is left", text, last, left)
		}
	})
}
