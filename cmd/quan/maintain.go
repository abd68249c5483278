package main

import (
	"context"
	"fmt"
	"runtime"

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

type versionCmd struct{}

// Run prints the version and what it was built with.
func (versionCmd) Run() error {
	fmt.Printf("quan %s (%s, %s/%s)\n", server.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
