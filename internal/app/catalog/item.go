package catalog

import (
	"context"
	"maps"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/item"
	"quan/internal/domain/market"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

var items = noun[store.Item]{
	what: "item",
	rows: func(tx store.Tx) store.Reference[store.Item] { return tx.Items() },
	marks: func(i *store.Item) marks {
		return marks{&i.Rev, &i.CreatedAt, &i.UpdatedAt, &i.ArchivedAt}
	},
	sees: func(by access.Principal, i *store.Item) bool { return by.Scope.Merchant(i.Merchant) },
}

// PutItemInput is an item as it shall be.
type PutItemInput struct {
	SKU        string // from the path; Unicode letters allowed
	Name       string
	Category   string // path with "/", "" for none
	Brand      string
	Merchant   string                // exists, "" for the platform's own
	PriceMinor int64                 // ≥ 0
	CostMinor  int64                 // 0: not known
	MinMinor   int64                 // 0: none
	Prices     map[string]item.Price // in further currencies
	Market     string                // exists; can't change
	IfRev      int64                 // 0: create only; PutItems ignores it
}

// validate checks the fields; at leads the pointers, sku points at the SKU.
func (in *PutItemInput) validate(l *fault.List, at, sku string) {
	l.Add(text.Label(in.SKU, sku))
	l.Add(text.Name(in.Name, at+"/name"))
	l.Add(text.Optional(in.Category, text.MostName, at+"/category"))
	l.Add(text.Optional(in.Brand, text.MostCode, at+"/brand"))
	if in.Merchant != "" {
		l.Add(text.Code(in.Merchant, at+"/merchant"))
	}
	l.Add(text.Range(in.PriceMinor, 0, money.MaxMinor, at+"/price_minor"))
	l.Add(text.Range(in.CostMinor, 0, money.MaxMinor, at+"/cost_minor"))
	l.Add(text.Range(in.MinMinor, 0, money.MaxMinor, at+"/min_minor"))
	if len(in.Prices) > market.CurrenciesMax {
		l.Add(fault.New(fault.TooLong, "max", market.CurrenciesMax).At(at + "/prices"))
		return
	}
	for _, code := range slices.Sorted(maps.Keys(in.Prices)) {
		here := at + "/prices/" + code
		l.Add(currencyCode(code, here))
		l.Add(text.Range(in.Prices[code].PriceMinor, 0, money.MaxMinor, here+"/price_minor"))
		l.Add(text.Range(in.Prices[code].MinMinor, 0, money.MaxMinor, here+"/min_minor"))
	}
	l.Add(text.Code(in.Market, at+"/market"))
}

func (in *PutItemInput) refer(refs *references, at string) {
	refer(&refs.merchants, in.Merchant, at+"/merchant")
	refer(&refs.markets, in.Market, at+"/market")
}

// fill makes the row; an existing one keeps its market.
func (in *PutItemInput) fill(i *store.Item, isNew bool, at string) *fault.Fault {
	if !isNew && i.Market != in.Market {
		return fault.New(fault.WrongState, "state", "fixed").At(at + "/market")
	}
	i.SKU, i.Name, i.Category, i.Brand = in.SKU, in.Name, in.Category, in.Brand
	i.Merchant, i.PriceMinor, i.Market = in.Merchant, in.PriceMinor, in.Market
	i.CostMinor, i.MinMinor, i.Prices = in.CostMinor, in.MinMinor, in.Prices
	return nil
}

// PutItem creates an item or changes it. Faults as PutMerchant, and
// unknown_reference at /merchant or /market.
func (c *Catalog) PutItem(ctx context.Context, by access.Principal, in PutItemInput) (row store.Item, created bool, err error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return row, false, err
	}
	var l fault.List
	in.validate(&l, "", "path:sku")
	if err := l.Err(); err != nil {
		return row, false, err
	}
	return put(ctx, c, by, items, in.SKU, in.IfRev, func(tx store.Tx, i *store.Item, isNew bool) error {
		var l fault.List
		var refs references
		in.refer(&refs, "")
		if err := refs.check(tx, &l); err != nil {
			return err
		}
		l.Add(in.fill(i, isNew, ""))
		return l.Err()
	})
}

// PutItems is the catalogue's feed: up to MostFed items, whatever their revisions. A
// dry one writes nothing.
func (c *Catalog) PutItems(ctx context.Context, by access.Principal, in []PutItemInput, dry bool) (Fed, error) {
	f := feed[store.Item]{Catalog: c, by: by, noun: items, many: "items", field: "sku", owner: "merchant", key: func(i *store.Item) string { return i.SKU }}
	for i := range in {
		f.keys = append(f.keys, in[i].SKU)
	}
	f.check = func(l *fault.List, i int, at string) { in[i].validate(l, at, at+"/sku") }
	f.refer = func(refs *references, i int, at string) { in[i].refer(refs, at) }
	f.fill = func(row *store.Item, i int, isNew bool, at string) *fault.Fault { return in[i].fill(row, isNew, at) }
	return f.put(ctx, dry)
}

// GetItem returns an item, archived or not, or fault not_found.
func (c *Catalog) GetItem(ctx context.Context, by access.Principal, sku string) (store.Item, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return store.Item{}, err
	}
	return get(ctx, c, by, items, sku)
}

// ListItems returns items by SKU.
func (c *Catalog) ListItems(ctx context.Context, by access.Principal, f store.Filter) ([]store.Item, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	return list(ctx, c, by, items, f)
}

// ArchiveItem archives an item; ifRev is required.
func (c *Catalog) ArchiveItem(ctx context.Context, by access.Principal, sku string, ifRev int64) (store.Item, error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return store.Item{}, err
	}
	return archive(ctx, c, by, items, sku, ifRev)
}
