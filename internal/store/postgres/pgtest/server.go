package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL of our own.
type Server struct {
	DSN string // of its postgres database

	dir      string
	hold     *os.File // the guardian lives while this end of its pipe is open
	guardian *exec.Cmd
}

// guard starts the server, kills and starts it again as it is told, and waits
// until nobody holds the pipe on its standard input, that is, until the process
// that started it has ended, killed or not.
const guard = `
up() { "$0/postgres" -D "$1/data" -k "$1" $2 </dev/null >>"$1/log" 2>&1 & pid=$!; }
up "$@"
while read -r word; do
	case $word in
	crash) kill -QUIT $pid; wait $pid; : >"$1/down" ;;
	start) rm -f "$1/down"; up "$@" ;;
	esac
done
kill -QUIT $pid
wait $pid
cd / && rm -rf "$1"
`

// settings of the server. A crash of the machine is not what it is for.
var settings = []string{
	"listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=on", "autovacuum=off",
	"max_connections=200", "shared_buffers=64MB", "wal_level=minimal", "max_wal_senders=0",
	"max_wal_size=256MB", "checkpoint_timeout=1h", "jit=off", "log_min_messages=warning",
}

// durable settings come after the others and hold.
var durable = []string{"fsync=on", "full_page_writes=on", "shared_buffers=256MB", "max_wal_size=4GB"}

// Start starts a server. It returns ErrMissing where PostgreSQL is not installed.
func Start(ctx context.Context) (*Server, error) {
	base := os.TempDir()
	if roomy("/dev/shm") {
		base = "/dev/shm" // a new database is 450 files, 20 ms there and 300 ms on a disk
	}
	return start(ctx, base, settings)
}

// StartDurable starts a server on the disk that waits for it at every commit, as
// one in production does. It is for benchmarks.
func StartDurable(ctx context.Context) (*Server, error) {
	return start(ctx, os.TempDir(), append(settings[:len(settings):len(settings)], durable...))
}

func start(ctx context.Context, base string, settings []string) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	attributes, err := stepDown()
	if err != nil {
		return nil, err
	}
	dir, err := directory(base, attributes)
	if err != nil {
		return nil, err
	}
	if err := initialise(ctx, bin, dir, attributes); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	s, err := launch(bin, dir, settings, attributes)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if err := s.await(ctx); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		s.Stop()
		return nil, fmt.Errorf("pgtest: %w\n%s", err, log)
	}
	return s, nil
}

// stepDown returns the attributes under which PostgreSQL runs: it refuses root.
func stepDown() (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Setsid: true} // a Ctrl-C is for us; the guardian follows
	if os.Geteuid() != 0 {
		return attributes, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return attributes, nil
	}
	return nil, fmt.Errorf("pgtest: PostgreSQL refuses to run as root and there is no user postgres or nobody")
}

// directory makes the server's folder. It is short (a socket's path holds about
// a hundred bytes) and owned by the server's user.
func directory(base string, attributes *syscall.SysProcAttr) (string, error) {
	if len(base) > 40 {
		base = "/tmp"
	}
	dir, err := os.MkdirTemp(base, "quan-pg-")
	if err != nil {
		return "", fmt.Errorf("pgtest: %w", err)
	}
	if c := attributes.Credential; c != nil {
		if err := os.Chown(dir, int(c.Uid), int(c.Gid)); err != nil {
			return "", fmt.Errorf("pgtest: %w", err)
		}
	}
	return dir, nil
}

// roomy reports whether a file system has 4 GB free.
func roomy(path string) bool {
	var s syscall.Statfs_t
	return syscall.Statfs(path, &s) == nil && uint64(s.Bavail)*uint64(s.Bsize) > 4<<30 //nolint:unconvert // Bavail is signed on other systems
}

// initialise makes the cluster, with ICU's order of texts where the build has it.
func initialise(ctx context.Context, bin, dir string, attributes *syscall.SysProcAttr) error {
	base := []string{"-D", filepath.Join(dir, "data"), "-U", "quan", "-A", "trust", "-E", "UTF8", "--no-sync"}
	icu := []string{"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"}
	var out []byte
	var err error
	for _, locale := range [][]string{icu, {"--locale=C.UTF-8"}, {"--locale=C"}} {
		os.RemoveAll(filepath.Join(dir, "data"))
		c := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), append(base, locale...)...)
		c.Dir, c.SysProcAttr = dir, attributes
		if out, err = c.CombinedOutput(); err == nil {
			return nil
		}
	}
	return fmt.Errorf("pgtest: initdb: %w\n%s", err, out)
}

func launch(bin, dir string, settings []string, attributes *syscall.SysProcAttr) (*Server, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	defer read.Close()
	c := exec.Command("/bin/sh", "-c", guard, bin, dir, "-c "+strings.Join(settings, " -c "))
	c.Dir, c.SysProcAttr, c.Stdin = dir, attributes, read
	if err := c.Start(); err != nil {
		write.Close()
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	dsn := url.URL{Scheme: "postgres", User: url.User("quan"), Path: "/postgres", RawQuery: "host=" + url.QueryEscape(dir)}
	return &Server{DSN: dsn.String(), dir: dir, hold: write, guardian: c}, nil
}

// await returns when the server takes connections.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.DSN)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// Crash ends the server's processes where they stand, as an immediate shutdown
// does: the next start recovers from its log. It returns when they are gone.
func (s *Server) Crash(ctx context.Context) error {
	if _, err := s.hold.WriteString("crash\n"); err != nil {
		return fmt.Errorf("pgtest: crash: %w", err)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(filepath.Join(s.dir, "down")); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("pgtest: crash: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// Restart starts a crashed server and returns when it takes connections.
func (s *Server) Restart(ctx context.Context) error {
	if _, err := s.hold.WriteString("start\n"); err != nil {
		return fmt.Errorf("pgtest: restart: %w", err)
	}
	if err := s.await(ctx); err != nil {
		return fmt.Errorf("pgtest: restart: %w", err)
	}
	return nil
}

// Stop stops the server and removes its folder.
func (s *Server) Stop() {
	s.hold.Close()
	_ = s.guardian.Wait() // it ends by the signal that it sends itself: its status tells nothing
}
