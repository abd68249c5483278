package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/merchant"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

var places = noun[store.Place]{
	what: "store",
	rows: func(tx store.Tx) store.Reference[store.Place] { return tx.Stores() },
	marks: func(s *store.Place) marks {
		return marks{&s.Rev, &s.CreatedAt, &s.UpdatedAt, &s.ArchivedAt}
	},
	sees: func(by access.Principal, s *store.Place) bool {
		return by.Scope.Merchant(s.Merchant) && by.Scope.Store(s.Code) && by.Scope.City(s.City)
	},
}

// PutStoreInput is a merchant's store as it shall be.
type PutStoreInput struct {
	Code     string // from the path
	Name     string
	Merchant string        // exists; can't change
	City     string        // "" for none
	Spot     merchant.Spot // zero: not known
	IfRev    int64         // 0: create only
}

// validate checks the fields; at leads the pointers, code points at the code.
func (in *PutStoreInput) validate(l *fault.List, at, code string) {
	l.Add(text.Code(in.Code, code))
	l.Add(text.Name(in.Name, at+"/name"))
	l.Add(text.Code(in.Merchant, at+"/merchant"))
	l.Add(text.Optional(in.City, text.MostCode, at+"/city"))
	checkSpot(l, in.Spot, at+"/position")
}

// fill makes the row; an existing one keeps its merchant.
func (in *PutStoreInput) fill(s *store.Place, isNew bool, at string) *fault.Fault {
	if !isNew && s.Merchant != in.Merchant {
		return fault.New(fault.WrongState, "state", "fixed").At(at + "/merchant")
	}
	s.Code, s.Name, s.Merchant, s.City, s.Spot = in.Code, in.Name, in.Merchant, in.City, in.Spot
	return nil
}

// PutStores is a feed of up to MostFed stores, whatever their revisions. A dry one
// writes nothing.
func (c *Catalog) PutStores(ctx context.Context, by access.Principal, in []PutStoreInput, dry bool) (Fed, error) {
	f := feed[store.Place]{Catalog: c, by: by, noun: places, many: "stores", field: "code", owner: "merchant", key: func(s *store.Place) string { return s.Code }}
	for i := range in {
		f.keys = append(f.keys, in[i].Code)
	}
	f.check = func(l *fault.List, i int, at string) { in[i].validate(l, at, at+"/code") }
	f.refer = func(refs *references, i int, at string) { refer(&refs.merchants, in[i].Merchant, at+"/merchant") }
	f.fill = func(row *store.Place, i int, isNew bool, at string) *fault.Fault { return in[i].fill(row, isNew, at) }
	return f.put(ctx, dry)
}

// PutStore creates a store or changes it. Faults as PutMerchant, and
// unknown_reference at /merchant.
func (c *Catalog) PutStore(ctx context.Context, by access.Principal, in PutStoreInput) (row store.Place, created bool, err error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return row, false, err
	}
	var l fault.List
	in.validate(&l, "", "path:code")
	if err := l.Err(); err != nil {
		return row, false, err
	}
	return put(ctx, c, by, places, in.Code, in.IfRev, func(tx store.Tx, s *store.Place, isNew bool) error {
		if refusal := in.fill(s, isNew, ""); refusal != nil {
			return refusal
		}
		var l fault.List
		var refs references
		refer(&refs.merchants, in.Merchant, "/merchant")
		if err := refs.check(tx, &l); err != nil {
			return err
		}
		return l.Err()
	})
}

// checkSpot bounds a position that is given.
func checkSpot(l *fault.List, s merchant.Spot, at string) {
	if s == (merchant.Spot{}) {
		return
	}
	l.Add(text.Range(s.LatE6, -90_000_000, 90_000_000, at+"/lat_e6"))
	l.Add(text.Range(s.LngE6, -180_000_000, 180_000_000, at+"/lng_e6"))
	l.Add(oneOf(condition.System(s.System), at+"/system", condition.SystemWGS84, condition.SystemGCJ02, condition.SystemBD09))
}

// GetStore returns a store, archived or not, or fault not_found.
func (c *Catalog) GetStore(ctx context.Context, by access.Principal, code string) (store.Place, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return store.Place{}, err
	}
	return get(ctx, c, by, places, code)
}

// ListStores returns stores by code; f.Parent selects a merchant's.
func (c *Catalog) ListStores(ctx context.Context, by access.Principal, f store.Filter) ([]store.Place, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return nil, err
	}
	f.Scope = by.Scope
	return list(ctx, c, by, places, f)
}

// ArchiveStore archives a store; ifRev is required.
func (c *Catalog) ArchiveStore(ctx context.Context, by access.Principal, code string, ifRev int64) (store.Place, error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return store.Place{}, err
	}
	return archive(ctx, c, by, places, code, ifRev)
}
