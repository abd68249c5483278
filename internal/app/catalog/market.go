package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// PutMarketInput is a market as it shall be.
type PutMarketInput struct {
	Code      string // from the path
	Name      string
	Currency  string           // ISO 4217, three capitals; can't change once the market has templates
	Zone      string           // IANA name
	WeekStart int64            // 0 Sunday … 6 Saturday
	Policies  *market.Policies // whole; nil: those of the existing row, or the defaults
	IfRev     int64            // 0: create only
}

// PutMarket creates a market or changes it. Faults: those of the input,
// if_match_required, stale_revision, wrong_state (archived; currency in use),
// permission_denied for a principal that is limited to a scope.
func (c *Catalog) PutMarket(ctx context.Context, by access.Principal, in PutMarketInput) (row store.Market, created bool, err error) {
	return row, false, fault.New(fault.InternalError)
}

// GetMarket returns a market, archived or not, or fault not_found.
func (c *Catalog) GetMarket(ctx context.Context, by access.Principal, code string) (store.Market, error) {
	return store.Market{}, fault.New(fault.InternalError)
}

// ListMarkets returns markets by code. Every list gives at most f.Limit rows (50
// when zero, never more than page.Most+1, so that an edge can ask for one more
// than it shows) after f.After, in f's selection; f.Scope is set here.
func (c *Catalog) ListMarkets(ctx context.Context, by access.Principal, f store.Filter) ([]store.Market, error) {
	return nil, fault.New(fault.InternalError)
}

// ArchiveMarket archives a market; ifRev is required. Archiving twice is
// stale_revision, or wrong_state at the right revision.
func (c *Catalog) ArchiveMarket(ctx context.Context, by access.Principal, code string, ifRev int64) (store.Market, error) {
	return store.Market{}, fault.New(fault.InternalError)
}
