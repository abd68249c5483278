package sqlrepo

import (
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// overdue finds rows past a moment by more than a day that still stand as they
// did before it: the job that ends them does not run. Only rows made at the time of
// the wall clock are asked: those of imports and simulations end in another time.
func overdue(table, state, moment string) string {
	return "SELECT d.id AS subject, 'was to end at ' || d." + moment + " || ', and stands' AS detail FROM " + table + " AS d WHERE " + state +
		" AND d." + moment + " < CAST($1 AS BIGINT) - 86400000 AND d." + moment + " >= ((d.id >> 31) + 1577836800) * 1000"
}

func init() {
	checks = append(checks,
		sameCheck("stock-3.held", "stock-3", id.Lock, found(overdue("locks", "d.state = 1", "expires_at"))),
		sameCheck("stock-3.due", "stock-3", id.Coupon, found(overdue("coupons", "d.state = 1 AND d.valid_to <> 4611686018427387903", "valid_to"))),
		samePiece(store.SubjectLocks, "coupon-5.once", "coupon-5", id.Lock, found("SELECT l.id AS subject, 'state ' || l.state || ', revision ' || l.rev || ', resolved at ' || l.resolved_at"+
			" || ', due at ' || l.expires_at AS detail FROM locks AS l WHERE @in(l.id) AND (l.rev <> CASE WHEN l.state = 1 THEN 1 ELSE 2 END OR (l.state = 1) <> (l.resolved_at = 0)"+
			" OR l.state = 3 AND l.resolved_at >= l.expires_at OR l.state = 4 AND l.resolved_at < l.expires_at)")),
		// The redemptions are joined one by one and counted after: counted before, PostgreSQL
		// without statistics counted all of them once for each lock.
		samePiece(store.SubjectLocks, "coupon-5.redeemed", "coupon-5", id.Lock, found("SELECT k.id AS subject, 'redeemed, but the redemptions of its order are ' || k.n AS detail FROM ("+
			"SELECT l.id AS id, l.coupons AS coupons, count(r.id) AS n FROM locks AS l"+
			" LEFT JOIN outside_ids AS x ON x.kind = 'order' AND x.source = l.source AND x.ref = l.ref LEFT JOIN redemptions AS r ON r.order_id = x.target"+
			" WHERE @in(l.id) AND l.state = 2 GROUP BY l.id, l.coupons"+
			") AS k WHERE k.n <> CASE WHEN k.coupons = '' THEN 0 ELSE length(k.coupons) - length(replace(k.coupons, ',', '')) + 1 END")),
	)
}
