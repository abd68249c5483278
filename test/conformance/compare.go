package main

import (
	"quan/internal/domain/pricing"
)

// Verdict on a case.
type Verdict string

// The verdicts.
const (
	Agree         Verdict = "agree"
	Differ        Verdict = "differ"
	Inexpressible Verdict = "not expressible"
)

// Outcome of a case.
type Outcome struct {
	Case    string
	Verdict Verdict
	Reason  string   // of Inexpressible
	Found   []string // of Differ: what differs
	Policy  string   // of Differ: the one policy value under which it agrees; "" for none
}

// compare asks quan what a case asks and compares the answers. An error is one of
// the runner, not of the case.
func compare(s *Suite, c *Case) (Outcome, error) {
	o := Outcome{Case: c.ID, Verdict: Agree}
	q, err := s.engine.translate(c.Given)
	if err == nil {
		err = q.legal()
	}
	if reason, ok := reasonOf(err); ok {
		o.Verdict, o.Reason = Inexpressible, reason
		return o, nil
	}
	if err != nil {
		return o, err
	}
	want, err := s.engine.expect(c.expect)
	if err != nil {
		return o, err
	}
	if o.Found, err = q.against(want, q.Profile); err != nil || len(o.Found) == 0 {
		return o, err
	}
	o.Verdict = Differ
	o.Policy, err = q.policy(want)
	return o, err
}

// against prices a question and returns what differs from another answer.
func (q *Question) against(want Expected, p pricing.Profile) ([]string, error) {
	a, err := q.price(p)
	if err != nil {
		return nil, err
	}
	return differences(want, q.Tell(a), q.Alike), nil
}
