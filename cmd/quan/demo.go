package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"quan/internal/app/upkeep"
	"quan/internal/edge/demo"
	"quan/internal/kernel/calendar"
	"quan/internal/server"
)

type demoCmd struct {
	DB         string `help:"SQLite file or postgres:// DSN to play on; a fresh file in a temporary folder when left out. A database with other data is refused." name:"db" env:"-" placeholder:"PATH"`
	SecretFile string `help:"File with the installation's secret; beside the database when left out." placeholder:"FILE" env:"QUAN_SECRET_FILE"`
	Members    int    `help:"Members of the shop." default:"20000"`
	Days       int    `help:"Simulated days." default:"90"`
	Until      string `help:"Last simulated day, yyyy-mm-dd; yesterday when left out. Together with the seed it fixes every figure." placeholder:"DATE"`
	Seed       uint64 `help:"Seed of everything that is drawn." default:"1"`
	JSON       bool   `help:"Print the result as JSON."`
}

// Run plays the plan and prints goals against results. A run that was stopped
// goes on when it is asked for with the same database.
func (d *demoCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	set := demo.Defaults()
	set.Members, set.Days, set.Seed, set.Last = d.Members, d.Days, d.Seed, yesterday()
	if d.Until != "" {
		if set.Last, err = calendar.ParseDate(d.Until); err != nil {
			return fmt.Errorf("--until: %w", err)
		}
	}
	if d.Members < 10 || d.Days < 1 || d.Days > 366 || d.Members > 1_000_000 {
		return errors.New("--members must lie in 10..1000000, --days in 1..366")
	}
	if d.DB == "" {
		dir, err := os.MkdirTemp("", "quan-demo-")
		if err != nil {
			return err
		}
		d.DB = filepath.Join(dir, "demo.db")
	}
	q, err := server.Open(ctx, where{DB: d.DB, SecretFile: d.SecretFile}.config(), server.WallClock, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	started := time.Now()
	show, end := dayBar(os.Stderr, d.Days)
	clock := &demo.Clock{}
	result, err := demoDeps(q, q.At(clock.Now), clock).Run(ctx, set, demo.Options{Fold: true, Progress: show})
	end()
	if err != nil {
		return err
	}
	if d.JSON {
		return json.NewEncoder(os.Stdout).Encode(result)
	}
	if err := result.Print(os.Stdout); err != nil {
		return err
	}
	fmt.Printf("Played in %s. Look at it with: quan serve --db %s\n", time.Since(started).Round(100*time.Millisecond), shown(d.DB))
	return nil
}

// yesterday is the demo's last day: its zone's day before today.
func yesterday() calendar.Date {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		zone = time.UTC
	}
	return calendar.DateOf(server.WallClock(), zone).AddDays(-1)
}

// demoDeps are the use cases of played, whose business clock is clock; the job
// row is written by the wall clock.
func demoDeps(q, played *server.Quan, clock *demo.Clock) demo.Deps {
	host, _ := os.Hostname()
	return demo.Deps{Catalog: played.Catalog, Membership: played.Membership, Issuing: played.Issuing, Checkout: played.Checkout,
		Reporting: played.Reporting, Upkeep: &upkeep.Upkeep{App: played.App}, Admin: q.Admin, Vault: q.Vault, Clock: clock,
		Holder: fmt.Sprintf("demo/%s/%d", host, os.Getpid())}
}

// dayBar shows the simulated day with coupons and orders so far.
func dayBar(w io.Writer, days int) (show func(demo.Progress), end func()) {
	bar := progressbar.NewOptions(days, progressbar.OptionSetWriter(w), progressbar.OptionShowCount(),
		progressbar.OptionSetDescription("shop and members"), progressbar.OptionThrottle(100*time.Millisecond))
	_ = bar.RenderBlank()
	return func(p demo.Progress) {
		bar.Describe(fmt.Sprintf("%s  %d coupons  %d orders", p.Date, p.Issued, p.Orders))
		_ = bar.Set(p.Done)
	}, func() { fmt.Fprintln(w) }
}

// tellEvery is how often a server that loads the demo says how far it is.
const tellEvery = 5 * time.Second

// servePiece is how many rows a piece has beside live requests: a claim waits for
// one piece at most.
const servePiece = 64

// startDemo loads the demo beside a running server. stop ends it between two
// pieces of work; the next start goes on there.
func startDemo(ctx context.Context, q *server.Quan, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var loading sync.WaitGroup
	loading.Go(func() {
		set := demo.Defaults()
		set.Last, set.Piece = yesterday(), servePiece
		clock := &demo.Clock{}
		var told time.Time
		tell := func(p demo.Progress) {
			if time.Since(told) < tellEvery {
				return
			}
			told = time.Now()
			log.Info("demo: loading", "day", p.Done, "of", p.Days, "date", p.Date.String(), "coupons", p.Issued, "orders", p.Orders)
		}
		result, err := demoDeps(q, q.Behind(clock.Now), clock).Run(ctx, set, demo.Options{Adopt: true, Progress: tell})
		switch {
		case err == nil:
			log.Info("demo: loaded", "members", result.Members, "orders", result.Store.Orders, "coupons", result.Store.Issued, "differences", result.Differs)
		case ctx.Err() != nil:
			log.Info("demo: stopped; the next start goes on")
		default:
			log.Error("demo: not loaded", "error", err)
		}
	})
	return func() {
		cancel()
		loading.Wait()
	}
}
