package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/grant"
	"quan/internal/edge/roster"
	"quan/internal/edge/sheet"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type BulkPath struct {
	ID jobID `path:"id" doc:"id of the bulk grant, which is a job"`
}

type bulkBody struct {
	Name      string           `json:"name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Spring for gold members"`
	Templates []templateID     `json:"templates" minItems:"1" maxItems:"20" doc:"what each member gets, of one market: several are a pack, all or nothing" nullable:"false"`
	Audience  string           `json:"audience" enum:"everyone,segment,list" doc:"to whom" example:"segment"`
	Tree      condition.Tree   `json:"tree,omitzero" doc:"segment: a condition over what is stored of members, judged when a member's turn comes"`
	CSV       string           `json:"csv,omitempty" maxLength:"32000000" doc:"list: text of a CSV file, up to 1,000,000 rows; the first column names members, its heading says how (id, phone, email …)"`
	Excel     string           `json:"excel,omitempty" maxLength:"32000000" doc:"list: an Excel workbook in base64, instead of csv; its first sheet"`
	Reason    string           `json:"reason" minLength:"1" maxLength:"500" doc:"why, for the audit log" example:"spring campaign"`
	Rate      int64            `json:"rate,omitempty" minimum:"0" maximum:"1000000" doc:"members a second at most; 0: no bound"`
	StartAt   calendar.Instant `json:"start_at,omitzero" doc:"not before this moment; absent: as soon as it may"`
	Go        bool             `json:"go,omitempty" doc:"go on behind the rehearsal without a word"`
	Circumstances
}

type listBulkInput struct {
	Paged
	Template templateID `query:"template" doc:"only grants of this template"`
}

type bulkInput struct {
	Keyed
	Body bulkBody
}

type bulkFigures struct {
	Members   int64            `json:"members" doc:"members looked at"`
	Granted   int64            `json:"granted" doc:"members who got all"`
	Coupons   int64            `json:"coupons" doc:"coupons"`
	Liability int64            `json:"liability_minor" doc:"the most that these coupons can cost, minor units, but for the unbounded ones"`
	Unbounded int64            `json:"unbounded,omitempty" doc:"coupons whose cost nothing bounds"`
	Refused   map[string]int64 `json:"refused,omitempty" doc:"members who got nothing, by reason"`
}

type bulkUndo struct {
	Job     jobID            `json:"job" doc:"the undo's own job"`
	State   string           `json:"state" doc:"of that job"`
	Done    int64            `json:"done" doc:"members looked at"`
	Total   int64            `json:"total" doc:"members who had been granted to"`
	Coupons int64            `json:"coupons" doc:"coupons taken back"`
	Kept    map[string]int64 `json:"kept,omitempty" doc:"coupons that stay, by reason"`
}

type bulkRow struct {
	ID        jobID            `json:"id" doc:"its identity"`
	Name      string           `json:"name" doc:"as operators know it"`
	Phase     string           `json:"phase" doc:"uploading, rehearsing, ready (waits to be started), issuing, done or undone"`
	State     string           `json:"state" doc:"of its job: available, scheduled, running, retryable, paused, completed, cancelled or discarded"`
	Templates []templateID     `json:"templates" doc:"what each member gets" nullable:"false"`
	Audience  string           `json:"audience" doc:"everyone, segment or list"`
	Market    string           `json:"market" doc:"code of the templates' market"`
	Tree      *condition.Tree  `json:"tree,omitempty" doc:"the segment"`
	Rows      int64            `json:"rows,omitempty" doc:"rows of the list"`
	Reason    string           `json:"reason" doc:"why"`
	Rate      int64            `json:"rate,omitempty" doc:"members a second at most"`
	StartAt   calendar.Instant `json:"start_at,omitzero" doc:"not before this moment"`
	Done      int64            `json:"done" doc:"members done in this phase, rows that name nobody included"`
	Total     int64            `json:"total" doc:"members in all, 0 while it is not known"`
	Bad       map[string]int64 `json:"bad_rows,omitempty" doc:"rows of the list that name nobody, by reason"`
	Rehearsal bulkFigures      `json:"rehearsal" doc:"what would come of it, when it was rehearsed"`
	Result    bulkFigures      `json:"result" doc:"what came of it"`
	Undo      *bulkUndo        `json:"undo,omitempty" doc:"how far the undo is"`
	Failures  []jobFailure     `json:"failures,omitempty" doc:"the last attempts that failed" nullable:"false"`
	CreatedAt calendar.Instant `json:"created_at" doc:"when it was asked for"`
	EndedAt   calendar.Instant `json:"ended_at,omitzero" doc:"when it was over"`
	Circumstances
}

func showFigures(f grant.Figures) bulkFigures {
	return bulkFigures{f.Members, f.Granted, f.Coupons, f.Liability, f.Unbounded, byCode(f.Refused)}
}

func byCode(counts map[fault.Code]int64) map[string]int64 {
	if len(counts) == 0 {
		return nil
	}
	out := make(map[string]int64, len(counts))
	for code, n := range counts {
		out[string(code)] = n
	}
	return out
}

func showBulk(g issuing.BulkGrant) bulkRow {
	p, j, s := g.Progress, g.Job, g.Spec
	row := bulkRow{ID: jobID(j.ID), Name: s.Name, Phase: string(p.Phase), State: string(j.State), Audience: string(s.Audience), Market: s.Market, Rows: s.Rows,
		Reason: s.Reason, Rate: s.Rate, StartAt: p.StartAt, Done: j.Done, Total: j.Total, Bad: byCode(p.Bad.Refused), Rehearsal: showFigures(p.Rehearsal),
		Result: showFigures(p.Result), CreatedAt: j.CreatedAt, EndedAt: j.EndedAt, Circumstances: Circumstances{placementID(s.Placement), s.Channel, s.City}}
	for _, t := range s.Templates {
		row.Templates = append(row.Templates, templateID(t))
	}
	if !s.Tree.IsZero() {
		row.Tree = &s.Tree
	}
	for _, f := range j.Failures {
		row.Failures = append(row.Failures, jobFailure(f))
	}
	return row
}

type bulkAnswer struct {
	Replayed
	Body bulkRow
}

type oneBulk struct{ Body bulkRow }

func (s *server) bulkRoutes() {
	example := bulkBody{Name: "Spring for gold members", Templates: []templateID{templateID(exampleID)}, Audience: "segment",
		Tree: condition.Tree{Leaf: &condition.MemberTier{In: []string{"gold"}}}, Reason: "spring campaign", Rate: 5000}
	add(s, operation{id: "create-bulk-grant", method: "POST", path: "/v1/bulk-grants", tag: "issuing", may: access.CouponGrant, status: http.StatusAccepted, most: 48 << 20,
		summary: "Grant coupons to many members",
		about: "A job. It is rehearsed first - how many, what it would cost at worst, how many would be refused and why - and then waits to be started, unless go is set. " +
			"Who registers behind the start gets nothing. The same request again goes on where an upload broke off.",
		example: example, faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.UnknownReference, fault.TemplateNotPublished, fault.Conflicting}},
		func(ctx context.Context, c *call, in *bulkInput) (*bulkAnswer, error) {
			plan, err := c.plan(in)
			if err != nil {
				return nil, err
			}
			g, again, err := s.Issuing.PlanGrant(ctx, c.principal, plan)
			if err != nil {
				return nil, err
			}
			return &bulkAnswer{replay(again), showBulk(g)}, nil
		})
	add(s, operation{id: "list-bulk-grants", method: "GET", path: "/v1/bulk-grants", tag: "issuing", may: access.CouponGrant,
		summary: "List bulk grants", about: "Newest first. A key that is limited to a scope sees its own.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listBulkInput) (*list[bulkRow], error) {
			before, ask, err := in.afterID("bulk-grants", id.Job)
			if err != nil {
				return nil, err
			}
			rows, err := s.Issuing.ListGrants(ctx, c.principal, id.ID(in.Template), before, ask)
			if err != nil {
				return nil, err
			}
			return &list[bulkRow]{pageOf("bulk-grants", ask, rows, func(g issuing.BulkGrant) string { return id.Format(id.Job, g.Job.ID) }, showBulk)}, nil
		})
	add(s, operation{id: "get-bulk-grant", method: "GET", path: "/v1/bulk-grants/{id}", tag: "issuing", may: access.CouponGrant,
		summary: "Get a bulk grant", about: "With its progress, its figures, and the undo's where there is one.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *BulkPath) (*oneBulk, error) {
			g, err := s.Issuing.GetGrant(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			row := showBulk(g)
			u, err := s.Issuing.GetUndo(ctx, c.principal, id.ID(in.ID))
			if err == nil && u.Job.ID != 0 {
				row.Undo = &bulkUndo{jobID(u.Job.ID), string(u.Job.State), u.Job.Done, u.Job.Total, u.Coupons, byCode(u.Kept)}
			}
			return &oneBulk{row}, err
		})
	s.bulkMoves()
	s.bulkReport()
}

// plan reads what a request asks for, and its file.
func (c *call) plan(in *bulkInput) (out issuing.PlanGrantInput, err error) {
	b := in.Body
	out = issuing.PlanGrantInput{Once: c.once(in.IdempotencyKey, b), StartAt: b.StartAt, Spec: grant.Spec{Name: b.Name, Audience: grant.Kind(b.Audience),
		Tree: b.Tree, Placement: id.ID(b.Placement), Channel: b.Channel, City: b.City, Reason: b.Reason, Rate: b.Rate, Go: b.Go}}
	for _, t := range b.Templates {
		out.Spec.Templates = append(out.Spec.Templates, id.ID(t))
	}
	file, at := []byte(b.CSV), "/csv"
	switch {
	case b.CSV != "" && b.Excel != "":
		return out, fault.New(fault.Conflicting, "a", "csv", "b", "excel").At("/excel")
	case (b.CSV != "" || b.Excel != "") != (out.Spec.Audience == grant.List):
		if b.CSV+b.Excel == "" {
			return out, fault.New(fault.MissingValue).At(at)
		}
		return out, fault.New(fault.Conflicting, "a", "audience", "b", "csv").At("/audience")
	case b.Excel != "":
		at = "/excel"
		if file, err = base64.StdEncoding.DecodeString(b.Excel); err != nil || !strings.HasPrefix(string(file), "PK") {
			return out, fault.New(fault.InvalidValue).At(at)
		}
	}
	if out.Spec.Audience == grant.List {
		if out.Rows, err = roster.Members(file); err != nil {
			if f := fault.From(err); f != nil {
				return out, f.At(at)
			}
		}
	}
	return out, err
}

type bulkMoveInput struct {
	BulkPath
	Keyed
	Body WhyBody
}

type bulkStartBody struct {
	StartAt calendar.Instant `json:"start_at,omitzero" doc:"not before this moment; absent: the plan's, or at once"`
	WhyBody
}

type bulkStartInput struct {
	BulkPath
	Keyed
	Body bulkStartBody
}

type bulkPaceBody struct {
	Rate int64 `json:"rate" minimum:"0" maximum:"1000000" doc:"members a second at most; 0: no bound" example:"2000"`
	WhyBody
}

type bulkPaceInput struct {
	BulkPath
	Keyed
	Body bulkPaceBody
}

type bulkUndoInput struct {
	BulkPath
	Keyed
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"why, for the audit log" example:"wrong template"`
	}
}

func (s *server) bulkMoves() {
	faults := []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.Absent, fault.WrongState}
	direct := func(ctx context.Context, c *call, in issuing.DirectGrantInput) (*bulkAnswer, error) {
		g, again, err := s.Issuing.DirectGrant(ctx, c.principal, in)
		if err != nil {
			return nil, err
		}
		return &bulkAnswer{replay(again), showBulk(g)}, nil
	}
	op := func(move issuing.GrantMove, summary, about string, example any) operation {
		return operation{id: string(move) + "-bulk-grant", method: "POST", path: "/v1/bulk-grants/{id}/" + string(move), tag: "issuing", may: access.CouponGrant,
			summary: summary, about: about, example: example, faults: faults}
	}
	add(s, op(issuing.StartGrant, "Start a bulk grant", "Behind its rehearsal.", bulkStartBody{}),
		func(ctx context.Context, c *call, in *bulkStartInput) (*bulkAnswer, error) {
			return direct(ctx, c, issuing.DirectGrantInput{Once: c.once(in.IdempotencyKey, in.Body), Job: id.ID(in.ID), Move: issuing.StartGrant, StartAt: in.Body.StartAt, Reason: in.Body.Reason})
		})
	add(s, op(issuing.PaceGrant, "Change the rate of a bulk grant", "From the next piece on.", bulkPaceBody{Rate: 2000}),
		func(ctx context.Context, c *call, in *bulkPaceInput) (*bulkAnswer, error) {
			return direct(ctx, c, issuing.DirectGrantInput{Once: c.once(in.IdempotencyKey, in.Body), Job: id.ID(in.ID), Move: issuing.PaceGrant, Rate: in.Body.Rate, Reason: in.Body.Reason})
		})
	undo := bulkUndoInput{}
	undo.Body.Reason = "wrong template"
	add(s, op(issuing.UndoGrant, "Undo a bulk grant", "Takes back what is unused, as a job, up to seven days behind its end; also needs coupon.withdraw. It must not be running. It ends the grant for good.", undo.Body),
		func(ctx context.Context, c *call, in *bulkUndoInput) (*bulkAnswer, error) {
			return direct(ctx, c, issuing.DirectGrantInput{Once: c.once(in.IdempotencyKey, in.Body), Job: id.ID(in.ID), Move: issuing.UndoGrant, Reason: in.Body.Reason})
		})
	for _, m := range []struct {
		move           issuing.GrantMove
		summary, about string
	}{
		{issuing.PauseGrant, "Pause a bulk grant", "When this answers, nothing more is granted. It goes on where it was."},
		{issuing.ResumeGrant, "Let a paused bulk grant go on", "Where it was."},
		{issuing.CancelGrant, "Cancel a bulk grant", "For good; when this answers, nothing more is granted. What was granted stays: see undo."},
	} {
		add(s, op(m.move, m.summary, m.about, WhyBody{"too many complaints"}),
			func(ctx context.Context, c *call, in *bulkMoveInput) (*bulkAnswer, error) {
				return direct(ctx, c, issuing.DirectGrantInput{Once: c.once(in.IdempotencyKey, in.Body), Job: id.ID(in.ID), Move: m.move, Reason: in.Body.Reason})
			})
	}
}

type bulkReportInput struct {
	BulkPath
	Format string `query:"format" enum:"csv,xlsx" default:"csv" doc:"CSV, or an Excel workbook"`
	Only   string `query:"only" enum:"refused" doc:"refused: only rows to which nothing was granted"`
}

func (s *server) bulkReport() {
	o := operation{id: "report-bulk-grant", method: "GET", path: "/v1/bulk-grants/{id}/report", tag: "issuing", may: access.CouponGrant,
		summary: "Report what became of each row", about: "Of a list each row, in its order, masked; else each member whose turn has come. Columns row, given, member, result, reason, coupons.",
		faults: []fault.Code{fault.Absent}}
	add(s, o, func(ctx context.Context, c *call, in *bulkReportInput) (*huma.StreamResponse, error) {
		g, err := s.Issuing.GetGrant(ctx, c.principal, id.ID(in.ID))
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(h huma.Context) {
			r, w := unwrap(h)
			s.streamReport(callOf(r.Context()), w, in, g)
		}}, nil
	})
	done := s.registered(o.method, o.path).Responses["200"]
	done.Description = "the report"
	done.Content = map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}, excelType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
}

func (s *server) streamReport(c *call, w http.ResponseWriter, in *bulkReportInput, g issuing.BulkGrant) {
	kind, ending := "text/csv; charset=utf-8", "csv"
	if in.Format == "xlsx" {
		kind, ending = excelType, "xlsx"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="grant-%s.%s"`, id.Format(id.Job, g.Job.ID), ending))
	w.WriteHeader(http.StatusOK)
	out := patient{w, http.NewResponseController(w)}
	table := sheet.NewCSV(out)
	var err error
	if ending == "xlsx" {
		table, err = sheet.NewExcel(out, "report", sheet.MostRows)
	}
	if err == nil {
		err = roster.Report(table, in.Only == "refused", func(each func(issuing.GrantLine) error) error {
			return s.Issuing.GrantReport(c.request.Context(), c.principal, g.Job.ID, each)
		})
	}
	if err != nil && c.request.Context().Err() == nil {
		c.cause = err
		panic(http.ErrAbortHandler)
	}
}
