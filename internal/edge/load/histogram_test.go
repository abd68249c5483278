package load

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Quantiles are those of the sorted durations, rounded up by less than 0.8 %.
func TestQuantiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var h, part Histogram
		all := make([]time.Duration, 1+r.IntN(3000))
		for i := range all {
			all[i] = time.Duration(r.Int64N(1<<(1+r.IntN(32)))) * time.Microsecond
			if i%2 == 0 {
				h.Record(all[i])
			} else {
				part.Record(all[i])
			}
		}
		h.Add(&part)
		slices.Sort(all)
		if h.Count() != int64(len(all)) || h.Max() != all[len(all)-1] {
			t.Fatalf("%d to %s, want %d to %s", h.Count(), h.Max(), len(all), all[len(all)-1])
		}
		for _, q := range []int64{1, p50, p90, p99, p999, 1_000_000} {
			want := all[max((int64(len(all))*q+999_999)/1_000_000-1, 0)]
			if got := h.Quantile(q); got < want || got > want+want/128+time.Microsecond {
				t.Fatalf("quantile %d of %d: %s, want %s", q, len(all), got, want)
			}
		}
	}
}

func TestHistogramEnds(t *testing.T) {
	var h Histogram
	if h.Quantile(p50) != 0 || h.Max() != 0 {
		t.Error("something of nothing")
	}
	h.Record(-time.Second)
	h.Record(1000 * time.Hour)
	if h.Quantile(p50) != 0 || h.Quantile(1_000_000) != 1000*time.Hour {
		t.Errorf("%s, %s", h.Quantile(p50), h.Quantile(1_000_000))
	}
	for us := range uint64(1 << 20) {
		if b := bucket(us); us > top(b) || b > 0 && us <= top(b-1) {
			t.Fatalf("%d µs is in bucket %d, to %d", us, b, top(b))
		}
	}
}
