package reporting

import (
	"context"

	"quan/internal/kernel/calendar"
	"quan/internal/store"
)

// MostFindings is how many findings of one check are reported, of a round or of a
// piece of one.
const MostFindings = 100

// VerifyInput says what to verify. The zero value is everything.
type VerifyInput struct {
	Since calendar.Instant // only what was made or changed from here on; the mark of a clean run
	From  string           // where a run that was stopped goes on: its Position
	Piece int              // rows of a snapshot; 0: 4000
	// Progress is called before each step and after each piece; nil for none.
	Progress func(Progress)
}

// Progress is how far a verification is.
type Progress struct {
	Step, Steps int    // this one of these
	Name        string // of the step
	Rows        int64  // of the step, looked at
}

// Covered is a step that was taken: a subject with its rows, or a check of
// everything, whose rows nobody counted.
type Covered struct {
	Step   string `json:"step"`
	Rows   int64  `json:"rows"`
	Checks int    `json:"checks"`
}

// Verification is what a run found, and what it looked at.
type Verification struct {
	Findings []store.Finding  `json:"findings"`
	Covered  []Covered        `json:"covered"`
	Left     []string         `json:"left"`     // checks that were not asked: too slow for their time, or of everything in a run of what changed
	Mark     calendar.Instant `json:"mark"`     // what happens from here on, this run has not seen; of a run from the beginning
	Position string           `json:"position"` // where a stopped run goes on; "" where it ended
}

// Verify asks whether the invariants hold. Checks of single rows go through their
// tables by key, in pieces with a fresh snapshot each; those that count everything
// have one snapshot each. What is returned has been found by a second look, on a
// later snapshot. With the context's error what was found so far is returned too.
func (r *Reporting) Verify(ctx context.Context, in VerifyInput) (*Verification, error) {
	round, err := r.StartRound(ctx, in)
	if err != nil {
		return nil, err
	}
	for more := true; more; {
		if in.Progress != nil {
			in.Progress(round.Progress())
		}
		if more, err = round.Next(ctx); err != nil {
			return round.Result(), err
		}
	}
	if in.Progress != nil {
		in.Progress(round.Progress())
	}
	return round.Result(), nil
}
