package sqlrepo

import "quan/internal/kernel/id"

func init() {
	checks = append(checks,
		sameCheck("coupon-5.once", "coupon-5", id.Lock, found("SELECT l.id AS subject, 'state ' || l.state || ', revision ' || l.rev || ', resolved at ' || l.resolved_at"+
			" || ', due at ' || l.expires_at AS detail FROM locks AS l WHERE l.rev <> CASE WHEN l.state = 1 THEN 1 ELSE 2 END OR (l.state = 1) <> (l.resolved_at = 0)"+
			" OR l.state = 3 AND l.resolved_at >= l.expires_at OR l.state = 4 AND l.resolved_at < l.expires_at")),
		sameCheck("coupon-5.redeemed", "coupon-5", id.Lock, found("SELECT l.id AS subject, 'redeemed, but the redemptions of its order are ' || COALESCE(n.n, 0) AS detail FROM locks AS l"+
			" LEFT JOIN outside_ids AS x ON x.kind = 'order' AND x.source = l.source AND x.ref = l.ref"+
			" LEFT JOIN (SELECT order_id, count(*) AS n FROM redemptions GROUP BY order_id) AS n ON n.order_id = x.target"+
			" WHERE l.state = 2 AND COALESCE(n.n, 0) <> CASE WHEN l.coupons = '' THEN 0 ELSE length(l.coupons) - length(replace(l.coupons, ',', '')) + 1 END")),
	)
}
