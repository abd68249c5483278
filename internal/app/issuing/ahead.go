package issuing

import (
	"context"
	"sync"

	"quan/internal/domain/grant"
	"quan/internal/kernel/id"
)

// readAhead keeps the members whom bulk grants come to next, so that not each piece
// reads its own. It is what a view saw a moment ago: who asks is judged with each
// piece as ever, whom a segment holds at most that long before. A run that lost its
// job leaves nothing that another would take: they are asked for by the job's token
// and place.
type readAhead struct {
	mu    sync.Mutex
	pages map[aheadKey]turnPage
}

type aheadKey struct {
	job   id.ID
	token int64
	phase grant.Phase
	after int64
}

// readTogether is how many members are read at once.
const readTogether = 16 * grant.Piece

// mostAhead bounds what is kept for all jobs.
const mostAhead = 64

func (a *readAhead) take(k aheadKey) (turnPage, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.pages[k]
	delete(a.pages, k)
	return p, ok
}

func (a *readAhead) keep(k aheadKey, p turnPage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pages == nil || len(a.pages) >= mostAhead { // of jobs that were stopped
		a.pages = map[aheadKey]turnPage{}
	}
	a.pages[k] = p
}

// turn is the next page of the grant, read ahead where it can be.
func (g *bulk) turn(ctx context.Context, size int) (turnPage, error) {
	key := aheadKey{g.run.ID, g.run.Token, g.progress.Phase, g.progress.After}
	p, ok := g.ahead.take(key)
	if !ok {
		var err error
		if p, err = g.next(ctx, g.progress.After, g.progress.Through, max(readTogether, size)); err != nil {
			return p, err
		}
	}
	first, rest, more := p.split(size)
	if more {
		key.after = first.after
		g.ahead.keep(key, rest)
	}
	return first, nil
}

// split takes the first so many members off; more says that some are left.
func (p turnPage) split(size int) (first, rest turnPage, more bool) {
	if len(p.targets) <= size {
		return p, rest, false
	}
	first, rest = p, p
	first.targets, rest.targets = p.targets[:size:size], p.targets[size:]
	first.last = false
	last := first.targets[size-1]
	if first.after = int64(last.member); last.number != 0 {
		first.after = last.number
	}
	return first, rest, true
}

// cut makes pages of at most size members: each but the last ends at its last member.
func (p turnPage) cut(size int) (pages []turnPage) {
	for more := true; more; {
		var first turnPage
		first, p, more = p.split(size)
		pages = append(pages, first)
	}
	return pages
}
