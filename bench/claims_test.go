package bench

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/issuing"
)

// BenchmarkClaims is claims through the use case, all checks on: one hot
// template, a limit per member, members named by identity, an idempotency key
// each. Beside it the bare SQL that writes the same rows.
func BenchmarkClaims(b *testing.B) {
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			st := newStage(b, engine)
			bare := newBare(b, engine)
			single := crowdSize
			claims := &claims{stage: st, numbers: new(atomic.Int64)}
			compete(b, fmt.Sprintf("Claims in process, %s; %d members, an empty template; stores grow as they go", engine, members),
				contestant{name: "bare SQL", note: "256 a commit", run: func(d time.Duration) turn { return bare.run(b, batchSize, d) }, limit: true},
				contestant{name: "quan", note: "4 callers, slices of 256", run: func(d time.Duration) turn { return claims.run(4, batchSize, d) }},
				contestant{name: "quan", note: "256 callers, slices of 1", run: func(d time.Duration) turn { return claims.run(single, 1, d) }},
				contestant{name: "quan", note: "256 callers, gathered", run: func(d time.Duration) turn { return claims.run(single, gathered, d) }},
				contestant{name: "quan", note: "1 caller, slices of 1", run: func(d time.Duration) turn { return claims.run(1, 1, d) }},
				contestant{name: "bare SQL", note: "1 a commit", run: func(d time.Duration) turn { return bare.run(b, 1, d) }})
			if got, want := st.taken(), claims.issued.Load(); got != want {
				b.Errorf("the stock row says %d, %d coupons were given out", got, want)
			}
		})
	}
}

// gathered stands for a slice's size where one claim is left to the gatherer.
const gathered = 0

// claims makes load through the use case.
type claims struct {
	*stage
	numbers *atomic.Int64 // of claims, given out so far
	issued  atomic.Int64
}

// anyone is the number of the member that makes the n-th claim. Members come in no
// order of theirs: those that claim together lie far from each other.
func anyone(n int64) int64 { return n * 31_337 % members }

const bodyHash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

// run lets callers claim slices of a size until the time is over.
func (c *claims) run(callers, size int, d time.Duration) turn {
	var t turn
	var mu sync.Mutex
	var running sync.WaitGroup
	began := time.Now()
	for range callers {
		running.Go(func() {
			var each []time.Duration
			n := int64(0)
			for time.Since(began) < d {
				start := time.Now()
				n += c.claim(size)
				each = append(each, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			t.each, t.done = append(t.each, each...), t.done+n
		})
	}
	running.Wait()
	t.took = time.Since(began)
	return t
}

func (c *claims) claim(size int) int64 {
	in := make([]issuing.ClaimInput, max(size, 1))
	first := c.numbers.Add(int64(len(in))) - int64(len(in))
	for i := range in {
		n := first + int64(i)
		in[i] = issuing.ClaimInput{Once: app.Once{Key: "claim-" + strconv.FormatInt(n, 10), Body: bodyHash}, Template: c.template,
			Member: c.keys[anyone(n)], Channel: "app", City: "shanghai"}
	}
	out, err := make([]issuing.Outcome, 1), error(nil)
	if size == gathered {
		out[0], err = c.Issuing.ClaimGathered(c.Ctx(), c.By, in[0])
	} else {
		out, err = c.Issuing.Claim(c.Ctx(), c.By, in)
	}
	if err != nil {
		c.Error(err)
		return 0
	}
	for _, o := range out {
		if o.Err != nil {
			c.Error(o.Err)
		}
	}
	c.issued.Add(int64(len(in)))
	return int64(len(in))
}
