package catalog

import (
	"context"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pack"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

var packs = noun[store.Pack]{
	what: "pack",
	rows: func(tx store.Tx) store.Reference[store.Pack] { return tx.Packs() },
	marks: func(p *store.Pack) marks {
		return marks{&p.Rev, &p.CreatedAt, &p.UpdatedAt, &p.ArchivedAt}
	},
	sees: func(by access.Principal, p *store.Pack) bool { return by.Scope.Merchant(p.Merchant) },
}

func packKey(p id.ID) string { return id.Format(id.Pack, p) }

// CreatePackInput is a new pack, a draft; what Pack says of id, status, switch and
// marks is not looked at.
type CreatePackInput struct {
	Once app.Once
	Pack pack.Pack
}

// CreatePack makes a draft. Faults: those of the input, unknown_reference (market,
// merchant, or a template that is absent, out of scope, of another market or
// merchant), name_taken, idempotency_key_reused.
func (c *Catalog) CreatePack(ctx context.Context, by access.Principal, in CreatePackInput) (row store.Pack, replayed bool, err error) {
	if err := by.May(access.TemplateWrite); err != nil {
		return row, false, err
	}
	made := in.Pack
	made.ID, made.Status, made.Open = c.IDs.New(id.SlotOf(made.Market, made.InternalName)), pack.StatusDraft, false
	if err := made.Validate(); err != nil {
		return row, false, err
	}
	row, replayed, err = create(ctx, c, by, packs, in.Once, func(tx store.Tx) (store.Pack, string, error) {
		return made, packKey(made.ID), packReferences(tx, by, &made)
	}, func(p *store.Pack) *id.ID { return &p.ID })
	return row, replayed, packs.wrap(err)
}

// packReferences sees that the market, the merchant and the templates of a pack are
// there; of a pack that is given out each template has to be published.
func packReferences(tx store.Tx, by access.Principal, p *store.Pack) error {
	if err := ownerReferences(tx, by, p.Market, p.Merchant); err != nil {
		return err
	}
	var l fault.List
	for i, part := range p.Parts {
		_, f, err := partTemplate(tx, by, part.Template, p.Market, p.Merchant, p.Status == pack.StatusPublished)
		if err != nil {
			return err
		}
		if f != nil {
			l.Add(f.At(fmt.Sprintf("/parts/%d/template", i)))
		}
	}
	return l.Err()
}

// ownerReferences sees that a market and a merchant, "" for the platform, are there
// for the principal.
func ownerReferences(tx store.Tx, by access.Principal, market, merchant string) error {
	rows, err := tx.Markets().Get([]string{market})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fault.New(fault.UnknownReference, "what", "market").At("/market")
	}
	if merchant == "" {
		if !by.Scope.Merchant("") {
			return fault.New(fault.MissingValue).At("/merchant")
		}
		return nil
	}
	m, err := merchants.find(tx, by, merchant)
	if err != nil && !fault.Has(err, fault.Absent) {
		return err
	}
	if m == nil || !by.Scope.Merchant(merchant) {
		return fault.New(fault.UnknownReference, "what", "merchant").At("/merchant")
	}
	return nil
}

// partTemplate finds a template that a pack or plan gives out, or says why it can't.
func partTemplate(tx store.Tx, by access.Principal, template id.ID, market, merchant string, published bool) (*store.Template, *fault.Fault, error) {
	t, err := templates.find(tx, by, templateKey(template))
	switch {
	case err != nil && !fault.Has(err, fault.Absent):
		return nil, nil, err
	case t == nil || t.Market != market || merchant != "" && t.Merchant() != merchant:
		return nil, fault.New(fault.UnknownReference, "what", "template"), nil
	case published && t.Version == 0 || t.Status == coupon.StatusArchived:
		return nil, fault.New(fault.WrongState, "state", string(t.Status)), nil
	}
	return t, nil, nil
}

// raisePack makes a new generation of a pack that was published.
func raisePack(tx store.Tx, p *store.Pack) error {
	if p.Status == pack.StatusDraft {
		return nil
	}
	return raiseRow(tx, pack.StockKey(p.ID), func(stock *limit.Counter) {
		most := limit.Unlimited
		for _, l := range p.Limits {
			if l.Per == pack.PerPack && l.Period == limit.Ever {
				most = l.Cap
			}
		}
		stock.Ceiling = max(most, stock.Taken)
	})
}

// UpdatePackInput is what may change of a pack, whole. What was given out stays as it is.
type UpdatePackInput struct {
	Pack  pack.Pack // its id; code, market, merchant, status and switch are not looked at
	IfRev int64     // required
}

// UpdatePack changes a pack; claims see it at once.
func (c *Catalog) UpdatePack(ctx context.Context, by access.Principal, in UpdatePackInput) (store.Pack, error) {
	return c.changePack(ctx, by, access.TemplateWrite, in.Pack.ID, in.IfRev, "update", "", func(tx store.Tx, p *store.Pack) error {
		n := in.Pack
		p.InternalName, p.CustomerName, p.Parts, p.Partial, p.Newcomer, p.Window, p.Limits =
			n.InternalName, n.CustomerName, n.Parts, n.Partial, n.Newcomer, n.Window, n.Limits
		if err := p.Validate(); err != nil {
			return err
		}
		return packReferences(tx, by, p)
	})
}

// PublishPack ends the draft: the pack is given out from then on. Faults: wrong_state
// (not a draft, or a template that was never published).
func (c *Catalog) PublishPack(ctx context.Context, by access.Principal, p id.ID, ifRev int64) (store.Pack, error) {
	return c.changePack(ctx, by, access.TemplatePublish, p, ifRev, "publish", "", func(tx store.Tx, p *store.Pack) error {
		if p.Status != pack.StatusDraft {
			return fault.New(fault.WrongState, "state", string(p.Status))
		}
		p.Status, p.Open = pack.StatusPublished, true
		return packReferences(tx, by, p)
	})
}

// OpenPackInput turns the switch of a published pack.
type OpenPackInput struct {
	Pack   id.ID
	Open   bool
	IfRev  int64 // 0: whatever the revision (a kill never waits for a reader)
	Reason string
}

// OpenPack pauses a published pack or goes on with it; claims see it at once.
func (c *Catalog) OpenPack(ctx context.Context, by access.Principal, in OpenPackInput) (store.Pack, error) {
	if f := text.Optional(in.Reason, text.MostName, "/reason"); f != nil {
		return store.Pack{}, f
	}
	return c.changePack(ctx, by, access.TemplatePublish, in.Pack, in.IfRev, switchAction, in.Reason, func(_ store.Tx, p *store.Pack) error {
		if p.Status != pack.StatusPublished {
			return fault.New(fault.WrongState, "state", string(p.Status))
		}
		p.Open = in.Open
		return nil
	})
}

// switchAction is the action that needs no revision.
const switchAction = "switch"

// ArchivePack ends a pack; its coupons live on.
func (c *Catalog) ArchivePack(ctx context.Context, by access.Principal, p id.ID, ifRev int64) (store.Pack, error) {
	return c.changePack(ctx, by, access.TemplatePublish, p, ifRev, "archive", "", func(_ store.Tx, p *store.Pack) error {
		p.Open, p.Status, p.ArchivedAt = false, pack.StatusArchived, c.Clock()
		return nil
	})
}

func (c *Catalog) changePack(ctx context.Context, by access.Principal, may access.Permission, p id.ID, ifRev int64, action, reason string,
	edit func(store.Tx, *store.Pack) error) (row store.Pack, err error) {
	defer c.Cache.ForgetPack(p)
	return change(ctx, c, by, packs, may, packKey(p), ifRev, action, reason, edit, raisePack)
}

// change is one act on a row that has a generation: raise makes a new one when the
// act changed anything. Only a switch needs no revision.
func change[T any](ctx context.Context, c *Catalog, by access.Principal, n noun[T], may access.Permission, key string, ifRev int64, action, reason string,
	edit func(store.Tx, *T) error, raise func(store.Tx, *T) error) (row T, err error) {
	if err := by.May(may); err != nil {
		return row, err
	}
	class := store.Admin
	if action == switchAction {
		class = store.Control
	}
	err = c.Update(ctx, class, func() error { return nil }, func(tx store.Tx) error {
		old, err := n.must(tx, by, key)
		if err != nil {
			return err
		}
		if ifRev != 0 || action != switchAction {
			if err := n.match(old, ifRev); err != nil {
				return err
			}
		}
		if err := n.live(old); err != nil {
			return err
		}
		row = *old
		if err := edit(tx, &row); err != nil {
			return err
		}
		changed, err := n.save(c, tx, by, key, old, &row, action, reason)
		if err != nil || !changed {
			return c.lost(err, ifRev)
		}
		return raise(tx, &row)
	})
	return row, n.wrap(err)
}

// offersPack sees that a placement's pack fits, and makes a new generation of it.
func offersPack(tx store.Tx, by access.Principal, p *store.Placement) error {
	k, err := packs.find(tx, by, packKey(p.Pack))
	if k != nil && p.Market == "" {
		p.Market = k.Market
	}
	switch {
	case err != nil && !fault.Has(err, fault.Absent):
		return err
	case k == nil || k.Market != p.Market:
		return fault.New(fault.UnknownReference, "what", "pack").At("/pack")
	}
	if err := packs.live(k); err != nil {
		return err
	}
	return raisePack(tx, k)
}

// forgetOffered drops what is remembered of a placement's template or pack.
func (c *Catalog) forgetOffered(p *store.Placement) {
	if p.Pack != 0 {
		c.Cache.ForgetPack(p.Pack)
		return
	}
	c.Cache.Forget(p.Template)
}

// GetPack returns a pack, archived or not, or fault not_found.
func (c *Catalog) GetPack(ctx context.Context, by access.Principal, p id.ID) (store.Pack, error) {
	if err := by.May(access.TemplateRead); err != nil {
		return store.Pack{}, err
	}
	return get(ctx, c, by, packs, packKey(p))
}

// ListPacks returns packs by id; f.Status is a status.
func (c *Catalog) ListPacks(ctx context.Context, by access.Principal, f store.Filter) ([]store.Pack, error) {
	if err := by.May(access.TemplateRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	return list(ctx, c, by, packs, f)
}

// PackFigures is what was given out of a pack, and what became of it.
type PackFigures struct {
	Packs   int64 // ever
	Days    []store.PackDay
	Coupons []store.PackCoupons
}

// PackStatistics counts a pack's issues by day, both ends included, and its coupons as
// they are now. It reads each of them.
func (c *Catalog) PackStatistics(ctx context.Context, by access.Principal, p id.ID, from, to calendar.Date) (f PackFigures, err error) {
	if err := by.May(access.StatisticsRead); err != nil {
		return f, err
	}
	err = c.Store.Snapshot(ctx, func(tx store.Tx) error {
		f = PackFigures{}
		if _, err := packs.must(tx, by, packKey(p)); err != nil {
			return err
		}
		stock, err := tx.Counters().Get([]limit.Key{pack.StockKey(p)})
		if err != nil {
			return err
		}
		if len(stock) > 0 {
			f.Packs = stock[0].Taken
		}
		if f.Days, err = tx.PackIssues().Days(p, from, to); err != nil {
			return err
		}
		f.Coupons, err = tx.PackIssues().Coupons(p)
		return err
	})
	return f, packs.wrap(err)
}
