package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Result of a suite.
type Result struct {
	Suite    *Suite
	Outcomes []Outcome
}

// count is how many cases have a verdict.
func (r *Result) count(v Verdict) (n int) {
	for _, o := range r.Outcomes {
		if o.Verdict == v {
			n++
		}
	}
	return n
}

// run compares every case of every suite.
func run(suites []*Suite) ([]Result, error) {
	results := make([]Result, len(suites))
	for i, s := range suites {
		results[i].Suite = s
		for n := range s.Cases {
			o, err := compare(s, &s.Cases[n])
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", s.engine.name, s.Cases[n].ID, err)
			}
			results[i].Outcomes = append(results[i].Outcomes, o)
		}
	}
	return results, nil
}

// report writes a table with a row for each suite, and a line for each case that
// does not agree.
func report(w io.Writer, results []Result) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "suite\tcases\tagree\tdiffer\tnot expressible\tagree, %")
	var all Result
	row := func(name string, r *Result) {
		n := len(r.Outcomes)
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d.%d\n", name, n, r.count(Agree), r.count(Differ), r.count(Inexpressible),
			r.count(Agree)*100/max(n, 1), r.count(Agree)*1000/max(n, 1)%10)
	}
	for i := range results {
		row(results[i].Suite.engine.name, &results[i])
		all.Outcomes = append(all.Outcomes, results[i].Outcomes...)
	}
	row("all", &all)
	_ = t.Flush() // what can't be written here could not be told either
	for i := range results {
		for _, o := range results[i].Outcomes {
			if o.Verdict != Agree {
				fmt.Fprintf(w, "%s\n", o)
			}
		}
	}
}

// String is the line of a case.
func (o Outcome) String() string {
	switch o.Verdict {
	case Inexpressible:
		return fmt.Sprintf("%s %s: %s", o.Case, o.Verdict, o.Reason)
	case Differ:
		why := "no single policy value makes it"
		if o.Policy != "" {
			why = "agrees with " + o.Policy
		}
		return fmt.Sprintf("%s %s (%s): %s", o.Case, o.Verdict, why, strings.Join(o.Found, "; "))
	}
	return o.Case + " " + string(o.Verdict)
}
