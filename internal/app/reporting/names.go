package reporting

import (
	"maps"
	"slices"

	"quan/internal/domain/metric"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Names are what people call that what figures are of. What has no row has no name.
type Names struct {
	Templates  map[id.ID]string // the internal names
	Placements map[id.ID]string
	Merchants  map[string]string
	Stores     map[string]string
}

// naming gathers what is to be named, each once.
type naming struct {
	templates, placements map[string]bool
	merchants, stores     map[string]bool
}

func note(set *map[string]bool, key string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	if key != "" {
		(*set)[key] = true
	}
}

func (n *naming) template(t id.ID) {
	if t != 0 {
		note(&n.templates, id.Format(id.Template, t))
	}
}

func (n *naming) placement(p id.ID) {
	if p != 0 {
		note(&n.placements, id.Format(id.Placement, p))
	}
}

func (n *naming) cell(d *metric.Dims) {
	n.template(d.Template)
	n.placement(d.Placement)
	note(&n.merchants, d.Merchant)
	note(&n.stores, d.Store)
}

// read looks the names up, a noun a statement.
func (n *naming) read(tx store.Tx) (Names, error) {
	out := Names{map[id.ID]string{}, map[id.ID]string{}, map[string]string{}, map[string]string{}}
	if err := named(tx.Templates(), n.templates, func(t *store.Template) { out.Templates[t.ID] = t.InternalName }); err != nil {
		return out, err
	}
	if err := named(tx.Placements(), n.placements, func(p *store.Placement) { out.Placements[p.ID] = p.Name }); err != nil {
		return out, err
	}
	if err := named(tx.Merchants(), n.merchants, func(m *store.Merchant) { out.Merchants[m.Code] = m.Name }); err != nil {
		return out, err
	}
	return out, named(tx.Stores(), n.stores, func(p *store.Place) { out.Stores[p.Code] = p.Name })
}

func named[T any](rows store.Reference[T], keys map[string]bool, put func(*T)) error {
	if len(keys) == 0 {
		return nil
	}
	found, err := rows.Get(slices.Sorted(maps.Keys(keys)))
	for i := range found {
		put(&found[i])
	}
	return err
}
