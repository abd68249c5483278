package catalog

import (
	"context"
	"crypto/rand"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/link"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

var links = noun[store.Link]{
	what: "link",
	rows: func(tx store.Tx) store.Reference[store.Link] { return tx.Links() },
	marks: func(l *store.Link) marks {
		return marks{&l.Rev, &l.CreatedAt, &l.UpdatedAt, &l.ArchivedAt}
	},
	sees: func(by access.Principal, l *store.Link) bool { return by.Scope.Merchant(l.Merchant) },
}

func linkKey(l id.ID) string { return id.Format(id.Link, l) }

// pageChannel is the delivery channel of the placements that links bring with them.
const pageChannel = "h5"

// CreateLinkInput is a new link, to the page of a placement that is there or of a new
// one, open and without a cap, that offers a template or a pack.
type CreateLinkInput struct {
	Once      app.Once
	Placement id.ID // or
	Template  id.ID // or
	Pack      id.ID
	Code      string // in the address; "": quan makes one
	Name      string // of the new placement too
	Channel   string
	Sites     []string // that may show it as a card
}

// CreateLink makes a short link to a placement's page, with its placement where it
// brings one. Faults: those of the input, unknown_reference (placement, template or
// pack), name_taken, wrong_state (what it offers is archived), idempotency_key_reused.
func (c *Catalog) CreateLink(ctx context.Context, by access.Principal, in CreateLinkInput) (row store.Link, replayed bool, err error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return row, false, err
	}
	brings, err := c.brought(&in)
	if err != nil {
		return row, false, err
	}
	made := store.Link{ID: c.IDs.New(in.Placement.Slot()), Code: in.Code, Placement: in.Placement, Name: in.Name, Channel: in.Channel, Sites: in.Sites}
	if made.Code == "" {
		random := make([]byte, link.MostCode)
		rand.Read(random) // never fails
		made.Code = link.NewCode(random)
	}
	if err := made.Validate(); err != nil {
		return row, false, err
	}
	row, replayed, err = create(ctx, c, by, links, in.Once, func(tx store.Tx) (store.Link, string, error) {
		if brings != nil {
			if err := c.bring(tx, by, *brings); err != nil {
				return made, "", err
			}
		}
		p, merchant, err := offeredBy(tx, by, in.Placement)
		if fault.Has(err, fault.Absent) {
			err = fault.New(fault.UnknownReference, "what", "placement").At("/placement")
		}
		if err != nil {
			return made, "", err
		}
		made.Market, made.Merchant = p.Market, merchant
		return made, linkKey(made.ID), nil
	}, func(l *store.Link) *id.ID { return &l.ID })
	if brings != nil {
		c.forgetOffered(brings)
	}
	return row, replayed, links.wrap(err)
}

// brought is the placement that a link brings with it, nil for none; the input then
// names it. A link leads to exactly one thing.
func (c *Catalog) brought(in *CreateLinkInput) (*store.Placement, error) {
	switch {
	case in.Placement == 0 && in.Template == 0 && in.Pack == 0:
		return nil, fault.New(fault.MissingValue).At("/placement")
	case in.Placement != 0 && in.Template != 0:
		return nil, fault.New(fault.Conflicting, "a", "placement", "b", "template").At("/template")
	case in.Placement != 0 && in.Pack != 0:
		return nil, fault.New(fault.Conflicting, "a", "placement", "b", "pack").At("/pack")
	case in.Template != 0 && in.Pack != 0:
		return nil, fault.New(fault.Conflicting, "a", "template", "b", "pack").At("/pack")
	case in.Placement != 0:
		return nil, nil
	}
	in.Placement = c.IDs.New((in.Template + in.Pack).Slot())
	return &store.Placement{ID: in.Placement, Name: in.Name, Template: in.Template, Pack: in.Pack, Channel: pageChannel, Open: true}, nil
}

// bring writes the placement that a link brings with it.
func (c *Catalog) bring(tx store.Tx, by access.Principal, p store.Placement) error {
	if err := offers(tx, by, &p); err != nil {
		return err
	}
	if err := validatePlacement(&p); err != nil {
		return err
	}
	_, err := placements.save(c, tx, by, placementKey(p.ID), nil, &p, "create", "")
	return err
}

// offeredBy returns a placement that the principal sees and the merchant of what it
// offers.
func offeredBy(tx store.Tx, by access.Principal, placement id.ID) (*store.Placement, string, error) {
	p, _, err := seenPlacement(tx, by, placementKey(placement))
	if err != nil {
		return nil, "", err
	}
	if p.Pack != 0 {
		k, err := packs.must(tx, by, packKey(p.Pack))
		if err != nil {
			return nil, "", err
		}
		return p, k.Merchant, nil
	}
	t, err := templates.must(tx, by, templateKey(p.Template))
	if err != nil {
		return nil, "", err
	}
	return p, t.Merchant(), nil
}

// UpdateLinkInput is what of a link can change.
type UpdateLinkInput struct {
	Link    id.ID
	IfRev   int64 // required
	Name    string
	Channel string
	Sites   []string // that may show it as a card
}

// UpdateLink changes a link's name, channel and sites; its code is in print and stays.
func (c *Catalog) UpdateLink(ctx context.Context, by access.Principal, in UpdateLinkInput) (store.Link, error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return store.Link{}, err
	}
	if in.IfRev == 0 {
		return store.Link{}, fault.New(fault.IfMatchMissing)
	}
	row, _, err := put(ctx, c, by, links, linkKey(in.Link), in.IfRev, func(_ store.Tx, l *store.Link, isNew bool) error {
		if isNew {
			return absent("link")
		}
		l.Name, l.Channel, l.Sites = in.Name, in.Channel, in.Sites
		return l.Validate()
	})
	c.shown.forget()
	return row, err
}

// ArchiveLink ends a link: it leads nowhere. ifRev is required.
func (c *Catalog) ArchiveLink(ctx context.Context, by access.Principal, l id.ID, ifRev int64) (store.Link, error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return store.Link{}, err
	}
	row, err := archive(ctx, c, by, links, linkKey(l), ifRev)
	c.shown.forget()
	return row, err
}

// GetLink returns a link, archived or not, or fault not_found.
func (c *Catalog) GetLink(ctx context.Context, by access.Principal, l id.ID) (store.Link, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return store.Link{}, err
	}
	return get(ctx, c, by, links, linkKey(l))
}

// ListLinks returns links by id; f.Parent is a placement's typed text.
func (c *Catalog) ListLinks(ctx context.Context, by access.Principal, f store.Filter) ([]store.Link, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	return list(ctx, c, by, links, f)
}

// LinkFunnel returns what became of a link. Permission: statistics.read.
func (c *Catalog) LinkFunnel(ctx context.Context, by access.Principal, l id.ID) (f link.Figures, err error) {
	if err := by.May(access.StatisticsRead); err != nil {
		return f, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		if _, err := links.must(tx, by, linkKey(l)); err != nil {
			return err
		}
		all, err := tx.Links().Figures([]id.ID{l})
		f = all[l]
		return err
	})
	return f, links.wrap(err)
}

// LinkFunnels returns what became of links that the principal was shown, by their ids.
// Permission: statistics.read.
func (c *Catalog) LinkFunnels(ctx context.Context, by access.Principal, rows []store.Link) (all map[id.ID]link.Figures, err error) {
	if err := by.May(access.StatisticsRead); err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	err = c.Store.View(ctx, func(tx store.Tx) (err error) {
		all, err = tx.Links().Figures(ids)
		return err
	})
	return all, links.wrap(err)
}

// LinkedPlacements returns the names of the placements that links lead to, by their
// ids. The links are those that the principal was shown: who sees one may know where
// it leads.
func (c *Catalog) LinkedPlacements(ctx context.Context, by access.Principal, rows []store.Link) (names map[id.ID]string, err error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return nil, err
	}
	var keys []string
	for i := range rows {
		if key := placementKey(rows[i].Placement); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		found, err := tx.Placements().Get(keys)
		names = make(map[id.ID]string, len(found))
		for i := range found {
			names[found[i].ID] = found[i].Name
		}
		return err
	})
	return names, links.wrap(err)
}
