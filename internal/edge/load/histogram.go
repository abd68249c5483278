package load

import (
	"math/bits"
	"time"
)

// subBits makes 128 buckets to each power of two: a figure is off by less than 0.8 %.
const subBits = 7

// mostBucket holds everything from about 19 hours on.
const mostBucket = (36 - subBits + 1) << subBits

// Histogram counts durations in microseconds, by buckets that grow with them
// (log-linear, after HdrHistogram). The zero value is empty. Not safe for
// concurrent use: each connection has its own, merged at the end.
type Histogram struct {
	counts [mostBucket + 1]int64
	total  int64
	most   time.Duration
}

// bucket of a number of microseconds: exact below 128, then 128 to a power of two.
func bucket(us uint64) int {
	if us < 1<<subBits {
		return int(us)
	}
	shift := bits.Len64(us) - 1 - subBits
	return min(shift<<subBits+int(us>>shift), mostBucket)
}

// top is the largest number of microseconds of a bucket.
func top(b int) uint64 {
	if b < 1<<subBits {
		return uint64(b)
	}
	shift := b>>subBits - 1
	return uint64(b-shift<<subBits+1)<<shift - 1
}

// Record counts one duration; one below zero is zero.
func (h *Histogram) Record(d time.Duration) {
	d = max(d, 0)
	h.counts[bucket(uint64(d.Microseconds()))]++
	h.total++
	h.most = max(h.most, d)
}

// Add counts what another histogram has counted.
func (h *Histogram) Add(o *Histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.total += o.total
	h.most = max(h.most, o.most)
}

// Count is how many durations were recorded.
func (h *Histogram) Count() int64 { return h.total }

// Max is the longest of them, exact.
func (h *Histogram) Max() time.Duration { return h.most }

// Quantile is the duration that so many of a million don't exceed, by the upper end
// of its bucket; zero of nothing.
func (h *Histogram) Quantile(perMillion int64) time.Duration {
	rank := max((h.total*perMillion+999_999)/1_000_000, 1)
	for b, n := range h.counts {
		if rank -= n; rank <= 0 && n > 0 && b < mostBucket {
			return min(time.Duration(top(b))*time.Microsecond, h.most)
		}
	}
	return h.most
}
