package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/schollz/progressbar/v3"

	"quan/internal/edge/replay"
	"quan/internal/server"
)

type replayCmd struct {
	Tianchi   tianchiCmd   `cmd:"" help:"One month of claims on an online-to-offline platform."`
	Dunnhumby dunnhumbyCmd `cmd:"" help:"A grocery chain's campaigns, sends and redemptions."`
}

type (
	tianchiCmd   struct{ replaySet }
	dunnhumbyCmd struct{ replaySet }
)

// Run brings in the tianchi set.
func (c *tianchiCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.play(ctx, log, replay.Deps.Tianchi)
}

// Run brings in the dunnhumby set.
func (c *dunnhumbyCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.play(ctx, log, replay.Deps.Dunnhumby)
}

type replaySet struct {
	where
	Dir  string `arg:"" help:"Folder with the data set's files." type:"existingdir"`
	JSON bool   `help:"Print the totals as JSON."`
}

// play opens the store, runs the replay and reports.
func (s *replaySet) play(ctx context.Context, log *slog.Logger,
	run func(replay.Deps, context.Context, string, replay.Progress) (*replay.Result, error)) (err error) {
	q, err := server.Open(ctx, s.config(), server.WallClock, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	result, err := run(replay.Deps{Catalog: q.Catalog, Membership: q.Membership, Issuing: q.Issuing, Checkout: q.Checkout,
		Reporting: q.Reporting, Vault: q.Vault}, ctx, s.Dir, bars())
	if err != nil {
		return err
	}
	return s.report(result)
}

// report lists what did not go in on standard error, and the totals on standard output.
func (s *replaySet) report(r *replay.Result) error {
	for _, m := range r.Malformed {
		fmt.Fprintln(os.Stderr, "malformed:", m)
	}
	for _, m := range r.Refusals {
		fmt.Fprintln(os.Stderr, "refused:", m)
	}
	if s.JSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	fmt.Printf("The store now holds %d members, %d merchants, %d templates; %d coupons issued, %d uses.\n",
		r.Members, r.Merchants, r.Templates, r.Issued, r.Redeemed)
	fmt.Printf("Rows refused: %d. Rows that could not be read: %d.\n", r.Refused, len(r.Malformed))
	return nil
}

// bars shows a progress bar for each step on standard error.
func bars() replay.Progress {
	var bar *progressbar.ProgressBar
	var step string
	return func(name string, done, total int) {
		if name != step {
			step = name
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(fmt.Sprintf("%-12s", name)),
				progressbar.OptionShowCount(), progressbar.OptionThrottle(100_000_000), progressbar.OptionOnCompletion(func() { fmt.Fprintln(os.Stderr) }))
		}
		_ = bar.Set(done)
	}
}
