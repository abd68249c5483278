package checkout

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Contact is what a counter learns when it is in touch: a proof of this moment for the
// time when it is not, and the market's day and money.
type Contact struct {
	Text   string
	At     calendar.Instant
	Day    calendar.Date
	Market *market.Market
}

// Contact says so. "" is the market main.
func (c *Checkout) Contact(ctx context.Context, by access.Principal, code string) (Contact, error) {
	if err := by.May(access.CouponUse); err != nil {
		return Contact{}, err
	}
	m, err := c.counterMarket(ctx, code)
	if err != nil {
		return Contact{}, err
	}
	now := c.Clock()
	return Contact{c.Showings.SignContact(by.ID, now), now, m.Day(now), m}, nil
}

// counterMarket is the market that a counter names, or fault not_found.
func (c *Checkout) counterMarket(ctx context.Context, code string) (*market.Market, error) {
	m, err := c.Cache.Market(ctx, cmp.Or(code, market.DefaultCode))
	if f := fault.From(err); f != nil {
		return nil, fault.New(f.Code, "what", "market").At("query:market")
	}
	return m, err
}

const (
	totalDays = 31   // of one question, so that its View stays short
	mostTotal = 1000 // rows of one answer
)

// TotalQuery selects what counters redeemed and gave back. Without days it is the
// market's today.
type TotalQuery struct {
	Market       string
	Store, Clerk string
	From, To     calendar.Date // local days, both included, at most 31
}

// CounterTotals are the totals of stores and clerks, with the clerks' names.
type CounterTotals struct {
	Market   *market.Market
	From, To calendar.Date
	Rows     []redemption.CounterTotal
	Names    map[string]string // of clerks and keys, by principal
	More     bool              // there are rows beyond the thousandth: ask for a store
}

// Totals adds up what was redeemed and returned at the counters in the principal's scope.
func (c *Checkout) Totals(ctx context.Context, by access.Principal, q TotalQuery) (out CounterTotals, err error) {
	if err := by.May(access.OrderRead); err != nil {
		return out, err
	}
	if out.Market, err = c.counterMarket(ctx, q.Market); err != nil {
		return out, err
	}
	today := out.Market.Day(c.Clock())
	switch {
	case q.From == 0 && q.To == 0:
		q.From, q.To = today, today
	case q.To == 0:
		q.To = max(today, q.From)
	case q.From == 0:
		q.From = q.To
	}
	if q.To < q.From {
		return out, fault.New(fault.OutOfRange, "min", q.From.String()).At("query:to")
	}
	if last := q.From.AddDays(totalDays - 1); q.To > last {
		return out, fault.New(fault.OutOfRange, "max", last.String()).At("query:to")
	}
	out.From, out.To = q.From, q.To
	if q.Store != "" && !by.Scope.Store(q.Store) {
		return out, nil
	}
	f := store.RedemptionFilter{Market: out.Market.Code, From: q.From, To: q.To, Store: q.Store, Operator: q.Clerk, Scope: by.Scope, Limit: mostTotal + 1}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		if out.Rows, err = tx.Redemptions().CounterTotals(f); err != nil {
			return err
		}
		out.Names, err = clerks(tx, out.Rows)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("checkout: add up counters: %w", err)
	}
	if out.More = len(out.Rows) > mostTotal; out.More {
		out.Rows = out.Rows[:mostTotal]
	}
	return out, nil
}

// clerks are the names of people and keys who redeemed.
func clerks(tx store.Tx, rows []redemption.CounterTotal) (map[string]string, error) {
	ids, names := []string{}, map[string]string{}
	for _, r := range rows {
		if r.Clerk != "" && !slices.Contains(ids, r.Clerk) {
			ids = append(ids, r.Clerk)
		}
	}
	people, err := tx.People().Get(ids)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		names[p.Principal().ID] = p.Name
	}
	keys, err := tx.Keys().Get(ids)
	for _, k := range keys {
		names[id.Format(id.Key, k.ID)] = k.Name
	}
	return names, err
}
