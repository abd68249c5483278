package app

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"quan/internal/domain/budget"
	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/pack"
	"quan/internal/domain/packet"
	"quan/internal/domain/placement"
	"quan/internal/domain/schedule"
	"quan/internal/domain/stock"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Cache remembers reference rows that decisions read. It is never trusted where
// it matters: a claim compares Generation with the stock row that it holds
// locked, a use with the stock row as it reads it, and both decide again when it
// differs (hot-path P9).
type Cache struct {
	store      store.Store
	loading    sync.Mutex // one reader at a time: a thousand claims of a new template read it once
	mu         sync.RWMutex
	templates  map[id.ID]*Offer
	versions   map[store.VersionKey]*coupon.Version
	placements map[id.ID]*placement.Placement
	conditions sync.Map // store.VersionKey → *Conditions
	promotions *promotions
	packs      offerings[pack.Pack]
	plans      offerings[packet.Plan]
	cleared    int64 // how often placements were dropped: what was read before that is not kept
	markets    map[string]marketEntry
}

type marketEntry struct {
	market *market.Market
	read   time.Time
}

// marketAge is how old a remembered market may be: its policies act within a second.
const marketAge = time.Second

// Offer is a template with its newest published version, as of one generation.
type Offer struct {
	Template   *coupon.Template
	Version    *coupon.Version // nil for a draft
	Batches    []*stock.Batch  // of stock, in the order in which they are drawn from, archived ones too
	Generation int64           // limit.Counter.Rev of the stock row when it was read
	Persons    bool            // a limit counts natural persons
	budgets    map[id.ID]*budget.Budget
	compared   atomic.Int64 // when it was last compared with it, of the process's own clock
}

// Draws are the budgets that a version draws on. A budget's change makes a new
// generation of each template that names it, so they are as fresh as the offer.
func (o *Offer) Draws(v *coupon.Version) (draws []*budget.Budget) {
	if v == nil || len(v.Doc.Claim.Budgets) == 0 {
		return nil
	}
	for _, i := range v.Doc.Claim.Draws() {
		if b := o.budgets[i]; b != nil {
			draws = append(draws, b)
		}
	}
	return draws
}

// asks notes what limits of the template and its budgets need to know.
func (o *Offer) asks() {
	person := func(list []limit.Limit) bool {
		return slices.ContainsFunc(list, func(l limit.Limit) bool { return l.Per == limit.PerPerson })
	}
	o.Persons = o.Version != nil && person(o.Version.Doc.Claim.Limits)
	for _, b := range o.budgets {
		o.Persons = o.Persons || person(b.Limits)
	}
}

// offerAge is how old an offer may be that a quote is made with (semantics 22).
const offerAge = time.Second

// start is the zero of the process's own clock, which never jumps.
var start = time.Now()

// confirm says that the offer was true at a moment.
func (o *Offer) confirm(at time.Time) { o.compared.Store(int64(at.Sub(start))) }

// Unsure returns those of the templates that are not remembered as of the last second.
func (c *Cache) Unsure(templates []id.ID) (unsure []id.ID) {
	oldest := int64(time.Since(start) - offerAge)
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, t := range templates {
		if o := c.templates[t]; o == nil || o.compared.Load() <= oldest {
			unsure = append(unsure, t)
		}
	}
	return unsure
}

// Confirm notes that offers have the generations that were read at a moment.
func (c *Cache) Confirm(offers map[id.ID]*Offer, generations map[id.ID]int64, at time.Time) {
	for t, seen := range generations {
		if o := offers[t]; o != nil && o.Generation == seen {
			o.confirm(at)
		}
	}
}

func newCache(s store.Store) *Cache {
	return &Cache{store: s, templates: map[id.ID]*Offer{}, versions: map[store.VersionKey]*coupon.Version{},
		placements: map[id.ID]*placement.Placement{}, markets: map[string]marketEntry{}, promotions: newPromotions(s)}
}

// Offers returns the templates that exist among ids.
func (c *Cache) Offers(ctx context.Context, ids []id.ID) (map[id.ID]*Offer, error) {
	found := make(map[id.ID]*Offer, len(ids))
	if missing := c.known(ids, found); len(missing) == 0 {
		return found, nil
	}
	c.loading.Lock()
	defer c.loading.Unlock()
	missing := c.known(ids, found)
	if len(missing) == 0 {
		return found, nil
	}
	fresh, err := c.load(ctx, missing)
	for t, o := range fresh {
		found[t] = o
	}
	return found, err
}

// known puts what is remembered into found and returns the rest.
func (c *Cache) known(ids []id.ID, found map[id.ID]*Offer) (missing []id.ID) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, t := range ids {
		if o, ok := c.templates[t]; ok {
			found[t] = o
		} else {
			missing = append(missing, t)
		}
	}
	return missing
}

// Forget drops templates (and the placements that were read), so that the next
// look reads them anew.
func (c *Cache) Forget(ids ...id.ID) {
	c.promotions.forget()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range ids {
		delete(c.templates, t)
	}
	c.clearPlacements()
}

// clearPlacements runs under mu.
func (c *Cache) clearPlacements() {
	clear(c.placements)
	c.cleared++
}

// Outdated drops a template that is remembered as of an earlier generation than
// the one that was seen; another request may have read it anew meanwhile.
func (c *Cache) Outdated(t id.ID, seen int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o, ok := c.templates[t]; ok && o.Generation < seen {
		delete(c.templates, t)
		c.clearPlacements()
	}
}

// load reads templates, their generation and their newest version in one snapshot.
func (c *Cache) load(ctx context.Context, ids []id.ID) (map[id.ID]*Offer, error) {
	fresh, began := map[id.ID]*Offer{}, time.Now()
	err := c.store.View(ctx, func(tx store.Tx) error {
		clear(fresh)
		keys := make([]string, len(ids))
		stocks := make([]limit.Key, len(ids))
		for i, t := range ids {
			keys[i], stocks[i] = id.Format(id.Template, t), limit.StockKey(t)
		}
		rows, err := tx.Templates().Get(keys)
		if err != nil {
			return err
		}
		counters, err := tx.Counters().Get(stocks)
		if err != nil {
			return err
		}
		generation := map[id.ID]int64{}
		for _, k := range counters {
			generation[k.Template] = k.Rev
		}
		var wanted []store.VersionKey
		for i := range rows {
			t := &rows[i]
			fresh[t.ID] = &Offer{Template: t, Generation: generation[t.ID]}
			if t.Version > 0 {
				wanted = append(wanted, store.VersionKey{Template: t.ID, Number: t.Version})
			}
		}
		versions, err := tx.Versions().Get(wanted)
		if err != nil {
			return err
		}
		for i := range versions {
			fresh[versions[i].Template].Version = &versions[i]
		}
		if err := batchesOf(tx, ids, fresh); err != nil {
			return err
		}
		if err := loadBudgets(tx, fresh); err != nil {
			return err
		}
		return loadStops(tx, fresh)
	})
	if err != nil {
		return nil, fmt.Errorf("app: read templates: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for t, o := range fresh {
		if o.Version == nil {
			continue // a draft has no stock row whose generation would tell of its publication
		}
		o.confirm(began)
		c.templates[t] = o
		c.versions[store.VersionKey{Template: t, Number: o.Version.Number}] = o.Version
	}
	return fresh, nil
}

// loadBudgets adds to offers the budgets that versions of them draw on.
func loadBudgets(tx store.Tx, fresh map[id.ID]*Offer) error {
	var keys []string
	for _, o := range fresh {
		for _, b := range o.Template.Budgets {
			keys = append(keys, id.Format(id.Budget, b))
		}
	}
	rows, err := tx.Budgets().Get(keys)
	if err != nil {
		return err
	}
	for _, o := range fresh {
		o.budgets = map[id.ID]*budget.Budget{}
		for i := range rows {
			if slices.Contains(o.Template.Budgets, rows[i].ID) {
				o.budgets[rows[i].ID] = &rows[i]
			}
		}
		o.asks()
	}
	return nil
}

// batchesOf gives offers their batches of stock.
func batchesOf(tx store.Tx, templates []id.ID, offers map[id.ID]*Offer) error {
	rows, err := tx.Batches().OfTemplates(templates)
	for i := range rows {
		if o := offers[rows[i].Template]; o != nil {
			o.Batches = append(o.Batches, &rows[i])
		}
	}
	for _, o := range offers {
		stock.Order(o.Batches)
	}
	return err
}

// Batch returns one of the offer's batches, nil where it is none.
func (o *Offer) Batch(batch id.ID) *stock.Batch {
	for _, b := range o.Batches {
		if b.ID == batch {
			return b
		}
	}
	return nil
}

// Span is when a coupon of the offer that is issued now can be used.
func (o *Offer) Span(m *market.Market, now calendar.Instant) schedule.Interval {
	r := issue.Request{Template: o.Template, Version: o.Version, Market: m, Batches: o.Batches, Now: now}
	return r.Span()
}

// Versions returns published versions by key; they never change.
func (c *Cache) Versions(ctx context.Context, keys []store.VersionKey) (map[store.VersionKey]*coupon.Version, error) {
	found, missing := c.knownVersions(keys)
	if len(missing) == 0 {
		return found, nil
	}
	var rows []coupon.Version
	err := c.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Versions().Get(missing)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("app: read versions: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range rows {
		k := store.VersionKey{Template: rows[i].Template, Number: rows[i].Number}
		c.versions[k], found[k] = &rows[i], &rows[i]
	}
	return found, nil
}

// knownVersions returns what is remembered and the keys of the rest, each once.
func (c *Cache) knownVersions(keys []store.VersionKey) (found map[store.VersionKey]*coupon.Version, missing []store.VersionKey) {
	found = make(map[store.VersionKey]*coupon.Version, len(keys))
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, k := range keys {
		if v, ok := c.versions[k]; ok {
			found[k] = v
		} else if !slices.Contains(missing, k) {
			missing = append(missing, k)
		}
	}
	return found, missing
}

// Placements returns the placements that exist among ids. A placement's change
// raises its template's generation, so it is as fresh as the offer.
func (c *Cache) Placements(ctx context.Context, ids []id.ID) (map[id.ID]*placement.Placement, error) {
	found := make(map[id.ID]*placement.Placement, len(ids))
	var missing []string
	c.mu.RLock()
	for _, p := range ids {
		if row, ok := c.placements[p]; ok {
			found[p] = row
		} else if p != 0 {
			missing = append(missing, id.Format(id.Placement, p))
		}
	}
	cleared := c.cleared
	c.mu.RUnlock()
	if len(missing) == 0 {
		return found, nil
	}
	var rows []placement.Placement
	err := c.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Placements().Get(missing)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("app: read placements: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range rows {
		if found[rows[i].ID] = &rows[i]; c.cleared == cleared {
			c.placements[rows[i].ID] = &rows[i]
		}
	}
	return found, nil
}

// Market returns a market by code, at most a second old, or fault not_found.
func (c *Cache) Market(ctx context.Context, code string) (*market.Market, error) {
	c.mu.RLock()
	entry, ok := c.markets[code]
	c.mu.RUnlock()
	if ok && time.Since(entry.read) < marketAge {
		return entry.market, nil
	}
	var rows []market.Market
	err := c.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Markets().Get([]string{code})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("app: read market: %w", err)
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.Absent, "what", "market")
	}
	rows[0].Location() // loads the zone once, before it is shared
	c.mu.Lock()
	c.markets[code] = marketEntry{&rows[0], time.Now()}
	c.mu.Unlock()
	return &rows[0], nil
}

// ForgetMarket makes the next look read the market anew.
func (c *Cache) ForgetMarket(code string) {
	c.mu.Lock()
	delete(c.markets, code)
	c.mu.Unlock()
}
