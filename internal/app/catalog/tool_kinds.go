package catalog

import (
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/limit"
	"quan/internal/domain/pack"
	"quan/internal/domain/packet"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// taken reads counters; a key that nothing was taken of is absent.
func (g *toolGatherer) taken(keys []limit.Key) (map[limit.Key]int64, error) {
	out := map[limit.Key]int64{}
	if len(keys) == 0 || !g.counts {
		return out, nil
	}
	rows, err := g.tx.Counters().Get(keys)
	for _, c := range rows {
		out[c.Key] = c.Taken
	}
	return out, err
}

// left is what a cap leaves, nil for no cap.
func left(cap, taken int64) *int64 {
	if cap == 0 || cap == limit.Unlimited {
		return nil
	}
	return new(max(cap-taken, 0))
}

func (g *toolGatherer) placements() error {
	rows, err := children(g, ToolPlacement, access.ReferenceRead, g.tx.Placements())
	if err != nil {
		return err
	}
	key := func(p *store.Placement) limit.Key {
		return limit.Key{Template: g.template.ID, Per: limit.PerPlacement, Subject: p.ID, What: limit.IssueCount, Period: limit.Ever}
	}
	keys := make([]limit.Key, len(rows))
	for i := range rows {
		keys[i] = key(&rows[i])
	}
	taken, err := g.taken(keys)
	if err != nil {
		return err
	}
	for i := range rows {
		p := &rows[i]
		tool := Tool{Kind: ToolPlacement, ID: p.ID, Name: p.Name, Code: p.Code, State: g.stateIn(p.Open, p.From, p.To), CreatedAt: p.CreatedAt, From: p.From, To: p.To}
		if g.counts {
			v := g.placed[p.ID]
			tool.Figures = &ToolFigures{Issued: &v.Issued, Used: &v.CouponsUsed, CostMinor: new(v.DiscountMinor - v.ReturnedMinor), Left: left(p.Cap, taken[key(p)])}
		}
		g.add(tool)
	}
	return nil
}

// links stand as the placements do to whose pages they lead.
func (g *toolGatherer) links() error {
	rows, err := children[store.Link](g, ToolLink, access.ReferenceRead, g.tx.Links())
	if err != nil || len(rows) == 0 {
		return err
	}
	ids, keys := make([]id.ID, len(rows)), make([]string, len(rows))
	for i := range rows {
		ids[i], keys[i] = rows[i].ID, placementKey(rows[i].Placement)
	}
	slices.Sort(keys)
	places, err := g.tx.Placements().Get(slices.Compact(keys))
	if err != nil {
		return err
	}
	seen, err := g.tx.Links().Seen(ids)
	if err != nil {
		return err
	}
	for i := range rows {
		l := &rows[i]
		tool := Tool{Kind: ToolLink, ID: l.ID, Name: l.Name, Code: l.Code, State: ToolEnded, Placement: l.Placement, Sites: len(l.Sites), CreatedAt: l.CreatedAt}
		if at := slices.IndexFunc(places, func(p store.Placement) bool { return p.ID == l.Placement }); at >= 0 && places[at].ArchivedAt == 0 {
			p := &places[at]
			tool.State, tool.From, tool.To = g.stateIn(p.Open, p.From, p.To), p.From, p.To
		}
		if g.counts {
			tool.Figures = &ToolFigures{Views: new(seen[l.ID].Views)}
			if err := g.fill(tool.Figures, store.WayLink, l.ID, 0); err != nil {
				return err
			}
		}
		g.add(tool)
	}
	return nil
}

// fill counts the coupons of a tool that nothing else counts.
func (g *toolGatherer) fill(f *ToolFigures, way store.Way, of id.ID, atLeast int64) error {
	n, ok, err := g.came(way, of, atLeast)
	if ok {
		f.Issued, f.Used = &n.Coupons, &n.Used
	}
	return err
}

// used counts how many coupons of a tool were used, where it is known how many it gave out.
func (g *toolGatherer) used(f *ToolFigures, way store.Way, of id.ID, issued int64) error {
	f.Issued = &issued
	n, ok, err := g.came(way, of, issued)
	if ok {
		f.Used = &n.Used
	}
	return err
}

func (g *toolGatherer) codes() error {
	rows, err := children(g, ToolCodes, access.CodeRead, g.tx.CodeBatches())
	if err != nil || len(rows) == 0 {
		return err
	}
	all, err := counted(g.tx, rows)
	if err != nil {
		return err
	}
	for i := range all {
		b := &all[i]
		tool := Tool{Kind: ToolCodes, ID: b.ID, Name: b.Name, Code: b.Word, State: g.stateIn(true, b.From, b.To), CreatedAt: b.CreatedAt, From: b.From, To: b.To}
		if b.Revoked {
			tool.State = ToolRevoked
		}
		if g.counts {
			tool.Figures = &ToolFigures{Left: new(max(b.Codes-b.Used, 0))}
			if b.Revoked {
				tool.Figures.Left = new(int64)
			}
			if err := g.used(tool.Figures, store.WayCodes, b.ID, b.Used); err != nil {
				return err
			}
		}
		g.add(tool)
	}
	return nil
}

func (g *toolGatherer) batches() error {
	rows, err := children[store.Batch](g, ToolBatch, access.TemplateRead, g.tx.Batches())
	if err != nil || len(rows) == 0 {
		return err
	}
	all, err := stocked(g.tx, rows)
	if err != nil {
		return err
	}
	for i := range all {
		b := &all[i]
		tool := Tool{Kind: ToolBatch, ID: b.ID, Name: b.Name, Code: b.Code, State: g.stateIn(b.Open, b.From, b.To), CreatedAt: b.CreatedAt, From: b.From, To: b.To}
		if g.counts {
			tool.Figures = &ToolFigures{Left: new(max(b.Size-b.Issued, 0))}
			if b.BudgetMinor > 0 {
				tool.Figures.HeldMinor = &b.ReservedMinor
			}
			if err := g.used(tool.Figures, store.WayBatch, b.ID, b.Issued); err != nil {
				return err
			}
		}
		g.add(tool)
	}
	return nil
}

// publishedState is the state of what is published before it gives out.
func (g *toolGatherer) publishedState(status string, open bool, from, to calendar.Instant) ToolState {
	if status == string(pack.StatusDraft) {
		return ToolDraft
	}
	return g.stateIn(open, from, to)
}

func (g *toolGatherer) packs() error {
	rows, err := children(g, ToolPack, access.TemplateRead, g.tx.Packs())
	if err != nil {
		return err
	}
	keys := make([]limit.Key, len(rows))
	for i := range rows {
		keys[i] = pack.StockKey(rows[i].ID)
	}
	taken, err := g.taken(keys)
	if err != nil {
		return err
	}
	for i := range rows {
		p := &rows[i]
		tool := Tool{Kind: ToolPack, ID: p.ID, Name: p.InternalName, Code: p.Code, State: g.publishedState(string(p.Status), p.Open, p.Window.From, p.Window.To),
			CreatedAt: p.CreatedAt, From: p.Window.From, To: p.Window.To}
		if g.counts {
			given := taken[keys[i]]
			tool.Figures = &ToolFigures{Given: &given}
			for _, l := range p.Limits {
				if l.Per == pack.PerPack && l.Period == limit.Ever {
					tool.Figures.Left = new(max(l.Cap-given, 0))
				}
			}
			if err := g.fill(tool.Figures, store.WayPack, p.ID, given); err != nil {
				return err
			}
		}
		g.add(tool)
	}
	return nil
}

func (g *toolGatherer) plans() error {
	rows, err := children(g, ToolPlan, access.TemplateRead, g.tx.Plans())
	if err != nil {
		return err
	}
	var keys []limit.Key
	for i := range rows {
		keys = append(keys, packet.StockKey(rows[i].ID), packet.BudgetKey(rows[i].ID))
	}
	taken, err := g.taken(keys)
	if err != nil {
		return err
	}
	for i := range rows {
		p := &rows[i]
		tool := Tool{Kind: ToolPlan, ID: p.ID, Name: p.InternalName, Code: p.Code, State: g.publishedState(string(p.Status), p.Open, p.Window.From, p.Window.To),
			CreatedAt: p.CreatedAt, From: p.Window.From, To: p.Window.To}
		if g.counts {
			given := taken[packet.StockKey(p.ID)]
			tool.Figures = &ToolFigures{Given: &given}
			if p.Content.Mode != packet.Coupons {
				tool.Figures.HeldMinor = new(taken[packet.BudgetKey(p.ID)])
			}
			for _, l := range p.Limits {
				if l.Per == packet.PerPlan && l.Period == limit.Ever {
					tool.Figures.Left = new(max(l.Cap-given, 0))
				}
			}
			if err := g.fill(tool.Figures, store.WayPlan, p.ID, 0); err != nil {
				return err
			}
		}
		g.add(tool)
	}
	return nil
}
