package main

import (
	"fmt"
	"io"
	"regexp"
	"sort"
	"strings"
	"time"
)

// event is one line of `go test -json` (cmd/test2json), or of a build.
type event struct {
	Action      string
	Package     string
	Test        string
	Elapsed     float64
	Output      string
	ImportPath  string // of build-output
	FailedBuild string // of a package that could not be built
}

// tally counts the tests of one package.
type tally struct{ passed, failed, skipped int }

// failure is a test, or a package as a whole, with all it printed.
type failure struct{ title, text string }

type testKey struct{ pkg, test string }

// summary gathers the events of one run.
type summary struct {
	output   map[testKey]*strings.Builder
	builds   map[string]*strings.Builder
	packages map[string]*tally
	reasons  map[string]int
	failures []failure
	tally
}

func newSummary() *summary {
	return &summary{
		output: map[testKey]*strings.Builder{}, builds: map[string]*strings.Builder{},
		packages: map[string]*tally{}, reasons: map[string]int{},
	}
}

// add takes one event and returns the line to print for it, "" for none.
func (s *summary) add(e event) string {
	key := testKey{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		buffer(s.builds, e.ImportPath).WriteString(e.Output)
	case "output":
		buffer(s.output, key).WriteString(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			return s.endPackage(e)
		}
		s.endTest(e.Action, key)
	}
	return ""
}

func (s *summary) endTest(fate string, key testKey) {
	counts := s.of(key.pkg)
	text := ""
	if b := s.output[key]; b != nil {
		text = b.String()
		delete(s.output, key)
	}
	switch fate {
	case "pass":
		counts.passed++
		s.passed++
	case "skip":
		counts.skipped++
		s.skipped++
		s.reasons[reason(text)]++
	case "fail":
		counts.failed++
		s.failed++
		s.failures = append(s.failures, failure{key.pkg + " " + key.test, text})
	}
}

// endPackage closes a package. A package may fail without a failed test: it did
// not build, a test never ended (panic, timeout), or TestMain failed; that is one
// failure with all the output that belongs to no finished test.
func (s *summary) endPackage(e event) string {
	counts := s.of(e.Package)
	if e.Action == "fail" && (counts.failed == 0 || s.unfinished(e.Package)) {
		counts.failed++
		s.failed++
		s.failures = append(s.failures, failure{e.Package, s.leftOver(e)})
	}
	delete(s.packages, e.Package)
	name := strings.TrimPrefix(e.Package, "quan/")
	switch {
	case e.Action == "fail":
		return fmt.Sprintf("FAIL %-44s %5d passed %5d failed %6.2f s", name, counts.passed, counts.failed, e.Elapsed)
	case counts.passed+counts.skipped == 0:
		return ""
	case counts.skipped > 0:
		return fmt.Sprintf("ok   %-44s %5d passed %5d skipped %5.2f s", name, counts.passed, counts.skipped, e.Elapsed)
	}
	return fmt.Sprintf("ok   %-44s %5d passed %20.2f s", name, counts.passed, e.Elapsed)
}

func (s *summary) unfinished(pkg string) bool {
	for key := range s.output {
		if key.pkg == pkg && key.test != "" {
			return true
		}
	}
	return false
}

func (s *summary) leftOver(e event) string {
	var text strings.Builder
	if b := s.builds[e.FailedBuild]; b != nil {
		text.WriteString(b.String())
	}
	var keys []testKey
	for key := range s.output {
		if key.pkg == e.Package {
			keys = append(keys, key)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i].test < keys[j].test })
	for _, key := range keys {
		text.WriteString(s.output[key].String())
		delete(s.output, key)
	}
	return text.String()
}

func (s *summary) of(pkg string) *tally {
	if s.packages[pkg] == nil {
		s.packages[pkg] = &tally{}
	}
	return s.packages[pkg]
}

// code is 1 after a failure and when nothing ran.
func (s *summary) code() int {
	if s.failed > 0 || s.passed+s.skipped == 0 {
		return 1
	}
	return 0
}

func (s *summary) print(out io.Writer, name string, took time.Duration) {
	for _, f := range s.failures {
		if text := spoken(f.text); text != "" || !s.told(f) {
			fmt.Fprintf(out, "\n--- FAIL: %s\n%s", f.title, text)
		}
	}
	if len(s.reasons) > 0 {
		fmt.Fprintln(out, "\nskipped, and why:")
		for _, why := range byCount(s.reasons) {
			fmt.Fprintf(out, "%6d  %s\n", s.reasons[why], why)
		}
	}
	if s.passed+s.failed+s.skipped == 0 {
		fmt.Fprintln(out, "no test ran")
	}
	fmt.Fprintf(out, "%s took %.1f s\n", name, took.Seconds())
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
}

// told reports whether a failed subtest of this one says what is wrong.
func (s *summary) told(parent failure) bool {
	for _, f := range s.failures {
		if strings.HasPrefix(f.title, parent.title+"/") {
			return true
		}
	}
	return false
}

// spoken is what a test printed, without the lines in which go test counts along.
func spoken(output string) string {
	var text strings.Builder
	for line := range strings.Lines(output) {
		if trimmed := strings.TrimSpace(line); !strings.HasPrefix(trimmed, "=== ") && !strings.HasPrefix(trimmed, "--- ") {
			text.WriteString(line)
		}
	}
	return text.String()
}

// place is the "file.go:12: " in front of what a test logs.
var place = regexp.MustCompile(`^[\w.-]+\.go:\d+: `)

// reason is the last thing that a skipped test said.
func reason(output string) string {
	said := "no reason given"
	for line := range strings.Lines(spoken(output)) {
		if line = strings.TrimSpace(line); line != "" {
			said = place.ReplaceAllString(line, "")
		}
	}
	return said
}

func byCount(reasons map[string]int) []string {
	var all []string
	for why := range reasons {
		all = append(all, why)
	}
	sort.Slice(all, func(i, j int) bool {
		if reasons[all[i]] != reasons[all[j]] {
			return reasons[all[i]] > reasons[all[j]]
		}
		return all[i] < all[j]
	})
	return all
}

func buffer[K comparable](in map[K]*strings.Builder, key K) *strings.Builder {
	if in[key] == nil {
		in[key] = &strings.Builder{}
	}
	return in[key]
}
