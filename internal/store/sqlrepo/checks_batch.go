package sqlrepo

import (
	"strconv"

	"quan/internal/domain/limit"
	"quan/internal/kernel/id"
)

// perBatch is the number of batches of stock in a counter's key.
var perBatch = strconv.FormatInt(perNumber(limit.PerBatch), 10)

// batchMost compares what batches gave out with the largest size that they ever had.
func batchMost(most string) string {
	return found("SELECT b.id AS subject, 'taken ' || k.taken || ', largest size ' || " + most + " AS detail FROM counters AS k JOIN stock_batches AS b ON b.id = k.subject" +
		" WHERE k.per = " + perBatch + " AND k.what = 4 AND k.taken > " + most)
}

func init() {
	checks = append(checks,
		newCheck("stock-1.batch", "stock-1", id.Batch, batchMost("json_extract(b.doc, '$.most')"), batchMost("CAST(CAST(b.doc AS jsonb) ->> 'most' AS BIGINT)")),
		sameCheck("stock-2.batch", "stock-2", id.Batch, found("SELECT k.batch AS subject, 'counter ' || SUM(k.counted) || ', coupons ' || SUM(k.n) AS detail FROM ("+
			"SELECT subject AS batch, taken AS counted, 0 AS n FROM counters WHERE per = "+perBatch+" AND what = 4"+
			" UNION ALL SELECT batch, 0, count(*) FROM coupons WHERE batch <> 0 AND form <> 'reissue' GROUP BY batch) AS k GROUP BY k.batch HAVING SUM(k.counted) <> SUM(k.n)")),
		// A batch without a budget keeps no such counter.
		sameCheck("money-1.batch", "money-1", id.Batch, found("SELECT k.subject AS subject, 'budget counter ' || k.taken || ', liability of its coupons ' || COALESCE(g.minor, 0) AS detail FROM counters AS k"+
			" LEFT JOIN (SELECT batch, SUM(liability) AS minor FROM coupons WHERE batch <> 0 AND form <> 'reissue' GROUP BY batch) AS g ON g.batch = k.subject"+
			" WHERE k.per = "+perBatch+" AND k.what = 3 AND k.taken <> COALESCE(g.minor, 0)")),
		sameCheck("stock-2.of-batch", "stock-2", id.Coupon, found("SELECT c.id AS subject, 'its batch is none of its template: ' || "+typed(id.Batch, "c.batch")+" AS detail FROM coupons AS c"+
			" LEFT JOIN stock_batches AS b ON b.id = c.batch AND b.parent = "+typed(id.Template, "c.template")+" WHERE c.batch <> 0 AND b.id IS NULL")),
	)
}
