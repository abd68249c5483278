package sqlrepo

import (
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// A counter of a limit that leaves entries is the sum of them, and of what live locks
// carry until they end. An entry is compared with the row of its coupon or redemption.

// held is what holds counters: entries, and the promises of active locks. Batches of
// stock hold their coupons (checks_batch.go).
func held(template, per, subject, what, period, start, amount, from string) string {
	return "SELECT template, per, subject, what, period, start, taken AS counted, 0 AS held FROM counters WHERE NOT (" + plainCounters + ") AND what NOT IN (5, 6, 7, 8, 11) AND per <> " + perBatch +
		" UNION ALL SELECT template, per, subject, what, period, start, 0, amount FROM limit_entries" +
		" UNION ALL SELECT " + template + ", " + perNumbers.numberOf(per) + ", " + subject + ", " + whatNumbers.numberOf(what) + ", " +
		periodNumbers.numberOf(period) + ", " + start + ", 0, " + amount + " FROM " + from + " WHERE l.state = 1"
}

var (
	heldLite = held("json_extract(e.value, '$.template')", "json_extract(e.value, '$.per')", "json_extract(e.value, '$.subject')",
		"json_extract(e.value, '$.what')", "json_extract(e.value, '$.period')", "json_extract(e.value, '$.start')",
		"json_extract(e.value, '$.amount')", "locks AS l, json_each(l.priced, '$.kept') AS e")
	heldPost = held("CAST(e.value ->> 'template' AS BIGINT)", "e.value ->> 'per'", "CAST(e.value ->> 'subject' AS BIGINT)",
		"e.value ->> 'what'", "e.value ->> 'period'", "CAST(e.value ->> 'start' AS BIGINT)", "CAST(e.value ->> 'amount' AS BIGINT)",
		"locks AS l CROSS JOIN LATERAL jsonb_array_elements("+arrayOf("CAST(l.priced AS jsonb) -> 'kept'")+") AS e(value)")
)

// recountEntries compares counters with what holds them.
func recountEntries(rows string) string {
	return found("SELECT k.template AS subject, CASE WHEN k.template IN (SELECT id FROM budgets) THEN " + typed(id.Budget, "k.template") +
		" ELSE " + typed(id.Template, "k.template") + " END || ': ' || " + counterWords("k.start") + " || ': counter ' || SUM(k.counted) || ', entries ' || SUM(k.held) AS detail" +
		" FROM (" + rows + ") AS k GROUP BY k.template, k.per, k.subject, k.what, k.period, k.start HAVING SUM(k.counted) <> SUM(k.held)")
}

// entryWords names the counter of an entry k with its amount.
var entryWords = counterWords("k.start") + " || ' holds ' || k.amount"

// What a coupon's uses that stand took off.
const spentOf = "COALESCE((SELECT SUM(r.discount_minor) FROM redemptions AS r WHERE r.coupon = c.id AND r.returned_at = 0), 0)"

func init() {
	checks = append(checks,
		newCheck("limit-2.counters", "limit-2", "", recountEntries(heldLite), recountEntries(heldPost)),
		samePiece(store.SubjectCoupons, "limit-2.coupons", "limit-2", id.Coupon, found("SELECT k.fact AS subject, "+entryWords+" || ', the coupon is of ' || c.liability AS detail"+
			" FROM limit_entries AS k JOIN coupons AS c ON c.id = k.fact WHERE @in(k.fact) AND (k.what = 4 AND k.amount <> 1 OR k.what = 3 AND k.amount <> c.liability OR k.what IN (1, 2))")),
		samePiece(store.SubjectCoupons, "limit-2.liability", "limit-2", id.Coupon, found("SELECT k.fact AS subject, "+entryWords+
			" || ', reserved ' || c.liability || ' for ' || c.uses || ' uses, used ' || c.used || ', spent ' || "+spentOf+" AS detail"+
			" FROM limit_entries AS k JOIN coupons AS c ON c.id = k.fact WHERE @in(k.fact) AND k.what = 9 AND k.amount * c.uses <>"+
			" CASE WHEN c.state IN (1, 2) THEN c.liability * (c.uses - c.used) ELSE 0 END + c.uses * "+spentOf)),
		samePiece(store.SubjectRedemptions, "limit-2.uses", "limit-2", id.Redemption, found("SELECT k.fact AS subject, "+entryWords+" || ', the use took off ' || r.discount_minor || ', returned ' || r.returned_at AS detail"+
			" FROM limit_entries AS k JOIN redemptions AS r ON r.id = k.fact WHERE @in(k.fact) AND (r.returned_at <> 0 AND k.amount <> 0 OR k.what NOT IN (1, 2)"+
			" OR r.returned_at = 0 AND (k.what = 2 AND k.amount <> 1 OR k.what = 1 AND k.per <> 9 AND k.amount <> r.discount_minor OR k.amount > r.discount_minor AND k.what = 1))")),
		sameCheck("limit-2.facts", "limit-2", "", found("SELECT k.fact AS subject, "+entryWords+" || ' of nothing' AS detail FROM limit_entries AS k"+
			" LEFT JOIN coupons AS c ON c.id = k.fact LEFT JOIN redemptions AS r ON r.id = k.fact WHERE c.id IS NULL AND r.id IS NULL")),
	)
}
