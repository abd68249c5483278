package reporting

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// pieceRows is how many rows of a subject one snapshot is asked about: it lives for
// some tens of milliseconds, so that neither a checkpoint of SQLite nor a vacuum of
// PostgreSQL waits for it.
const pieceRows = 4000

// margin is how long before a mark a run of what changed begins: a transaction
// that was under way when the mark was set may have committed behind it.
const margin = time.Minute

// locksLive is how long before a mark the locks are looked at: none lives longer
// than a day, and a resolved one has no change of its own.
const locksLive = 48 * time.Hour

// everChecks are the checks of everything that an index answers: a run of what
// changed asks them too.
var everChecks = []string{"proto-2.order", "proto-2.waits", "stock-3.held", "stock-3.due"}

// leg is one part of a round: the rows of a subject, what changed (its name is
// changedRows), or a check of everything.
type leg struct {
	name    string
	subject store.Subject
	checks  []string
	from    id.ID // rows behind this one
}

const changedRows = "changed"

// Round is a verification under way: Next does a piece.
type Round struct {
	*Reporting
	since calendar.Instant
	piece int
	steps []leg
	at    int              // the step under way
	after id.ID            // its last row
	time  calendar.Instant // of the step changedRows: when that was changed
	rows  int64
	out   Verification
}

// StartRound begins a verification, or goes on with one.
func (r *Reporting) StartRound(ctx context.Context, in VerifyInput) (*Round, error) {
	v := &Round{Reporting: r, since: in.Since, piece: in.Piece, out: Verification{Mark: r.Clock(), Findings: []store.Finding{}, Covered: []Covered{}, Left: []string{}}}
	if v.piece <= 0 {
		v.piece = pieceRows
	}
	err := r.Store.Snapshot(ctx, func(tx store.Tx) error {
		v.plan(tx.Checks())
		return nil
	})
	if err == nil {
		v.begin()
		err = v.resume(in.From)
	}
	return v, wrap("start a verification", err)
}

// plan lists the steps: cheap ones first.
func (v *Round) plan(checks store.Checks) {
	floor := func(before time.Duration) id.ID {
		if v.since == 0 {
			return 0
		}
		return id.FirstOf(v.since.Add(-margin - before).Time())
	}
	for _, s := range []store.Subject{store.SubjectCoupons, store.SubjectOrders, store.SubjectRedemptions, store.SubjectLocks} {
		from := floor(0)
		if s == store.SubjectLocks {
			from = floor(locksLive)
		}
		v.steps = append(v.steps, leg{name: string(s), subject: s, checks: checks.Of(s), from: from})
	}
	if v.since != 0 {
		v.steps = append(v.steps, leg{name: changedRows})
	}
	for _, name := range checks.Of("") {
		if v.since != 0 && !slices.Contains(everChecks, name) {
			v.out.Left = append(v.out.Left, name)
			continue
		}
		v.steps = append(v.steps, leg{name: name})
	}
}

// begin sets the round at the first row of the step under way.
func (v *Round) begin() {
	v.after, v.time, v.rows = 0, 0, 0
	if v.at < len(v.steps) {
		if v.after = v.steps[v.at].from; v.steps[v.at].name == changedRows {
			v.time = v.since.Add(-margin)
		}
	}
}

// Position is where the round stands, for From.
func (v *Round) Position() string {
	if v.at == len(v.steps) {
		return ""
	}
	return fmt.Sprintf("%s/%d/%d", v.steps[v.at].name, v.after, v.time)
}

func (v *Round) resume(position string) error {
	if position == "" {
		return nil
	}
	parts := strings.Split(position, "/")
	if len(parts) == 3 {
		after, errA := strconv.ParseInt(parts[1], 10, 64)
		at, errT := strconv.ParseInt(parts[2], 10, 64)
		i := slices.IndexFunc(v.steps, func(s leg) bool { return s.name == parts[0] })
		if i >= 0 && errA == nil && errT == nil && after >= 0 && at >= 0 {
			v.at = i
			v.begin()
			v.after, v.time = max(v.after, id.ID(after)), max(v.time, calendar.Instant(at))
			v.out.Mark = 0 // when the run began, this process can't know
			return nil
		}
	}
	return fmt.Errorf("%q is no place at which this verification could have stopped", position)
}

// Progress is how far the round is.
func (v *Round) Progress() Progress {
	p := Progress{Step: v.at, Steps: len(v.steps), Rows: v.rows}
	if v.at < len(v.steps) {
		p.Name = v.steps[v.at].name
	}
	return p
}

// Result is what the round has found and covered so far.
func (v *Round) Result() *Verification {
	out := v.out
	if v.rows > 0 && v.at < len(v.steps) {
		out.Covered = append(slices.Clone(out.Covered), v.covered())
	}
	out.Position = v.Position()
	return &out
}

func (v *Round) covered() Covered {
	s := v.steps[v.at]
	return Covered{Step: s.name, Rows: v.rows, Checks: max(len(s.checks), 1)}
}

// Next does one piece of the round; more is false when it was the last.
func (v *Round) Next(ctx context.Context) (more bool, err error) {
	if v.at == len(v.steps) {
		return false, nil
	}
	s, n := v.steps[v.at], 0
	switch {
	case s.subject != "":
		n, err = v.rowsOf(ctx, s)
	case s.name == changedRows:
		n, err = v.changed(ctx)
	default:
		err = v.everything(ctx, s.name)
	}
	if err != nil {
		return false, wrap("check "+s.name, err)
	}
	v.rows += int64(n)
	if n < v.piece {
		v.leave()
	}
	return v.at < len(v.steps), nil
}

// Pass leaves out the rest of the step under way, and says so in the result.
func (v *Round) Pass() {
	if v.at < len(v.steps) {
		v.out.Left = append(v.out.Left, v.steps[v.at].name)
		v.at++
		v.begin()
	}
}

func (v *Round) leave() {
	v.out.Covered = append(v.out.Covered, v.covered())
	v.at++
	v.begin()
}
