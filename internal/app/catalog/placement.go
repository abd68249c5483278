package catalog

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// placements are seen with their template; the use cases here look that up.
var placements = noun[store.Placement]{
	what: "placement",
	rows: func(tx store.Tx) store.Reference[store.Placement] { return tx.Placements() },
	marks: func(p *store.Placement) marks {
		return marks{&p.Rev, &p.CreatedAt, &p.UpdatedAt, &p.ArchivedAt}
	},
	sees: func(access.Principal, *store.Placement) bool { return true },
}

// CreatePlacementInput is a new placement.
type CreatePlacementInput struct {
	Once     app.Once
	Code     string // operator's own reference, "" for none; can't change
	Market   string // that of the template
	Name     string
	Template id.ID // what it offers, or
	Pack     id.ID // which pack; neither can change
	Channel  string
	From     calendar.Instant
	To       calendar.Instant // after From; zero for no end
	Cap      int64            // 0 for none of its own
	Open     bool
}

// CreatePlacement makes a placement. Faults: those of the input,
// unknown_reference (template absent, out of scope or in another market),
// name_taken, wrong_state (template archived), idempotency_key_reused.
func (c *Catalog) CreatePlacement(ctx context.Context, by access.Principal, in CreatePlacementInput) (row store.Placement, replayed bool, err error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return row, false, err
	}
	made := store.Placement{ID: c.IDs.New((in.Template + in.Pack).Slot()), Code: in.Code, Market: in.Market, Name: in.Name,
		Template: in.Template, Pack: in.Pack, Channel: in.Channel, From: in.From, To: in.To, Cap: in.Cap, Open: in.Open}
	if err := validatePlacement(&made); err != nil {
		return row, false, err
	}
	row, replayed, err = create(ctx, c, by, placements, in.Once, func(tx store.Tx) (store.Placement, string, error) {
		return made, placementKey(made.ID), offers(tx, by, &made)
	}, func(p *store.Placement) *id.ID { return &p.ID })
	c.forgetOffered(&made)
	return row, replayed, placements.wrap(err)
}

func placementKey(placement id.ID) string { return id.Format(id.Placement, placement) }

// offers refuses a placement of what can't be offered in its market, and makes a new
// generation of what it offers. One without a market comes into that of what it offers.
func offers(tx store.Tx, by access.Principal, p *store.Placement) error {
	if p.Pack != 0 {
		return offersPack(tx, by, p)
	}
	t, err := templates.find(tx, by, templateKey(p.Template))
	if t != nil && p.Market == "" {
		p.Market = t.Market
	}
	switch {
	case err != nil && !fault.Has(err, fault.Absent):
		return err
	case t == nil || t.Market != p.Market:
		return fault.New(fault.UnknownReference, "what", "template").At("/template")
	case t.Status == coupon.StatusArchived:
		return archivedTemplate()
	}
	return raiseLive(tx, t)
}

// raiseLive makes a new generation of a template that can be claimed.
func raiseLive(tx store.Tx, t *store.Template) error {
	if t.Version == 0 {
		return nil
	}
	return raise(tx, t.ID, nil)
}

func validatePlacement(p *store.Placement) error {
	var l fault.List
	if p.Code != "" {
		l.Add(text.Code(p.Code, "/code"))
	}
	l.Add(text.Code(p.Market, "/market"))
	l.Add(text.Name(p.Name, "/name"))
	l.Add(text.Code(p.Channel, "/channel"))
	switch {
	case p.Template == 0 && p.Pack == 0:
		l.Add(fault.New(fault.MissingValue).At("/template"))
	case p.Template != 0 && p.Pack != 0:
		l.Add(fault.New(fault.Conflicting, "a", "template", "b", "pack").At("/pack"))
	}
	if p.From != 0 {
		l.Add(text.Range(int64(p.From), int64(calendar.Earliest), int64(calendar.Latest), "/from"))
	}
	if p.To != 0 {
		l.Add(text.Range(int64(p.To), int64(calendar.Earliest), int64(calendar.Latest), "/to"))
		if p.To <= p.From {
			l.Add(fault.New(fault.InvalidValue).At("/to"))
		}
	}
	l.Add(text.Range(p.Cap, 0, limit.Unlimited, "/cap"))
	return l.Err()
}

// UpdatePlacementInput is the placement as it shall be, whole.
type UpdatePlacementInput struct {
	Placement id.ID
	IfRev     int64 // required
	Name      string
	Channel   string
	From      calendar.Instant
	To        calendar.Instant
	Cap       int64
	Open      bool
}

// UpdatePlacement changes a placement; claims see it at once.
func (c *Catalog) UpdatePlacement(ctx context.Context, by access.Principal, in UpdatePlacementInput) (store.Placement, error) {
	return c.changePlacement(ctx, by, in.Placement, in.IfRev, "update", func(p *store.Placement) error {
		p.Name, p.Channel, p.From, p.To, p.Cap, p.Open = in.Name, in.Channel, in.From, in.To, in.Cap, in.Open
		return validatePlacement(p)
	})
}

// ArchivePlacement ends a placement; ifRev is required.
func (c *Catalog) ArchivePlacement(ctx context.Context, by access.Principal, placement id.ID, ifRev int64) (store.Placement, error) {
	return c.changePlacement(ctx, by, placement, ifRev, "archive", func(p *store.Placement) error {
		p.Open, p.ArchivedAt = false, c.Clock()
		return nil
	})
}

func (c *Catalog) changePlacement(ctx context.Context, by access.Principal, placement id.ID, ifRev int64, action string,
	edit func(*store.Placement) error) (row store.Placement, err error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return row, err
	}
	key := placementKey(placement)
	err = c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		old, raiseOffered, err := seenPlacement(tx, by, key)
		if err != nil {
			return err
		}
		if err := placements.match(old, ifRev); err != nil {
			return err
		}
		if err := placements.live(old); err != nil {
			return err
		}
		row = *old
		if err := edit(&row); err != nil {
			return err
		}
		if err := raiseOffered(tx); err != nil {
			return err
		}
		_, err = placements.save(c, tx, by, key, old, &row, action, "")
		return err
	})
	c.forgetOffered(&row)
	return row, placements.wrap(err)
}

// seenPlacement returns a placement whose template or pack the principal sees, with
// what makes a new generation of that.
func seenPlacement(tx store.Tx, by access.Principal, key string) (*store.Placement, func(store.Tx) error, error) {
	p, err := placements.must(tx, by, key)
	if err != nil {
		return nil, nil, err
	}
	if p.Pack != 0 {
		k, err := packs.find(tx, by, packKey(p.Pack))
		if k == nil && (err == nil || fault.Has(err, fault.Absent)) {
			err = absent("placement")
		}
		return p, func(tx store.Tx) error { return raisePack(tx, k) }, err
	}
	t, err := templates.find(tx, by, templateKey(p.Template))
	if t == nil && (err == nil || fault.Has(err, fault.Absent)) {
		err = absent("placement")
	}
	return p, func(tx store.Tx) error { return raiseLive(tx, t) }, err
}

// GetPlacement returns a placement, archived or not, or fault not_found.
func (c *Catalog) GetPlacement(ctx context.Context, by access.Principal, placement id.ID) (row store.Placement, err error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return row, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		p, _, err := seenPlacement(tx, by, placementKey(placement))
		if err == nil {
			row = *p
		}
		return err
	})
	return row, placements.wrap(err)
}

// ListPlacements returns placements by id; f.Parent is a template's or pack's typed text.
func (c *Catalog) ListPlacements(ctx context.Context, by access.Principal, f store.Filter) ([]store.Placement, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	return list(ctx, c, by, placements, f)
}
