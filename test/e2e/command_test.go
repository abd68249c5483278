package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quan/internal/store/postgres/pgtest"
	"quan/test/program"
)

// expect runs a command and demands its exit code and a word of what it says.
func expect(p *program.Place, code int, word string, args ...string) {
	p.Helper()
	out, errs, got := p.Run(args...)
	if got != code || !strings.Contains(out+errs, word) {
		p.Errorf("quan %s: code %d, want %d and %q in\n%s%s", strings.Join(args, " "), got, code, word, out, errs)
	}
}

func TestCommands(t *testing.T) {
	program.Places(t, func(p *program.Place) {
		expect(p, 0, "quan 0.", "version")
		expect(p, 0, "schema is up to date", "migrate", "--db", p.DB)
		expect(p, 0, "schema is up to date", "migrate", "--db", p.DB)
		s := p.Serve()
		expect(p, 0, "clocks of program and database agree", "doctor", "--db", p.DB)
		expect(p, 0, "all invariants hold", "verify", "--db", p.DB)
		s.Stop()
		expect(p, 0, "ok", "doctor", "--db", p.DB)
		if err := os.Remove(filepath.Join(p.Dir, "data", "quan.key")); err != nil {
			t.Fatal(err)
		}
		expect(p, 1, "quan.key", "doctor", "--db", p.DB)
		expect(p, 1, "quan.key", "verify", "--db", p.DB)
	})
}

// A short run on a store of its own, which is gone afterwards.
func TestBench(t *testing.T) {
	p := program.New(t)
	scratch := t.TempDir()
	for _, work := range []string{"claims", "grant", "redeem", "codes", "quote"} {
		out, errs, code := p.Run("bench", work, "--rate", "40", "--duration", "500ms", "--members", "5", "--connections", "8", "--dir", scratch, "--json")
		var got struct {
			Done   int64            `json:"done"`
			Errors map[string]int64 `json:"errors"`
			P50    int64            `json:"p50_us"`
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 || got.Done < 1 || len(got.Errors) != 0 || got.P50 < 1 {
			t.Errorf("bench %s: code %d, %v\n%s%s", work, code, err, out, errs)
		}
	}
	dsn := pgtest.DSN(t)
	expect(p, 0, "reached a second", "bench", "claims", "--duration", "200ms", "--members", "5", "--dsn", dsn)
	if left, err := filepath.Glob(filepath.Join(scratch, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	key := filepath.Join(p.Dir, "key")
	if err := os.WriteFile(key, []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(p, 1, "is another machine", "bench", "claims", "--url", "http://192.0.2.7:8080", "--key-file", key)
	expect(p, 1, "--key-file", "bench", "claims", "--url", "http://127.0.0.1:8080")
	expect(p, 1, "--duration", "bench", "claims", "--duration", "2h")
}

func TestCommandsWithoutDatabase(t *testing.T) {
	p := program.New(t)
	expect(p, 0, "quan serve makes one", "doctor")
	expect(p, 1, "quan.key", "verify")
	expect(p, 1, "expected one of", []string{}...)
	expect(p, 1, "nonsense", "nonsense")
	expect(p, 1, "listn", "serve", "--listn", "127.0.0.1:0")
}

// A DSN's password is in no message, and a server that is not there is said so.
func TestCommandsUnreachable(t *testing.T) {
	p := program.New(t)
	const dsn = "postgres://quan:hush-hush@127.0.0.1:1/quan"
	for _, args := range [][]string{{"migrate"}, {"doctor"}, {"verify"}, {"serve", "--listen", "127.0.0.1:0"}} {
		out, errs, code := p.Run(append(args, "--db", dsn)...)
		if code != 1 || strings.Contains(out+errs, "hush-hush") {
			t.Errorf("%s: code %d\n%s%s", args[0], code, out, errs)
		}
	}
}

// TestHeld starts a second writer on one SQLite file.
func TestHeld(t *testing.T) {
	p := program.New(t)
	s := p.Serve()
	expect(p, 1, fmt.Sprintf("another process writes this database: process %d", s.Process.Process.Pid),
		"serve", "--db", p.DB, "--listen", "127.0.0.1:0")
	expect(p, 1, "another process writes", "migrate", "--db", p.DB)
	s.Kill() // the lock goes with its holder
	p.Serve().Stop()
}

// Two processes serve one PostgreSQL: what one writes the other shows.
func TestTwoProcesses(t *testing.T) {
	p := program.New(t)
	p.DB = pgtest.DSN(t)
	one, two := p.Serve(), p.Serve()
	template := one.Template("")
	two.Want(200, nil, "GET", "/v1/templates/"+template, "")
	one.Stop()
	two.Want(200, nil, "GET", "/readyz", "")
	two.Stop()
}

// A flag goes before the environment, the environment before the file.
func TestSettings(t *testing.T) {
	p := program.New(t)
	if err := os.WriteFile(filepath.Join(p.Dir, "quan.json"), []byte(`{"db": "file/quan.db"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		made string
		env  []string
		args []string
	}{
		{"file/quan.db", nil, []string{"migrate"}},
		{"environment/quan.db", []string{"QUAN_DB=environment/quan.db"}, []string{"migrate"}},
		{"flag/quan.db", []string{"QUAN_DB=environment/quan.db"}, []string{"migrate", "--db", "flag/quan.db"}},
	} {
		cmd := p.Command(c.args...)
		cmd.Env = append(cmd.Env, c.env...)
		out, errs, code := p.Finish(cmd)
		if _, err := os.Stat(filepath.Join(p.Dir, c.made)); err != nil || code != 0 || !strings.HasPrefix(out, c.made+":") {
			t.Errorf("%v: code %d, %v\n%s%s", c.args, code, err, out, errs)
		}
	}
}

// What watches a server: health, readiness, metrics, the description of the API.
func TestProbes(t *testing.T) {
	program.Places(t, func(p *program.Place) {
		s := p.Serve()
		for _, path := range []string{"/healthz", "/readyz"} {
			if a := s.Want(200, nil, "GET", path, ""); !strings.Contains(string(a.Body), `"status":"ok"`) {
				t.Errorf("%s: %s", path, a.Body)
			}
		}
		var me struct{ Kind string }
		s.Want(200, &me, "GET", "/v1/me", "")
		metrics := string(s.Want(200, nil, "GET", "/metrics", "").Body)
		for _, want := range []string{`quan_http_request_seconds_count{route="GET /v1/me",status="200"} 1`, "quan_http_requests_in_flight", "process_open_fds",
			`quan_store_wait_seconds_bucket{class="admin",le="+Inf"}`, `quan_store_shed_total{class="use"} 0`, `quan_gather_wait_seconds_count{class="issue"} 0`} {
			if !strings.Contains(metrics, want) {
				t.Errorf("no %s in\n%.3000s", want, metrics)
			}
		}
		s.Want(200, nil, "GET", "/docs", "")
		s.Want(200, &struct{}{}, "GET", "/openapi.json", "")
		s.Key = "quan_00000000000000000000000000000000"
		s.Want(http.StatusUnauthorized, nil, "GET", "/v1/me", "")
		s.Stop()
		mute := p.Serve("--no-metrics")
		mute.Want(404, nil, "GET", "/metrics", "")
		mute.Stop()
	})
}

// job is how the demo shows itself.
type job struct {
	Kind, State string
	Done, Total int
}

func demo(s *program.Server) job {
	s.Helper()
	var list struct{ Items []job }
	s.Want(200, &list, "GET", "/v1/jobs", "")
	for _, j := range list.Items {
		if j.Kind == "demo" {
			return j
		}
	}
	return job{}
}

// TestServeDemo loads the demo beside a server: it is ready at once, serves
// others meanwhile, shows the job, and can be stopped in the middle.
func TestServeDemo(t *testing.T) {
	p := program.New(t)
	s := p.Serve("--demo")
	s.Want(200, nil, "GET", "/readyz", "")
	program.Await(t, "the demo's job", func() bool { return demo(s).State == "running" })
	s.Want(200, nil, "GET", "/readyz", "")
	s.Want(201, nil, "PUT", "/v1/members/external/somebody", "{}")
	if j := demo(s); j.State != "running" || j.Total != 90 {
		t.Errorf("the demo is %+v; it should still be loading", j)
	}
	s.Stop()
	p.Verify()
}

// A small demo that was played by the command is one that serve --demo knows.
func TestServeDemoAdopts(t *testing.T) {
	program.Places(t, func(p *program.Place) {
		expect(p, 0, "0 acts went otherwise", "demo", "--db", p.DB, "--members", "60", "--days", "4")
		s := p.Serve("--demo")
		program.Await(t, "the demo to be done", func() bool { j := demo(s); return j.State == "completed" && j.Done == 4 && j.Total == 4 })
		var members struct{ Items []struct{ ID string } }
		s.Want(200, &members, "GET", "/v1/members?limit=100", "")
		if len(members.Items) != 60+33 { // and those of the member day
			t.Errorf("%d members, want 93", len(members.Items))
		}
		s.Stop()
		p.Verify()
	})
}
