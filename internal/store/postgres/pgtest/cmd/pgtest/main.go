// Command pgtest starts a PostgreSQL for tests, runs a command with its address
// in QUAN_TEST_PG_DSN, stops it and exits as the command did.
//
//	pgtest -- go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"quan/internal/store/postgres/pgtest"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: pgtest -- command [argument …]")
		return 2
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT) // the command gets it too; we leave after it
	c := exec.Command(args[0], args[1:]...)
	c.Stdin, c.Stdout, c.Stderr, c.Env = os.Stdin, os.Stdout, os.Stderr, os.Environ()
	server, err := pgtest.Start(context.Background())
	switch {
	case errors.Is(err, pgtest.ErrMissing): // the tests will skip and say it too
		fmt.Fprintln(os.Stderr, "pgtest:", err)
	case err != nil:
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return 1
	default:
		defer server.Stop()
		c.Env = append(c.Env, pgtest.EnvDSN+"="+server.DSN)
	}
	err = c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return 1
	}
	return 0
}
