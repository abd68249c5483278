package issuing

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"quan/internal/app"
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

// forget lets the next piece of a job be small.
func (s *strides) forget(job id.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.jobs, job)
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

// counters are rows as they are going to be.
type counters map[limit.Key]limit.Counter

// sequel is what a piece says of itself to the next one, as soon as it is decided.
type sequel struct {
	job  job.Job
	rows counters // those that are not a member's
}

// issue grants to the members whose turn it is, a piece after the other. Where
// transactions commit beside others the next piece begins while the one before is
// being written, two at a time, and comes to nothing where that one does. It takes the
// counters as that one leaves them, and locks them at its end; while a grant meets
// somebody, and where they are not the same, it waits for them. What was stored is
// returned, and an error only where nothing was.
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
			return true
		}
		g.strides.forget(g.run.ID)
		if first == nil && stored.Rev == g.run.Rev {
			first = end.err
		}
		return false
	}
	run := g
	for range mostPieces {
		size := run.size()
		if size <= grant.Piece {
			run.rows = nil
		}
		p, err := run.turn(ctx, size)
		if err != nil {
			if settle() && stored.Rev == g.run.Rev {
				return stored, g.wrap("read whose turn it is", err)
			}
			break
		}
		told, done := make(chan sequel, 1), make(chan ending, 1)
		go run.piece(ctx, p, told, done)
		next := <-told // no job, where it came to nothing before
		well := settle()
		last = done
		if !well || next.job.State != job.Running || !g.Store.Overlaps() || g.spec.Rate > 0 || ctx.Err() != nil {
			break
		}
		if run, err = g.bulk(next.job); err != nil {
			break
		}
		run.rows = next.rows
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

// piece grants to the members of a page. It tells of what it leaves as soon as that is
// decided, the first time, and at the end what became of it.
func (g *bulk) piece(ctx context.Context, p turnPage, told chan<- sequel, done chan<- ending) {
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
	end.next, end.err = g.PieceAhead(ctx, g.run, b.refresh(ctx), app.Ahead{
		Decide: func(tx store.Tx, next *job.Job) (last bool, err error) {
			if locked, err = g.decide(tx, b, &p, &end.met); err != nil {
				return false, err
			}
			outcomes, err = g.record(next, b, &p)
			return p.last, err
		},
		Told: func(next job.Job) {
			select {
			case told <- sequel{next, sharedOf(locked)}:
			default: // it was decided before
			}
		},
		Write: func(tx store.Tx) error {
			if len(b.acts) == 0 {
				return nil
			}
			if err := b.write(tx, locked); err != nil {
				return err
			}
			return tx.Grants().Insert(outcomes)
		},
		Late:   func() []limit.Key { return slices.Collect(maps.Keys(b.late)) },
		Settle: func(tx store.Tx, found *store.Locked) error { return b.settleLate(tx, found, locked) },
	})
	if end.err == nil {
		b.countRefusals()
	}
}

// decide decides a piece, and says whom it met.
func (g *bulk) decide(tx store.Tx, b *batch, p *turnPage, met *meeting) (locked *store.Locked, err error) {
	b.late = nil
	by, err := principal(tx, g.run.Actor)
	if err != nil || len(b.acts) == 0 {
		return nil, err
	}
	for i := range b.acts {
		b.acts[i].by = by
	}
	if err := b.twice(tx, g, p.targets); err != nil {
		return nil, err
	}
	locked, err = b.settle(tx, func(set store.LockSet) (*store.Locked, error) {
		set.Counters, b.late = g.postpone(set.Counters)
		got, err := tx.Lock(set)
		if err != nil {
			return nil, err
		}
		for k, c := range b.late {
			got.Counters[k] = &c
		}
		met.given = g.given(got)
		return got, nil
	})
	switch {
	case errors.Is(err, app.Again()) && b.late != nil:
		return nil, store.ErrStale // what it was told of is of another generation
	case err != nil:
		return nil, err
	}
	met.behind = g.given(locked)
	return locked, nil
}

// postpone parts the counters to lock now from those that are taken as they were told:
// none, where one was not told of, or looks back on rows that are not there yet.
func (g *bulk) postpone(keys []limit.Key) (now []limit.Key, late counters) {
	for _, k := range keys {
		if k.Per == limit.PerMember {
			now = append(now, k)
			continue
		}
		row, told := g.rows[k]
		if !told || k.Period == limit.Rolling {
			return keys, nil
		}
		if late == nil {
			late = counters{}
		}
		late[k] = row
	}
	return now, late
}

// settleLate writes the counters that were locked last, if they are as they were told.
func (b *batch) settleLate(tx store.Tx, found, after *store.Locked) error {
	var rows []limit.Counter
	for k, told := range b.late {
		if *found.Counters[k] != told {
			return store.ErrStale
		}
		if b.out.touched[k] {
			rows = append(rows, *after.Counters[k])
		}
	}
	return tx.Counters().Write(rows)
}

// sharedOf are the counters that are not a member's.
func sharedOf(locked *store.Locked) counters {
	if locked == nil {
		return nil
	}
	rows := counters{}
	for k, c := range locked.Counters {
		if k.Per != limit.PerMember {
			rows[k] = *c
		}
	}
	return rows
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
