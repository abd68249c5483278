package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"quan/internal/server"
)

type doctorCmd struct{ where }

// Run looks at the things that go wrong in practice, says each in one line, and
// fails when one has to be mended.
func (d *doctorCmd) Run(ctx context.Context, log *slog.Logger) error {
	sick := false
	report := func(what string, err error, hint string) {
		if err == nil {
			fmt.Printf("ok    %s\n", what)
			return
		}
		sick = true
		fmt.Printf("MEND  %s: %v\n      %s\n", what, err, hint)
	}
	c := d.config()
	if !c.Postgres() {
		report("data directory is writable", writable(filepath.Dir(c.DB)), "give the user that runs quan the right to write there, or choose another place with --db")
	}
	_, err := time.LoadLocation("Asia/Shanghai")
	report("time zones are known", err, "the program embeds them; a broken ZONEINFO variable can hide them")
	c.ReadOnly = true
	if _, err := os.Stat(c.DB); err != nil && !c.Postgres() {
		fmt.Printf("note  no database at %s yet: quan serve makes one\n", c.DB)
	} else {
		q, err := server.Open(ctx, c, server.WallClock, log)
		report("database opens, schema is known, secret is there", err, "see the message; quan migrate brings an old schema forward, a newer one needs a newer quan")
		if err == nil {
			fmt.Printf("      %s\n", q.Store.Engine())
			theirs, err := q.Store.Clock(ctx)
			if err == nil && time.Since(theirs.Time()).Abs() > time.Second {
				err = fmt.Errorf("they differ by %s", time.Since(theirs.Time()).Round(time.Millisecond))
			}
			report("clocks of program and database agree", err, "keep both by NTP")
			report("database closes", q.Close(), "")
		}
	}
	if sick {
		return errFailed
	}
	return nil
}

// writable tries to write a file where the data lies.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
