package main

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"

	"quan/internal/app/upkeep"
	"quan/internal/server"
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

type reindexCmd struct{ where }

// Run writes what rows are found by anew, and says of how many.
func (m *reindexCmd) Run(ctx context.Context, log *slog.Logger) error {
	q, err := server.Open(ctx, m.config(), server.WallClock, log)
	if err != nil {
		return err
	}
	defer q.Close()
	rows, err := (&upkeep.Upkeep{App: q.App}).Reindex(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d rows are found by what they are called\n", shown(m.DB), rows)
	return nil
}

type versionCmd struct{}

// Run prints the version and what it was built with.
func (versionCmd) Run() error {
	fmt.Printf("quan %s (%s, %s/%s)\n", server.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
