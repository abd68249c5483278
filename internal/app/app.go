package app

import (
	"context"
	"errors"
	"log/slog"

	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/domain/metric"
	"quan/internal/domain/showing"
	"quan/internal/domain/waiting"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/queue"
)

// App is what every use case stands on: the store, the clock of the business
// (simulations pass their own), the makers of ids and numbers, and what is
// remembered of templates and markets. One App serves a process; it is safe for
// concurrent use.
type App struct {
	Store    store.Store
	Clock    func() calendar.Instant
	IDs      *id.Maker
	Numbers  *coupon.Numbers
	Codes    *code.Keys    // of exchange codes; nil where none are made or redeemed
	Places   *waiting.Keys // of places in waiting rooms; nil where none are taken or shown
	Showings *showing.Keys // of dynamic QR codes; nil where none are made or read
	Vault    *member.Vault
	Log      *slog.Logger
	Cache    *Cache
	Refusals *Refusals
	Traffic  *Traffic     // views and sign-ins of links
	Issues   *queue.Meter // of gathered claims, grants and codes
	Uses     *queue.Meter // of gathered locks, redemptions and what undoes them
}

// New puts an App together.
func New(s store.Store, clock func() calendar.Instant, ids *id.Maker, numbers *coupon.Numbers, vault *member.Vault, log *slog.Logger) *App {
	a := &App{Store: s, Clock: clock, IDs: ids, Numbers: numbers, Vault: vault, Log: log, Refusals: &Refusals{}, Traffic: &Traffic{},
		Issues: &queue.Meter{}, Uses: &queue.Meter{}}
	a.Cache = newCache(s)
	return a
}

// WithClock returns an App on the same store that reads another clock: a
// simulation's, or an import's.
func (a *App) WithClock(clock func() calendar.Instant) *App {
	b := *a
	b.Clock = clock
	return &b
}

// errAgain makes Update run again with fresh knowledge: a day has turned between
// choosing the counters and locking them, or a template has changed meanwhile.
var errAgain = errors.New("app: decide again")

// Again is returned by a closure that must be decided anew.
func Again() error { return errAgain }

// mostAgain bounds how often one batch is decided anew.
const mostAgain = 5

// Update runs fn in a transaction, and again while it asks for it (Again), at
// most five times; refresh runs before every further attempt.
func (a *App) Update(ctx context.Context, class store.Class, refresh func() error, fn func(store.Tx) error) error {
	for range mostAgain {
		err := a.Store.Update(ctx, class, fn)
		if !errors.Is(err, errAgain) {
			return err
		}
		if err := refresh(); err != nil {
			return err
		}
	}
	return fault.New(fault.Overloaded)
}

// Audit writes an administrative change; before and after are JSON texts.
func (a *App) Audit(tx store.Tx, by access.Principal, action, object, before, after, reason string) error {
	return tx.Audit().Append([]store.AuditEntry{{
		ID: a.IDs.New(id.SlotOf(object)), At: a.Clock(), Actor: by.ID, Action: action, Object: object,
		Before: before, After: after, Reason: reason, RequestID: by.RequestID,
	}})
}

// Stale translates the store's ErrStale into the caller's fault.
func Stale(err error) error {
	if errors.Is(err, store.ErrStale) {
		return fault.New(fault.StaleRevision)
	}
	return err
}

// Deltas folds what a transaction adds to the rollups to one row a cell and
// names the rows. All take the slot of the first: they are summed over slots, and
// a batch on a distributed engine is one shard's.
func (a *App) Deltas(deltas []metric.Delta) []metric.Delta {
	for i := range deltas {
		deltas[i].Slot = deltas[0].Slot
	}
	folded := metric.Fold(deltas)
	for i := range folded {
		folded[i].ID = a.IDs.New(folded[i].Slot)
	}
	return folded
}
