package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"quan/internal/app"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/edge/roster"
	tables "quan/internal/edge/sheet"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/server"
)

type grantCmd struct {
	where
	File      string   `arg:"" optional:"" help:"List of members, .csv or .xlsx; its first column names them. Absent: --segment or --everyone."`
	Template  []string `help:"Id (tpl_…) of a template that each member gets; several are a pack." required:""`
	Segment   string   `help:"Condition over members, as JSON, instead of a file."`
	Everyone  bool     `help:"All members, instead of a file."`
	Placement string   `help:"Id (plc_…) of the placement that it is counted to."`
	Channel   string   `help:"Delivery channel."`
	City      string   `help:"City."`
	Name      string   `help:"Name of the grant; absent: the file's."`
	Reason    string   `help:"Why, for the audit log." required:""`
	Rate      int64    `help:"Members a second at most; 0: no bound." default:"0"`
	StartAt   string   `help:"Not before this moment (RFC 3339)."`
	Yes       bool     `help:"Start it behind the rehearsal. Without, the rehearsal is told and nothing is granted."`
	Report    string   `help:"File for the report of each row: .csv or .xlsx."`
}

// Run plans the grant, or finds the one that the same command planned before, and
// follows it to where it waits or is done. Ctrl-C pauses it; the same command goes on.
func (c *grantCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	in, err := c.plan()
	if err != nil {
		return err
	}
	q, err := server.Open(ctx, c.config(), server.WallClock, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	by := access.System("cli")
	g, again, err := q.Issuing.PlanGrant(ctx, by, in)
	if err != nil {
		return words(err)
	}
	if again && g.Job.State == job.Paused && g.Progress.Phase != grant.Ready {
		if g, err = direct(ctx, q, g, issuing.ResumeGrant); err != nil {
			return words(err)
		}
	}
	stop := q.StartWork()
	defer stop()
	if g, err = follow(ctx, q, g); err != nil {
		return err
	}
	if g.Progress.Phase == grant.Ready {
		tell(os.Stdout, "would be granted", g.Progress.Rehearsal, g.Progress.Bad)
		if !c.Yes {
			fmt.Printf("%s is ready. Run this again with --yes to start it.\n", id.Format(id.Job, g.Job.ID))
			return nil
		}
		if g, err = direct(ctx, q, g, issuing.StartGrant); err != nil {
			return words(err)
		}
		if g, err = follow(ctx, q, g); err != nil {
			return err
		}
	}
	tell(os.Stdout, "granted", g.Progress.Result, g.Progress.Bad)
	if g.Job.State != job.Completed {
		return fmt.Errorf("%s is %s (%s)", id.Format(id.Job, g.Job.ID), g.Job.State, lastFailure(g.Job))
	}
	return c.report(ctx, q, by, g)
}

func direct(ctx context.Context, q *server.Quan, g issuing.BulkGrant, move issuing.GrantMove) (issuing.BulkGrant, error) {
	out, _, err := q.Issuing.DirectGrant(ctx, access.System("cli"), issuing.DirectGrantInput{Job: g.Job.ID, Move: move, Reason: "quan grant"})
	return out, err
}

// words is an error with what a fault says of itself.
func words(err error) error {
	if f := fault.From(err); f != nil {
		return fmt.Errorf("%s %s %v", f.Code, f.Pointer, f.Params)
	}
	return err
}

func lastFailure(j job.Job) string {
	if n := len(j.Failures); n > 0 {
		return j.Failures[n-1].Error
	}
	return "stopped by hand"
}

// plan reads the file. The same file and options are the same grant.
func (c *grantCmd) plan() (in issuing.PlanGrantInput, err error) {
	in.Spec = grant.Spec{Name: c.Name, Channel: c.Channel, City: c.City, Reason: c.Reason, Rate: c.Rate}
	for _, text := range c.Template {
		t, err := id.Parse(id.Template, text)
		if err != nil {
			return in, fmt.Errorf("%q is no id of a template (tpl_…)", text)
		}
		in.Spec.Templates = append(in.Spec.Templates, t)
	}
	if c.Placement != "" {
		if in.Spec.Placement, err = id.Parse(id.Placement, c.Placement); err != nil {
			return in, fmt.Errorf("%q is no id of a placement (plc_…)", c.Placement)
		}
	}
	if c.StartAt != "" {
		at, err := time.Parse(time.RFC3339, c.StartAt)
		if err != nil {
			return in, fmt.Errorf("--start-at: %w", err)
		}
		in.StartAt = calendar.Of(at)
	}
	chosen := []bool{c.File != "", c.Segment != "", c.Everyone}
	if n := len(slices.DeleteFunc(chosen, func(is bool) bool { return !is })); n != 1 {
		return in, errors.New("name a file, or --segment, or --everyone: one of them")
	}
	var file []byte
	switch {
	case c.Everyone:
		in.Spec.Audience = grant.Everyone
	case c.Segment != "":
		in.Spec.Audience = grant.Segment
		var tree condition.Tree
		if err := json.Unmarshal([]byte(c.Segment), &tree); err != nil {
			return in, fmt.Errorf("--segment: %w", err)
		}
		in.Spec.Tree = tree
	default:
		in.Spec.Audience = grant.List
		if file, err = os.ReadFile(c.File); err != nil {
			return in, err
		}
		if in.Rows, err = roster.Members(file); err != nil {
			return in, fmt.Errorf("%s: %w", c.File, words(err))
		}
	}
	if in.Spec.Name == "" {
		in.Spec.Name = strings.TrimSuffix(filepath.Base(c.File), filepath.Ext(c.File))
		if c.File == "" {
			in.Spec.Name = string(in.Spec.Audience)
		}
	}
	h := sha256.New()
	h.Write([]byte(app.JSON(in.Spec)))
	fmt.Fprint(h, in.StartAt)
	h.Write(file)
	sum := hex.EncodeToString(h.Sum(nil))
	in.Once = app.Once{Key: "file/" + sum[:32], Body: sum}
	return in, nil
}

// looks is how often the job is looked at.
const looks = 200 * time.Millisecond

// follow shows a grant's progress until it waits for a word or is over. When the
// program is to stop, the grant is paused.
func follow(ctx context.Context, q *server.Quan, g issuing.BulkGrant) (issuing.BulkGrant, error) {
	bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionShowCount(), progressbar.OptionShowIts(),
		progressbar.OptionThrottle(looks), progressbar.OptionOnCompletion(func() { fmt.Fprintln(os.Stderr) }))
	defer func() { _ = bar.Exit() }()
	tick := time.NewTicker(looks)
	defer tick.Stop()
	for {
		var err error
		if g, err = q.Issuing.GetGrant(context.WithoutCancel(ctx), access.System("cli"), g.Job.ID); err != nil {
			return g, err
		}
		if g.Job.Total > 0 {
			bar.ChangeMax64(g.Job.Total)
		}
		bar.Describe(string(g.Progress.Phase) + " (" + string(g.Job.State) + ")")
		_ = bar.Set64(g.Job.Done)
		if g.Job.State.Over() || g.Job.State == job.Paused {
			return g, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			g, err = direct(context.WithoutCancel(ctx), q, g, issuing.PauseGrant)
			return g, errors.Join(fmt.Errorf("paused at %d of %d; run the same command to go on", g.Job.Done, g.Job.Total), err)
		}
	}
}

// tell writes figures for people.
func tell(w io.Writer, what string, f, bad grant.Figures) {
	fmt.Fprintf(w, "%d members: %d %s %d coupons, at most %d minor units", f.Members+bad.Members, f.Granted, what, f.Coupons, f.Liability)
	if f.Unbounded > 0 {
		fmt.Fprintf(w, " and %d coupons that nothing bounds", f.Unbounded)
	}
	fmt.Fprintln(w)
	for _, of := range []grant.Figures{bad, f} {
		var codes []fault.Code
		for code := range of.Refused {
			codes = append(codes, code)
		}
		slices.Sort(codes)
		for _, code := range codes {
			fmt.Fprintf(w, "  %8d %s\n", of.Refused[code], code)
		}
	}
}

// report writes what became of each row.
func (c *grantCmd) report(ctx context.Context, q *server.Quan, by access.Principal, g issuing.BulkGrant) (err error) {
	if c.Report == "" {
		return nil
	}
	file, err := os.OpenFile(c.Report, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	table := tables.NewCSV(file)
	if filepath.Ext(c.Report) == ".xlsx" {
		if table, err = tables.NewExcel(file, "report", tables.MostRows); err != nil {
			return err
		}
	}
	return roster.Report(table, false, func(each func(issuing.GrantLine) error) error {
		return q.Issuing.GrantReport(ctx, by, g.Job.ID, each)
	})
}
