package bench

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"quan/internal/kernel/id"
	"quan/internal/store/sqlite"
)

// BenchmarkMemory is the program itself, `quan serve` on SQLite in a process of
// its own, under the load of BenchmarkHTTP: how much memory it takes at most.
func BenchmarkMemory(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(dir, "quan.db")
	e, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	must(b, err)
	st := stageOn(b, e)
	must(b, e.Close())
	program := filepath.Join(dir, "quan")
	build := exec.Command("go", "build", "-o", program, "quan/cmd/quan")
	if said, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, said)
	}
	serve := exec.Command(program, "serve", "--listen", "127.0.0.1:0", "--db", path, "--log-level", "info")
	serve.Dir = dir
	log, err := os.Create(filepath.Join(dir, "log"))
	must(b, err)
	serve.Stderr = log
	out, err := serve.StdoutPipe()
	must(b, err)
	must(b, serve.Start())
	b.Cleanup(func() {
		_ = serve.Process.Signal(syscall.SIGTERM)
		_ = serve.Wait()
	})
	address, secret := welcomed(b, bufio.NewScanner(out))
	template := id.Format(id.Template, st.template)
	l := &load{address: address, path: "/v1/claims", secret: secret, body: func(n int64) string {
		return fmt.Sprintf(`{"template":%q,"member":{"id":%q},"channel":"app","city":"shanghai"}`, template, id.Format(id.Member, st.ids[anyone(n)]))
	}}
	compete(b, fmt.Sprintf("Claims at a process of its own, SQLite; %d members, an empty store", members),
		contestant{name: "quan serve", note: fmt.Sprintf("%d connections", connections), run: func(d time.Duration) turn { return l.run(b, d) }})
	t := newTable("memory of quan serve", "claims", "at most", "now")
	t.row(fmt.Sprint(l.next.Load()), memory(b, serve.Process.Pid, "VmHWM"), memory(b, serve.Process.Pid, "VmRSS"))
	t.print()
}

// welcomed reads where the program listens and its first key.
func welcomed(b *testing.B, said *bufio.Scanner) (address, secret string) {
	b.Helper()
	for said.Scan() {
		if _, at, ok := strings.Cut(said.Text(), "API documentation  http://"); ok {
			address = strings.TrimSuffix(at, "/docs")
		}
		if _, key, ok := strings.Cut(said.Text(), "First API key      "); ok {
			return address, key
		}
	}
	b.Fatal("the program does not say where it listens")
	return "", ""
}

// memory is a line of what the system tells of a process.
func memory(b *testing.B, pid int, line string) string {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	must(b, err)
	_, after, _ := strings.Cut(string(raw), line+":")
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	return kilobytes + " kB"
}
