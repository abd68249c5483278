package main

import (
	"strings"
	"testing"

	"quan/internal/testkit"
)

// TestSuites runs every suite of the shared folder: at least 95 % agree, at most
// five cases are not expressible, and each difference has its one policy value.
func TestSuites(t *testing.T) {
	suites, err := readSuites(testkit.Shared(t, "conformance"))
	if err != nil {
		t.Fatal(err)
	}
	results, err := run(suites)
	if err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	report(&told, results)
	t.Log("\n" + told.String())
	var all Result
	for _, r := range results {
		all.Outcomes = append(all.Outcomes, r.Outcomes...)
	}
	if n := len(all.Outcomes); all.count(Agree)*100 < 95*n {
		t.Errorf("%d of %d cases agree, want 95 %%", all.count(Agree), n)
	}
	if n := all.count(Inexpressible); n > 5 {
		t.Errorf("%d cases are not expressible, want at most 5", n)
	}
	for _, o := range all.Outcomes {
		if o.Verdict == Differ && o.Policy == "" {
			t.Errorf("no single policy value makes it: %s", o)
		}
	}
}
