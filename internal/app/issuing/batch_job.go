package issuing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/job"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// The kinds of jobs over the coupons of a batch of stock.
const (
	ExtendBatch   = "batch.extend"
	WithdrawBatch = "batch.withdraw"
)

// batchPieceSize is how many coupons one transaction changes (hot-path S6).
const batchPieceSize = 256

// batchWork is what such a job is to do: its args.
type batchWork struct {
	Batch  string           `json:"batch"`
	Before calendar.Instant `json:"before"`       // coupons issued at or before this moment, when the job was asked for
	To     calendar.Instant `json:"to,omitempty"` // the new end
	Reason string           `json:"reason"`
}

// BatchJobInput asks for a job over the coupons that a batch has given out so far.
type BatchJobInput struct {
	Once   app.Once
	Batch  id.ID
	To     calendar.Instant // ExtendBatch: the new end, in the future
	Reason string           // required: it is an act on what members hold
}

// ExtendCoupons asks for a job that moves the end of every coupon of a batch that is
// not over to a moment, where that is later. It runs in pieces of 256, can be paused,
// and repeats nothing. Faults: not_found, those of the input, idempotency_key_reused.
func (s *Issuing) ExtendCoupons(ctx context.Context, by access.Principal, in BatchJobInput) (job.Job, bool, error) {
	if in.To == 0 {
		return job.Job{}, false, fault.New(fault.MissingValue).At("/to")
	}
	if in.To <= s.Clock() || in.To > calendar.Latest {
		return job.Job{}, false, fault.New(fault.OutOfRange, "min", s.Clock(), "max", calendar.Latest).At("/to")
	}
	return s.startBatchJob(ctx, by, ExtendBatch, in)
}

// WithdrawUnused asks for a job that takes every coupon of a batch back that no use
// was made of and no lock holds. What they took of stock and budget stays taken: they
// were issued. The batch has to be stopped before: wrong_state.
func (s *Issuing) WithdrawUnused(ctx context.Context, by access.Principal, in BatchJobInput) (job.Job, bool, error) {
	return s.startBatchJob(ctx, by, WithdrawBatch, in)
}

func (s *Issuing) startBatchJob(ctx context.Context, by access.Principal, kind string, in BatchJobInput) (row job.Job, replayed bool, err error) {
	if err := by.May(access.CouponWithdraw); err != nil {
		return row, false, err
	}
	if f := text.Name(in.Reason, "/reason"); f != nil {
		return row, false, f
	}
	err = s.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		kept, known, err := app.Remembered(tx, by, in.Once)
		if err != nil {
			return err
		}
		if replayed = known; known {
			row, err = s.keptJob(tx, kept)
			return err
		}
		b, err := s.batchOf(tx, by, in.Batch)
		if err != nil {
			return err
		}
		if kind == WithdrawBatch && b.Open {
			return fault.New(fault.WrongState, "state", "open")
		}
		states, err := tx.Coupons().BatchStates(b.ID)
		if err != nil {
			return err
		}
		args := app.JSON(batchWork{id.Format(id.Batch, b.ID), s.Clock(), in.To, in.Reason})
		row = job.New(job.Job{ID: s.IDs.New(id.SlotOf(kind, args)), Kind: kind, Args: args, Actor: by.ID}, s.Clock())
		for _, n := range states {
			row.Total += n
		}
		if err := tx.Jobs().Insert([]store.Job{row}); err != nil {
			return err
		}
		if err := s.Audit(tx, by, kind, id.Format(id.Batch, b.ID), "", args, in.Reason); err != nil {
			return err
		}
		return app.Remember(tx, by, in.Once, id.Format(id.Job, row.ID))
	})
	if err != nil && fault.From(err) == nil {
		err = fmt.Errorf("issuing: %s: %w", kind, err)
	}
	return row, replayed, err
}

// keptJob answers a replay with the job as it was made.
func (s *Issuing) keptJob(tx store.Tx, kept string) (job.Job, error) {
	which, err := id.Parse(id.Job, kept)
	if err != nil {
		return job.Job{}, err
	}
	rows, err := tx.Jobs().Get([]id.ID{which})
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.Absent, "what", "job")
	}
	if err != nil {
		return job.Job{}, err
	}
	return rows[0], nil
}

// batchOf reads a batch whose template is the principal's to act on.
func (s *Issuing) batchOf(tx store.Tx, by access.Principal, batch id.ID) (*store.Batch, error) {
	rows, err := tx.Batches().Get([]string{id.Format(id.Batch, batch)})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.Absent, "what", "batch")
	}
	owners, err := tx.Templates().Get([]string{id.Format(id.Template, rows[0].Template)})
	if err == nil && (len(owners) == 0 || !by.Scope.Merchant(owners[0].Merchant())) {
		err = fault.New(fault.Absent, "what", "batch")
	}
	return &rows[0], err
}

// BatchPiece does the next piece of a job of either kind: at most 256 coupons, with a
// change row each, in one transaction with how far the job is. A coupon that can't
// be changed any more (used, expired, withdrawn, held by a lock) counts as refused.
func (s *Issuing) BatchPiece(ctx context.Context, run job.Job) (job.Job, error) {
	var args batchWork
	if err := json.Unmarshal([]byte(run.Args), &args); err != nil {
		return run, fault.New(fault.InvalidValue)
	}
	batch, err := id.Parse(id.Batch, args.Batch)
	if err != nil {
		return run, fault.New(fault.InvalidValue)
	}
	var after id.ID
	if run.Cursor != "" {
		if after, err = id.Parse(id.Coupon, run.Cursor); err != nil {
			return run, fault.New(fault.InvalidValue)
		}
	}
	p := batchPiece{Issuing: s, run: run, args: args}
	if p.market, err = s.marketOfBatch(ctx, batch); err != nil {
		return run, err
	}
	return s.Piece(ctx, run, nil, func(tx store.Tx, next *job.Job) (last bool, err error) {
		rows, err := tx.Coupons().OfBatch(batch, after, batchPieceSize)
		if err != nil || len(rows) == 0 {
			return true, err
		}
		next.Cursor = id.Format(id.Coupon, rows[len(rows)-1].ID)
		if err := p.change(tx, rows, next); err != nil {
			return false, err
		}
		return len(rows) < batchPieceSize, nil
	})
}

func (s *Issuing) marketOfBatch(ctx context.Context, batch id.ID) (*market.Market, error) {
	var rows []store.Batch
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Batches().Get([]string{id.Format(id.Batch, batch)})
		return err
	})
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.Absent, "what", "batch")
	}
	if err != nil {
		return nil, err
	}
	return s.Cache.Market(ctx, rows[0].Market)
}

// batchPiece is one piece of a job over a batch.
type batchPiece struct {
	*Issuing
	run    job.Job
	args   batchWork
	market *market.Market
}

// change does to the coupons what the job asks for, as they are under their locks.
func (p *batchPiece) change(tx store.Tx, rows []coupon.Coupon, next *job.Job) error {
	var set store.LockSet
	for _, c := range rows {
		set.Coupons = append(set.Coupons, c.ID)
		if !slices.Contains(set.Members, c.Member) {
			set.Members = append(set.Members, c.Member)
		}
	}
	var held app.Ledger
	if err := held.Read(tx, set.Coupons); err != nil {
		return err
	}
	set.Counters = held.Keys()
	locked, err := tx.Lock(set)
	if err != nil {
		return err
	}
	now := p.Clock()
	var before, changed []coupon.Coupon
	var changes []change.Change
	var deltas []metric.Delta
	for _, which := range set.Coupons {
		row := locked.Coupons[which]
		if row == nil || row.IssuedAt > p.args.Before {
			continue
		}
		next.Done++
		was := *row
		kind, facts, ok := p.one(row, now)
		if !ok {
			next.Refused++
		}
		if kind == "" {
			continue
		}
		before, changed = append(before, was), append(changed, *row)
		if kind == change.CouponWithdrawn {
			deltas = append(deltas, metric.Delta{Slot: row.Slot(), Values: metric.Values{Withdrawn: 1},
				Dims: metric.Dims{Market: p.market.Code, Day: row.EndedDay, Template: row.Template, Placement: row.Placement,
					Form: row.Form, Channel: row.Channel, City: row.City}})
		}
		changes = append(changes, change.Change{Aggregate: row.ID, Kind: id.Coupon, Seq: row.Rev, Type: kind, At: now, Actor: p.run.Actor, Facts: facts})
	}
	if len(changed) == 0 {
		return nil
	}
	if err := tx.Coupons().Update(changed); err != nil {
		return err
	}
	if err := app.SettleEnded(tx, before, changed, locked); err != nil {
		return err
	}
	if err := tx.Changes().Append(changes); err != nil || len(deltas) == 0 {
		return err
	}
	return tx.Metrics().Append(p.Deltas(deltas))
}

// one changes a coupon; kind is "" where nothing is changed, ok false where it can't be.
func (p *batchPiece) one(c *coupon.Coupon, now calendar.Instant) (kind change.Type, facts string, ok bool) {
	by := id.Format(id.Job, p.run.ID)
	if p.run.Kind == ExtendBatch {
		was := c.ValidTo
		moved, err := c.Extend(now, p.args.To)
		if !moved {
			return "", "", err == nil
		}
		return change.CouponExtended, fmt.Sprintf(`{"from":%d,"to":%d,"job":%q}`, was, c.ValidTo, by), true
	}
	if c.Used > 0 || c.Withdraw(now, p.market.Day(now)) != nil {
		return "", "", false
	}
	return change.CouponWithdrawn, fmt.Sprintf(`{"job":%q}`, by), true
}
