package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"quan/internal/app/reporting"
	"quan/internal/kernel/calendar"
	"quan/internal/server"
)

type verifyCmd struct {
	where
	Changed bool      `help:"Only what was made or changed since the last check of a running server that found nothing." xor:"what"`
	Since   time.Time `help:"Only what was made or changed since then, as 2026-03-02T15:04:05Z." xor:"what" placeholder:"TIME"`
	From    string    `help:"Go on where a verification was stopped: the place that it named." placeholder:"PLACE"`
	JSON    bool      `help:"Print findings, and what was looked at, as JSON."`
}

// Run checks the invariants on snapshots; it writes nothing and runs beside a
// server. A run that is stopped says what it has seen and how to go on.
func (v *verifyCmd) Run(ctx context.Context, log *slog.Logger) error {
	c := v.config()
	c.ReadOnly = true
	q, err := server.Open(ctx, c, server.WallClock, log)
	if err != nil {
		return err
	}
	defer q.Close()
	in := reporting.VerifyInput{From: v.From}
	if !v.Since.IsZero() {
		in.Since = calendar.Of(v.Since)
	}
	if v.Changed {
		if in.Since, err = q.Reporting.Mark(ctx); err != nil {
			return err
		}
		if in.Since == 0 {
			return errors.New("no server has checked this database clean yet: leave out --changed")
		}
	}
	progress, end := checkLine(os.Stderr)
	in.Progress = progress
	got, err := q.Reporting.Verify(ctx, in)
	end()
	if got == nil || err != nil && ctx.Err() == nil {
		return err
	}
	if v.JSON {
		err = json.NewEncoder(os.Stdout).Encode(got)
	} else {
		v.print(os.Stdout, got, in.Since)
	}
	if err == nil && (len(got.Findings) > 0 || got.Position != "") {
		err = errFailed
	}
	return err
}

// print says what was found, and of what.
func (v *verifyCmd) print(w io.Writer, got *reporting.Verification, since calendar.Instant) {
	for _, f := range got.Findings {
		fmt.Fprintf(w, "%s  %s  %s\n", f.Invariant, f.Subject, f.Detail)
	}
	var rows []string
	whole := 0
	for _, c := range got.Covered {
		if c.Rows == 0 {
			whole++
			continue
		}
		rows = append(rows, fmt.Sprintf("%d %s", c.Rows, c.Step))
	}
	scope := "everything"
	if since != 0 {
		scope = "what changed since " + since.String()
	}
	fmt.Fprintf(w, "looked at %s: %s; %d more checks\n", scope, strings.Join(rows, ", "), whole)
	if len(got.Left) > 0 {
		fmt.Fprintf(w, "not asked, because they count everything: %s\n", strings.Join(got.Left, " "))
	}
	switch {
	case got.Position != "":
		fmt.Fprintf(w, "stopped; go on with the same command and --from %s\n", got.Position)
	case len(got.Findings) == 0 && v.From != "":
		fmt.Fprintln(w, "all invariants hold from there on")
	case len(got.Findings) == 0 && since != 0:
		fmt.Fprintln(w, "all invariants hold in what changed")
	case len(got.Findings) == 0:
		fmt.Fprintln(w, "all invariants hold")
	}
}

// checkLine shows the step under way on one line of a terminal, and nothing where
// nobody watches.
func checkLine(f *os.File) (show func(reporting.Progress), end func()) {
	about, err := f.Stat()
	if err != nil || about.Mode()&os.ModeCharDevice == 0 {
		return nil, func() {}
	}
	return func(p reporting.Progress) {
			rows := ""
			if p.Rows > 0 {
				rows = fmt.Sprintf(", %d rows", p.Rows)
			}
			fmt.Fprintf(f, "\r\x1b[K%d/%d %s%s", p.Step, p.Steps, p.Name, rows)
		},
		func() { fmt.Fprint(f, "\r\x1b[K") }
}
