package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Given is what a case asks: everything but its id and what was answered.
type Given struct{ raw json.RawMessage }

// read decodes what was asked; a word that the translator does not know is an
// error, so that nothing is silently left out.
func (g Given) read(into any) error {
	d := json.NewDecoder(bytes.NewReader(g.raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return cannot("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// Case is one case of a suite.
type Case struct {
	ID     string
	Given  Given
	expect json.RawMessage
}

// answered are the members of a case that tell what the other engine did.
var answered = []string{"expect", "expected", "assertion", "observed", "verified"}

// UnmarshalJSON cuts a case in two.
func (c *Case) UnmarshalJSON(raw []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	if err := json.Unmarshal(all["id"], &c.ID); err != nil {
		return fmt.Errorf("id: %w", err)
	}
	delete(all, "id")
	c.expect = all["expect"]
	for name := range all {
		for _, word := range answered {
			if strings.HasPrefix(name, word) {
				delete(all, name)
			}
		}
	}
	given, err := json.Marshal(all)
	c.Given = Given{given}
	return err
}

// Suite is a file of cases.
type Suite struct {
	Name  string `json:"suite"`
	Cases []Case `json:"cases"`

	engine *engine
}

// engine is a translator with what reads its answers.
type engine struct {
	name      string // also of its pricing profile
	translate func(Given) (*Question, error)
	expect    func(json.RawMessage) (Expected, error)
}

var engines = []*engine{&medusa, &wooCommerce, &ruoyi}

// readSuites reads every suite of a folder, in the order of the engines.
func readSuites(dir string) ([]*Suite, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	var suites []*Suite
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		s := &Suite{}
		if err := json.Unmarshal(raw, s); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, e := range engines {
			if strings.Contains(strings.ToLower(s.Name), e.name) {
				s.engine = e
			}
		}
		if s.engine == nil {
			return nil, fmt.Errorf("%s: no translator for %q", name, s.Name)
		}
		suites = append(suites, s)
	}
	if len(suites) == 0 {
		return nil, fmt.Errorf("%s holds no suite", dir)
	}
	sort.SliceStable(suites, func(i, j int) bool { return rank(suites[i].engine) < rank(suites[j].engine) })
	return suites, nil
}

func rank(e *engine) int {
	for i := range engines {
		if engines[i] == e {
			return i
		}
	}
	return len(engines)
}

// inexpressible says why quan's types can't hold a case.
type inexpressible struct{ reason string }

func (e *inexpressible) Error() string { return e.reason }

func cannot(format string, a ...any) error { return &inexpressible{fmt.Sprintf(format, a...)} }

// reasonOf is the reason of an inexpressible case; ok is false for another error.
func reasonOf(err error) (reason string, ok bool) {
	var e *inexpressible
	if errors.As(err, &e) {
		return e.reason, true
	}
	return "", false
}
