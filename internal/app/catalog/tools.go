package catalog

import (
	"cmp"
	"context"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// ToolKind says what gives a template's coupons out.
type ToolKind string

// The kinds, in the order in which they are told.
const (
	ToolPlacement ToolKind = "placement"
	ToolLink      ToolKind = "link"
	ToolCodes     ToolKind = "codes" // a batch of exchange codes
	ToolBatch     ToolKind = "batch" // of stock, that the others draw from
	ToolPack      ToolKind = "pack"
	ToolPlan      ToolKind = "packet_plan"
	ToolGrant     ToolKind = "grant"     // a bulk grant
	ToolDesk      ToolKind = "desk"      // the market's service desk, which compensates with it
	ToolAutomatic ToolKind = "automatic" // it applies by itself: one row, the template's own
)

// ToolState is how a tool stands.
type ToolState string

// The states. A grant that waits for a word, or was stopped by hand, is paused.
const (
	ToolDraft     ToolState = "draft"
	ToolScheduled ToolState = "scheduled" // its time has not come
	ToolOpen      ToolState = "open"      // it gives out, or goes on
	ToolPaused    ToolState = "paused"
	ToolEnded     ToolState = "ended"   // its time is over, or all is done
	ToolRevoked   ToolState = "revoked" // stopped for good: codes revoked, a grant cancelled or undone
)

// Tool is one thing that gives a template's coupons out.
type Tool struct {
	Kind      ToolKind
	ID        id.ID  // zero: desk and automatic
	Name      string // as operators know it; "" for desk and automatic
	Code      string // own reference, a link's code, or the desk's market
	State     ToolState
	Placement id.ID // of links
	Sites     int   // of links: other sites that show it as a card
	CreatedAt calendar.Instant
	From, To  calendar.Instant // when it gives out, zero for open
	Figures   *ToolFigures     // nil: not for the principal
}

// ToolFigures are those of one tool; what does not fit it is nil. Amounts are in the
// market's currency.
type ToolFigures struct {
	Issued    *int64 // coupons of the template that came through it
	Used      *int64 // of them, used and not given back
	Given     *int64 // packs, packets or claims, where one gives several coupons
	Left      *int64 // what it can still give: coupons, codes, packs or packets; nil: no bound of its own
	Views     *int64 // of a link's page
	CostMinor *int64 // discounts less what was returned
	HeldMinor *int64 // worst case that a batch's budget bears, or what packets hold
}

// ToolCount is how many tools of a kind there are.
type ToolCount struct {
	Kind  ToolKind
	Total int64
}

// FormFigures are a template's figures by how its coupons came to members.
type FormFigures struct {
	Form   coupon.Form
	Placed bool // through placements
	Values metric.Values
}

// Tools are what gives a template's coupons out, and what came of it.
type Tools struct {
	Currency string // of the amounts: the market's own
	Kinds    []ToolCount
	Tools    []Tool        // by kind; of each the newest
	Forms    []FormFigures // by form; all of the template together. nil: not for the principal
}

// MostTools is how many tools of a kind are told at most.
const MostTools = 50

// mostLooked bounds how many coupons are looked at one by one for the figures of all
// tools together: what is larger has Used, and where nothing else counts them Issued,
// untold here.
const mostLooked = 50_000

// ToolsInput asks for the tools of a template.
type ToolsInput struct {
	Template id.ID
	Limit    int // of each kind, at most MostTools
}

// Tools returns the tools of a template that the principal may read, archived ones
// aside, the newest of each kind with how many there are. Figures need statistics.read
// and are not for who is limited to stores: what is issued knows none. Faults: not_found,
// permission_denied.
func (c *Catalog) Tools(ctx context.Context, by access.Principal, in ToolsInput) (out Tools, err error) {
	if err := readsStock(by); err != nil {
		return out, err
	}
	if f := text.Range(int64(in.Limit), 1, MostTools, "query:limit"); f != nil {
		return out, f
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		t, err := templates.must(tx, by, templateKey(in.Template))
		if err != nil {
			return err
		}
		m, err := tx.Markets().Get([]string{t.Market})
		if err != nil || len(m) == 0 {
			return cmp.Or(err, error(fault.New(fault.Absent, "what", "market")))
		}
		g := &toolGatherer{tx: tx, by: by, template: t, now: c.Clock(), limit: in.Limit, room: mostLooked, out: Tools{Currency: m[0].Currency}}
		if err := g.figured(); err != nil {
			return err
		}
		for _, gather := range []func() error{g.placements, g.links, g.codes, g.batches, g.packs, g.plans, g.grants, g.desk, g.automatic} {
			if err := gather(); err != nil {
				return err
			}
		}
		out = g.out
		return nil
	})
	return out, templates.wrap(err)
}

// toolGatherer gathers the tools of one template in one transaction.
type toolGatherer struct {
	tx       store.Tx
	by       access.Principal
	template *store.Template
	now      calendar.Instant
	limit    int
	counts   bool // the principal may see figures
	whole    bool // and all coupons
	room     int64
	placed   map[id.ID]metric.Values
	out      Tools
}

// may reports whether the principal sees what takes this permission; the rest is left
// out without a word.
func (g *toolGatherer) may(p access.Permission) bool { return g.by.May(p) == nil }

// figured reads the cube: by placement and by form.
func (g *toolGatherer) figured() error {
	scope := g.by.Scope
	if g.counts = g.may(access.StatisticsRead) && len(scope.Stores) == 0; !g.counts {
		return nil
	}
	g.whole = len(scope.Cities) == 0
	cells, err := g.tx.Metrics().Read(store.MetricQuery{Market: g.template.Market, Templates: []id.ID{g.template.ID}, GroupBy: []string{"placement", "form"}, Scope: scope})
	if err != nil {
		return err
	}
	g.placed = map[id.ID]metric.Values{}
	g.out.Forms = []FormFigures{}
	for _, cell := range cells {
		v := g.placed[cell.Placement]
		v.Add(cell.Values)
		g.placed[cell.Placement] = v
		placed := cell.Placement != 0
		at := slices.IndexFunc(g.out.Forms, func(f FormFigures) bool { return f.Form == cell.Form && f.Placed == placed })
		if at < 0 {
			at = len(g.out.Forms)
			g.out.Forms = append(g.out.Forms, FormFigures{Form: cell.Form, Placed: placed})
		}
		g.out.Forms[at].Values.Add(cell.Values)
	}
	slices.SortFunc(g.out.Forms, func(a, b FormFigures) int {
		return cmp.Or(cmp.Compare(a.Form, b.Form), cmp.Compare(flagged(b.Placed), flagged(a.Placed)))
	})
	return nil
}

func flagged(b bool) int {
	if b {
		return 1
	}
	return 0
}

// children lists the newest rows that belong to the template, and notes how many of
// them there are.
func children[T any](g *toolGatherer, kind ToolKind, may access.Permission, rows store.Reference[T]) ([]T, error) {
	if !g.may(may) {
		return nil, nil
	}
	f := store.Filter{Parent: templateKey(g.template.ID), Newest: true, Limit: g.limit + 1, Scope: access.Scope{Merchants: g.by.Scope.Merchants}}
	found, err := rows.List(f)
	if err != nil {
		return nil, err
	}
	total := int64(len(found))
	if len(found) > g.limit {
		found = found[:g.limit]
		if total, err = rows.Children(f); err != nil {
			return nil, err
		}
	}
	g.count(kind, total)
	return found, nil
}

func (g *toolGatherer) count(kind ToolKind, total int64) {
	if total > 0 {
		g.out.Kinds = append(g.out.Kinds, ToolCount{kind, total})
	}
}

func (g *toolGatherer) add(t Tool) { g.out.Tools = append(g.out.Tools, t) }

// came counts the coupons that one tool gave out, where they, at least so many, are not
// too many to look at; ok is false where they are. No tool takes more than half of what
// may still be looked at, so that a large one leaves room for those behind it.
func (g *toolGatherer) came(way store.Way, of id.ID, atLeast int64) (n store.Came, ok bool, err error) {
	most := g.room / 2
	if !g.whole || atLeast > most {
		return n, false, nil
	}
	n, err = g.tx.Ways().Came(way, of, g.template.ID, most+1)
	g.room -= min(n.Coupons, most)
	return n, n.Coupons <= most, err
}

// stateIn is the state of what gives out, while it does, in a window.
func (g *toolGatherer) stateIn(open bool, from, to calendar.Instant) ToolState {
	switch {
	case to != 0 && g.now >= to:
		return ToolEnded
	case !open:
		return ToolPaused
	case g.now < from:
		return ToolScheduled
	}
	return ToolOpen
}
