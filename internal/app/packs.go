package app

import (
	"context"
	"fmt"
	"sync"

	"quan/internal/domain/limit"
	"quan/internal/domain/pack"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// PackOffer is a pack as of one generation of its stock row.
type PackOffer struct {
	Pack       *pack.Pack
	Generation int64
}

// packCache remembers packs. A claim compares the generation with the stock row that
// it holds locked, as with templates.
type packCache struct {
	mu   sync.RWMutex
	rows map[id.ID]*PackOffer
}

// Pack returns a pack, nil when there is none.
func (c *Cache) Pack(ctx context.Context, p id.ID) (*PackOffer, error) {
	c.packs.mu.RLock()
	o := c.packs.rows[p]
	c.packs.mu.RUnlock()
	if o != nil {
		return o, nil
	}
	err := c.store.View(ctx, func(tx store.Tx) error {
		o = nil
		rows, err := tx.Packs().Get([]string{id.Format(id.Pack, p)})
		if err != nil || len(rows) == 0 {
			return err
		}
		o = &PackOffer{Pack: &rows[0]}
		stock, err := tx.Counters().Get([]limit.Key{pack.StockKey(p)})
		if len(stock) > 0 {
			o.Generation = stock[0].Rev
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("app: read pack: %w", err)
	}
	if o == nil || o.Pack.Status == pack.StatusDraft {
		return o, nil // a draft has no generation that would tell of its publication
	}
	c.packs.mu.Lock()
	defer c.packs.mu.Unlock()
	if c.packs.rows == nil {
		c.packs.rows = map[id.ID]*PackOffer{}
	}
	if known := c.packs.rows[p]; known == nil || known.Generation < o.Generation {
		c.packs.rows[p] = o
	}
	return o, nil
}

// ForgetPack makes the next look read the pack, and placements, anew.
func (c *Cache) ForgetPack(p id.ID) {
	c.packs.mu.Lock()
	delete(c.packs.rows, p)
	c.packs.mu.Unlock()
	c.mu.Lock()
	c.clearPlacements()
	c.mu.Unlock()
}
