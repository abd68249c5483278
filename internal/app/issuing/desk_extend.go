package issuing

import (
	"context"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/desk"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Extend moves the end of one coupon that is alive, held by a lock or not, by as much
// as the desk of its market may. Faults: quota_reached, those of desk.Lengthen,
// coupon_not_found, missing_value at /to or /reason.
func (s *Issuing) Extend(ctx context.Context, by access.Principal, in DeskInput) (DeskOutcome, error) {
	w, err := s.begin(ctx, by, desk.Extend, in)
	if err != nil {
		return DeskOutcome{}, err
	}
	if in.To == 0 {
		return DeskOutcome{}, fault.New(fault.MissingValue).At("/to")
	}
	none := func(store.Tx) ([]limit.Key, error) { return nil, nil }
	return w.run(ctx, none, func(tx store.Tx, row *coupon.Coupon) error {
		was := row.ValidTo
		w.seen.ValidTo = was // as it is under the lock
		if err := w.desk.Lengthen(row, w.before, w.now, in.To); err != nil {
			return err
		}
		w.out.Coupon = *row
		if err := tx.Coupons().Update([]coupon.Coupon{*row}); err != nil {
			return err
		}
		return tx.Changes().Append([]change.Change{{Aggregate: row.ID, Kind: id.Coupon, Seq: row.Rev, Type: change.CouponExtended, At: w.now, Actor: by.ID,
			Facts: fmt.Sprintf(`{"from":%d,"to":%d,"desk":true}`, was, row.ValidTo)}})
	})
}
