package bench

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"quan/internal/kernel/id"
	"quan/internal/server"
	"quan/internal/store/postgres"
)

// processes is how many share a database in BenchmarkProcesses.
const processes = 3

// BenchmarkProcesses is gathered claims by several processes on one PostgreSQL, each
// with pools, caches and lanes of its own (here in one program): all of one hot
// template, or each of its own. The difference is what dividing a template's stock
// row into several could bring at most.
func BenchmarkProcesses(b *testing.B) {
	dsn := database(b)
	open := func() *postgres.Engine {
		s, err := postgres.Open(b.Context(), dsn, postgres.Options{MostWait: patience})
		must(b, err)
		b.Cleanup(func() { must(b, s.Close()) })
		return s
	}
	first := stageOn(b, open())
	var templates [processes]id.ID
	var stages [processes]*stage
	for i := range processes {
		templates[i] = first.template
		if i > 0 {
			templates[i] = hot(first.World)
		}
		own := *first
		if i > 0 {
			own.World = first.Restarted(open(), int64(i+1))
			own.World.App.Clock = server.WallClock
		}
		stages[i] = &own
	}
	var numbers atomic.Int64
	run := func(n int, template func(i int) id.ID) func(time.Duration) turn {
		return func(d time.Duration) turn {
			ends := make(chan turn, n)
			began := time.Now()
			for i := range n {
				own := *stages[i]
				own.template = template(i)
				go func() {
					ends <- (&claims{stage: &own, numbers: &numbers}).run(crowdSize/n, gathered, d)
				}()
			}
			var all turn
			for range n {
				t := <-ends
				all.each, all.done = append(all.each, t.each...), all.done+t.done
			}
			all.took = time.Since(began)
			return all
		}
	}
	one := func(int) id.ID { return templates[0] }
	each := func(i int) id.ID { return templates[i] }
	compete(b, fmt.Sprintf("Claims by several processes on one PostgreSQL; %d callers in all, gathered, %d members", crowdSize, members),
		contestant{name: "one process", note: "one template", run: run(1, one), limit: true},
		contestant{name: fmt.Sprintf("%d processes", processes), note: "one template", run: run(processes, one)},
		contestant{name: fmt.Sprintf("%d processes", processes), note: "a template each", run: run(processes, each)})
}
