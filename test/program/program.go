package program

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

// Late is when a test gives up on a program that should have done something.
const Late = 60 * time.Second

// folder holds the built program until the tests end.
var folder string

// Main runs a package's tests and removes the built program after them: it is
// what TestMain of a package that uses this one calls.
func Main(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "quan-program-"); err != nil {
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

// Program returns the path of the built program.
func (p *Place) Program() string {
	p.Helper()
	path, err := build()
	if err != nil {
		p.Fatal(err)
	}
	return path
}

// Place is a working folder with a database.
type Place struct {
	*testing.T
	Dir string // working folder
	DB  string // value of --db
}

// Places runs a test on both engines, each in an empty folder.
func Places(t *testing.T, test func(*Place)) {
	t.Run("sqlite", func(t *testing.T) { test(New(t)) })
	t.Run("postgres", func(t *testing.T) {
		dsn := pgtest.DSN(t)
		p := New(t)
		p.DB = dsn
		test(p)
	})
}

// New makes a place with an SQLite database that is not there yet.
func New(t *testing.T) *Place {
	return &Place{T: t, Dir: t.TempDir(), DB: filepath.Join("data", "quan.db")}
}

// Command is the program with arguments in the place's folder; no setting of the
// surroundings reaches it.
func (p *Place) Command(args ...string) *exec.Cmd {
	p.Helper()
	c := exec.Command(p.Program(), args...)
	c.Dir = p.Dir
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "QUAN_") {
			c.Env = append(c.Env, pair)
		}
	}
	return c
}

// Run runs a command to its end.
func (p *Place) Run(args ...string) (out, errs string, code int) {
	p.Helper()
	return p.Finish(p.Command(args...))
}

// Finish runs a command of Command to its end.
func (p *Place) Finish(c *exec.Cmd) (out, errs string, code int) {
	p.Helper()
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Start(); err != nil {
		p.Fatal(err)
	}
	stuck := time.AfterFunc(5*Late, func() { _ = c.Process.Kill() }) // a verification of many coupons, on a machine that has others to serve
	defer stuck.Stop()
	_ = c.Wait() // the exit code says it
	return stdout.String(), stderr.String(), c.ProcessState.ExitCode()
}

// Verify demands that the program finds every invariant to hold.
func (p *Place) Verify() {
	p.Helper()
	if out, errs, code := p.Run("verify", "--db", p.DB, "--json"); code != 0 || !strings.Contains(out, `"findings":[]`) {
		p.Errorf("verify: code %d\n%s%s", code, out, errs)
	}
}

// Server is a program that serves.
type Server struct {
	*Place
	Process *exec.Cmd
	began   time.Time
	Out     *output
	URL     string
	Key     string
	ended   chan struct{}
}

var listening = regexp.MustCompile(`API documentation +(http://[0-9.:]+)/docs`)

// Serve starts a server on a free port and returns when it listens.
func (p *Place) Serve(flags ...string) *Server {
	p.Helper()
	s := &Server{Place: p, began: time.Now(), Out: newOutput(), ended: make(chan struct{})}
	s.Process = p.Command(append([]string{"serve", "--listen", "127.0.0.1:0", "--db", p.DB, "--log-level", "warn"}, flags...)...)
	s.Process.Stdout, s.Process.Stderr = s.Out, s.Out
	if err := s.Process.Start(); err != nil {
		p.Fatal(err)
	}
	go func() {
		_ = s.Process.Wait() // stop and kill look at the exit code
		close(s.ended)
	}()
	p.Cleanup(func() {
		_ = s.Process.Process.Kill() // most have ended long ago
		<-s.ended
		if p.Failed() {
			p.Logf("the program said:\n%s", s.Out)
		}
	})
	s.URL = s.address()
	key, err := os.ReadFile(filepath.Join(p.Dir, "data", "first-api-key"))
	if err != nil {
		p.Fatal(err)
	}
	s.Key = strings.TrimSpace(string(key))
	return s
}

// address waits until the program says where it listens and its welcome is whole.
func (s *Server) address() string {
	s.Helper()
	deadline := time.After(Late)
	for {
		said, more := s.Out.now()
		if at := listening.FindStringSubmatch(said); at != nil && strings.Contains(said, "first-api-key") {
			return at[1]
		}
		select {
		case <-more:
		case <-s.ended:
			s.Fatalf("the program ended: %s\n%s", s.Process.ProcessState, s.Out)
		case <-deadline:
			s.Fatalf("the program does not listen:\n%s", s.Out)
		}
	}
}

// Stop asks the program to end, and demands that it does in peace.
func (s *Server) Stop() {
	s.Helper()
	if err := s.Process.Process.Signal(syscall.SIGTERM); err != nil {
		s.Fatal(err)
	}
	s.gone()
	if code := s.Process.ProcessState.ExitCode(); code != 0 {
		s.Errorf("stopped with %s:\n%s", s.Process.ProcessState, s.Out)
	}
}

// Kill ends the program as a power cut would end its process.
func (s *Server) Kill() {
	s.Helper()
	if err := s.Process.Process.Kill(); err != nil {
		s.Fatal(err)
	}
	s.gone()
}

// Ready waits until the server takes requests and returns how long it took from
// its start.
func (s *Server) Ready() time.Duration {
	s.Helper()
	c := NewClient()
	defer c.CloseIdleConnections()
	Await(s, "the program to be ready", func() bool {
		a, err := s.Send(c, "GET", "/readyz", "")
		return err == nil && a.Status == 200
	})
	return time.Since(s.began)
}

func (s *Server) gone() {
	s.Helper()
	select {
	case <-s.ended:
	case <-time.After(Late):
		s.Fatalf("the program does not end:\n%s", s.Out)
	}
}

// Await asks again until yes, or the test gives up.
func Await(t testing.TB, what string, yes func() bool) {
	t.Helper()
	deadline := time.After(Late)
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
