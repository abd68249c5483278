package issuing

import (
	"context"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/metric"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// WithdrawInput takes an unused coupon back from its member. The stock and the
// limits that it took stay taken: it was issued. What limits on liability reserved
// for it is given back.
type WithdrawInput struct {
	Once   app.Once
	Coupon id.ID
	Reason string // required: it is an act against the member
}

// Withdraw takes one coupon back, or returns the refusal.
func (s *Issuing) Withdraw(ctx context.Context, by access.Principal, in WithdrawInput) (*coupon.Coupon, bool, error) {
	if err := by.May(access.CouponWithdraw); err != nil {
		return nil, false, err
	}
	if in.Reason == "" {
		return nil, false, fault.New(fault.MissingValue).At("/reason")
	}
	seen, offer, err := s.find(ctx, by, in.Coupon)
	if err != nil {
		return nil, false, err
	}
	if !by.Scope.Merchant(offer.Template.Merchant()) { // seen, but the platform's to take back
		return nil, false, fault.New(fault.CouponUnknown)
	}
	m, err := s.Cache.Market(ctx, offer.Template.Market)
	if err != nil {
		return nil, false, err
	}
	keys, err := s.HeldKeys(ctx, []id.ID{seen.ID})
	if err != nil {
		return nil, false, err
	}
	var out coupon.Coupon
	var replayed bool
	err = s.Store.Update(ctx, store.Use, func(tx store.Tx) error {
		out, replayed = coupon.Coupon{}, false
		locked, err := tx.Lock(store.LockSet{Members: []id.ID{seen.Member}, Coupons: []id.ID{seen.ID}, Counters: keys})
		if err != nil {
			return err
		}
		row := locked.Coupons[seen.ID]
		if row == nil {
			return fault.New(fault.CouponUnknown)
		}
		reply := in.Once.Reply(by, seen.Member, id.Format(id.Coupon, seen.ID))
		known, err := app.FindReplies(tx, []store.Reply{reply})
		if err != nil {
			return err
		}
		if _, hit, err := app.Replayed(known, reply); err != nil || hit {
			out, replayed = *row, hit
			return err
		}
		now := s.Clock()
		out = *row
		if err := out.Withdraw(now, m.Day(now)); err != nil {
			return err
		}
		if err := tx.Coupons().Update([]coupon.Coupon{out}); err != nil {
			return err
		}
		if err := app.SettleEnded(tx, []coupon.Coupon{*row}, []coupon.Coupon{out}, locked); err != nil {
			return err
		}
		if in.Once.Key != "" {
			if err := tx.Replies().Insert([]store.Reply{reply}); err != nil {
				return err
			}
		}
		if err := tx.Changes().Append([]change.Change{{Aggregate: out.ID, Kind: id.Coupon, Seq: out.Rev,
			Type: change.CouponWithdrawn, At: now, Actor: by.ID, Facts: "{}"}}); err != nil {
			return err
		}
		if err := s.Audit(tx, by, "coupon.withdraw", id.Format(id.Coupon, out.ID), row.State.String(), out.State.String(), in.Reason); err != nil {
			return err
		}
		return tx.Metrics().Append(s.Deltas([]metric.Delta{{Slot: out.Slot(), Values: metric.Values{Withdrawn: 1},
			Dims: metric.Dims{Market: m.Code, Day: out.EndedDay, Template: out.Template, Placement: out.Placement,
				Form: out.Form, Channel: out.Channel, City: out.City}}}))
	})
	if err != nil {
		return nil, false, fmt.Errorf("issuing: withdraw: %w", err)
	}
	return &out, replayed, nil
}

// find reads a coupon that the principal may see, with its template.
func (s *Issuing) find(ctx context.Context, by access.Principal, c id.ID) (*coupon.Coupon, *app.Offer, error) {
	var rows []coupon.Coupon
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Coupons().Get([]id.ID{c})
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("issuing: read coupon: %w", err)
	}
	if len(rows) == 0 || by.ActsFor(rows[0].Member) != nil {
		return nil, nil, fault.New(fault.CouponUnknown)
	}
	offers, err := s.Cache.Offers(ctx, []id.ID{rows[0].Template})
	if err != nil {
		return nil, nil, err
	}
	o := offers[rows[0].Template]
	if o == nil || o.Template.Merchant() != "" && !by.Scope.Merchant(o.Template.Merchant()) {
		return nil, nil, fault.New(fault.CouponUnknown)
	}
	return &rows[0], o, nil
}
