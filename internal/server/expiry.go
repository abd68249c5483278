package server

import (
	"context"
	"time"

	"quan/internal/edge/demo"
)

// ExpiryShare bounds the time that each expiry job takes, in hundredths: ten million
// coupons that end at midnight must not stand in the way of claims, and nobody waits
// for the rows, because a coupon is expired by its dates.
const ExpiryShare = 25

// ExpiryPiece is how many rows one piece of the expiry jobs ends.
const ExpiryPiece = 256

// ExpireCoupons ends the rows of coupons past their end, one piece, and says how
// many were due. It waits while a demo is loading, whose coupons live on a
// simulated clock.
func (q *Quan) ExpireCoupons(ctx context.Context) (int, error) {
	return q.expire(ctx, q.Checkout.ExpireCoupons)
}

// ExpireLocks ends locks past their time, as ExpireCoupons.
func (q *Quan) ExpireLocks(ctx context.Context) (int, error) {
	return q.expire(ctx, q.Checkout.ExpireLocks)
}

// ClosePackets ends share packets past their time, as ExpireCoupons.
func (q *Quan) ClosePackets(ctx context.Context) (int, error) {
	return q.expire(ctx, q.Issuing.ClosePackets)
}

func (q *Quan) expire(ctx context.Context, end func(context.Context, int) (int, error)) (int, error) {
	loading, err := demo.Loading(ctx, q.Admin, time.Now())
	if err != nil || loading {
		return 0, err
	}
	return end(ctx, ExpiryPiece)
}
