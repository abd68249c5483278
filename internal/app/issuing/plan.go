package issuing

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// ListedMember is a row of an uploaded list: an identity, or an id, or why the row
// names nobody.
type ListedMember struct {
	Number int64 // line of the file
	Kind   string
	Value  member.Secret
	Member id.ID
	Code   fault.Code
}

// PlanGrantInput asks for a bulk grant. It is rehearsed first, and then waits for
// StartGrant unless Spec.Go is set.
type PlanGrantInput struct {
	Once    app.Once
	Spec    grant.Spec
	StartAt calendar.Instant // not before this moment; zero: at once
	Rows    []ListedMember   // a list's, by Number
}

// BulkGrant is a bulk grant with its job.
type BulkGrant struct {
	Job      job.Job
	Spec     grant.Spec
	Progress grant.Progress
}

// grantKey names the one grant of a request, for ever.
func grantKey(by access.Principal, once app.Once, fallback id.ID) string {
	if once.Key == "" {
		return GrantJob + "/" + id.Format(id.Job, fallback)
	}
	return GrantJob + "/" + by.ID + "/" + once.Key
}

// PlanGrant makes a bulk grant, or finds the one that the same request made. Rows of
// a list are stored in pieces; where that broke off, the same request goes on. A
// grant to everyone or to a segment is refused to a principal that is limited to a
// scope. Faults: not_found (templates), conflicting_rules (templates of two markets),
// those of the spec.
func (s *Issuing) PlanGrant(ctx context.Context, by access.Principal, in PlanGrantInput) (out BulkGrant, replayed bool, err error) {
	if err := by.May(access.CouponGrant); err != nil {
		return out, false, err
	}
	in.Spec.Body, in.Spec.Rows = in.Once.Body, int64(len(in.Rows))
	if err := s.checkPlan(ctx, by, &in); err != nil {
		return out, false, err
	}
	fresh := s.IDs.New(id.SlotOf(GrantJob, by.ID, in.Once.Key))
	key := grantKey(by, in.Once, fresh)
	for {
		var more bool
		out, more, replayed, err = s.planPiece(ctx, by, &in, fresh, key)
		if errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrTwin) {
			continue // a twin of this request stored the piece
		}
		if err != nil || !more {
			return out, replayed, wrapGrant("plan grant", err)
		}
		if err := ctx.Err(); err != nil {
			return out, false, fmt.Errorf("issuing: plan grant: %w: %w", fault.New(fault.OutcomeUnknown), err)
		}
	}
}

func wrapGrant(what string, err error) error {
	if err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("issuing: %s: %w", what, err)
}

func (s *Issuing) checkPlan(ctx context.Context, by access.Principal, in *PlanGrantInput) error {
	if in.Spec.Audience != grant.List && !by.Scope.Everything() {
		return fault.New(fault.PermissionDeny, "permission", string(access.CouponGrant))
	}
	if in.Spec.Audience == grant.List && len(in.Rows) == 0 {
		return fault.New(fault.MissingValue).At("/list")
	}
	if len(in.Rows) > grant.MostRows {
		return fault.New(fault.OutOfRange, "min", 1, "max", grant.MostRows).At("/list")
	}
	if err := in.Spec.Validate(); err != nil {
		return err
	}
	offers, err := s.Cache.Offers(ctx, in.Spec.Templates)
	if err != nil {
		return err
	}
	for i, t := range in.Spec.Templates {
		at := "/templates/" + strconv.Itoa(i)
		o := offers[t]
		switch {
		case o == nil || !by.Scope.Merchant(o.Template.Merchant()):
			return fault.New(fault.UnknownReference, "what", "template").At(at)
		case o.Version == nil:
			return fault.New(fault.TemplateNotPublished).At(at)
		case in.Spec.Market != "" && in.Spec.Market != o.Template.Market:
			return fault.New(fault.Conflicting, "a", "/templates/0", "b", at).At(at)
		}
		in.Spec.Market = o.Template.Market
	}
	if in.Spec.Placement != 0 {
		places, err := s.Cache.Placements(ctx, []id.ID{in.Spec.Placement})
		if err != nil {
			return err
		}
		if places[in.Spec.Placement] == nil {
			return fault.New(fault.UnknownReference, "what", "placement").At("/placement")
		}
	}
	return nil
}

// planPiece makes the job, or stores the next rows of its list; with the last of
// them the rehearsal may begin.
func (s *Issuing) planPiece(ctx context.Context, by access.Principal, in *PlanGrantInput, fresh id.ID, key string) (out BulkGrant, more, replayed bool, err error) {
	err = s.Store.Update(ctx, store.Background, func(tx store.Tx) error {
		out, more, replayed = BulkGrant{}, false, false
		rows, err := tx.Jobs().ByKey([]string{key})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			out, err = s.newGrant(tx, by, in, fresh, key)
			more = in.Spec.Rows > 0
			return err
		}
		g, err := s.bulk(rows[0])
		if err != nil {
			return err
		}
		if g.spec.Body != in.Spec.Body {
			return fault.New(fault.KeyReusedBody).At("header:Idempotency-Key")
		}
		out = BulkGrant{g.run, g.spec, g.progress}
		if replayed = g.progress.Phase != grant.Uploading; replayed {
			return nil
		}
		more, err = s.upload(tx, in, &out)
		return err
	})
	return out, more, replayed, err
}

func (s *Issuing) newGrant(tx store.Tx, by access.Principal, in *PlanGrantInput, fresh id.ID, key string) (out BulkGrant, err error) {
	now := s.Clock()
	out.Spec, out.Progress = in.Spec, grant.Progress{Phase: grant.Rehearsing, StartAt: in.StartAt}
	j := job.Job{ID: fresh, Kind: GrantJob, Key: key, Actor: by.ID, Priority: job.LeastPriority - 1, Total: in.Spec.Rows}
	if in.Spec.Rows > 0 {
		out.Progress.Phase, j.State = grant.Uploading, job.Paused
	}
	j.Message, j.Args, j.Cursor = string(out.Progress.Phase), app.JSON(out.Spec), app.JSON(out.Progress)
	if len(j.Args) > job.MostArgs {
		return out, fault.New(fault.TooLong, "max", job.MostArgs).At("/tree")
	}
	out.Job = job.New(j, now)
	if err := tx.Jobs().Insert([]store.Job{out.Job}); err != nil {
		return out, err
	}
	if err := tx.Grants().Gives(fresh, in.Spec.Templates); err != nil {
		return out, err
	}
	return out, s.Audit(tx, by, "grant.plan", id.Format(id.Job, fresh), "", out.Job.Args, in.Spec.Reason)
}

// upload stores the next rows, behind the progress's After.
func (s *Issuing) upload(tx store.Tx, in *PlanGrantInput, out *BulkGrant) (more bool, err error) {
	from := int(out.Progress.After)
	part := in.Rows[from:min(from+grant.Piece, len(in.Rows))]
	members, err := s.named(tx, part)
	if err != nil {
		return false, err
	}
	rows := make([]store.GrantRow, len(part))
	for i, r := range part {
		row := store.GrantRow{Job: out.Job.ID, Number: r.Number, Member: members[i], Given: grant.Mask(r.Value.Reveal()), Code: r.Code}
		if r.Value == "" {
			row.Given = id.Format(id.Member, r.Member)
		}
		if row.Code == "" && row.Member == 0 {
			row.Code = fault.MemberUnknown
		}
		if row.Code != "" {
			row.Member = 0
			out.Progress.Bad.Members++
			out.Progress.Bad.Refuse(row.Code, 1)
		}
		rows[i] = row
	}
	if err := tx.Grants().AddRows(rows); err != nil {
		return false, err
	}
	out.Progress.After += int64(len(part))
	j := &out.Job
	now := s.Clock()
	if more = int(out.Progress.After) < len(in.Rows); more {
		j.Note(now)
	} else {
		out.Progress.Begin(grant.Rehearsing)
		if err := j.Resume(now); err != nil {
			return false, err
		}
	}
	j.Message, j.Cursor = string(out.Progress.Phase), app.JSON(out.Progress)
	return more, tx.Jobs().Update([]store.Job{*j})
}

// named are the members of rows, zero where there is none.
func (s *Issuing) named(tx store.Tx, rows []ListedMember) ([]id.ID, error) {
	keys := make([]member.Key, 0, len(rows))
	var ids []id.ID
	for _, r := range rows {
		if r.Member != 0 {
			ids = append(ids, r.Member)
		} else if r.Code == "" {
			keys = append(keys, s.Vault.Key(r.Kind, r.Value))
		}
	}
	exists := map[id.ID]bool{}
	there, err := tx.Members().Get(ids)
	if err != nil {
		return nil, err
	}
	for i := range there {
		exists[there[i].ID] = true
	}
	named := map[member.Key]id.ID{}
	if len(keys) > 0 {
		found, err := tx.Members().Find(keys)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			named[f.Key] = f.Member
		}
	}
	out := make([]id.ID, len(rows))
	next := 0
	for i, r := range rows {
		switch {
		case r.Member != 0 && exists[r.Member]:
			out[i] = r.Member
		case r.Member == 0 && r.Code == "":
			out[i] = named[keys[next]]
			next++
		}
	}
	return out, nil
}
