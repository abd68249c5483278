package crash

import (
	"testing"
	"time"

	"quan/internal/store/postgres/pgtest"
	"quan/internal/testkit"
	"quan/test/program"
)

// TestCommitCut breaks connections before, inside and after COMMIT: each request
// ends as exactly one effect within one retry under its key.
func TestCommitCut(t *testing.T) {
	enough, seed := testkit.Figure[int64](t, "QUAN_CRASH_COMMITS", 300), seed(t)
	p := program.New(t)
	between, dsn := between(t, pgtest.DSN(t), seed)
	p.DB = dsn
	s := p.Serve()
	template := s.Template("")
	w := &insistent{crowd: newCrowd(t, s, template, seed, 0), most: 2}
	w.calm.Store(time.Now().UnixNano())
	between.peaceful.Store(false)
	told := testkit.Progress(t, enough, "steps")
	w.during(s, func() {
		for next := int64(0); next < enough && !w.over.Load(); told(next) { // each hundred has its time
			next = min(next+100, enough)
			program.Await(t, "acknowledged steps", func() bool { return w.over.Load() || w.answered.Load() >= next })
		}
	})
	between.peaceful.Store(true)
	settled(t, p, s, w)
	cuts := map[string]int64{"none": between.fates[pass].Load(), "before": between.fates[before].Load(),
		"inside": between.fates[inside].Load(), "after": between.fates[after].Load()}
	t.Logf("fates of COMMIT %v: %d steps acknowledged, refused attempts %v, at most %d attempts", cuts, w.answered.Load(), w.codes(), w.worst.Load())
	for _, kind := range []string{"before", "inside", "after"} {
		if cuts[kind] < 10 {
			t.Errorf("only %d connections were cut %s COMMIT", cuts[kind], kind)
		}
	}
}
