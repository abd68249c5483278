package server

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	garbage     = 64 << 20 // bytes made between two collections, where little is alive
	leastGrowth = 100      // percent of what is alive, Go's own default
	mostGrowth  = 1000
)

// PaceCollector lets the heap grow by 64 MiB between two collections instead of
// by what is alive, which is so little here that Go would collect a hundred times
// a second under load. With more alive it goes by Go's own rule. GOGC, when it is
// set, stays as it is. It ends with the context.
func PaceCollector(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	alive := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for last := 0; ; {
		metrics.Read(alive)
		if next := growth(alive[0].Value.Uint64()); next != last {
			debug.SetGCPercent(next)
			last = next
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// growth is the percentage by which the heap may grow when so much of it is alive.
func growth(alive uint64) int {
	return int(min(max(garbage*100/max(alive, 1), leastGrowth), mostGrowth))
}
