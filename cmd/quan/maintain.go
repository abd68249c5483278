package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"runtime"

	"quan/internal/server"
	"quan/internal/store"
)

type migrateCmd struct{ where }

// Run opens the store, which brings the schema forward, and says where it stands.
func (m *migrateCmd) Run(ctx context.Context) error {
	s, err := server.OpenStore(ctx, m.config())
	if err != nil {
		return err
	}
	fmt.Printf("%s: the schema is up to date (%s)\n", shown(m.DB), s.Engine())
	return s.Close()
}

type verifyCmd struct {
	where
	JSON bool `help:"Print findings as JSON."`
}

// Run checks every invariant on a snapshot; it writes nothing and runs beside a server.
func (v *verifyCmd) Run(ctx context.Context, log *slog.Logger) error {
	c := v.config()
	c.ReadOnly = true
	q, err := server.Open(ctx, c, server.WallClock, log)
	if err != nil {
		return err
	}
	defer q.Close()
	progress, end := checkLine(os.Stderr)
	findings, err := q.Reporting.Verify(ctx, progress)
	end()
	if err != nil {
		return err
	}
	if v.JSON {
		if findings == nil {
			findings = []store.Finding{}
		}
		if err := json.NewEncoder(os.Stdout).Encode(findings); err != nil {
			return err
		}
	} else {
		for _, f := range findings {
			fmt.Printf("%s  %s  %s\n", f.Invariant, f.Subject, f.Detail)
		}
		if len(findings) == 0 {
			fmt.Println("all invariants hold")
		}
	}
	if len(findings) > 0 {
		return errFailed
	}
	return nil
}

// checkLine shows the check under way on one line of a terminal, and nothing
// where nobody watches.
func checkLine(f *os.File) (show func(done, total int, name string), end func()) {
	about, err := f.Stat()
	if err != nil || about.Mode()&os.ModeCharDevice == 0 {
		return func(int, int, string) {}, func() {}
	}
	return func(done, total int, name string) { fmt.Fprintf(f, "\r\x1b[K%d/%d %s", done, total, name) },
		func() { fmt.Fprint(f, "\r\x1b[K") }
}

type versionCmd struct{}

// Run prints the version and what it was built with.
func (versionCmd) Run() error {
	fmt.Printf("quan %s (%s, %s/%s)\n", server.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
