package issuing

import (
	"context"
	"encoding/json"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// undone is what an undo is to do, and how far it is.
type undone struct {
	Grant   id.ID                `json:"grant"`
	After   id.ID                `json:"after"` // behind the last member
	Coupons int64                `json:"coupons"`
	Refused map[fault.Code]int64 `json:"refused,omitempty"` // coupons that stay, by why
}

// undoKey names the one undo of a grant.
func undoKey(grant id.ID) string { return UndoJob + "/" + id.Format(id.Job, grant) }

// newUndo makes the job that takes back what a grant has given.
func (s *Issuing) newUndo(tx store.Tx, by access.Principal, g *bulk, reason string) error {
	j := job.New(job.Job{ID: s.IDs.New(id.SlotOf(UndoJob, g.run.Key)), Kind: UndoJob, Key: undoKey(g.run.ID), Actor: by.ID, Total: g.progress.Result.Granted,
		Cursor: app.JSON(undone{Grant: g.run.ID}), Message: reason}, s.Clock())
	return tx.Jobs().Insert([]store.Job{j})
}

// UndoPiece takes back what the next members got of a bulk grant and have not used.
func (s *Issuing) UndoPiece(ctx context.Context, run job.Job) (job.Job, error) {
	var u undone
	if err := json.Unmarshal([]byte(run.Cursor), &u); err != nil {
		return run, fmt.Errorf("issuing: read undo: %w", err)
	}
	var outcomes []store.GrantOutcome
	var by access.Principal
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		if by, err = principal(tx, run.Actor); err != nil {
			return err
		}
		outcomes, err = tx.Grants().Outcomes(u.Grant, u.After, grant.Piece)
		return err
	})
	if err != nil {
		return run, wrapGrant("read what was granted", err)
	}
	var set store.LockSet
	for _, o := range outcomes {
		if len(o.Coupons) > 0 {
			set.Members = append(set.Members, o.Member)
			set.Coupons = append(set.Coupons, o.Coupons...)
		}
	}
	markets, err := s.marketsOf(ctx, set.Coupons)
	if err != nil {
		return run, wrapGrant("read markets", err)
	}
	if set.Counters, err = s.HeldKeys(ctx, set.Coupons); err != nil {
		return run, wrapGrant("read entries", err)
	}
	next, err := s.Piece(ctx, run, app.Nothing, func(tx store.Tx, next *job.Job) (bool, error) {
		now := u
		if err := s.takeBack(tx, by, set, markets, next, &now); err != nil {
			return false, err
		}
		if len(outcomes) > 0 {
			now.After = outcomes[len(outcomes)-1].Member
		}
		next.Done += int64(len(set.Members))
		next.Cursor = app.JSON(now)
		return len(outcomes) < grant.Piece, nil
	})
	if err != nil {
		return run, wrapGrant("undo grant", err)
	}
	return next, nil
}

// takeBack withdraws coupons that are unused; the others are counted by why they stay.
func (s *Issuing) takeBack(tx store.Tx, by access.Principal, set store.LockSet, markets map[id.ID]*market.Market, next *job.Job, u *undone) error {
	if len(set.Coupons) == 0 {
		return nil
	}
	locked, err := tx.Lock(set)
	if err != nil {
		return err
	}
	now := s.Clock()
	var before, rows []coupon.Coupon
	var changes []change.Change
	var deltas []metric.Delta
	kept := map[fault.Code]int64{}
	for code, n := range u.Refused {
		kept[code] = n
	}
	for _, i := range set.Coupons {
		c := locked.Coupons[i]
		if c == nil {
			return fmt.Errorf("coupon %d of a grant is gone", i)
		}
		m, was := markets[c.Template], *c
		if err := c.Withdraw(now, m.Day(now)); err != nil {
			kept[fault.From(err).Code]++
			next.Refused++
			continue
		}
		u.Coupons++
		before, rows = append(before, was), append(rows, *c)
		changes = append(changes, change.Change{Aggregate: c.ID, Kind: id.Coupon, Seq: c.Rev, Type: change.CouponWithdrawn, At: now, Actor: by.ID, Facts: "{}"})
		deltas = append(deltas, metric.Delta{Slot: c.Slot(), Values: metric.Values{Withdrawn: 1}, Dims: metric.Dims{Market: m.Code, Day: c.EndedDay,
			Template: c.Template, Placement: c.Placement, Form: c.Form, Channel: c.Channel, City: c.City}})
	}
	if u.Refused = nil; len(kept) > 0 {
		u.Refused = kept
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.Coupons().Update(rows); err != nil {
		return err
	}
	if err := app.SettleEnded(tx, before, rows, locked); err != nil {
		return err
	}
	if err := tx.Changes().Append(changes); err != nil {
		return err
	}
	return tx.Metrics().Append(s.Deltas(deltas))
}

// marketsOf are the markets of coupons, by template.
func (s *Issuing) marketsOf(ctx context.Context, coupons []id.ID) (map[id.ID]*market.Market, error) {
	found := map[id.ID]*market.Market{}
	var templates []id.ID
	err := s.Store.View(ctx, func(tx store.Tx) error {
		templates = nil
		rows, err := tx.Coupons().Get(coupons)
		for i := range rows {
			templates = append(templates, rows[i].Template)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	offers, err := s.Cache.Offers(ctx, unique(templates))
	if err != nil {
		return nil, err
	}
	for t, o := range offers {
		if found[t], err = s.Cache.Market(ctx, o.Template.Market); err != nil {
			return nil, err
		}
	}
	return found, nil
}
