package issuing

import (
	"context"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/desk"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// DeskInput is what an agent does to a coupon.
type DeskInput struct {
	Once   app.Once
	Coupon id.ID
	To     calendar.Instant // extension: the new end; reissue: that of the new coupon, zero as its terms say
	Reason string
}

// DeskOutcome is what an agent's act did: the coupon that it was done to, or gave.
type DeskOutcome struct {
	Coupon   coupon.Coupon
	Act      desk.Act // its ID is zero of a replay
	Replayed bool
}

// counterWork is an act on one coupon in one transaction.
type counterWork struct {
	*Issuing
	by      access.Principal
	in      DeskInput
	kind    desk.Kind
	seen    *coupon.Coupon
	offer   *app.Offer
	market  *market.Market
	keys    []limit.Key // of the quota
	desk    desk.Desk
	before  []desk.Act
	now     calendar.Instant
	locked  *store.Locked
	touched []limit.Key
	out     DeskOutcome
}

// begin reads what the act is about, and refuses who may not do it.
func (s *Issuing) begin(ctx context.Context, by access.Principal, kind desk.Kind, in DeskInput) (*counterWork, error) {
	if err := agent(by); err != nil {
		return nil, err
	}
	if f := text.Name(in.Reason, "/reason"); f != nil {
		return nil, f
	}
	w := &counterWork{Issuing: s, by: by, in: in, kind: kind}
	var err error
	if w.seen, w.offer, err = s.find(ctx, by, in.Coupon); err != nil {
		return nil, err
	}
	if !by.Scope.Merchant(w.offer.Template.Merchant()) { // seen, but the platform's to give
		return nil, fault.New(fault.CouponUnknown)
	}
	w.market, err = s.Cache.Market(ctx, w.offer.Template.Market)
	return w, err
}

// agent refuses who does not work at a desk: a member's page never does.
func agent(by access.Principal) error {
	if err := by.May(access.DeskWork); err != nil {
		return err
	}
	if by.Kind == access.KindBrowser {
		return fault.New(fault.PermissionDeny, "permission", string(access.DeskWork))
	}
	return nil
}

// run does the act once: hold names the counters beside the quota's, act decides and
// writes what it changes.
func (w *counterWork) run(ctx context.Context, hold func(tx store.Tx) ([]limit.Key, error), act func(tx store.Tx, row *coupon.Coupon) error) (DeskOutcome, error) {
	err := w.Update(ctx, store.Use, app.Nothing, func(tx store.Tx) error {
		w.out, w.touched = DeskOutcome{}, nil
		day := w.market.Day(w.Clock())
		w.keys = desk.Keys(w.market.Code, w.kind, w.by.ID, day)
		held, err := hold(tx)
		if err != nil {
			return err
		}
		w.locked, err = tx.Lock(store.LockSet{Members: []id.ID{w.seen.Member}, Coupons: []id.ID{w.seen.ID}, Counters: append(held, w.keys...)})
		if err != nil {
			return err
		}
		row := w.locked.Coupons[w.seen.ID]
		if row == nil {
			return fault.New(fault.CouponUnknown)
		}
		reply := w.in.Once.Reply(w.by, w.seen.Member, "")
		known, err := app.FindReplies(tx, []store.Reply{reply})
		if err != nil {
			return err
		}
		answer, hit, err := app.Replayed(known, reply)
		if err != nil {
			return err
		}
		if hit {
			return w.replay(tx, answer)
		}
		if w.now = w.Clock(); w.market.Day(w.now) != day {
			return app.Again()
		}
		if err := w.count(tx); err != nil {
			return err
		}
		if err := act(tx, row); err != nil {
			return err
		}
		return w.record(tx, reply)
	})
	if err != nil && fault.From(err) == nil {
		err = fmt.Errorf("issuing: desk %s: %w", w.kind, err)
	}
	return w.out, err
}

// count takes of the desk's quota, and reads what the desk did with the coupon before.
func (w *counterWork) count(tx store.Tx) (err error) {
	if w.desk, err = app.DeskOf(tx, w.market.Code); err != nil {
		return err
	}
	if w.before, err = tx.DeskActs().OfCoupons([]id.ID{w.seen.ID}); err != nil {
		return err
	}
	if refusal := w.desk.Take(w.kind, w.keys, w.locked.Counters); refusal != nil {
		return refusal
	}
	w.touched = append(w.touched, w.keys...)
	return nil
}

// record writes the act with its counters, audit entry and reply.
func (w *counterWork) record(tx store.Tx, reply store.Reply) error {
	c := &w.out.Coupon
	w.out.Act = desk.Act{ID: w.IDs.New(c.Member.Slot()), Member: c.Member, Kind: w.kind, Market: w.market.Code, Agent: w.by.ID,
		Day: w.market.Day(w.now), At: w.now, Coupon: w.seen.ID, To: c.ValidTo, Reason: w.in.Reason}
	if w.kind == desk.Extend {
		w.out.Act.From = w.seen.ValidTo
	} else {
		w.out.Act.Issued = c.ID
	}
	rows := make([]limit.Counter, len(w.touched))
	for i, k := range w.touched {
		rows[i] = *w.locked.Counters[k]
	}
	if err := tx.Counters().Write(rows); err != nil {
		return err
	}
	if err := tx.DeskActs().Insert([]desk.Act{w.out.Act}); err != nil {
		return err
	}
	if reply.Key != "" {
		reply.Answer = id.Format(id.Coupon, c.ID)
		if err := tx.Replies().Insert([]store.Reply{reply}); err != nil {
			return err
		}
	}
	return w.Audit(tx, w.by, "desk."+string(w.kind), id.Format(id.Coupon, w.seen.ID), "", app.JSON(w.out.Act), w.in.Reason)
}

// replay answers with the coupon of the first time, as it is now.
func (w *counterWork) replay(tx store.Tx, answer string) error {
	which, err := id.Parse(id.Coupon, answer)
	if err != nil {
		return err
	}
	rows, err := tx.Coupons().Get([]id.ID{which})
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.CouponUnknown)
	}
	if err == nil {
		w.out = DeskOutcome{Coupon: rows[0], Replayed: true}
	}
	return err
}
