package sqlrepo

import (
	"quan/internal/kernel/id"
	"quan/internal/store"
)

var (
	outsideFind = newStatement("outside_ids.find",
		"SELECT kind, source, ref, slot, target FROM outside_ids WHERE kind = $1 AND source = $2 AND ref IN (SELECT value FROM json_each($3)) AND +slot IN (SELECT value FROM json_each($4))",
		"SELECT kind, source, ref, slot, target FROM unnest($3::text[], $4::bigint[]) AS k(want, want_slot)"+
			probe("outside_ids", "kind = $1 AND source = $2 AND ref = want AND slot = want_slot"))
	outsideFindOne = same("outside_ids.find.one", "SELECT kind, source, ref, slot, target FROM outside_ids WHERE kind = $1 AND source = $2 AND ref = $3 AND slot = $4")
	outsideInsert  = insertOf("outside_ids", "kind:t source:t ref:t slot target", "kind", "source", "ref")
	outsidePoint   = updateOf("outside_ids", "kind source ref slot", "kind:t source:t ref:t slot target")
)

type outsideRows struct{ tx *Tx }

func outsideSlot(k store.OutsideKey) int64 { return id.SlotOf(k.Kind, k.Source, k.Ref) }

func scanOutside(row Scanner) (o store.OutsideRow, err error) {
	err = row.Scan(&o.Kind, &o.Source, &o.Ref, &o.Slot, &o.Target)
	return o, err
}

// Find asks once for each kind and source, of which a call names few.
func (r outsideRows) Find(keys []store.OutsideKey) ([]store.OutsideRow, error) {
	type group struct{ kind, source string }
	var groups []group
	refs := map[group][]string{}
	seen := map[store.OutsideKey]bool{}
	for _, k := range keys {
		g := group{k.Kind, k.Source}
		if seen[k] {
			continue
		}
		seen[k] = true
		if refs[g] == nil {
			groups = append(groups, g)
		}
		refs[g] = append(refs[g], k.Ref)
	}
	var out []store.OutsideRow
	for _, g := range groups {
		if list := refs[g]; len(list) == 1 {
			k := store.OutsideKey{Kind: g.kind, Source: g.source, Ref: list[0]}
			found, err := collect(r.tx, outsideFindOne, scanOutside, g.kind, g.source, list[0], outsideSlot(k))
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
			continue
		}
		slots := make([]int64, len(refs[g]))
		for i, ref := range refs[g] {
			slots[i] = outsideSlot(store.OutsideKey{Kind: g.kind, Source: g.source, Ref: ref})
		}
		found, err := collect(r.tx, outsideFind, scanOutside, g.kind, g.source, refs[g], slots)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func (r outsideRows) Insert(rows []store.OutsideRow) error {
	return r.tx.bulk(outsideInsert, len(rows), outsideArgs(rows))
}

// Point sets the target of rows that exist; an absent one is ErrStale.
func (r outsideRows) Point(rows []store.OutsideRow) error {
	return r.tx.update(outsidePoint, len(rows), outsideArgs(rows))
}

func outsideArgs(rows []store.OutsideRow) func(i int) []any {
	return func(i int) []any {
		o := &rows[i]
		return []any{o.Kind, o.Source, o.Ref, outsideSlot(o.OutsideKey), int64(o.Target)}
	}
}
