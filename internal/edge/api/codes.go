package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type CodeBatchPath struct {
	ID codeBatchID `path:"id" doc:"id of the batch"`
}

// CodeFormat is how generated codes look.
type CodeFormat struct {
	Prefix  string `json:"prefix,omitempty" maxLength:"12" doc:"capital letters and digits in front, for people" example:"SPRING"`
	Charset string `json:"charset,omitempty" maxLength:"36" doc:"capital letters and digits, at least 10, none that look alike; absent: Crockford's base 32" example:"0123456789ABCDEFGHJKMNPQRSTVWXYZ"`
	Length  int64  `json:"length,omitempty" minimum:"0" maximum:"24" doc:"random characters, without prefix and check character; at least 60 bits; absent or 0: the shortest of these" example:"12"`
	Group   int64  `json:"group,omitempty" minimum:"0" maximum:"12" doc:"characters between hyphens, from 3 on; absent or 0: no hyphens" example:"4"`
}

// CodeWindow is what may change of a batch.
type CodeWindow struct {
	Name      string           `json:"name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Leaflet of spring"`
	PerMember int64            `json:"per_member,omitempty" minimum:"0" maximum:"1000000000000" doc:"codes of the batch, or uses of the word, that one member may have; 0: only the template's limits hold"`
	From      calendar.Instant `json:"from,omitzero" doc:"when its codes begin to count; absent: at once"`
	To        calendar.Instant `json:"to,omitzero" doc:"when they end, this moment excluded; absent: never"`
}

type createCodeBatchBody struct {
	Market    string      `json:"market" minLength:"1" maxLength:"64" doc:"code of the template's market" example:"main"`
	Template  templateID  `json:"template" doc:"what the codes turn into; can't change"`
	Placement placementID `json:"placement,omitzero" doc:"to which their coupons are counted; its window and cap hold too"`
	Kind      string      `json:"kind" enum:"generated,word,imported" doc:"made by quan, one shared word, or made elsewhere"`
	Format    CodeFormat  `json:"format,omitzero" doc:"how generated codes look"`
	Word      string      `json:"word,omitempty" maxLength:"64" doc:"the shared word, Chinese or Latin; reserved for ever" example:"新春快乐"`
	Size      int64       `json:"size,omitempty" minimum:"0" maximum:"1000000000000" doc:"generated: codes, at most 100,000,000; word: uses in all; imported: absent"`
	CodeWindow
}

type codeBatchRow struct {
	ID        codeBatchID `json:"id" doc:"its identity"`
	Market    string      `json:"market" doc:"code of the market"`
	Template  templateID  `json:"template" doc:"what the codes turn into"`
	Placement placementID `json:"placement,omitzero" doc:"to which their coupons are counted"`
	Kind      string      `json:"kind" doc:"generated, word or imported"`
	Format    *CodeFormat `json:"format,omitempty" doc:"how generated codes look"`
	Word      string      `json:"word,omitempty" doc:"the shared word"`
	Codes     int64       `json:"codes" doc:"codes that it has; of a word, uses in all"`
	Used      int64       `json:"used" doc:"codes that became a coupon; of a word, uses"`
	Revoked   bool        `json:"revoked" doc:"none of its codes counts any more"`
	CodeWindow
	Stamps
}

func showCodeBatch(b catalog.CountedBatch) codeBatchRow {
	row := codeBatchRow{ID: codeBatchID(b.ID), Market: b.Market, Template: templateID(b.Template), Placement: placementID(b.Placement),
		Kind: string(b.Kind), Word: b.Word, Codes: b.Codes, Used: b.Used, Revoked: b.Revoked,
		CodeWindow: CodeWindow{b.Name, b.PerMember, b.From, b.To}, Stamps: Stamps{b.Rev, b.CreatedAt, b.UpdatedAt, b.ArchivedAt}}
	if b.Kind == code.Generated {
		f := CodeFormat(b.Format)
		row.Format = &f
	}
	return row
}

type createCodeBatchInput struct {
	Keyed
	Body createCodeBatchBody
}

type createdCodeBatch struct {
	Replayed
	Revised
	Body codeBatchRow
}

type updateCodeBatchBody struct {
	CodeWindow
	Revoked bool   `json:"revoked" doc:"ends all its unused codes, for good" example:"false"`
	Reason  string `json:"reason,omitempty" maxLength:"500" doc:"why, for the audit log"`
}

type updateCodeBatchInput struct {
	CodeBatchPath
	Matched
	Body updateCodeBatchBody
}

type listCodeBatchesInput struct {
	ListInput
	Template templateID `query:"template" doc:"only this template's"`
	Kind     string     `query:"kind" enum:"generated,word,imported" doc:"only this kind"`
}

type importCodesBody struct {
	CSV string `json:"csv" minLength:"1" maxLength:"4000000" doc:"text of a CSV file, at most 100,000 rows; the first column is the code" example:"code\nOLD-0001-X\nOLD-0002-X\n"`
	Trial
}

type importCodesInput struct {
	CodeBatchPath
	Keyed
	Body importCodesBody
}

type importedCodes struct {
	Replayed
	Body importReport
}

type importReport struct {
	Rows     int64         `json:"rows" doc:"rows of the file, without its heading"`
	Added    int64         `json:"added" doc:"codes that are in the batch now"`
	Known    int64         `json:"known" doc:"codes that were in it before"`
	Refused  int64         `json:"refused" doc:"rows that are none"`
	Problems []codeProblem `json:"problems,omitempty" doc:"the first ten thousand rows that were refused" nullable:"false"`
}

type codeProblem struct {
	Row  int64  `json:"row" doc:"line of the file, from 1"`
	Code string `json:"code" doc:"invalid_value, too_long, duplicate_value (twice in the file), or name_taken (in another batch)"`
}

func (s *server) codeRoutes() {
	const path = "/v1/code-batches/{id}"
	window := CodeWindow{Name: "Leaflet of spring"}
	add(s, operation{id: "create-code-batch", method: "POST", path: "/v1/code-batches", tag: "codes", may: access.CodeWrite, status: 201,
		summary: "Create a batch of exchange codes",
		about:   "Generated codes exist from then on, however many; fetch them by the export. A word is folded (width, case, spaces) and reserved for ever.",
		example: createCodeBatchBody{Market: "main", Template: templateID(exampleID), Kind: "generated", Size: 10_000, Format: CodeFormat{Prefix: "SPRING", Group: 4}, CodeWindow: window},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.KeyRunning, fault.UnknownReference, fault.NameTaken, fault.WrongState,
			fault.Conflicting, fault.Absent}},
		func(ctx context.Context, c *call, in *createCodeBatchInput) (*createdCodeBatch, error) {
			b := in.Body
			made, again, err := s.Catalog.CreateCodeBatch(ctx, c.principal, catalog.CreateCodeBatchInput{Once: c.once(in.IdempotencyKey, b),
				Batch: code.Batch{Market: b.Market, Template: id.ID(b.Template), Placement: id.ID(b.Placement), Kind: code.Kind(b.Kind),
					Format: code.Format(b.Format), Word: b.Word, Size: b.Size, Name: b.Name, PerMember: b.PerMember, From: b.From, To: b.To}})
			if err != nil {
				return nil, err
			}
			return &createdCodeBatch{replay(again), Revised{tag(made.Rev)}, showCodeBatch(made)}, nil
		})
	add(s, operation{id: "list-code-batches", method: "GET", path: "/v1/code-batches", tag: "codes", may: access.CodeRead,
		summary: "List batches of codes", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listCodeBatchesInput) (*list[codeBatchRow], error) {
			f, err := in.filter("code-batches")
			if err != nil {
				return nil, err
			}
			f.Parent, f.Status = in.Template.String(), in.Kind
			rows, err := s.Catalog.ListCodeBatches(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[codeBatchRow]{pageOf("code-batches", f.Limit, rows,
				func(b catalog.CountedBatch) string { return id.Format(id.CodeBatch, b.ID) }, showCodeBatch)}, nil
		})
	add(s, operation{id: "get-code-batch", method: "GET", path: path, tag: "codes", may: access.CodeRead,
		summary: "Get a batch of codes", about: "With how many codes it has and how many were used.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *CodeBatchPath) (*row[codeBatchRow], error) {
			return codeBatchAnswer(s.Catalog.GetCodeBatch(ctx, c.principal, id.ID(in.ID)))
		})
	add(s, operation{id: "update-code-batch", method: "PUT", path: path, tag: "codes", may: access.CodeWrite,
		summary: "Change or revoke a batch of codes", about: "The body is the whole. Redemptions see it at once. A revoked batch stays so; coupons that its codes brought stay too.",
		example: updateCodeBatchBody{CodeWindow: window, Revoked: true, Reason: "leaked"},
		faults:  []fault.Code{fault.Absent, fault.WrongState, fault.Conflicting}},
		func(ctx context.Context, c *call, in *updateCodeBatchInput) (*row[codeBatchRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			b := in.Body
			return codeBatchAnswer(s.Catalog.UpdateCodeBatch(ctx, c.principal, catalog.UpdateCodeBatchInput{Batch: id.ID(in.ID), IfRev: rev,
				Name: b.Name, From: b.From, To: b.To, PerMember: b.PerMember, Revoked: b.Revoked, Reason: b.Reason}))
		})
	add(s, operation{id: "import-codes", method: "POST", path: path + "/import", tag: "codes", may: access.CodeWrite, most: 6 << 20,
		summary: "Bring in codes that were made elsewhere",
		about: "For batches of kind imported. Each row has its own fate. Only keyed hashes are kept, so imported codes can't be read back. " +
			"An import that was interrupted is sent again: what is there is known. The body may have 6 MiB. " + aboutTrial,
		example: importCodesBody{CSV: "code\nOLD-0001-X\nOLD-0002-X\n"},
		faults:  []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.KeyRunning, fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *importCodesInput) (*importedCodes, error) {
			r, again, err := s.Catalog.ImportCodes(ctx, c.principal, catalog.ImportCodesInput{Once: c.once(in.IdempotencyKey, in.Body), Batch: id.ID(in.ID), CSV: in.Body.CSV, Dry: in.Body.DryRun})
			if err != nil {
				return nil, err
			}
			return &importedCodes{replay(again), showImport(r)}, nil
		})
	s.codeExport(path)
	s.codeRedemption()
}

func showImport(r catalog.ImportReport) importReport {
	out := importReport{Rows: r.Rows, Added: r.Added, Known: r.Known, Refused: r.Refused}
	for _, p := range r.Problems {
		out.Problems = append(out.Problems, codeProblem{p.Row, string(p.Code)})
	}
	return out
}

func codeBatchAnswer(b catalog.CountedBatch, err error) (*row[codeBatchRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showCodeBatch(b), b.Rev, false), nil
}
