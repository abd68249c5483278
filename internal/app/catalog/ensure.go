package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// EnsureTemplate returns the published template with this code, creating and
// publishing it where it does not exist: for imports and the demo, which may be
// stopped anywhere and run again. Content that exists is left as it is.
func (c *Catalog) EnsureTemplate(ctx context.Context, by access.Principal, in CreateTemplateInput) (store.Template, error) {
	var rows []store.Template
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Templates().ByCode([]string{in.Code})
		return err
	})
	if err != nil {
		return store.Template{}, templates.wrap(err)
	}
	var row store.Template
	if len(rows) == 1 {
		row = rows[0]
	} else if row, _, err = c.CreateTemplate(ctx, by, in); err != nil {
		return row, err
	}
	if row.Version > 0 {
		return row, nil
	}
	done, err := c.Publish(ctx, by, row.ID, row.Rev)
	return done.Template, err
}

// EnsureMarket returns the market with this code, creating it where it does not exist.
func (c *Catalog) EnsureMarket(ctx context.Context, by access.Principal, in PutMarketInput) (store.Market, error) {
	row, err := c.GetMarket(ctx, by, in.Code)
	if !fault.Has(err, fault.Absent) {
		return row, err
	}
	row, _, err = c.PutMarket(ctx, by, in)
	return row, err
}

// EnsureMerchants creates the merchants that don't exist, each with its code as
// its name where none is given.
func (c *Catalog) EnsureMerchants(ctx context.Context, by access.Principal, merchants map[string]string) error {
	for code, name := range merchants {
		if _, err := c.GetMerchant(ctx, by, code); !fault.Has(err, fault.Absent) {
			if err != nil {
				return err
			}
			continue
		}
		if _, _, err := c.PutMerchant(ctx, by, PutMerchantInput{Code: code, Name: name}); err != nil {
			return err
		}
	}
	return nil
}
