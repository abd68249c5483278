package app

import (
	"context"
	"fmt"
	"sync"

	"quan/internal/domain/limit"
	"quan/internal/domain/pack"
	"quan/internal/domain/packet"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Offering is a pack, or a plan of share packets, as of one generation of its stock row.
type Offering[T any] struct {
	Row        *T
	Generation int64
}

// offerings remembers rows of one kind. Who decides compares the generation with the
// stock row that is locked, as with templates.
type offerings[T any] struct {
	mu   sync.RWMutex
	rows map[id.ID]*Offering[T]
}

// find returns a row, nil when there is none. A row whose stock has no generation yet,
// a draft, is not kept: nothing would tell of its publication.
func (o *offerings[T]) find(ctx context.Context, s store.Store, key string, stock limit.Key, rows func(store.Tx) store.Reference[T]) (*Offering[T], error) {
	o.mu.RLock()
	known := o.rows[stock.Template]
	o.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	var fresh *Offering[T]
	err := s.View(ctx, func(tx store.Tx) error {
		fresh = nil
		found, err := rows(tx).Get([]string{key})
		if err != nil || len(found) == 0 {
			return err
		}
		fresh = &Offering[T]{Row: &found[0]}
		counters, err := tx.Counters().Get([]limit.Key{stock})
		if len(counters) > 0 {
			fresh.Generation = counters[0].Rev
		}
		return err
	})
	if err != nil || fresh == nil || fresh.Generation == 0 {
		return fresh, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.rows == nil {
		o.rows = map[id.ID]*Offering[T]{}
	}
	if known := o.rows[stock.Template]; known == nil || known.Generation < fresh.Generation {
		o.rows[stock.Template] = fresh
	}
	return fresh, nil
}

func (o *offerings[T]) forget(key id.ID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.rows, key)
}

// Pack returns a pack, nil when there is none.
func (c *Cache) Pack(ctx context.Context, p id.ID) (*Offering[pack.Pack], error) {
	o, err := c.packs.find(ctx, c.store, id.Format(id.Pack, p), pack.StockKey(p), store.Tx.Packs)
	if err != nil {
		return nil, fmt.Errorf("app: read pack: %w", err)
	}
	return o, nil
}

// ForgetPack makes the next look read the pack, and placements, anew.
func (c *Cache) ForgetPack(p id.ID) {
	c.packs.forget(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clearPlacements()
}

// Plan returns a plan of share packets, nil when there is none.
func (c *Cache) Plan(ctx context.Context, p id.ID) (*Offering[packet.Plan], error) {
	o, err := c.plans.find(ctx, c.store, id.Format(id.PacketPlan, p), packet.StockKey(p), store.Tx.Plans)
	if err != nil {
		return nil, fmt.Errorf("app: read plan of packets: %w", err)
	}
	return o, nil
}

// ForgetPlan makes the next look read the plan anew.
func (c *Cache) ForgetPlan(p id.ID) { c.plans.forget(p) }
