package catalog

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/limit"
	"quan/internal/domain/packet"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

var plans = noun[store.Plan]{
	what: "packet_plan",
	rows: func(tx store.Tx) store.Reference[store.Plan] { return tx.Plans() },
	marks: func(p *store.Plan) marks {
		return marks{&p.Rev, &p.CreatedAt, &p.UpdatedAt, &p.ArchivedAt}
	},
	sees: func(by access.Principal, p *store.Plan) bool { return by.Scope.Merchant(p.Merchant) },
}

func planKey(p id.ID) string { return id.Format(id.PacketPlan, p) }

// CreatePlanInput is a new plan of share packets, a draft; what Plan says of id,
// status, switch and marks is not looked at.
type CreatePlanInput struct {
	Once app.Once
	Plan packet.Plan
}

// CreatePlan makes a draft. Faults: those of the input, unknown_reference, name_taken,
// idempotency_key_reused.
func (c *Catalog) CreatePlan(ctx context.Context, by access.Principal, in CreatePlanInput) (row store.Plan, replayed bool, err error) {
	if err := by.May(access.TemplateWrite); err != nil {
		return row, false, err
	}
	made := in.Plan
	made.ID, made.Status, made.Open = c.IDs.New(id.SlotOf(made.Market, made.InternalName)), packet.StatusDraft, false
	if err := made.Validate(); err != nil {
		return row, false, err
	}
	row, replayed, err = create(ctx, c, by, plans, in.Once, func(tx store.Tx) (store.Plan, string, error) {
		return made, planKey(made.ID), planReferences(tx, by, &made)
	}, func(p *store.Plan) *id.ID { return &p.ID })
	return row, replayed, plans.wrap(err)
}

// planReferences sees that what a plan names is there, and that its shares fit the
// template's terms: an amount of their own is at most that of the terms.
func planReferences(tx store.Tx, by access.Principal, p *store.Plan) error {
	if err := ownerReferences(tx, by, p.Market, p.Merchant); err != nil {
		return err
	}
	t, f, err := partTemplate(tx, by, p.Content.Template, p.Market, p.Merchant, p.Status == packet.StatusPublished)
	if err != nil {
		return err
	}
	if f != nil {
		return f.At("/content/template")
	}
	if p.Content.Mode == packet.Coupons || t.Version == 0 {
		return nil
	}
	rows, err := tx.Versions().Get([]store.VersionKey{{Template: t.ID, Number: t.Version}})
	if err != nil || len(rows) == 0 {
		return err
	}
	terms := &rows[0].Doc.Terms
	switch {
	case !terms.Faced():
		return fault.New(fault.Conflicting, "a", "mode", "b", "template").At("/content/template")
	case p.Content.Largest() > terms.AmountMinor:
		return fault.New(fault.OutOfRange, "min", 1, "max", terms.AmountMinor).At("/content")
	}
	return nil
}

// raisePlan makes a new generation of a plan that was published.
func raisePlan(tx store.Tx, p *store.Plan) error {
	if p.Status == packet.StatusDraft {
		return nil
	}
	return raiseRow(tx, packet.StockKey(p.ID), func(stock *limit.Counter) {
		most := limit.Unlimited
		for _, l := range p.Limits {
			if l.Per == packet.PerPlan && l.Period == limit.Ever {
				most = l.Cap
			}
		}
		stock.Ceiling = max(most, stock.Taken)
	})
}

// UpdatePlanInput is what may change of a plan, whole.
type UpdatePlanInput struct {
	Plan  packet.Plan // its id; code, market, merchant, status and switch are not looked at
	IfRev int64       // required
}

// UpdatePlan changes a plan; packets that were sent stay as they are. The content of a
// published plan doesn't change: wrong_state.
func (c *Catalog) UpdatePlan(ctx context.Context, by access.Principal, in UpdatePlanInput) (store.Plan, error) {
	return c.changePlan(ctx, by, access.TemplateWrite, in.Plan.ID, in.IfRev, "update", "", func(tx store.Tx, p *store.Plan) error {
		n := in.Plan
		if p.Status != packet.StatusDraft && n.Content != p.Content {
			return fault.New(fault.WrongState, "state", string(p.Status)).At("/content")
		}
		p.InternalName, p.CustomerName, p.Content, p.Window, p.Limits, p.BudgetMinor = n.InternalName, n.CustomerName, n.Content, n.Window, n.Limits, n.BudgetMinor
		if err := p.Validate(); err != nil {
			return err
		}
		return planReferences(tx, by, p)
	})
}

// PublishPlan ends the draft: packets can be sent from then on.
func (c *Catalog) PublishPlan(ctx context.Context, by access.Principal, p id.ID, ifRev int64) (store.Plan, error) {
	return c.changePlan(ctx, by, access.TemplatePublish, p, ifRev, "publish", "", func(tx store.Tx, p *store.Plan) error {
		if p.Status != packet.StatusDraft {
			return fault.New(fault.WrongState, "state", string(p.Status))
		}
		p.Status, p.Open = packet.StatusPublished, true
		return planReferences(tx, by, p)
	})
}

// OpenPlanInput turns the switch of a published plan.
type OpenPlanInput struct {
	Plan   id.ID
	Open   bool
	IfRev  int64 // 0: whatever the revision
	Reason string
}

// OpenPlan stops that packets are sent, or goes on with it. Packets that were sent can
// be opened all the same: stop claiming of the template to end that too.
func (c *Catalog) OpenPlan(ctx context.Context, by access.Principal, in OpenPlanInput) (store.Plan, error) {
	if f := text.Optional(in.Reason, text.MostName, "/reason"); f != nil {
		return store.Plan{}, f
	}
	return c.changePlan(ctx, by, access.TemplatePublish, in.Plan, in.IfRev, switchAction, in.Reason, func(_ store.Tx, p *store.Plan) error {
		if p.Status != packet.StatusPublished {
			return fault.New(fault.WrongState, "state", string(p.Status))
		}
		p.Open = in.Open
		return nil
	})
}

// ArchivePlan ends a plan; packets that were sent live on.
func (c *Catalog) ArchivePlan(ctx context.Context, by access.Principal, p id.ID, ifRev int64) (store.Plan, error) {
	return c.changePlan(ctx, by, access.TemplatePublish, p, ifRev, "archive", "", func(_ store.Tx, p *store.Plan) error {
		p.Open, p.Status, p.ArchivedAt = false, packet.StatusArchived, c.Clock()
		return nil
	})
}

func (c *Catalog) changePlan(ctx context.Context, by access.Principal, may access.Permission, p id.ID, ifRev int64, action, reason string,
	edit func(store.Tx, *store.Plan) error) (store.Plan, error) {
	defer c.Cache.ForgetPlan(p)
	return change(ctx, c, by, plans, may, planKey(p), ifRev, action, reason, edit, raisePlan)
}

// CountedPlan is a plan with what was sent under it.
type CountedPlan struct {
	store.Plan
	Packets   int64            // ever
	HeldMinor int64            // what they hold, less what came back
	At        calendar.Instant // of the count
}

// GetPlan returns a plan, archived or not, or fault not_found.
func (c *Catalog) GetPlan(ctx context.Context, by access.Principal, p id.ID) (out CountedPlan, err error) {
	if err := by.May(access.TemplateRead); err != nil {
		return out, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		row, err := plans.must(tx, by, planKey(p))
		if err != nil {
			return err
		}
		counters, err := tx.Counters().Get([]limit.Key{packet.StockKey(p), packet.BudgetKey(p)})
		out = CountedPlan{Plan: *row, At: c.Clock()}
		for _, k := range counters {
			if k.What == limit.PacketCount {
				out.Packets = k.Taken
			} else {
				out.HeldMinor = k.Taken
			}
		}
		return err
	})
	return out, plans.wrap(err)
}

// ListPlans returns plans by id; f.Status is a status.
func (c *Catalog) ListPlans(ctx context.Context, by access.Principal, f store.Filter) ([]store.Plan, error) {
	if err := by.May(access.TemplateRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	return list(ctx, c, by, plans, f)
}
