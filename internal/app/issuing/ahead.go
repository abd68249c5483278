package issuing

import (
	"context"
	"sync"

	"quan/internal/domain/grant"
	"quan/internal/kernel/id"
)

// readAhead keeps pages of members that bulk grants will ask for next, so that not
// each piece reads its own. It is what a view saw a moment ago: who asks is judged
// with each piece as ever, whom a segment holds at most aheadPages pieces late. A
// run that lost its job leaves nothing that another would take: a page is asked for
// by the job's token and place.
type readAhead struct {
	mu    sync.Mutex
	pages map[aheadKey]turnPage
}

type aheadKey struct {
	job   id.ID
	token int64
	phase grant.Phase
	after int64
	size  int
}

// aheadPages is how many pages are read together.
const aheadPages = 16

// mostAhead bounds the pages of all jobs.
const mostAhead = 256

func (a *readAhead) take(k aheadKey) (turnPage, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, ok := a.pages[k]
	delete(a.pages, k)
	return p, ok
}

// keep replaces the pages of a job.
func (a *readAhead) keep(job id.ID, pages map[aheadKey]turnPage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pages == nil || len(a.pages) > mostAhead { // of jobs that were stopped
		a.pages = map[aheadKey]turnPage{}
	}
	for k := range a.pages {
		if k.job == job {
			delete(a.pages, k)
		}
	}
	for k, p := range pages {
		a.pages[k] = p
	}
}

// turn is the next page of the grant, read ahead where it can be.
func (g *bulk) turn(ctx context.Context, size int) (turnPage, error) {
	key := aheadKey{g.run.ID, g.run.Token, g.progress.Phase, g.progress.After, size}
	if p, ok := g.ahead.take(key); ok {
		return p, nil
	}
	first, err := g.next(ctx, g.progress.After, g.progress.Through, size*aheadPages)
	if err != nil {
		return first, err
	}
	pages := first.cut(size)
	kept := map[aheadKey]turnPage{}
	for i := 1; i < len(pages); i++ {
		key.after = pages[i-1].after
		kept[key] = pages[i]
	}
	g.ahead.keep(g.run.ID, kept)
	return pages[0], nil
}

// cut makes pages of at most size members: each but the last ends at its last member.
func (p turnPage) cut(size int) (pages []turnPage) {
	for rest := p.targets; ; rest = rest[size:] {
		one := p
		if one.targets = rest; len(rest) > size {
			one.targets, one.last = rest[:size:size], false
			if one.after = int64(rest[size-1].member); rest[size-1].number != 0 {
				one.after = rest[size-1].number
			}
			pages = append(pages, one)
			continue
		}
		return append(pages, one)
	}
}
