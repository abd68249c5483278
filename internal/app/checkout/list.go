package checkout

import (
	"context"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
	"quan/internal/store"
)

// OrderQuery selects orders; zero fields select nothing away. Orders come newest
// first, those before Before, at most Limit (page.Default when zero, at most
// page.Most+1).
type OrderQuery struct {
	Member   id.ID
	Store    string        // code
	From, To calendar.Date // local days of the orders' markets, both included
	Before   id.ID
	Limit    int
}

// ListedOrder is an order without its lines, and its market.
type ListedOrder struct {
	Order  order.Order
	Market *market.Market
}

// ListOrders lists orders in the principal's scope. A store outside of it has none.
func (c *Checkout) ListOrders(ctx context.Context, by access.Principal, q OrderQuery) ([]ListedOrder, error) {
	if err := by.May(access.OrderRead); err != nil {
		return nil, err
	}
	if q.From != 0 && q.To != 0 && q.To < q.From {
		return nil, fault.New(fault.OutOfRange, "min", q.From.String()).At("query:to")
	}
	if q.Store != "" && !by.Scope.Store(q.Store) {
		return nil, nil
	}
	f := store.OrderFilter{Member: q.Member, Scope: by.Scope, From: q.From, To: q.To, Before: q.Before, Limit: page.Default}
	if q.Store != "" {
		f.Scope.Stores = []string{q.Store}
	}
	if q.Limit > 0 {
		f.Limit = min(q.Limit, page.Most+1)
	}
	var rows []order.Order
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Orders().List(f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("checkout: list orders: %w", err)
	}
	out := make([]ListedOrder, len(rows))
	for i, row := range rows {
		if out[i].Market, err = c.Cache.Market(ctx, row.Market); err != nil {
			return nil, fmt.Errorf("checkout: market of an order: %w", err)
		}
		out[i].Order = row
	}
	return out, nil
}

// GetLock returns the newest lock of an order with what it promised, or
// lock_not_found.
func (c *Checkout) GetLock(ctx context.Context, by access.Principal, key order.Key) (*LockOutcome, error) {
	if err := by.May(access.OrderRead); err != nil {
		return nil, err
	}
	d := &deal{Basis: Basis{Order: key}, by: by}
	b := &batch{Checkout: c, deals: []*deal{d}}
	if err := b.look(ctx); err != nil {
		return nil, fmt.Errorf("checkout: get lock: %w", err)
	}
	if d.lock == nil || d.hidden() != nil {
		return nil, fault.New(fault.LockNotFound)
	}
	priced, err := redemption.DecodePriced(d.lock.Priced)
	if err != nil {
		return nil, fmt.Errorf("checkout: get lock: %w", err)
	}
	return &LockOutcome{Lock: d.lock, Priced: priced, Market: d.market}, nil
}
