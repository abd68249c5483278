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
	loading sync.Mutex
	index   *pricing.Index
	read    time.Time // when, by the process's own clock
	stale   atomic.Bool
	since   calendar.Instant
	after   string
	revs    map[id.ID]int64
}

const (
	promotionsAge   = time.Second
	promotionsBatch = 1_000
	// skew is how far the clocks of two processes may be apart: what another one
	// wrote with an earlier time is found nevertheless.
	skew = calendar.Instant(5_000)
)

func newPromotions(s store.Store) *promotions {
	return &promotions{store: s, markets: map[string]*shelf{}}
}

// Promotions returns the index of a market's promotions that apply by themselves.
// The first call reads every automatic template, later ones what changed, at most
// once a second.
func (c *Cache) Promotions(ctx context.Context, market string) (*pricing.Index, error) {
	p := c.promotions
	p.mu.Lock()
	s := p.markets[market]
	if s == nil {
		s = &shelf{index: pricing.NewIndex(nil), revs: map[id.ID]int64{}}
		p.markets[market] = s
	}
	p.mu.Unlock()
	s.loading.Lock()
	defer s.loading.Unlock()
	if !s.stale.Swap(false) && !s.read.IsZero() && time.Since(s.read) < promotionsAge {
		return s.index, nil
	}
	began := time.Now()
	if err := s.catchUp(ctx, p.store, market); err != nil {
		return nil, fmt.Errorf("app: promotions: %w", err)
	}
	s.read = began
	return s.index, nil
}

// forget makes the next look catch up, however soon it is.
func (p *promotions) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.markets {
		s.stale.Store(true)
	}
}

// catchUp reads what changed since the last time.
func (s *shelf) catchUp(ctx context.Context, from store.Store, market string) error {
	var put []pricing.Promotion
	var out []id.ID
	seen := map[id.ID]int64{} // what is known when all pages are read, not before
	since, after := max(s.since-skew, 0), ""
	for {
		var rows []store.Template
		var versions []coupon.Version
		err := from.View(ctx, func(tx store.Tx) (err error) {
			if rows, err = tx.Templates().Changed(market, since, after, promotionsBatch); err != nil {
				return err
			}
			versions, err = tx.Versions().Get(s.news(rows))
			return err
		})
		if err != nil {
			return err
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
				put = append(put, pricing.Promotion{Template: t.ID, Version: v.Number, Terms: &v.Doc.Terms, Claim: &v.Doc.Claim})
			} else {
				out = append(out, t.ID)
			}
		}
		if len(rows) < promotionsBatch {
			break
		}
	}
	s.since = max(s.since, since)
	maps.Copy(s.revs, seen)
	if len(put)+len(out) > 0 {
		s.index = s.index.With(put, out)
	}
	return nil
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
