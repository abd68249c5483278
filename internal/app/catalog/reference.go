package catalog

import (
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// references gathers the codes that an input names, with the pointers where it
// does, to look all of one kind up at once.
type references struct {
	markets, merchants, stores map[string][]string
}

func refer(to *map[string][]string, code, pointer string) {
	if code == "" {
		return
	}
	if *to == nil {
		*to = map[string][]string{}
	}
	(*to)[code] = append((*to)[code], pointer)
}

// check adds a fault unknown_reference for each code that does not exist.
// Archived rows exist: what names them already may go on.
func (r *references) check(tx store.Tx, faults *fault.List) error {
	if err := missing(tx.Markets(), r.markets, "market", func(m *store.Market) string { return m.Code }, faults); err != nil {
		return err
	}
	if err := missing(tx.Merchants(), r.merchants, "merchant", func(m *store.Merchant) string { return m.Code }, faults); err != nil {
		return err
	}
	return missing(tx.Stores(), r.stores, "store", func(s *store.Place) string { return s.Code }, faults)
}

func missing[T any](rows store.Reference[T], wanted map[string][]string, what string, code func(*T) string, faults *fault.List) error {
	if len(wanted) == 0 {
		return nil
	}
	found, err := rows.Get(sorted(wanted))
	if err != nil {
		return err
	}
	known := make(map[string]bool, len(found))
	for i := range found {
		known[code(&found[i])] = true
	}
	for _, k := range sorted(wanted) {
		if known[k] {
			continue
		}
		for _, pointer := range wanted[k] {
			faults.Add(fault.New(fault.UnknownReference, "what", what).At(pointer))
		}
	}
	return nil
}
