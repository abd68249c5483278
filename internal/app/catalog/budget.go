package catalog

import (
	"context"
	"fmt"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/budget"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

var budgets = noun[store.Budget]{
	what: "budget",
	rows: func(tx store.Tx) store.Reference[store.Budget] { return tx.Budgets() },
	marks: func(b *store.Budget) marks {
		return marks{&b.Rev, &b.CreatedAt, &b.UpdatedAt, &b.ArchivedAt}
	},
	sees: func(by access.Principal, b *store.Budget) bool { return by.Scope.Merchant(b.Merchant) },
}

func budgetKey(b id.ID) string { return id.Format(id.Budget, b) }

// CreateBudgetInput is a new budget; what Budget says of id and marks is not looked at.
type CreateBudgetInput struct {
	Once   app.Once
	Budget budget.Budget
}

// SpentBudget is a budget with what was taken of its limits, parallel to them: of
// those that one counter holds by now. A limit that counts each member, store or the
// like by itself has no figure.
type SpentBudget struct {
	store.Budget
	Spent []*limit.Counter
}

// CreateBudget makes a budget; nothing draws on it until a version that names it is
// published. Faults: those of the input, unknown_reference, name_taken,
// idempotency_key_reused.
func (c *Catalog) CreateBudget(ctx context.Context, by access.Principal, in CreateBudgetInput) (out SpentBudget, replayed bool, err error) {
	if err := by.May(access.BudgetWrite); err != nil {
		return out, false, err
	}
	made := in.Budget
	made.ID, made.ArchivedAt = c.IDs.New(id.SlotOf(made.Market, made.Name)), 0
	var l fault.List
	if made.Code != "" {
		l.Add(text.Code(made.Code, "/code"))
	}
	if err := l.Err(); err != nil {
		return out, false, err
	}
	if err := made.Validate(); err != nil {
		return out, false, err
	}
	out.Budget, replayed, err = create(ctx, c, by, budgets, in.Once, func(tx store.Tx) (store.Budget, string, error) {
		var refs references
		refer(&refs.markets, made.Market, "/market")
		refer(&refs.merchants, made.Merchant, "/merchant")
		if err := refs.check(tx, &l); err != nil {
			return made, "", err
		}
		return made, budgetKey(made.ID), l.Err()
	}, func(b *store.Budget) *id.ID { return &b.ID })
	out.Spent = make([]*limit.Counter, len(out.Limits))
	return out, replayed, budgets.wrap(err)
}

// UpdateBudgetInput is what may change of a budget, whole.
type UpdateBudgetInput struct {
	Budget budget.Budget // ID, Name, From, To, Limits
	IfRev  int64         // required
	Reason string
}

// UpdateBudget changes a budget: claims and uses of all that draw on it see it as
// they see a switch. Lowering a cap below what is taken stops more, and takes nothing
// back. A limit that is added counts from zero. Faults: those of the input,
// stale_revision, wrong_state (archived, or From of one that has begun),
// unbounded_liability (an amount over a template that nothing bounds).
func (c *Catalog) UpdateBudget(ctx context.Context, by access.Principal, in UpdateBudgetInput) (out SpentBudget, err error) {
	if err := by.May(access.BudgetWrite); err != nil {
		return out, err
	}
	return c.changeBudget(ctx, by, in.Budget.ID, in.IfRev, "update", in.Reason, func(tx store.Tx, b *store.Budget, drawing []store.Template) error {
		old := *b
		b.Name, b.From, b.To, b.Limits = in.Budget.Name, in.Budget.From, in.Budget.To, in.Budget.Limits
		if err := b.Validate(); err != nil {
			return err
		}
		if f := old.Changed(b, c.Clock()); f != nil {
			return f
		}
		if b.Amounts() && !old.Amounts() {
			return bounded(tx, b, drawing)
		}
		return nil
	})
}

// bounded refuses a limit on an amount over newest versions whose cost nothing bounds.
func bounded(tx store.Tx, b *store.Budget, drawing []store.Template) error {
	for _, t := range drawing {
		rows, err := tx.Versions().Get([]store.VersionKey{{Template: t.ID, Number: t.Version}})
		if err != nil {
			return err
		}
		for i := range rows {
			claim := &rows[i].Doc.Claim
			if _, ok := rows[i].Doc.Terms.Liability(); !ok && slices.Contains(claim.Draws(), b.ID) {
				return fault.New(fault.UnboundedAmount).At("/limits")
			}
		}
	}
	return nil
}

// ArchiveBudget ends a budget: nothing that draws on it is issued any more, and what
// was issued goes on by its limits.
func (c *Catalog) ArchiveBudget(ctx context.Context, by access.Principal, b id.ID, ifRev int64) (SpentBudget, error) {
	if err := by.May(access.BudgetWrite); err != nil {
		return SpentBudget{}, err
	}
	return c.changeBudget(ctx, by, b, ifRev, "archive", "", func(_ store.Tx, b *store.Budget, _ []store.Template) error {
		b.ArchivedAt = c.Clock()
		return nil
	})
}

// changeBudget runs an act and makes a new generation of each template that draws on
// the budget. One that is published meanwhile read the budget as it was or as it is:
// the second look finds the former.
func (c *Catalog) changeBudget(ctx context.Context, by access.Principal, b id.ID, ifRev int64, action, reason string,
	edit func(store.Tx, *store.Budget, []store.Template) error) (out SpentBudget, err error) {
	draws := func(t *store.Template) bool { return slices.Contains(t.Budgets, b) }
	drawing, err := c.published(ctx, draws)
	if err != nil {
		return out, err
	}
	err = c.Store.Update(ctx, store.Control, func(tx store.Tx) error {
		old, err := budgets.must(tx, by, budgetKey(b))
		if err != nil {
			return err
		}
		if err := budgets.match(old, ifRev); err != nil {
			return err
		}
		if err := budgets.live(old); err != nil {
			return err
		}
		row := *old
		row.Limits = slices.Clone(old.Limits)
		if err := edit(tx, &row, drawing); err != nil {
			return err
		}
		if err := raiseAll(tx, drawing); err != nil {
			return err
		}
		if _, err := budgets.save(c, tx, by, budgetKey(b), old, &row, action, reason); err != nil {
			return err
		}
		out, err = c.spent(tx, row)
		return err
	})
	if err != nil {
		return out, budgets.wrap(err)
	}
	return out, budgets.wrap(c.raiseLater(ctx, drawing, draws))
}

// published returns the templates with a version that are such.
func (c *Catalog) published(ctx context.Context, such func(*store.Template) bool) (found []store.Template, err error) {
	err = c.Store.View(ctx, func(tx store.Tx) error {
		found = nil
		f := store.Filter{Archived: true, Limit: pieceOfTemplates}
		for {
			rows, err := tx.Templates().List(f)
			if err != nil {
				return err
			}
			for i := range rows {
				if rows[i].Version > 0 && such(&rows[i]) {
					found = append(found, rows[i])
				}
			}
			if len(rows) < f.Limit {
				return nil
			}
			f.After = templateKey(rows[len(rows)-1].ID)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("catalog: find templates: %w", err)
	}
	return found, nil
}

// pieceOfTemplates is how many templates are read at a time.
const pieceOfTemplates = 500

// raiseAll makes a new generation of each template. It takes their stock rows, so it
// is the last lock of its transaction.
func raiseAll(tx store.Tx, templates []store.Template) error {
	if len(templates) == 0 {
		return nil
	}
	keys := make([]limit.Key, len(templates))
	for i := range templates {
		keys[i] = limit.StockKey(templates[i].ID)
	}
	locked, err := tx.Lock(store.LockSet{Counters: keys})
	if err != nil {
		return err
	}
	rows := make([]limit.Counter, len(keys))
	for i, k := range keys {
		rows[i] = *locked.Counters[k]
		rows[i].Rev++
	}
	return tx.Counters().Write(rows)
}

// raiseLater makes new generations of templates that were published while a change
// of theirs was under way.
func (c *Catalog) raiseLater(ctx context.Context, done []store.Template, such func(*store.Template) bool) error {
	known := map[id.ID]int64{}
	ids := make([]id.ID, len(done))
	for i := range done {
		known[done[i].ID], ids[i] = done[i].Version, done[i].ID
	}
	c.Cache.Forget(ids...)
	late, err := c.published(ctx, func(t *store.Template) bool { return known[t.ID] != t.Version && such(t) })
	if err != nil || len(late) == 0 {
		return err
	}
	if err := c.Store.Update(ctx, store.Control, func(tx store.Tx) error { return raiseAll(tx, late) }); err != nil {
		return err
	}
	for i := range late {
		c.Cache.Forget(late[i].ID)
	}
	return nil
}

// GetBudget returns a budget, archived or not, with what is taken of it.
func (c *Catalog) GetBudget(ctx context.Context, by access.Principal, b id.ID) (out SpentBudget, err error) {
	if err := by.May(access.BudgetRead); err != nil {
		return out, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		row, err := budgets.must(tx, by, budgetKey(b))
		if err != nil {
			return err
		}
		out, err = c.spent(tx, *row)
		return err
	})
	return out, budgets.wrap(err)
}

// ListBudgets returns budgets by id, with what is taken of them.
func (c *Catalog) ListBudgets(ctx context.Context, by access.Principal, f store.Filter) (out []SpentBudget, err error) {
	if err := by.May(access.BudgetRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	rows, err := list(ctx, c, by, budgets, f)
	if err != nil {
		return nil, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		out = make([]SpentBudget, len(rows))
		for i := range rows {
			if out[i], err = c.spent(tx, rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return out, budgets.wrap(err)
}

// spent reads the counters of the limits that have one each.
func (c *Catalog) spent(tx store.Tx, b store.Budget) (SpentBudget, error) {
	out := SpentBudget{Budget: b, Spent: make([]*limit.Counter, len(b.Limits))}
	rows, err := tx.Markets().Get([]string{b.Market})
	if err != nil || len(rows) == 0 {
		return out, err
	}
	h, now := b.Holder(&rows[0]), c.Clock()
	keys := map[limit.Key]int{}
	var list []limit.Key
	for i := range b.Limits {
		k, ok := h.Whole(i, limit.Subject{Day: rows[0].Day(now), WeekStart: rows[0].WeekStart, At: now})
		if ok {
			keys[k] = i
			list = append(list, k)
			out.Spent[i] = &limit.Counter{Key: k}
		}
	}
	counters, err := tx.Counters().Get(list)
	for i := range counters {
		out.Spent[keys[counters[i].Key]] = &counters[i]
	}
	return out, err
}

// checkBudgets sees that the budgets that a draft names are there for it, and that
// its cost is bounded where one of them limits an amount.
func checkBudgets(tx store.Tx, by access.Principal, t *store.Template, l *fault.List) error {
	for i, key := range t.Draft.Claim.Budgets {
		at := fmt.Sprintf("/draft/claim/budgets/%d", i)
		b, err := budgets.find(tx, by, key)
		switch {
		case err != nil && !fault.Has(err, fault.Absent):
			return err
		case b == nil || b.Market != t.Market || b.ArchivedAt != 0:
			l.Add(fault.New(fault.UnknownReference, "what", "budget").At(at))
		case b.Amounts():
			if _, ok := t.Draft.Terms.Liability(); !ok {
				l.Add(fault.New(fault.UnboundedAmount).At(at))
			}
		}
	}
	return nil
}

// drawn notes on the template which budgets its versions draw on, and whether what
// their coupons hold is kept in entries.
func drawn(t *store.Template, d *coupon.Doc) {
	for _, b := range d.Claim.Draws() {
		if !slices.Contains(t.Budgets, b) {
			t.Budgets = append(t.Budgets, b)
		}
	}
	own := limit.Holder{ID: t.ID, Limits: d.Claim.Limits}
	t.Entries = t.Entries || len(t.Budgets) > 0 || !own.Plain()
}
