package admin

import (
	"context"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
	"quan/internal/store"
)

// Bootstrapped says what a first start made.
type Bootstrapped struct {
	Market bool      // the market "main" was made
	Key    store.Key // the first server key, zero when one existed
	Secret string    // of that key, "" when one existed
}

// Bootstrap gives an empty installation a market (main: CNY, Asia/Shanghai,
// weeks from Monday) and a server key with every permission. It changes nothing
// where they exist, and is safe when several processes start at once: a lease's
// row orders them, and the later ones see what the first made.
func (a *Admin) Bootstrap(ctx context.Context) (Bootstrapped, error) {
	var made Bootstrapped
	secret := newSecret()
	by := access.System("bootstrap")
	err := a.Update(ctx, store.Admin, func() error { return nil }, func(tx store.Tx) error {
		made = Bootstrapped{}
		// One name for all: whoever holds the row until its commit goes first.
		if _, _, err := tx.Leases().Acquire("bootstrap", "bootstrap", calendar.Of(time.Now()), time.Second); err != nil {
			return err
		}
		if err := a.firstMarket(tx, by, &made); err != nil {
			return err
		}
		return a.firstKey(tx, by, secret, &made)
	})
	return made, wrap("bootstrap", err)
}

func (a *Admin) firstMarket(tx store.Tx, by access.Principal, made *Bootstrapped) error {
	rows, err := tx.Markets().List(store.Filter{Archived: true, Limit: 1})
	if err != nil || len(rows) > 0 {
		return err
	}
	now := a.Clock()
	row := store.Market{Code: market.DefaultCode, Name: market.DefaultCode, Currency: "CNY", Zone: "Asia/Shanghai",
		WeekStart: time.Monday, Policies: market.Defaults(), Rev: 1, CreatedAt: now, UpdatedAt: now}
	if err := again(tx.Markets().Insert([]store.Market{row})); err != nil {
		return err
	}
	made.Market = true
	return a.Audit(tx, by, "market.create", row.Code, "", app.JSON(row), "")
}

// firstKey makes a server key where no living one could make another: an
// installation whose keys are all revoked can be entered again by a restart.
func (a *Admin) firstKey(tx store.Tx, by access.Principal, secret string, made *Bootstrapped) error {
	f := store.Filter{Limit: page.Most}
	for {
		rows, err := tx.Keys().List(f)
		if err != nil {
			return err
		}
		for i := range rows {
			if rows[i].Kind == access.KindServer {
				return nil
			}
		}
		if len(rows) < f.Limit {
			break
		}
		f.After = keyText(rows[len(rows)-1].ID)
	}
	row := store.Key{ID: a.IDs.New(id.SlotOf("key", "bootstrap")), Name: "first server key", Kind: access.KindServer,
		SecretHash: access.HashSecret(secret), Permissions: access.All, Rev: 1}
	if err := a.insert(tx, by, &row); err != nil {
		return err
	}
	made.Key, made.Secret = row, secret
	return nil
}

// again: a twin made it first; the next attempt sees it.
func again(err error) error {
	if fault.Has(err, fault.NameTaken) {
		return app.Again()
	}
	return err
}
