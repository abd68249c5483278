package sqlrepo

import "quan/internal/kernel/id"

// The stock row of a template is (per template, issue count, ever): 3, 4, 4.
// PostgreSQL must see each parameter; CAST($1 AS BIGINT) >= 0 is that.
func init() {
	checks = append(checks,
		sameCheck("stock-2.counted", "stock-2", id.Template,
			"SELECT c.template, 'stock row says ' || c.taken || ', coupons ' || COALESCE(n.coupons, 0)"+
				" FROM counters AS c LEFT JOIN (SELECT template, count(*) AS coupons FROM coupons GROUP BY template) AS n ON n.template = c.template"+
				" WHERE c.per = 3 AND c.what = 4 AND c.period = 4 AND c.taken <> COALESCE(n.coupons, 0) AND CAST($1 AS BIGINT) >= 0 ORDER BY c.template LIMIT $2"),
		sameCheck("stock-2.missing", "stock-2", id.Template,
			"SELECT n.template, 'no stock row, coupons ' || n.coupons"+
				" FROM (SELECT template, count(*) AS coupons FROM coupons GROUP BY template) AS n"+
				" LEFT JOIN counters AS c ON c.template = n.template AND c.per = 3 AND c.subject = 0 AND c.what = 4 AND c.period = 4"+
				" WHERE c.template IS NULL AND CAST($1 AS BIGINT) >= 0 ORDER BY n.template LIMIT $2"),
		sameCheck("coupon-1.used", "coupon-1", id.Coupon,
			"SELECT c.id, 'used ' || c.used || ', redemptions not given back ' || COALESCE(n.uses, 0)"+
				" FROM coupons AS c LEFT JOIN (SELECT coupon, count(*) AS uses FROM redemptions WHERE coupon_back = 0 GROUP BY coupon) AS n ON n.coupon = c.id"+
				" WHERE c.used <> COALESCE(n.uses, 0) AND CAST($1 AS BIGINT) >= 0 ORDER BY c.id LIMIT $2"),
	)
}
