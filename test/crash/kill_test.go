package crash

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"quan/internal/testkit"
	"quan/test/program"
)

// TestKill ends the program with SIGKILL while clients claim, lock, redeem,
// release and refund, again and again on one database.
func TestKill(t *testing.T) {
	cycles, seed := testkit.Figure(t, "QUAN_CRASH_CYCLES", 15), seed(t)
	program.Places(t, func(p *program.Place) {
		draw := rand.New(rand.NewPCG(seed, 1))
		var ready []time.Duration
		var acknowledged, repeated int64
		tally := map[string]int{}
		// A killed process keeps its worker number for a minute, and there are 128:
		// a long run must not kill more often than that.
		least := time.Duration(0)
		if cycles > 100 {
			least = 600 * time.Millisecond
		}
		s := p.Serve()
		template := s.Template("")
		told := testkit.Progress(p, cycles, "kills")
		for cycle := range cycles {
			told(cycle)
			w := newCrowd(p.T, s, template, seed, cycle)
			w.until(s, 20+draw.Int64N(60), least, s.Kill)
			acknowledged += w.answered.Load()
			if cycle%8 == 0 {
				p.Verify() // what the kill left, before anybody mends it
			}
			s = p.Serve()
			ready = append(ready, s.Ready())
			w.check(s)
			repeated += w.repeats.Load()
			w.tally(tally)
			if p.Failed() {
				return
			}
		}
		counted(s, template, tally)
		s.Stop()
		p.Verify()
		if p.Failed() {
			return
		}
		slices.Sort(ready)
		p.Logf("%d kills: %d steps acknowledged, 0 lost, 0 doubled; %d sent again; in the store %v", cycles, acknowledged, repeated, tally)
		p.Logf("time to ready: median %v, longest %v", ready[len(ready)/2].Round(time.Millisecond), ready[len(ready)-1].Round(time.Millisecond))
	})
}

// counted demands that the store counts each claim and use once.
func counted(s *program.Server, template string, tally map[string]int) {
	s.Helper()
	var funnel struct {
		Total struct{ Issued, Redeemed, Returned int }
	}
	s.Want(200, &funnel, "GET", "/v1/templates/"+template+"/funnel", "")
	if funnel.Total.Issued != tally["claim"] || funnel.Total.Redeemed != tally["redeem"] {
		s.Errorf("the funnel counts %+v, the clients %v", funnel.Total, tally)
	}
}
