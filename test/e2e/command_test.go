package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quan/internal/store/postgres/pgtest"
)

// expect runs a command and demands its exit code and a word of what it says.
func (p *place) expect(code int, word string, args ...string) {
	p.Helper()
	out, errs, got := p.run(args...)
	if got != code || !strings.Contains(out+errs, word) {
		p.Errorf("quan %s: code %d, want %d and %q in\n%s%s", strings.Join(args, " "), got, code, word, out, errs)
	}
}

func TestCommands(t *testing.T) {
	places(t, func(p *place) {
		p.expect(0, "quan 0.", "version")
		p.expect(0, "schema is up to date", "migrate", "--db", p.db)
		p.expect(0, "schema is up to date", "migrate", "--db", p.db)
		s := p.serve()
		p.expect(0, "clocks of program and database agree", "doctor", "--db", p.db)
		p.expect(0, "all invariants hold", "verify", "--db", p.db)
		s.stop()
		p.expect(0, "ok", "doctor", "--db", p.db)
		if err := os.Remove(filepath.Join(p.dir, "data", "quan.key")); err != nil {
			t.Fatal(err)
		}
		p.expect(1, "quan.key", "doctor", "--db", p.db)
		p.expect(1, "quan.key", "verify", "--db", p.db)
	})
}

func TestCommandsWithoutDatabase(t *testing.T) {
	p := newPlace(t)
	p.expect(0, "quan serve makes one", "doctor")
	p.expect(1, "quan.key", "verify")
	p.expect(1, "expected one of", []string{}...)
	p.expect(1, "nonsense", "nonsense")
	p.expect(1, "listn", "serve", "--listn", "127.0.0.1:0")
}

// A DSN's password is in no message, and a server that is not there is said so.
func TestCommandsUnreachable(t *testing.T) {
	p := newPlace(t)
	const dsn = "postgres://quan:hush-hush@127.0.0.1:1/quan"
	for _, args := range [][]string{{"migrate"}, {"doctor"}, {"verify"}, {"serve", "--listen", "127.0.0.1:0"}} {
		out, errs, code := p.run(append(args, "--db", dsn)...)
		if code != 1 || strings.Contains(out+errs, "hush-hush") {
			t.Errorf("%s: code %d\n%s%s", args[0], code, out, errs)
		}
	}
}

// TestHeld starts a second writer on one SQLite file.
func TestHeld(t *testing.T) {
	p := newPlace(t)
	s := p.serve()
	p.expect(1, fmt.Sprintf("another process writes this database: process %d", s.command.Process.Pid),
		"serve", "--db", p.db, "--listen", "127.0.0.1:0")
	p.expect(1, "another process writes", "migrate", "--db", p.db)
	s.kill() // the lock goes with its holder
	p.serve().stop()
}

// Two processes serve one PostgreSQL: what one writes the other shows.
func TestTwoProcesses(t *testing.T) {
	p := newPlace(t)
	p.db = pgtest.DSN(t)
	one, two := p.serve(), p.serve()
	template := one.template()
	two.want(200, nil, "GET", "/v1/templates/"+template, "")
	one.stop()
	two.want(200, nil, "GET", "/readyz", "")
	two.stop()
}

// A flag goes before the environment, the environment before the file.
func TestSettings(t *testing.T) {
	p := newPlace(t)
	if err := os.WriteFile(filepath.Join(p.dir, "quan.json"), []byte(`{"db": "file/quan.db"}`), 0o600); err != nil {
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
		cmd := p.command(c.args...)
		cmd.Env = append(cmd.Env, c.env...)
		out, errs, code := p.finish(cmd)
		if _, err := os.Stat(filepath.Join(p.dir, c.made)); err != nil || code != 0 || !strings.HasPrefix(out, c.made+":") {
			t.Errorf("%v: code %d, %v\n%s%s", c.args, code, err, out, errs)
		}
	}
}

// What watches a server: health, readiness, metrics, the description of the API.
func TestProbes(t *testing.T) {
	places(t, func(p *place) {
		s := p.serve()
		for _, path := range []string{"/healthz", "/readyz"} {
			if a := s.want(200, nil, "GET", path, ""); !strings.Contains(string(a.body), `"status":"ok"`) {
				t.Errorf("%s: %s", path, a.body)
			}
		}
		var me struct{ Kind string }
		s.want(200, &me, "GET", "/v1/me", "")
		metrics := string(s.want(200, nil, "GET", "/metrics", "").body)
		for _, want := range []string{`quan_http_request_seconds_count{route="GET /v1/me",status="200"} 1`, "quan_http_requests_in_flight", "process_open_fds"} {
			if !strings.Contains(metrics, want) {
				t.Errorf("no %s in\n%.3000s", want, metrics)
			}
		}
		s.want(200, nil, "GET", "/docs", "")
		s.want(200, &struct{}{}, "GET", "/openapi.json", "")
		s.key = "quan_00000000000000000000000000000000"
		s.want(http.StatusUnauthorized, nil, "GET", "/v1/me", "")
		s.stop()
		mute := p.serve("--no-metrics")
		mute.want(404, nil, "GET", "/metrics", "")
		mute.stop()
	})
}

// job is how the demo shows itself.
type job struct {
	Kind, State string
	Done, Total int
}

func (s *server) demo() job {
	s.Helper()
	var list struct{ Items []job }
	s.want(200, &list, "GET", "/v1/jobs", "")
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
	p := newPlace(t)
	s := p.serve("--demo")
	s.want(200, nil, "GET", "/readyz", "")
	await(t, "the demo's job", func() bool { return s.demo().State == "running" })
	s.want(200, nil, "GET", "/readyz", "")
	s.want(201, nil, "PUT", "/v1/members/external/somebody", "{}")
	if j := s.demo(); j.State != "running" || j.Total != 90 {
		t.Errorf("the demo is %+v; it should still be loading", j)
	}
	s.stop()
	p.verify()
}

// A small demo that was played by the command is one that serve --demo knows.
func TestServeDemoAdopts(t *testing.T) {
	places(t, func(p *place) {
		p.expect(0, "0 acts went otherwise", "demo", "--db", p.db, "--members", "60", "--days", "4")
		s := p.serve("--demo")
		await(t, "the demo to be done", func() bool { j := s.demo(); return j.State == "done" && j.Done == 4 && j.Total == 4 })
		var members struct{ Items []struct{ ID string } }
		s.want(200, &members, "GET", "/v1/members?limit=100", "")
		if len(members.Items) != 60 {
			t.Errorf("%d members, want 60", len(members.Items))
		}
		s.stop()
		p.verify()
	})
}
