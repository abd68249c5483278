package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/schedule"
	"quan/internal/domain/stock"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type BatchPath struct {
	ID batchID `path:"id" doc:"id of the batch"`
}

// BatchBody is what may change of a batch.
type BatchBody struct {
	Name        string             `json:"name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"First ten thousand"`
	Size        int64              `json:"size" minimum:"0" maximum:"1000000000000" doc:"coupons that it may give out; less than it has given out only stops more" example:"10000"`
	BudgetMinor int64              `json:"budget_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"most worst-case liability of its coupons, minor units; 0: none. A batch keeps a budget that it was made with, and gets none later"`
	Rank        int64              `json:"rank,omitempty" minimum:"-1000" maximum:"1000" doc:"of several batches the lowest is drawn from first, then the oldest"`
	Placements  []placementID      `json:"placements,omitempty" maxItems:"50" doc:"it gives out through these only, and they through it; absent: through any that has none of its own" nullable:"false"`
	Reserved    bool               `json:"reserved,omitempty" doc:"for requests that name it"`
	Validity    *schedule.Validity `json:"validity,omitempty" doc:"when its coupons can be used; absent: as the template says"`
	From        calendar.Instant   `json:"from,omitzero" doc:"when it opens; absent: at once"`
	To          calendar.Instant   `json:"to,omitzero" doc:"when it closes, this moment excluded; absent: never"`
	Open        bool               `json:"open" doc:"coupons are given out" example:"true"`
}

type createBatchBody struct {
	Code     string     `json:"code,omitempty" maxLength:"64" doc:"own reference, unique and reserved for ever"`
	Market   string     `json:"market" minLength:"1" maxLength:"64" doc:"code of the template's market" example:"main"`
	Template templateID `json:"template" doc:"whose coupons it gives out; can't change"`
	BatchBody
}

type batchRow struct {
	ID       batchID    `json:"id" doc:"its identity"`
	Code     string     `json:"code,omitempty" doc:"own reference"`
	Market   string     `json:"market" doc:"code of the market"`
	Template templateID `json:"template" doc:"whose coupons it gives out"`
	BatchBody
	Most          int64 `json:"most" doc:"the largest size that it ever had"`
	Issued        int64 `json:"issued" doc:"coupons given out"`
	ReservedMinor int64 `json:"reserved_minor,omitempty" doc:"of the budget, worst case"`
	Stamps
}

func showBatch(b catalog.StockedBatch) batchRow {
	row := batchRow{ID: batchID(b.ID), Code: b.Code, Market: b.Market, Template: templateID(b.Template), Most: b.Most, Issued: b.Issued, ReservedMinor: b.ReservedMinor,
		BatchBody: BatchBody{b.Name, b.Size, b.BudgetMinor, b.Rank, nil, b.Reserved, b.Validity, b.From, b.To, b.Open},
		Stamps:    Stamps{b.Rev, b.CreatedAt, b.UpdatedAt, b.ArchivedAt}}
	for _, p := range b.Batch.Placements {
		row.Placements = append(row.Placements, placementID(p))
	}
	return row
}

func (b *BatchBody) row() stock.Batch {
	out := stock.Batch{Name: b.Name, Size: b.Size, BudgetMinor: b.BudgetMinor, Rank: b.Rank, Reserved: b.Reserved, Validity: b.Validity, From: b.From, To: b.To, Open: b.Open}
	for _, p := range b.Placements {
		out.Placements = append(out.Placements, id.ID(p))
	}
	return out
}

// batchFigures is a batch with what became of its coupons.
type batchFigures struct {
	batchRow
	At            calendar.Instant `json:"at" doc:"when the figures below were counted"`
	States        map[string]int64 `json:"states" doc:"its coupons by state as stored: one past its end is usable until the expiry job has been there"`
	Uses          int64            `json:"uses" doc:"uses of its coupons that were not given back"`
	DiscountMinor int64            `json:"discount_minor" doc:"what those took off"`
}

func showBatchFigures(f catalog.BatchFigures) batchFigures {
	out := batchFigures{batchRow: showBatch(f.StockedBatch), At: f.At, States: map[string]int64{}, Uses: f.Uses.Uses, DiscountMinor: f.Uses.DiscountMinor}
	for _, s := range []coupon.State{coupon.Usable, coupon.Locked, coupon.Used, coupon.Expired, coupon.Withdrawn} {
		out.States[s.String()] = f.States[s]
	}
	return out
}

type createBatchInput struct {
	Keyed
	Body createBatchBody
}

type changedBatch struct {
	Replayed
	Revised
	Body batchRow
}

type updateBatchInput struct {
	BatchPath
	Matched
	Body BatchBody
}

type archiveBatchInput struct {
	BatchPath
	Matched
}

type listBatchesInput struct {
	ListInput
	Template templateID `query:"template" doc:"only this template's"`
}

type addStockBody struct {
	Add    int64  `json:"add" minimum:"1" maximum:"1000000000000" doc:"coupons more" example:"5000"`
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"why, for the audit log"`
}

type addStockInput struct {
	BatchPath
	Keyed
	Body addStockBody
}

type switchBatchBody struct {
	Open   bool   `json:"open" doc:"give out coupons"`
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"why, for the audit log"`
}

type switchBatchInput struct {
	BatchPath
	IfMatch string `header:"If-Match" maxLength:"64" doc:"optional here: a stop never waits for a reader" example:"\"3\""`
	Body    switchBatchBody
}

const aboutBatches = "A template that has batches gives out coupons from them only, each claim from the one that it or its placement names, else from the first open one with room."

func (s *server) batchRoutes() {
	const path = "/v1/batches/{id}"
	body := BatchBody{Name: "First ten thousand", Size: 10_000, Open: true}
	add(s, operation{id: "create-batch", method: "POST", path: "/v1/batches", tag: "batches", may: access.TemplateWrite, status: 201,
		summary: "Create a batch of stock", about: aboutBatches, example: createBatchBody{Market: "main", Template: templateID(exampleID), BatchBody: body},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.UnknownReference, fault.NameTaken, fault.WrongState, fault.Conflicting, fault.UnboundedAmount}},
		func(ctx context.Context, c *call, in *createBatchInput) (*changedBatch, error) {
			row := in.Body.row()
			row.Code, row.Market, row.Template = in.Body.Code, in.Body.Market, id.ID(in.Body.Template)
			b, again, err := s.Catalog.CreateBatch(ctx, c.principal, catalog.CreateBatchInput{Once: c.once(in.IdempotencyKey, in.Body), Batch: row})
			if err != nil {
				return nil, err
			}
			return &changedBatch{replay(again), Revised{tag(b.Rev)}, showBatch(b)}, nil
		})
	add(s, operation{id: "list-batches", method: "GET", path: "/v1/batches", tag: "batches", may: access.TemplateRead,
		summary: "List batches of stock", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor, fault.PermissionDeny}},
		func(ctx context.Context, c *call, in *listBatchesInput) (*list[batchRow], error) {
			f, err := in.filter("batches")
			if err != nil {
				return nil, err
			}
			f.Parent = in.Template.String()
			rows, err := s.Catalog.ListBatches(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[batchRow]{pageOf("batches", f.Limit, rows, func(b catalog.StockedBatch) string { return id.Format(id.Batch, b.ID) }, showBatch)}, nil
		})
	add(s, operation{id: "get-batch", method: "GET", path: path, tag: "batches", may: access.TemplateRead,
		summary: "Get a batch with its figures", about: "What became of its coupons is counted at the request.", faults: []fault.Code{fault.Absent, fault.PermissionDeny}},
		func(ctx context.Context, c *call, in *BatchPath) (*row[batchFigures], error) {
			f, err := s.Catalog.GetBatch(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			return rowOf(showBatchFigures(f), f.Rev, false), nil
		})
	add(s, operation{id: "update-batch", method: "PUT", path: path, tag: "batches", may: access.TemplateWrite,
		summary: "Change a batch", about: "The body is the whole. Claims see it at once; coupons that are out keep their dates.", example: body,
		faults: []fault.Code{fault.Absent, fault.WrongState, fault.UnknownReference, fault.Conflicting, fault.UnboundedAmount}},
		func(ctx context.Context, c *call, in *updateBatchInput) (*row[batchRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return batchAnswer(s.Catalog.UpdateBatch(ctx, c.principal, catalog.UpdateBatchInput{Batch: id.ID(in.ID), IfRev: rev, Row: in.Body.row()}))
		})
	add(s, operation{id: "archive-batch", method: "DELETE", path: path, tag: "batches", may: access.TemplatePublish,
		summary: "Archive a batch", about: "It gives out nothing any more; its coupons live on.", faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *archiveBatchInput) (*row[batchRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return batchAnswer(s.Catalog.ArchiveBatch(ctx, c.principal, id.ID(in.ID), rev))
		})
	add(s, operation{id: "add-stock", method: "POST", path: path + "/stock", tag: "batches", may: access.TemplateWrite,
		summary: "Add stock to a batch", about: "Counts from what it is then: two who add at the same time both do.", example: addStockBody{Add: 5000},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *addStockInput) (*changedBatch, error) {
			b, again, err := s.Catalog.AddStock(ctx, c.principal, catalog.AddStockInput{Once: c.once(in.IdempotencyKey, in.Body), Batch: id.ID(in.ID), Add: in.Body.Add, Reason: in.Body.Reason})
			if err != nil {
				return nil, err
			}
			return &changedBatch{replay(again), Revised{tag(b.Rev)}, showBatch(b)}, nil
		})
	add(s, operation{id: "switch-batch", method: "PUT", path: path + "/switch", tag: "batches", may: access.TemplatePublish,
		summary: "Stop a batch, or let it go on", about: "Claims see it at once. If-Match may be left out.", example: switchBatchBody{Reason: "wrong dates"},
		faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *switchBatchInput) (*row[batchRow], error) {
			rev := int64(0)
			if in.IfMatch != "" {
				var err error
				if rev, err = revOf(in.IfMatch); err != nil {
					return nil, err
				}
			}
			return batchAnswer(s.Catalog.SwitchBatch(ctx, c.principal, catalog.SwitchBatchInput{Batch: id.ID(in.ID), Open: in.Body.Open, IfRev: rev, Reason: in.Body.Reason}))
		})
	s.batchJobRoutes(path)
}

func batchAnswer(b catalog.StockedBatch, err error) (*row[batchRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showBatch(b), b.Rev, false), nil
}
