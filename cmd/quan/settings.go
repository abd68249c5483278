package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// settingsFiles are read where they exist; a later one wins. --config names one
// that wins over both.
var settingsFiles = []string{"/etc/quan/quan.json", "quan.json"}

// fileSettings are the settings of a JSON file, by flag name with - or _.
type fileSettings struct {
	file   string
	values map[string]any
}

// readSettings reads a file of settings.
func readSettings(r io.Reader) (kong.Resolver, error) {
	s := fileSettings{file: "settings", values: map[string]any{}}
	if f, ok := r.(*os.File); ok {
		s.file = f.Name()
	}
	var raw map[string]any
	if err := json.NewDecoder(r).Decode(&raw); err != nil {
		return nil, fmt.Errorf("%s is no JSON object of settings: %w", s.file, err)
	}
	for name, value := range raw {
		s.values[strings.ReplaceAll(name, "_", "-")] = value
	}
	return s, nil
}

// Validate refuses a name that no command has: a misspelt setting must not be
// silently without effect.
func (s fileSettings) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = fromOutside(flag)
		}
		return next(nil)
	})
	for name := range s.values {
		if !known[name] {
			return fmt.Errorf("%s: there is no setting %q", s.file, name)
		}
	}
	return nil
}

// Resolve gives a flag its value, unless the environment has one: it stands
// between the command line and the file.
func (s fileSettings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !fromOutside(flag) {
		return nil, nil
	}
	for _, name := range flag.Tag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return s.values[flag.Name], nil
}

// fromOutside reports whether a flag may come from elsewhere than the command
// line; one marked env:"-" may not.
func fromOutside(flag *kong.Flag) bool { return len(flag.Tag.Envs) > 0 && flag.Name != "config" }
