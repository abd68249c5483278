package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"quan/internal/store/postgres/pgtest"
)

// late is when a test gives up on a program that should have done something.
const late = 60 * time.Second

// folder holds the built program until the tests end.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "quan-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder) // in the system's temporary folder
	os.Exit(code)
}

// build makes the program, once, as make build does, so that both find the
// other's work in the cache.
var build = sync.OnceValues(func() (string, error) {
	to := filepath.Join(folder, "quan")
	c := exec.Command("go", "build", "-trimpath", "-o", to, "quan/cmd/quan")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return to, nil
})

// program returns the path of the built program.
func (p *place) program() string {
	p.Helper()
	path, err := build()
	if err != nil {
		p.Fatal(err)
	}
	return path
}

// place is a working folder with a database.
type place struct {
	*testing.T
	dir string
	db  string // value of --db
}

// places runs a test on both engines, each in an empty folder.
func places(t *testing.T, test func(*place)) {
	t.Run("sqlite", func(t *testing.T) { test(newPlace(t)) })
	t.Run("postgres", func(t *testing.T) {
		dsn := pgtest.DSN(t)
		p := newPlace(t)
		p.db = dsn
		test(p)
	})
}

func newPlace(t *testing.T) *place {
	return &place{T: t, dir: t.TempDir(), db: filepath.Join("data", "quan.db")}
}

// command is the program with arguments in the place's folder; no setting of the
// surroundings reaches it.
func (p *place) command(args ...string) *exec.Cmd {
	p.Helper()
	c := exec.Command(p.program(), args...)
	c.Dir = p.dir
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "QUAN_") {
			c.Env = append(c.Env, pair)
		}
	}
	return c
}

// run runs a command to its end.
func (p *place) run(args ...string) (out, errs string, code int) {
	p.Helper()
	return p.finish(p.command(args...))
}

func (p *place) finish(c *exec.Cmd) (out, errs string, code int) {
	p.Helper()
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Start(); err != nil {
		p.Fatal(err)
	}
	stuck := time.AfterFunc(late, func() { _ = c.Process.Kill() })
	defer stuck.Stop()
	_ = c.Wait() // the exit code says it
	return stdout.String(), stderr.String(), c.ProcessState.ExitCode()
}

// verify demands that the program finds every invariant to hold.
func (p *place) verify() {
	p.Helper()
	if out, errs, code := p.run("verify", "--db", p.db, "--json"); code != 0 || strings.TrimSpace(out) != "[]" {
		p.Errorf("verify: code %d\n%s%s", code, out, errs)
	}
}

// server is a program that serves.
type server struct {
	*place
	command *exec.Cmd
	out     *output
	url     string
	key     string
	ended   chan struct{}
}

var listening = regexp.MustCompile(`API documentation +(http://[0-9.:]+)/docs`)

// serve starts a server on a free port and returns when it listens.
func (p *place) serve(flags ...string) *server {
	p.Helper()
	s := &server{place: p, out: newOutput(), ended: make(chan struct{})}
	s.command = p.command(append([]string{"serve", "--listen", "127.0.0.1:0", "--db", p.db, "--log-level", "warn"}, flags...)...)
	s.command.Stdout, s.command.Stderr = s.out, s.out
	if err := s.command.Start(); err != nil {
		p.Fatal(err)
	}
	go func() {
		_ = s.command.Wait() // stop and kill look at the exit code
		close(s.ended)
	}()
	p.Cleanup(func() {
		_ = s.command.Process.Kill() // most have ended long ago
		<-s.ended
		if p.Failed() {
			p.Logf("the program said:\n%s", s.out)
		}
	})
	s.url = s.address()
	key, err := os.ReadFile(filepath.Join(p.dir, "data", "first-api-key"))
	if err != nil {
		p.Fatal(err)
	}
	s.key = strings.TrimSpace(string(key))
	return s
}

// address waits until the program says where it listens and its welcome is whole.
func (s *server) address() string {
	s.Helper()
	deadline := time.After(late)
	for {
		said, more := s.out.now()
		if at := listening.FindStringSubmatch(said); at != nil && strings.Contains(said, "first-api-key") {
			return at[1]
		}
		select {
		case <-more:
		case <-s.ended:
			s.Fatalf("the program ended: %s\n%s", s.command.ProcessState, s.out)
		case <-deadline:
			s.Fatalf("the program does not listen:\n%s", s.out)
		}
	}
}

// stop asks the program to end, and demands that it does in peace.
func (s *server) stop() {
	s.Helper()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		s.Fatal(err)
	}
	s.gone()
	if code := s.command.ProcessState.ExitCode(); code != 0 {
		s.Errorf("stopped with %s:\n%s", s.command.ProcessState, s.out)
	}
}

// kill ends the program as a power cut would end its process.
func (s *server) kill() {
	s.Helper()
	if err := s.command.Process.Kill(); err != nil {
		s.Fatal(err)
	}
	s.gone()
}

func (s *server) gone() {
	s.Helper()
	select {
	case <-s.ended:
	case <-time.After(late):
		s.Fatalf("the program does not end:\n%s", s.out)
	}
}

// await asks again until yes, or the test gives up.
func await(t testing.TB, what string, yes func() bool) {
	t.Helper()
	deadline := time.After(late)
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !yes() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// output keeps what a program writes, and wakes who waits for more of it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newOutput() *output { return &output{more: make(chan struct{})} }

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.more)
	o.more = make(chan struct{})
	return o.text.Write(b)
}

// now is all that was written, and a channel that closes when there is more.
func (o *output) now() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.more
}

func (o *output) String() string {
	text, _ := o.now()
	return text
}
