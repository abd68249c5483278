package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// PutMerchantInput is a merchant as it shall be.
type PutMerchantInput struct {
	Code  string // from the path
	Name  string
	IfRev int64 // 0: create only
}

// PutMerchant creates a merchant or changes it. Faults: those of the input,
// if_match_required, stale_revision, wrong_state (archived), not_found (out of scope).
func (c *Catalog) PutMerchant(ctx context.Context, by access.Principal, in PutMerchantInput) (row store.Merchant, created bool, err error) {
	return row, false, fault.New(fault.InternalError)
}

// GetMerchant returns a merchant, archived or not, or fault not_found.
func (c *Catalog) GetMerchant(ctx context.Context, by access.Principal, code string) (store.Merchant, error) {
	return store.Merchant{}, fault.New(fault.InternalError)
}

// ListMerchants returns merchants by code.
func (c *Catalog) ListMerchants(ctx context.Context, by access.Principal, f store.Filter) ([]store.Merchant, error) {
	return nil, fault.New(fault.InternalError)
}

// ArchiveMerchant archives a merchant; ifRev is required.
func (c *Catalog) ArchiveMerchant(ctx context.Context, by access.Principal, code string, ifRev int64) (store.Merchant, error) {
	return store.Merchant{}, fault.New(fault.InternalError)
}
