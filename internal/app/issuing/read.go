package issuing

import (
	"context"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Get returns a coupon with its template, or coupon_not_found.
func (s *Issuing) Get(ctx context.Context, by access.Principal, c id.ID) (*coupon.Coupon, *coupon.Template, error) {
	if err := by.May(access.CouponRead); err != nil {
		return nil, nil, err
	}
	row, offer, err := s.find(ctx, by, c)
	if err != nil {
		return nil, nil, err
	}
	return row, offer.Template, nil
}

// History returns the changes of a coupon, oldest first.
func (s *Issuing) History(ctx context.Context, by access.Principal, c id.ID) ([]store.StoredChange, error) {
	if _, _, err := s.Get(ctx, by, c); err != nil {
		return nil, err
	}
	var rows []store.StoredChange
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Changes().Of(c)
		return err
	})
	return rows, err
}

// Wallet lists a member's coupons, newest first, before a coupon id (zero for the start).
func (s *Issuing) Wallet(ctx context.Context, by access.Principal, m id.ID, before id.ID, limit int) ([]coupon.Coupon, error) {
	if err := by.May(access.CouponRead); err != nil {
		return nil, err
	}
	if err := by.ActsFor(m); err != nil {
		return nil, err
	}
	return s.list(ctx, store.CouponFilter{Member: m, Before: before, Limit: limit, Scope: by.Scope})
}

// OfTemplate lists a template's coupons, newest first, before a coupon id.
func (s *Issuing) OfTemplate(ctx context.Context, by access.Principal, t id.ID, before id.ID, limit int) ([]coupon.Coupon, error) {
	if err := by.May(access.CouponRead); err != nil {
		return nil, err
	}
	if by.Kind == access.KindBrowser {
		return nil, fault.New(fault.PermissionDeny, "permission", string(access.CouponRead))
	}
	return s.list(ctx, store.CouponFilter{Template: t, Before: before, Limit: limit, Scope: by.Scope})
}

func (s *Issuing) list(ctx context.Context, f store.CouponFilter) ([]coupon.Coupon, error) {
	var rows []coupon.Coupon
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Coupons().List(f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("issuing: list coupons: %w", err)
	}
	return rows, nil
}
