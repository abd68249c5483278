package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

var merchants = noun[store.Merchant]{
	what: "merchant",
	rows: func(tx store.Tx) store.Reference[store.Merchant] { return tx.Merchants() },
	marks: func(m *store.Merchant) marks {
		return marks{&m.Rev, &m.CreatedAt, &m.UpdatedAt, &m.ArchivedAt}
	},
	sees: func(by access.Principal, m *store.Merchant) bool { return by.Scope.Merchant(m.Code) },
}

// PutMerchantInput is a merchant as it shall be.
type PutMerchantInput struct {
	Code  string // from the path
	Name  string
	IfRev int64 // 0: create only
}

// validate checks the fields; at leads the pointers, code points at the code.
func (in *PutMerchantInput) validate(l *fault.List, at, code string) {
	l.Add(text.Code(in.Code, code))
	l.Add(text.Name(in.Name, at+"/name"))
}

// PutMerchants is a feed of up to MostFed merchants, whatever their revisions. A dry
// one writes nothing.
func (c *Catalog) PutMerchants(ctx context.Context, by access.Principal, in []PutMerchantInput, dry bool) (Fed, error) {
	f := feed[store.Merchant]{Catalog: c, by: by, noun: merchants, many: "merchants", field: "code", owner: "code", key: func(m *store.Merchant) string { return m.Code }}
	for i := range in {
		f.keys = append(f.keys, in[i].Code)
	}
	f.check = func(l *fault.List, i int, at string) { in[i].validate(l, at, at+"/code") }
	f.refer = func(*references, int, string) {}
	f.fill = func(row *store.Merchant, i int, _ bool, _ string) *fault.Fault {
		row.Code, row.Name = in[i].Code, in[i].Name
		return nil
	}
	return f.put(ctx, dry)
}

// PutMerchant creates a merchant or changes it. Faults: those of the input,
// if_match_required, stale_revision, wrong_state (archived), not_found (out of scope).
func (c *Catalog) PutMerchant(ctx context.Context, by access.Principal, in PutMerchantInput) (row store.Merchant, created bool, err error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return row, false, err
	}
	var l fault.List
	in.validate(&l, "", "path:code")
	if err := l.Err(); err != nil {
		return row, false, err
	}
	return put(ctx, c, by, merchants, in.Code, in.IfRev, func(_ store.Tx, m *store.Merchant, _ bool) error {
		m.Code, m.Name = in.Code, in.Name
		return nil
	})
}

// GetMerchant returns a merchant, archived or not, or fault not_found.
func (c *Catalog) GetMerchant(ctx context.Context, by access.Principal, code string) (store.Merchant, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return store.Merchant{}, err
	}
	return get(ctx, c, by, merchants, code)
}

// ListMerchants returns merchants by code.
func (c *Catalog) ListMerchants(ctx context.Context, by access.Principal, f store.Filter) ([]store.Merchant, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	return list(ctx, c, by, merchants, f)
}

// ArchiveMerchant archives a merchant; ifRev is required.
func (c *Catalog) ArchiveMerchant(ctx context.Context, by access.Principal, code string, ifRev int64) (store.Merchant, error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return store.Merchant{}, err
	}
	return archive(ctx, c, by, merchants, code, ifRev)
}
