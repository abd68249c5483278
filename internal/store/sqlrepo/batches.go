package sqlrepo

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Coupons of batches lie in an index of their own, which the condition batch <> 0
// lets the planner use.
var (
	batchesOfTemplates = newStatement("stock_batches.ofTemplates",
		"SELECT "+referenceRow+" FROM stock_batches WHERE parent IN (SELECT value FROM json_each($1))",
		"SELECT "+referenceRow+" FROM stock_batches WHERE parent = ANY($1::text[])")
	couponsOfBatch = same("coupons.ofBatch",
		"SELECT "+couponColumns+" FROM coupons WHERE batch = $1 AND batch <> 0 AND id > $2 ORDER BY id LIMIT CAST($3 AS BIGINT)")
	couponsBatchStates = same("coupons.batchStates", "SELECT state, count(*) FROM coupons WHERE batch = $1 AND batch <> 0 GROUP BY state")
	couponsBatchUses   = same("coupons.batchUses", "SELECT count(*), CAST(COALESCE(SUM(r.discount_minor), 0) AS BIGINT) FROM coupons AS c"+
		" JOIN redemptions AS r ON r.coupon = c.id WHERE c.batch = $1 AND c.batch <> 0 AND r.returned_at = 0")
)

// batchRows find batches of stock by their templates.
type batchRows struct{ *reference[store.Batch] }

// OfTemplates returns the batches of templates.
func (r batchRows) OfTemplates(templates []id.ID) ([]store.Batch, error) {
	if len(templates) == 0 {
		return nil, nil
	}
	parents := make([]string, len(templates))
	for i, t := range templates {
		parents[i] = id.Format(id.Template, t)
	}
	return collect(r.tx, batchesOfTemplates, r.scan, words(parents))
}

func (r couponRows) OfBatch(batch, after id.ID, limit int) ([]coupon.Coupon, error) {
	return collect(r.tx, couponsOfBatch, scanCoupon, int64(batch), int64(after), int64(limit))
}

func (r couponRows) BatchStates(batch id.ID) (map[coupon.State]int64, error) {
	return r.states(couponsBatchStates, int64(batch))
}

func (r couponRows) BatchUses(batch id.ID) (uses store.BatchUses, err error) {
	err = r.tx.query(couponsBatchUses, []any{int64(batch)}, func(row Scanner) error { return row.Scan(&uses.Uses, &uses.DiscountMinor) })
	return uses, err
}
