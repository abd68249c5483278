package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"quan/internal/edge/load"
)

type benchCmd struct {
	Work        string        `arg:"" help:"What is asked: claims, grant, redeem, codes or quote." enum:"claims,grant,redeem,codes,quote"`
	Rate        int64         `help:"Requests a second, in even distances. Left out: as many as the server answers." default:"0" env:"-"`
	Duration    time.Duration `help:"How long it asks, at most an hour." default:"10s" env:"-"`
	Connections int           `help:"Requests under way at most." default:"64" env:"-"`
	Members     int64         `help:"Members who ask, in turns." default:"2000" env:"-"`
	Prepared    int64         `help:"Coupons to redeem, or codes to enter, that are made before; left out: enough for the rate, or 20000." default:"0" env:"-"`
	DSN         string        `help:"PostgreSQL to measure on, in a schema of its own that is dropped again; left out: SQLite in a temporary folder." placeholder:"postgres://…" name:"dsn" xor:"where" env:"-"`
	Dir         string        `help:"Folder on the disk to measure on (SQLite); left out: that of temporary files." placeholder:"DIR" xor:"where" env:"-" type:"existingdir"`
	URL         string        `help:"A server that runs, instead of one of its own. It keeps what the run makes: a template, members, coupons, orders." placeholder:"http://127.0.0.1:8080" name:"url" xor:"where" env:"-"`
	KeyFile     string        `help:"File with an API key of that server." placeholder:"FILE" env:"-" type:"existingfile"`
	Remote      bool          `help:"The server at --url may be another machine." env:"-"`
	JSON        bool          `help:"Print the result as JSON."`
}

// Validate bounds what a run may take.
func (b *benchCmd) Validate() error {
	switch {
	case b.Duration <= 0 || b.Duration > time.Hour:
		return errors.New("--duration must lie between a moment and 1h")
	case b.Rate < 0 || b.Rate > 1_000_000:
		return errors.New("--rate must lie in 0..1000000")
	case b.Connections < 1 || b.Connections > 4096:
		return errors.New("--connections must lie in 1..4096")
	case b.Members < 1 || b.Members > 1_000_000:
		return errors.New("--members must lie in 1..1000000")
	case b.Prepared < 0 || b.Prepared > 10_000_000:
		return errors.New("--prepared must lie in 0..10000000")
	case b.URL != "" && b.KeyFile == "":
		return errors.New("--url needs --key-file")
	}
	return nil
}

// Run asks and prints what came of it, also when it is stopped.
func (b *benchCmd) Run(ctx context.Context, log *slog.Logger) (err error) {
	name, err := benchName()
	if err != nil {
		return err
	}
	target, end, err := b.target(ctx, name, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	say, clear := benchLine(os.Stderr)
	work, err := target.Prepare(ctx, b.Work, load.Preparation{Name: name, Members: b.Members, Prepared: b.prepared(),
		Progress: func(what string, done, total int64) { say("preparing: %d of %d %s", done, total, what) }})
	if err != nil {
		clear()
		if ctx.Err() != nil {
			return errors.New("stopped while preparing: nothing was measured")
		}
		return err
	}
	began := time.Now()
	result := target.Run(ctx, work, load.Plan{Rate: b.Rate, Duration: b.Duration, Connections: b.Connections, Progress: func(done, refused int64) {
		say("%s of %s: %d done, %d errors", time.Since(began).Round(time.Second), b.Duration, done, refused)
	}})
	clear()
	if b.JSON {
		return result.JSON(os.Stdout)
	}
	return result.Print(os.Stdout)
}

// prepared is how many coupons or codes are made before: what the rate asks for, or
// enough for some seconds.
func (b *benchCmd) prepared() int64 {
	if b.Prepared > 0 {
		return b.Prepared
	}
	if b.Rate > 0 {
		return min(int64(float64(b.Rate)*b.Duration.Seconds())+1, 10_000_000)
	}
	return 20_000
}

// target is the server that runs, or one of our own over a store that goes away.
func (b *benchCmd) target(ctx context.Context, name string, log *slog.Logger) (*load.Target, func() error, error) {
	if b.URL == "" {
		return scratch(ctx, b.DSN, b.Dir, name, log)
	}
	secret, err := os.ReadFile(b.KeyFile)
	if err != nil {
		return nil, nil, err
	}
	t, err := load.NewTarget(b.URL, strings.TrimSpace(string(secret)), b.Remote)
	if errors.Is(err, load.ErrRemote) {
		err = fmt.Errorf("%s is another machine: with --remote it is asked all the same", b.URL)
	}
	return t, func() error { return nil }, err
}

// benchName is in the names of everything that a run makes.
func benchName() (string, error) {
	var salt [4]byte
	_, err := rand.Read(salt[:])
	return "bench-" + hex.EncodeToString(salt[:]), err
}

// benchLine shows what happens on one line of a terminal.
func benchLine(f *os.File) (say func(format string, args ...any), clear func()) {
	about, err := f.Stat()
	if err != nil || about.Mode()&os.ModeCharDevice == 0 {
		return func(string, ...any) {}, func() {}
	}
	return func(format string, args ...any) { fmt.Fprintf(f, "\r\x1b[K"+format, args...) }, func() { _, _ = io.WriteString(f, "\r\x1b[K") }
}

// endAll runs what ends things, the last one first.
func endAll(ends []func() error) error {
	var errs []error
	for _, end := range slices.Backward(ends) {
		errs = append(errs, end())
	}
	return errors.Join(errs...)
}
