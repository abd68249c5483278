package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// parse reads a command line in an empty folder, with a settings file where text
// is not empty.
func parse(t *testing.T, file string, args ...string) (cli, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if file != "" {
		if err := os.WriteFile("quan.json", []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var c cli
	parser, err := newParser(t.Context(), &c, kong.Exit(func(int) { t.Error("the parser ends the program") }))
	if err != nil {
		return c, err
	}
	_, err = parser.Parse(args)
	return c, err
}

func TestSettingsPrecedence(t *testing.T) {
	const file = `{"listen": "127.0.0.1:1", "log_level": "warn", "log-format": "json", "drain": "3s", "metrics": false, "db": "file.db"}`
	t.Setenv("QUAN_LISTEN", "127.0.0.1:2")
	t.Setenv("QUAN_DRAIN", "4s")
	c, err := parse(t, file, "serve", "--listen", "127.0.0.1:3")
	if err != nil {
		t.Fatal(err)
	}
	s := c.Serve
	if s.Listen != "127.0.0.1:3" || s.Drain.String() != "4s" || s.DB != "file.db" || s.Metrics || c.LogLevel != "warn" || c.LogFormat != "json" {
		t.Errorf("flag, environment, file: %+v, %s, %s", s, c.LogLevel, c.LogFormat)
	}
	if c, err = parse(t, file, "demo"); err != nil || c.Demo.DB != "" {
		t.Errorf("the demo plays on %q, which only its flag may name (%v)", c.Demo.DB, err)
	}
	if c, err = parse(t, "", "serve"); err != nil || c.Serve.DB != "data/quan.db" || c.Serve.Listen != "127.0.0.1:2" || !c.Serve.Metrics {
		t.Errorf("without a file: %+v, %v", c.Serve, err)
	}
}

func TestSettingsNamedFile(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.json")
	if err := os.WriteFile(other, []byte(`{"listen": "127.0.0.1:4"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := parse(t, `{"listen": "127.0.0.1:1"}`, "--config", other, "serve"); err != nil || c.Serve.Listen != "127.0.0.1:4" {
		t.Errorf("--config: %q, %v", c.Serve.Listen, err)
	}
	t.Setenv("QUAN_CONFIG", other)
	if c, err := parse(t, "", "serve"); err != nil || c.Serve.Listen != "127.0.0.1:4" {
		t.Errorf("QUAN_CONFIG: %q, %v", c.Serve.Listen, err)
	}
}

func TestSettingsMistakes(t *testing.T) {
	for file, want := range map[string]string{
		`{"listn": "127.0.0.1:1"}`: `"listn"`,
		`{"config": "other.json"}`: `"config"`,
		`["listen"]`:               "quan.json",
		`{"listen": `:              "quan.json",
		`{"log-level": "loud"}`:    "log-level",
		`{"drain": "soon"}`:        "drain",
	} {
		if _, err := parse(t, file, "serve"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to name %s", file, err, want)
		}
	}
}

func TestShown(t *testing.T) {
	for db, want := range map[string]string{
		"data/quan.db":                   "data/quan.db",
		"postgres://quan:secret@db/quan": "postgres://quan:xxxxx@db/quan",
		"postgres://quan@db/quan":        "postgres://quan@db/quan",
	} {
		if got := shown(db); got != want {
			t.Errorf("%s is shown as %s, want %s", db, got, want)
		}
	}
}
