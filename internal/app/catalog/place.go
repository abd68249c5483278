package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// PutStoreInput is a merchant's store as it shall be.
type PutStoreInput struct {
	Code     string // from the path
	Name     string
	Merchant string // exists; can't change
	City     string // "" for none
	IfRev    int64  // 0: create only
}

// PutStore creates a store or changes it. Faults as PutMerchant, and
// unknown_reference at /merchant.
func (c *Catalog) PutStore(ctx context.Context, by access.Principal, in PutStoreInput) (row store.Place, created bool, err error) {
	return row, false, fault.New(fault.InternalError)
}

// GetStore returns a store, archived or not, or fault not_found.
func (c *Catalog) GetStore(ctx context.Context, by access.Principal, code string) (store.Place, error) {
	return store.Place{}, fault.New(fault.InternalError)
}

// ListStores returns stores by code; f.Parent selects a merchant's.
func (c *Catalog) ListStores(ctx context.Context, by access.Principal, f store.Filter) ([]store.Place, error) {
	return nil, fault.New(fault.InternalError)
}

// ArchiveStore archives a store; ifRev is required.
func (c *Catalog) ArchiveStore(ctx context.Context, by access.Principal, code string, ifRev int64) (store.Place, error) {
	return store.Place{}, fault.New(fault.InternalError)
}
