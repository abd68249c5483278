package app

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// promotions keeps, for each market, the index of the templates that apply by
// themselves. A quote may be a second behind (semantics 22); what a lock issues
// is decided against the template as it is.
type promotions struct {
	store   store.Store
	mu      sync.Mutex
	markets map[string]*shelf
}

// shelf is a market's index with how far its changes were read.
type shelf struct {
	current atomic.Pointer[reading]
	stale   atomic.Bool
	loading sync.Mutex       // guards what follows
	since   calendar.Instant // of the newest change that was read
	after   string           // its key
	grew    time.Time        // when it was read
	revs    map[id.ID]int64
}

// reading is an index as of a moment of the process's own clock.
type reading struct {
	index *pricing.Index
	at    time.Time
}

const (
	promotionsAge   = time.Second
	promotionsBatch = 1_000
	// skew is how far the clocks of two processes may be apart: what another one
	// wrote with an earlier time is found nevertheless.
	skew = calendar.Instant(5_000)
	// settled is how long after the newest change was read no older one can follow.
	settled = 10 * time.Second
)

func newPromotions(s store.Store) *promotions {
	return &promotions{store: s, markets: map[string]*shelf{}}
}

// Promotions returns the index of a market's promotions that apply by themselves.
// The first call reads every automatic template, later ones what changed, at most
// once a second: a look at an index that is half as old has it read in the
// background, so that under load nobody waits for it.
func (c *Cache) Promotions(ctx context.Context, market string) (*pricing.Index, error) {
	p := c.promotions
	p.mu.Lock()
	s := p.markets[market]
	if s == nil {
		s = &shelf{revs: map[id.ID]int64{}}
		s.current.Store(&reading{index: pricing.NewIndex(nil)})
		p.markets[market] = s
	}
	p.mu.Unlock()
	if index, age := s.fresh(); index != nil {
		if age > promotionsAge/2 && s.loading.TryLock() {
			go func() {
				defer s.loading.Unlock()
				_ = s.refresh(context.WithoutCancel(ctx), p, market) // the next look tries again, and tells
			}()
		}
		return index, nil
	}
	s.loading.Lock()
	defer s.loading.Unlock()
	if index, _ := s.fresh(); index != nil {
		return index, nil // another look has read it meanwhile
	}
	if err := s.refresh(ctx, p, market); err != nil {
		return nil, fmt.Errorf("app: promotions: %w", err)
	}
	return s.current.Load().index, nil
}

// fresh is the index with its age, nil when it is too old to quote with.
func (s *shelf) fresh() (*pricing.Index, time.Duration) {
	now := s.current.Load()
	age := time.Since(now.at)
	if now.at.IsZero() || age >= promotionsAge || s.stale.Load() {
		return nil, age
	}
	return now.index, age
}

// refresh catches up, under loading.
func (s *shelf) refresh(ctx context.Context, p *promotions, market string) error {
	began := time.Now()
	if s.stale.Swap(false) {
		s.grew = began // this process has written: the clock of a simulation may stand still
	}
	index, err := s.catchUp(ctx, p, market)
	if err != nil {
		s.stale.Store(true)
		return err
	}
	s.current.Store(&reading{index, began})
	return nil
}

// forget makes the next look catch up, however soon it is.
func (p *promotions) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.markets {
		s.stale.Store(true)
	}
}

// catchUp reads what changed since the last time and returns the index with it.
func (s *shelf) catchUp(ctx context.Context, p *promotions, market string) (*pricing.Index, error) {
	var put []*coupon.Version
	var out []id.ID
	seen := map[id.ID]int64{} // what is known when all pages are read, not before
	since, after := s.from()
	for {
		var rows []store.Template
		var versions []coupon.Version
		err := p.store.View(ctx, func(tx store.Tx) (err error) {
			if rows, err = tx.Templates().Changed(market, since, after, promotionsBatch); err != nil {
				return err
			}
			versions, err = tx.Versions().Get(s.news(rows))
			return err
		})
		if err != nil {
			return nil, err
		}
		docs := make(map[id.ID]*coupon.Version, len(versions))
		for i := range versions {
			docs[versions[i].Template] = &versions[i]
		}
		for i := range rows {
			t := &rows[i]
			since, after = t.UpdatedAt, id.Format(id.Template, t.ID)
			if s.revs[t.ID] == t.Rev {
				continue
			}
			seen[t.ID] = t.Rev
			if v := docs[t.ID]; v != nil && v.Doc.Claim.Automatic && t.Status == coupon.StatusPublished && t.Claiming && t.Use {
				put = append(put, v)
			} else {
				out = append(out, t.ID)
			}
		}
		if len(rows) < promotionsBatch {
			break
		}
	}
	maps.Copy(s.revs, seen)
	if since > s.since || since == s.since && after > s.after {
		s.since, s.after, s.grew = since, after, time.Now()
	}
	index := s.current.Load().index
	if len(put)+len(out) > 0 {
		index = index.With(put, out)
	}
	return index, nil
}

// from is where to read on: a little before the newest change, until nobody can
// write one any more that is older. (A thousand templates published at once would
// otherwise be read again each second for ever.)
func (s *shelf) from() (calendar.Instant, string) {
	if time.Since(s.grew) > settled {
		return s.since, s.after
	}
	return max(s.since-skew, 0), ""
}

// news names the newest versions of rows that are not known at their revision.
func (s *shelf) news(rows []store.Template) []store.VersionKey {
	var keys []store.VersionKey
	for i := range rows {
		if t := &rows[i]; s.revs[t.ID] != t.Rev && t.Version > 0 {
			keys = append(keys, store.VersionKey{Template: t.ID, Number: t.Version})
		}
	}
	return keys
}
