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
	fmt.Printf("%s: the schema is up to date (%s)\n", m.DB, s.Engine())
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
	findings, err := q.Reporting.Verify(ctx, func(done, total int, name string) {
		if !v.JSON {
			fmt.Fprintf(os.Stderr, "\r\x1b[K%d/%d %s", done, total, name)
		}
	})
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
		fmt.Fprint(os.Stderr, "\r\x1b[K")
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

type versionCmd struct{}

// Run prints the version and what it was built with.
func (versionCmd) Run() error {
	fmt.Printf("quan %s (%s, %s/%s)\n", server.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
