package issuing

import (
	"context"
	"encoding/json"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/grant"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// GetGrant returns a bulk grant, or fault not_found.
func (s *Issuing) GetGrant(ctx context.Context, by access.Principal, which id.ID) (out BulkGrant, err error) {
	if err := by.May(access.CouponGrant); err != nil {
		return out, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Jobs().Get([]id.ID{which})
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].Kind != GrantJob || !mine(by, &rows[0]) {
			return fault.New(fault.Absent, "what", "grant")
		}
		g, err := s.bulk(rows[0])
		if err == nil {
			out = BulkGrant{g.run, g.spec, g.progress}
		}
		return err
	})
	return out, wrapGrant("get grant", err)
}

// ListGrants returns bulk grants, newest first, before an id; those of a template, zero
// for all. A principal that is limited to a scope sees its own.
func (s *Issuing) ListGrants(ctx context.Context, by access.Principal, template, before id.ID, limit int) (out []BulkGrant, err error) {
	if err := by.May(access.CouponGrant); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		out = nil
		f := store.JobFilter{Kind: GrantJob, Template: template, Before: before, Limit: app.ListSize(limit)}
		if !by.Scope.Everything() {
			f.Actor = by.ID
		}
		rows, err := tx.Jobs().List(f)
		for i := range rows {
			g, bad := s.bulk(rows[i])
			if bad != nil {
				return bad
			}
			out = append(out, BulkGrant{g.run, g.spec, g.progress})
		}
		return err
	})
	return out, wrapGrant("list grants", err)
}

// Undo is how far the undo of a bulk grant is.
type Undo struct {
	Job     store.Job
	Coupons int64                // taken back
	Kept    map[fault.Code]int64 // coupons that stay, by why
}

// GetUndo returns the undo of a grant; its job's id is zero where there is none.
func (s *Issuing) GetUndo(ctx context.Context, by access.Principal, which id.ID) (out Undo, err error) {
	if err := by.May(access.CouponGrant); err != nil {
		return out, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Jobs().ByKey([]string{undoKey(which)})
		if err != nil || len(rows) == 0 {
			return err
		}
		var u undone
		if err := json.Unmarshal([]byte(rows[0].Cursor), &u); err != nil {
			return err
		}
		out = Undo{rows[0], u.Coupons, u.Refused}
		return nil
	})
	return out, wrapGrant("get undo", err)
}

// GrantLine is a line of the report of a bulk grant.
type GrantLine struct {
	Number  int64 // line of the file, zero for none
	Member  id.ID // zero where the row names nobody
	Given   string
	Code    fault.Code // why nothing was granted, "" where it was
	Waiting bool       // its turn has not come
	Coupons []id.ID
}

// reportPage is how many lines are read at once.
const reportPage = 1000

// GrantReport tells what became of each row of a list, or of each member whose turn
// has come, a page after the other, each as it is when it is read.
func (s *Issuing) GrantReport(ctx context.Context, by access.Principal, which id.ID, each func(GrantLine) error) error {
	g, err := s.GetGrant(ctx, by, which)
	if err != nil {
		return err
	}
	after, last := int64(0), false
	for !last {
		var lines []GrantLine
		err := s.Store.View(ctx, func(tx store.Tx) (err error) {
			if g.Spec.Audience == grant.List {
				lines, err = listLines(tx, which, after)
			} else {
				lines, err = memberLines(tx, which, id.ID(after))
			}
			return err
		})
		if err != nil {
			return wrapGrant("report grant", err)
		}
		for _, line := range lines {
			if after = line.Number; g.Spec.Audience != grant.List {
				after = int64(line.Member)
			}
			if err := each(line); err != nil {
				return err
			}
		}
		last = len(lines) < reportPage
	}
	return nil
}

func listLines(tx store.Tx, which id.ID, after int64) ([]GrantLine, error) {
	rows, err := tx.Grants().Rows(which, after, reportPage)
	if err != nil {
		return nil, err
	}
	var members []id.ID
	for _, r := range rows {
		if r.Member != 0 {
			members = append(members, r.Member)
		}
	}
	outcomes, err := tx.Grants().OutcomesOf(which, members)
	if err != nil {
		return nil, err
	}
	of := make(map[id.ID]store.GrantOutcome, len(outcomes))
	for _, o := range outcomes {
		of[o.Member] = o
	}
	lines := make([]GrantLine, len(rows))
	for i, r := range rows {
		line := GrantLine{Number: r.Number, Member: r.Member, Given: r.Given, Code: r.Code}
		if o, turned := of[r.Member]; r.Member != 0 && r.Code == "" {
			switch {
			case !turned:
				line.Waiting = true
			case o.Number != r.Number: // named by an earlier row already
				line.Code = fault.DuplicateValue
			default:
				line.Code, line.Coupons = o.Code, o.Coupons
			}
		}
		lines[i] = line
	}
	return lines, nil
}

func memberLines(tx store.Tx, which, after id.ID) ([]GrantLine, error) {
	outcomes, err := tx.Grants().Outcomes(which, after, reportPage)
	lines := make([]GrantLine, len(outcomes))
	for i, o := range outcomes {
		lines[i] = GrantLine{Member: o.Member, Code: o.Code, Coupons: o.Coupons}
	}
	return lines, err
}
