package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// MostItems is how many items one PutItems takes.
const MostItems = 500

// PutItemInput is an item as it shall be.
type PutItemInput struct {
	SKU        string // from the path; Unicode letters allowed
	Name       string
	Category   string // path with "/", "" for none
	Brand      string
	Merchant   string // exists, "" for the platform's own
	PriceMinor int64  // ≥ 0
	Market     string // exists; can't change
	IfRev      int64  // 0: create only; PutItems ignores it
}

// PutItem creates an item or changes it. Faults as PutMerchant, and
// unknown_reference at /merchant or /market.
func (c *Catalog) PutItem(ctx context.Context, by access.Principal, in PutItemInput) (row store.Item, created bool, err error) {
	return row, false, fault.New(fault.InternalError)
}

// ItemsPut counts what PutItems did.
type ItemsPut struct {
	Created   int64
	Updated   int64
	Unchanged int64
}

// PutItems creates or changes up to MostItems items, whatever their revisions: a
// catalogue feed. Bad input of one (pointers /items/3/name) refuses all before
// anything is written. It is done in pieces; repeating it after an error
// completes it and changes nothing twice.
func (c *Catalog) PutItems(ctx context.Context, by access.Principal, inputs []PutItemInput) (ItemsPut, error) {
	return ItemsPut{}, fault.New(fault.InternalError)
}

// GetItem returns an item, archived or not, or fault not_found.
func (c *Catalog) GetItem(ctx context.Context, by access.Principal, sku string) (store.Item, error) {
	return store.Item{}, fault.New(fault.InternalError)
}

// ListItems returns items by SKU.
func (c *Catalog) ListItems(ctx context.Context, by access.Principal, f store.Filter) ([]store.Item, error) {
	return nil, fault.New(fault.InternalError)
}

// ArchiveItem archives an item; ifRev is required.
func (c *Catalog) ArchiveItem(ctx context.Context, by access.Principal, sku string, ifRev int64) (store.Item, error) {
	return store.Item{}, fault.New(fault.InternalError)
}
