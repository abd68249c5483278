package catalog

import (
	"encoding/json"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/domain/metric"
	"quan/internal/store"
)

// grants are seen as their list shows them: a principal that is limited to a scope sees
// its own.
func (g *toolGatherer) grants() error {
	if !g.may(access.CouponGrant) {
		return nil
	}
	f := store.JobFilter{Template: g.template.ID, Limit: g.limit + 1}
	if !g.by.Scope.Everything() {
		f.Actor = g.by.ID
	}
	rows, err := g.tx.Jobs().List(f)
	if err != nil {
		return err
	}
	total := int64(len(rows))
	if len(rows) > g.limit {
		rows = rows[:g.limit]
		if total, err = g.tx.Jobs().OfTemplate(f); err != nil {
			return err
		}
	}
	g.count(ToolGrant, total)
	for i := range rows {
		if err := g.grant(&rows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (g *toolGatherer) grant(j *store.Job) error {
	var spec grant.Spec
	var progress grant.Progress
	if err := json.Unmarshal([]byte(j.Args), &spec); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(j.Cursor), &progress); err != nil {
		return err
	}
	tool := Tool{Kind: ToolGrant, ID: j.ID, Name: spec.Name, State: grantState(j, &progress), CreatedAt: j.CreatedAt, From: progress.StartAt}
	if !g.counts {
		g.add(tool)
		return nil
	}
	// Whom it granted got all its templates, or none.
	each := int64(0)
	for _, t := range spec.Templates {
		if t == g.template.ID {
			each++
		}
	}
	tool.Figures = &ToolFigures{}
	if len(spec.Templates) > 1 {
		tool.Figures.Given = &progress.Result.Granted
	}
	err := g.used(tool.Figures, store.WayGrant, j.ID, progress.Result.Granted*each)
	g.add(tool)
	return err
}

func grantState(j *store.Job, p *grant.Progress) ToolState {
	switch {
	case p.Phase == grant.Undone, j.State == job.Cancelled, j.State == job.Discarded:
		return ToolRevoked
	case p.Phase == grant.Done:
		return ToolEnded
	case j.State == job.Paused:
		return ToolPaused
	case j.State == job.Scheduled:
		return ToolScheduled
	}
	return ToolOpen
}

// desk is the service desk of the template's market, where it compensates with it.
func (g *toolGatherer) desk() error {
	if !g.may(access.MemberRead) {
		return nil
	}
	rows, err := g.tx.Desks().Get([]string{g.template.Market})
	if err != nil || len(rows) == 0 || !slices.Contains(rows[0].Templates, g.template.ID) {
		return err
	}
	g.count(ToolDesk, 1)
	g.add(Tool{Kind: ToolDesk, Code: rows[0].Market, State: ToolOpen, CreatedAt: rows[0].CreatedAt})
	return nil
}

// automatic is the template itself, where quotes find it, or did.
func (g *toolGatherer) automatic() error {
	if !g.template.Automatic {
		return nil
	}
	versions, err := g.tx.Versions().Get([]store.VersionKey{{Template: g.template.ID, Number: g.template.Version}})
	if err != nil {
		return err
	}
	tool := Tool{Kind: ToolAutomatic, State: ToolEnded, CreatedAt: g.template.CreatedAt}
	if len(versions) > 0 && versions[0].Doc.Claim.Automatic {
		w := versions[0].Doc.Claim.Window
		tool.State, tool.From, tool.To = g.stateIn(g.template.Claiming, w.From, w.To), w.From, w.To
	}
	if g.counts {
		var sum metric.Values
		for _, f := range g.out.Forms {
			if f.Form == coupon.FormAutomatic {
				sum.Add(f.Values)
			}
		}
		tool.Figures = &ToolFigures{Issued: &sum.Issued, Used: &sum.CouponsUsed, CostMinor: new(sum.DiscountMinor - sum.ReturnedMinor)}
	}
	g.count(ToolAutomatic, 1)
	g.add(tool)
	return nil
}
