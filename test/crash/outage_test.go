package crash

import (
	"testing"
	"time"

	"quan/internal/store/postgres/pgtest"
	"quan/internal/testkit"
	"quan/test/program"
)

// TestOutage kills the PostgreSQL server under a running quan and starts it again,
// several times. Clients that send the same again lose and double nothing, and
// once the server is back a request needs one retry at most.
func TestOutage(t *testing.T) {
	times, seed := testkit.Figure(t, "QUAN_CRASH_OUTAGES", 3), seed(t)
	server := pgtest.Own(t)
	p := program.New(t)
	p.DB = server.DSN
	s := p.Serve()
	template := s.Template("")
	w := &insistent{crowd: newCrowd(t, s, template, seed, 0), most: 2}
	w.calm.Store(time.Now().UnixNano())
	w.during(s, func() {
		told := testkit.Progress(t, times, "outages")
		for n := range times {
			told(n)
			enough := w.answered.Load() + 100
			program.Await(t, "steps between two outages", func() bool { return w.over.Load() || w.answered.Load() >= enough })
			failed := w.failed.Load()
			w.calm.Store(0)
			if err := server.Crash(t.Context()); err != nil {
				t.Error(err)
				return
			}
			program.Await(t, "a client to notice", func() bool { return w.over.Load() || w.failed.Load() > failed })
			if err := server.Restart(t.Context()); err != nil {
				t.Error(err)
				return
			}
			w.calm.Store(time.Now().UnixNano())
		}
		enough := w.answered.Load() + 100
		program.Await(t, "steps after the last outage", func() bool { return w.over.Load() || w.answered.Load() >= enough })
	})
	settled(t, p, s, w)
	t.Logf("%d outages: %d steps acknowledged, refused attempts %v", times, w.answered.Load(), w.codes())
}

// settled demands that every journey is in the store exactly once.
func settled(t *testing.T, p *program.Place, s *program.Server, w *insistent) {
	t.Helper()
	w.check(s)
	tally := map[string]int{}
	w.tally(tally)
	counted(s, w.template, tally)
	s.Stop()
	p.Verify()
}
