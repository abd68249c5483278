package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Offer is what a placement offers, by its names.
type Offer struct {
	InternalName string
	CustomerName coupon.Names
}

// Offers names what placements offer, in their order. The placements are those that
// the principal was shown: who sees one may know what it offers.
func (c *Catalog) Offers(ctx context.Context, by access.Principal, rows []store.Placement) ([]Offer, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return nil, err
	}
	named := map[id.ID]Offer{}
	err := c.Store.View(ctx, func(tx store.Tx) error {
		clear(named)
		var ofTemplates, ofPacks []string
		for i := range rows {
			what := rows[i].Template + rows[i].Pack // it offers one of the two
			if _, known := named[what]; known {
				continue
			}
			named[what] = Offer{}
			if rows[i].Pack != 0 {
				ofPacks = append(ofPacks, packKey(what))
			} else {
				ofTemplates = append(ofTemplates, templateKey(what))
			}
		}
		found, err := tx.Templates().Get(ofTemplates)
		if err != nil {
			return err
		}
		for i := range found {
			named[found[i].ID] = Offer{found[i].InternalName, found[i].CustomerName}
		}
		whole, err := tx.Packs().Get(ofPacks)
		for i := range whole {
			named[whole[i].ID] = Offer{whole[i].InternalName, whole[i].CustomerName}
		}
		return err
	})
	out := make([]Offer, len(rows))
	for i := range rows {
		out[i] = named[rows[i].Template+rows[i].Pack]
	}
	return out, placements.wrap(err)
}
