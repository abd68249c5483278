package catalog

import (
	"context"
	"crypto/rand"

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

// CreateLinkInput is a new link.
type CreateLinkInput struct {
	Once      app.Once
	Placement id.ID
	Code      string // in the address; "": quan makes one
	Name      string
	Channel   string
	Sites     []string // that may show it as a card
}

// CreateLink makes a short link to a placement's page. Faults: those of the input,
// unknown_reference (placement), name_taken, idempotency_key_reused.
func (c *Catalog) CreateLink(ctx context.Context, by access.Principal, in CreateLinkInput) (row store.Link, replayed bool, err error) {
	if err := by.May(access.ReferenceWrite); err != nil {
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
	return row, replayed, links.wrap(err)
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
		f, err = tx.Links().Figures(l)
		return err
	})
	return f, links.wrap(err)
}
