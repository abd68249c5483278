package issuing

import (
	"context"
	"sync"

	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/domain/limit"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// strides says how large the pieces of bulk grants may be. A piece holds the rows of
// its templates, on SQLite the writer, until it is stored; so it is small as soon as a
// grant meets somebody: a more urgent write of this process, or coupons of its
// templates that it has not given itself, in whatever process. Where it meets nobody
// it doubles from piece to piece, to grant.Stride.
type strides struct {
	mu   sync.Mutex
	jobs map[id.ID]*stride
}

// stride is that of one grant.
type stride struct {
	size   int
	urgent int64           // more urgent writes until its last piece
	given  map[id.ID]int64 // coupons of its templates behind its last piece
}

// mostStrides bounds what is kept of jobs that may have ended elsewhere.
const mostStrides = 64

// of is how large the next piece may be.
func (s *strides) of(job id.ID, urgent int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.jobs[job]
	if j == nil || j.urgent != urgent {
		return grant.Piece
	}
	return j.size
}

// note remembers a piece that is stored.
func (s *strides) note(job id.ID, m meeting) {
	if m.given == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs == nil || len(s.jobs) >= mostStrides && s.jobs[job] == nil {
		s.jobs = map[id.ID]*stride{}
	}
	j := s.jobs[job]
	if j == nil {
		j = &stride{size: grant.Piece, urgent: m.urgent, given: m.given}
		s.jobs[job] = j
	}
	met := j.urgent != m.urgent
	for t, n := range m.given {
		met = met || j.given[t] != n
	}
	if j.size = min(2*j.size, grant.Stride); met {
		j.size = grant.Piece
	}
	j.urgent, j.given = m.urgent, m.behind
}

// mostPieces is how many pieces follow one another before the worker looks at what
// else there is.
const mostPieces = 16

// ending is how a piece came to its end.
type ending struct {
	next  job.Job
	err   error
	panic any
	met   meeting
}

// meeting is what shows whether a piece met anybody.
type meeting struct {
	urgent        int64           // more urgent writes until then
	given, behind map[id.ID]int64 // coupons of its templates before it and behind it; nil for none
}

// issue grants to the members whose turn it is, a piece after the other. Where
// transactions commit beside others the next piece begins while the one before is
// being written, two at a time: it waits for that one's locks, and comes to nothing
// where that one does. What was stored is returned, and an error only where nothing was.
func (g *bulk) issue(ctx context.Context) (job.Job, error) {
	stored, last := g.run, (<-chan ending)(nil)
	var first error
	settle := func() bool {
		if last == nil {
			return true
		}
		end := <-last
		if last = nil; end.panic != nil {
			panic(end.panic)
		}
		if end.err == nil {
			stored = end.next
			g.strides.note(stored.ID, end.met)
		} else if first == nil && stored.Rev == g.run.Rev {
			first = end.err
		}
		return end.err == nil
	}
	run := g
	for range mostPieces {
		p, err := run.turn(ctx, run.size())
		if err != nil {
			if settle() && stored.Rev == g.run.Rev {
				return stored, g.wrap("read whose turn it is", err)
			}
			break
		}
		told, done := make(chan job.Job, 1), make(chan ending, 1)
		go run.piece(ctx, p, told, done)
		next := <-told // no job, where it came to nothing before
		well := settle()
		last = done
		if !well || next.State != job.Running || !g.Store.Overlaps() || g.spec.Rate > 0 || ctx.Err() != nil {
			break
		}
		if run, err = g.bulk(next); err != nil {
			break
		}
	}
	settle()
	if stored.Rev == g.run.Rev {
		return g.run, g.wrap("grant", first)
	}
	return stored, nil
}

// size is how many members the next piece has.
func (g *bulk) size() int {
	if g.spec.Rate > 0 {
		return g.spec.Size()
	}
	return g.strides.of(g.run.ID, g.Store.Urgent(store.Background))
}

// piece grants to the members of a page. It tells of the job's row as soon as that is
// decided, the first time, and at the end what became of it.
func (g *bulk) piece(ctx context.Context, p turnPage, told chan<- job.Job, done chan<- ending) {
	end := ending{met: meeting{urgent: g.Store.Urgent(store.Background)}}
	defer func() {
		end.panic = recover()
		done <- end
		close(told)
	}()
	b := g.acts(&p)
	if end.err = b.learn(ctx); end.err != nil {
		return
	}
	var locked *store.Locked
	var outcomes []store.GrantOutcome
	decide := func(tx store.Tx, next *job.Job) (last bool, err error) {
		by, err := principal(tx, g.run.Actor)
		if err != nil {
			return false, err
		}
		for i := range b.acts {
			b.acts[i].by = by
		}
		if len(b.acts) > 0 {
			if err := b.twice(tx, g, p.targets); err != nil {
				return false, err
			}
			locked, err = b.settle(tx, func(set store.LockSet) (*store.Locked, error) {
				got, err := tx.Lock(set)
				if err == nil {
					end.met.given = g.given(got)
				}
				return got, err
			})
			if err != nil {
				return false, err
			}
			end.met.behind = g.given(locked)
		}
		outcomes, err = g.record(next, b, &p)
		return p.last, err
	}
	tell := func(next job.Job) {
		select {
		case told <- next:
		default: // it was decided before
		}
	}
	write := func(tx store.Tx) error {
		if len(b.acts) == 0 {
			return nil
		}
		if err := b.write(tx, locked); err != nil {
			return err
		}
		return tx.Grants().Insert(outcomes)
	}
	if end.next, end.err = g.PieceAhead(ctx, g.run, b.refresh(ctx), tell, decide, write); end.err != nil {
		return
	}
	b.countRefusals()
}

// given is how many coupons there are of the grant's templates.
func (g *bulk) given(locked *store.Locked) map[id.ID]int64 {
	n := make(map[id.ID]int64, len(g.spec.Templates))
	for _, t := range g.spec.Templates {
		if c := locked.Counters[limit.StockKey(t)]; c != nil {
			n[t] = c.Taken
		}
	}
	return n
}
