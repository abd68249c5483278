package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const envHold = "QUAN_PGTEST_HOLD"

// TestHold is the process that TestServerEndsWithItsProcess kills.
func TestHold(t *testing.T) {
	if os.Getenv(envHold) == "" {
		t.Log("only a part of TestServerEndsWithItsProcess")
		return
	}
	s, err := Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("DSN", s.DSN)
	_, _ = io.Copy(io.Discard, os.Stdin)
	s.Stop()
}

// A server of a killed test process stops and leaves no files.
func TestServerEndsWithItsProcess(t *testing.T) {
	require(t)
	c := exec.Command(os.Args[0], "-test.run=^TestHold$")
	c.Env = append(os.Environ(), envHold+"=1")
	if _, err := c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines, dir := bufio.NewScanner(out), ""
	for dir == "" && lines.Scan() {
		if dsn, ok := strings.CutPrefix(lines.Text(), "DSN "); ok {
			u, err := url.Parse(dsn)
			if err != nil {
				t.Fatal(err)
			}
			dir = u.Query().Get("host")
		}
	}
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	late := time.After(20 * time.Second)
	for tick := time.Tick(10 * time.Millisecond); ; {
		select {
		case <-late:
			t.Fatalf("%s is still there", dir)
		case <-tick:
		}
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
}

// Without PostgreSQL tests skip, and say how to get it.
func TestMissing(t *testing.T) {
	t.Setenv(EnvBin, t.TempDir())
	if _, err := Start(context.Background()); !errors.Is(err, ErrMissing) {
		t.Errorf("got %v, want ErrMissing", err)
	}
}

// A crashed server comes back with what was committed.
func TestCrash(t *testing.T) {
	s := Own(t)
	ctx := t.Context()
	exec := func(sql string) error {
		conn, err := pgx.Connect(ctx, s.DSN)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, sql)
		return err
	}
	if err := exec("CREATE TABLE kept AS SELECT 1 AS n"); err != nil {
		t.Fatal(err)
	}
	if err := s.Crash(ctx); err != nil {
		t.Fatal(err)
	}
	if err := exec("SELECT 1"); err == nil {
		t.Error("a crashed server answers")
	}
	if err := s.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	if err := exec("SELECT 1/n FROM kept"); err != nil {
		t.Error(err)
	}
}
