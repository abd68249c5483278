package sqlrepo

import "quan/internal/kernel/id"

func init() {
	checks = append(checks,
		sameCheck("code-1.once", "code-1", id.CodeBatch, found("SELECT u.batch AS subject, 'code ' || u.number || ' is used ' || count(*) || ' times' AS detail FROM code_uses AS u"+
			" GROUP BY u.batch, u.number HAVING count(*) > 1")),
		sameCheck("code-1.size", "code-1", id.CodeBatch, found("SELECT k.batch AS subject, 'size ' || COALESCE(s.total, 0) || ', used ' || k.n || ', numbers ' || k.low || ' to ' || k.high AS detail"+
			" FROM (SELECT batch, count(*) AS n, MIN(number) AS low, MAX(number) AS high FROM code_uses GROUP BY batch) AS k LEFT JOIN code_sizes AS s ON s.batch = k.batch"+
			" WHERE k.n > COALESCE(s.total, 0) OR k.low < 1 OR k.high > COALESCE(s.total, 0)")),
		sameCheck("code-1.coupon", "code-1", id.Coupon, found("SELECT k.coupon AS subject, 'coupons by code ' || SUM(k.coupons) || ', uses of codes ' || SUM(k.uses) AS detail FROM ("+
			"SELECT c.id AS coupon, c.member AS member, 1 AS coupons, 0 AS uses FROM coupons AS c WHERE c.form = 'code' UNION ALL SELECT u.coupon, u.member, 0, 1 FROM code_uses AS u"+
			") AS k GROUP BY k.coupon, k.member HAVING SUM(k.coupons) <> SUM(k.uses)")),
		sameCheck("code-1.pool", "code-1", id.CodeBatch, found("SELECT k.batch AS subject, 'size ' || SUM(k.total) || ', codes in the pool ' || SUM(k.n) || ', numbers to ' || MAX(k.high) AS detail FROM ("+
			"SELECT s.batch AS batch, s.total AS total, 0 AS n, 0 AS high FROM code_sizes AS s JOIN code_batches AS b ON b.id = s.batch WHERE b.status = 'imported'"+
			" UNION ALL SELECT batch, 0, 1, number FROM code_pool) AS k GROUP BY k.batch HAVING SUM(k.total) <> SUM(k.n) OR SUM(k.n) <> MAX(k.high)")),
	)
}
