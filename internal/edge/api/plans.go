package api

import (
	"context"

	"quan/internal/app/planning"
	"quan/internal/domain/access"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
)

type lowestInput struct {
	TemplatePath
	Version  int64  `query:"version" minimum:"1" maximum:"1000000" doc:"a published version; absent: the draft, or the newest of a template without one"`
	FloorBps int64  `query:"floor_bps" minimum:"0" maximum:"10000" doc:"warn below this share of the list price too, basis points; absent: only below the items' own floors" example:"5000"`
	Cursor   string `query:"cursor" maxLength:"512" doc:"next_cursor of the piece before"`
}

type lowestAnswer struct{ Body lowestBody }

type lowestBody struct {
	Currency   string       `json:"currency" doc:"of all amounts"`
	Version    int64        `json:"version" doc:"of which version; 0: the draft"`
	Looked     int64        `json:"looked" doc:"items of this piece of the catalogue"`
	InScope    int64        `json:"in_scope" doc:"of them, in the template's scope"`
	Floored    int64        `json:"floored" doc:"of those, with a floor"`
	Others     int64        `json:"others" doc:"published templates that can stand beside it"`
	Partial    bool         `json:"partial" doc:"there are more templates than are looked at"`
	Warnings   []warningRow `json:"warnings" doc:"items that can cost less than their floor, worst first" nullable:"false"`
	NextCursor string       `json:"next_cursor,omitempty" doc:"asks for the next piece; absent at the end"`
}

type warningRow struct {
	SKU        string       `json:"sku" doc:"item"`
	Name       string       `json:"name" doc:"as customers know it"`
	ListMinor  int64        `json:"list_minor" doc:"price of a unit in the catalogue"`
	FloorMinor int64        `json:"floor_minor" doc:"price below which it warns: min_minor, cost_minor or the share asked for, the highest"`
	UnitMinor  int64        `json:"unit_minor" doc:"lowest price of a unit, rounded down"`
	BoundMinor int64        `json:"bound_minor" doc:"no unit can cost less; unit_minor when proved"`
	Proved     bool         `json:"proved" doc:"no quantity looked at and no legal set makes it lower"`
	Quantity   int64        `json:"quantity" doc:"units in the cart that reaches it"`
	Payable    int64        `json:"payable_minor" doc:"for all of them"`
	ShortBps   int64        `json:"short_bps" doc:"share of the floor that is missing, basis points"`
	Involved   bool         `json:"involved" doc:"the template is in the set; if not, the price is as low without it"`
	Templates  []templateID `json:"templates" doc:"the set" nullable:"false"`
}

type dryRunInput struct {
	TemplatePath
	Body dryRunBody
}

type dryRunBody struct {
	Version int64  `json:"version,omitempty" minimum:"0" maximum:"1000000" doc:"a published version; absent: the draft, or the newest of a template without one"`
	Days    int64  `json:"days,omitempty" minimum:"0" maximum:"366" doc:"past local days, today included; absent: 30" example:"30"`
	Orders  int64  `json:"orders,omitempty" minimum:"0" maximum:"100000" doc:"about so many orders are priced at most, the others left out by a hash of their id; absent: 10000" example:"10000"`
	Cursor  string `json:"cursor,omitempty" maxLength:"65536" doc:"cursor of the answer before, to go on"`
}

type dryRunAnswer struct{ Body dryRunRow }

type dryRunRow struct {
	Currency string      `json:"currency" doc:"of all amounts"`
	Version  int64       `json:"version" doc:"of which version; 0: the draft"`
	Items    dryItems    `json:"items" doc:"the catalogue, with the coupon alone"`
	Orders   dryOrders   `json:"orders" doc:"past orders, with the coupon alone"`
	Limits   []limitRow  `json:"limits" doc:"limits of the template with what these days would need of them" nullable:"false"`
	Progress dryProgress `json:"progress" doc:"how far it is"`
	Cursor   string      `json:"cursor,omitempty" doc:"send it to go on; absent when all is done"`
}

type dryProgress struct {
	Done   bool  `json:"done" doc:"nothing is left to do"`
	Known  int64 `json:"known" doc:"orders of these days, by the statistics"`
	Read   int64 `json:"read" doc:"of them, read so far"`
	Every  int64 `json:"every" doc:"one of so many is priced"`
	Looked int64 `json:"looked" doc:"items of the catalogue looked at so far"`
}

type dryItems struct {
	InScope  int64  `json:"in_scope" doc:"items in the template's scope"`
	Floored  int64  `json:"floored" doc:"of them, with min_minor or cost_minor"`
	Below    int64  `json:"below" doc:"of those, a unit can cost less"`
	Zero     int64  `json:"zero" doc:"items of which a cart can cost no more than the market's floor"`
	WorstBps int64  `json:"worst_bps" doc:"least share of its list price that a unit can cost, basis points"`
	WorstSKU string `json:"worst_sku" doc:"of this item; empty for none"`
}

type dryOrders struct {
	Priced        int64   `json:"priced" doc:"orders priced"`
	Applied       int64   `json:"applied" doc:"of them, those on which the coupon counts"`
	Zero          int64   `json:"zero" doc:"of those, with no more than the market's floor left to pay"`
	Costed        int64   `json:"costed" doc:"of those, with a cost known for all goods"`
	BelowCost     int64   `json:"below_cost" doc:"of those, paid less than the goods cost"`
	ListMinor     int64   `json:"list_minor" doc:"list amount of orders on which it counts"`
	DiscountMinor int64   `json:"discount_minor" doc:"all of what it takes off"`
	HalfMinor     int64   `json:"p50_minor" doc:"half of those orders have at most this off, to 1/64"`
	MostMinor     int64   `json:"p95_minor" doc:"95 % of those orders have at most this off, to 1/64"`
	WorstMinor    int64   `json:"worst_minor" doc:"least that is left to pay"`
	WorstOrder    orderID `json:"worst_order,omitzero" doc:"of this order"`
}

type limitRow struct {
	What     string `json:"what" doc:"what is counted"`
	Period   string `json:"period" doc:"span after which it starts anew"`
	Cap      int64  `json:"cap" doc:"most that is taken"`
	Forecast int64  `json:"forecast" doc:"what orders like these need in a period (of ever: in these days), a count or minor units"`
	Over     bool   `json:"over" doc:"that is more"`
}

func (s *server) planRoutes() {
	const path = "/v1/templates/{id}"
	s.pricesRoute()
	add(s, operation{id: "get-lowest-prices", method: "GET", path: path + "/lowest-prices", tag: "templates", may: access.TemplateWrite,
		summary: "Warn of prices that a template makes too low",
		about: "Looks at each item in its scope, with all published templates that can stand beside it, all held by one member, in carts of one SKU. " +
			"All quantities up to 12 are tried, and up to 200 those at which a threshold, step or pattern fills. Conditions and places are taken to hold.",
		faults: []fault.Code{fault.Absent, fault.InvalidCursor, fault.Conflicting, fault.UnboundedAmount}},
		func(ctx context.Context, c *call, in *lowestInput) (*lowestAnswer, error) {
			after, err := page.Decode("lowest", in.Cursor)
			if err != nil {
				return nil, fault.New(fault.InvalidCursor).At("query:cursor")
			}
			found, err := s.Planning.Lowest(ctx, c.principal, planning.LowestInput{Template: id.ID(in.ID), Version: in.Version,
				After: after, FloorBps: in.FloorBps})
			if err != nil {
				return nil, err
			}
			return &lowestAnswer{showLowest(found)}, nil
		})
	add(s, operation{id: "dry-run-template", method: "POST", path: path + "/dry-run", tag: "templates", may: access.TemplateWrite,
		summary: "Try a template on the catalogue and on past orders",
		about: "Writes nothing, so it takes no Idempotency-Key. A call does a bounded part; send the cursor of its answer to go on, or don't, to stop. " +
			"The figures are of all parts so far.",
		example: dryRunBody{Days: 30, Orders: 10_000},
		faults:  []fault.Code{fault.Absent, fault.InvalidCursor, fault.Conflicting, fault.UnboundedAmount}},
		func(ctx context.Context, c *call, in *dryRunInput) (*dryRunAnswer, error) {
			cursor, err := page.Decode("dry-run", in.Body.Cursor)
			if err != nil {
				return nil, fault.New(fault.InvalidCursor).At("/cursor")
			}
			found, err := s.Planning.DryRun(ctx, c.principal, planning.DryRunInput{Template: id.ID(in.ID), Version: in.Body.Version,
				Days: in.Body.Days, Orders: in.Body.Orders, Cursor: cursor})
			if err != nil {
				return nil, err
			}
			return &dryRunAnswer{showDryRun(found)}, nil
		})
}

func showLowest(f *planning.LowestPrices) lowestBody {
	out := lowestBody{Currency: f.Market.Currency, Version: f.Version, Looked: f.Looked, InScope: f.InScope, Floored: f.Floored,
		Others: f.Others, Partial: f.Some, Warnings: make([]warningRow, len(f.Warnings))}
	if f.Next != "" {
		out.NextCursor = page.Encode("lowest", f.Next)
	}
	for i := range f.Warnings {
		w := &f.Warnings[i]
		out.Warnings[i] = warningRow{SKU: w.Item.SKU, Name: w.Item.Name, ListMinor: w.ListMinor, FloorMinor: w.FloorMinor, UnitMinor: w.UnitMinor(),
			BoundMinor: w.BoundMinor, Proved: w.Proved, Quantity: w.Quantity, Payable: w.PayableMinor, ShortBps: w.ShortBps,
			Involved: w.Involved, Templates: templatesOf(w.Uses)}
	}
	return out
}

func templatesOf(uses []pricing.Use) []templateID {
	out := make([]templateID, len(uses))
	for i, u := range uses {
		out[i] = templateID(u.Template)
	}
	return out
}

func showDryRun(f *planning.DryRun) dryRunRow {
	o, i := &f.Orders, &f.Items
	out := dryRunRow{Currency: f.Market.Currency, Version: f.Version,
		Items: dryItems{i.InScope, i.Floored, i.Below, i.Zero, i.WorstBps, i.WorstSKU},
		Orders: dryOrders{Priced: o.Orders, Applied: o.Applied, Zero: o.Zero, Costed: o.Costed, BelowCost: o.BelowCost, ListMinor: o.ListMinor,
			DiscountMinor: o.DiscountMinor, HalfMinor: o.Discounts.Quantile(5_000), MostMinor: o.Discounts.Quantile(9_500), WorstMinor: o.WorstMinor},
		Limits:   make([]limitRow, len(f.Limits)),
		Progress: dryProgress{f.Cursor == "", f.Known, f.Read, f.Every, i.Looked}}
	if o.WorstOrder > 0 {
		out.Orders.WorstOrder = orderID(o.WorstOrder)
	}
	for n, l := range f.Limits {
		out.Limits[n] = limitRow{string(l.Limit.What), string(l.Limit.Period), l.Limit.Cap, l.Amount, l.Over}
	}
	if f.Cursor != "" {
		out.Cursor = page.Encode("dry-run", f.Cursor)
	}
	return out
}
