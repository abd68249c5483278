package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpener(t *testing.T) {
	for _, c := range []struct{ system, display, want string }{{"linux", "", ""}, {"linux", ":0", "xdg-open"}, {"freebsd", ":0", "xdg-open"}, {"darwin", "", "open"}, {"windows", "", "rundll32"}} {
		if got, _ := opener(c.system, func(string) string { return c.display }); got != c.want {
			t.Errorf("%s with display %q: %q, want %q", c.system, c.display, got, c.want)
		}
	}
}

// TestOpenBrowserKeepsTheToken: the token stands in a file that others can't read,
// and the file goes when nobody needs it any more.
func TestOpenBrowserKeepsTheToken(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("PATH", "") // systems with a screen always find nothing to run
	folder := t.TempDir()
	openBrowser(t.Context(), folder, "http://127.0.0.1:1", "abc", slog.New(slog.DiscardHandler))
	page := filepath.Join(folder, signInPage)
	text, err := os.ReadFile(page)
	if err != nil || !strings.Contains(string(text), "http://127.0.0.1:1/console/#setup=abc") {
		t.Fatalf("%s %v", text, err)
	}
	if info, err := os.Stat(page); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v %v", info.Mode(), err)
	}
	openBrowser(t.Context(), folder, "http://127.0.0.1:1", "", slog.New(slog.DiscardHandler))
	if _, err := os.Stat(page); !os.IsNotExist(err) {
		t.Fatalf("the file stays: %v", err)
	}
}
