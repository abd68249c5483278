package sqlrepo

import (
	"strings"

	"quan/internal/domain/metric"
	"quan/internal/kernel/id"
)

// cellValues writes a row's twelve values: what names holds, negative, and zeros.
func cellValues(of map[string]string) string {
	parts := make([]string, len(metric.ColumnNames))
	for i, n := range metric.ColumnNames {
		parts[i] = "0"
		if expr := of[n]; expr != "" {
			parts[i] = "-" + expr
		}
	}
	return strings.Join(parts, ", ")
}

// unequal is the condition and the words of the values that differ; returned_minor
// is left to the check without days, because a redemption does not say on which
// days its shares went back.
func unequal() (having, words string) {
	var conditions, parts []string
	for _, n := range metric.ColumnNames {
		if n != "returned_minor" {
			conditions = append(conditions, "SUM(k."+n+") <> 0")
			parts = append(parts, "CASE WHEN SUM(k."+n+") <> 0 THEN ' "+n+" ' || SUM(k."+n+") ELSE '' END")
		}
	}
	return strings.Join(conditions, " OR "), strings.Join(parts, " || ")
}

// cellFacts counts facts of one kind by cell.
func cellFacts(table, day, where string, of map[string]string) string {
	currency, by := "currency", ", currency"
	if table == "coupons" {
		currency, by = "''", "" // an issue has none
	}
	return " UNION ALL SELECT g.day, g.template, g.placement, " + book("COALESCE(t.market, '')", "g.currency") + ", g.form, g.channel, g.city, " + cellValues(of) +
		" FROM (SELECT " + day + " AS day, template, placement, form, channel, city, " + currency + " AS currency, count(*) AS n" + extraSums(table) + " FROM " + table + where +
		" GROUP BY " + day + ", template, placement, form, channel, city" + by + ") AS g LEFT JOIN templates AS t ON t.id = g.template"
}

// book is metric.Book in SQL.
func book(market, currency string) string {
	return market + " || CASE WHEN " + currency + " = '' THEN '' ELSE '@' || " + currency + " END"
}

func extraSums(table string) string {
	if table == "coupons" {
		return ""
	}
	return ", SUM(first_use) AS firsts, SUM(list_minor) AS list, SUM(discount_minor) AS discount, SUM(paid_minor) AS paid"
}

func storedCells(where string) string {
	return "SELECT " + metricDims + ", " + metricValues + " FROM rollups" + where + " UNION ALL SELECT " + metricDims + ", " + metricValues + " FROM rollup_deltas" + where
}

// cells compares stored cells with facts, which come after the first UNION ALL.
func cells(subject, where, facts string) string {
	having, words := unequal()
	return "SELECT " + subject + " AS subject, 'day ' || k.day || ' ' || k.market || ' ' || k.form || ' ' || k.channel || ' ' || k.city || ', stored less facts:' || " + words + " AS detail FROM (" +
		storedCells(where) + facts + ") AS k GROUP BY k.day, k.template, k.placement, k.market, k.form, k.channel, k.city HAVING " + having
}

func init() {
	ofCoupons := cellFacts("coupons", "issued_day", "", map[string]string{"issued": "g.n"}) +
		cellFacts("coupons", "ended_day", " WHERE state = 4", map[string]string{"expired": "g.n"}) +
		cellFacts("coupons", "ended_day", " WHERE state = 5", map[string]string{"withdrawn": "g.n"}) +
		cellFacts("redemptions", "day", "", map[string]string{"redeemed": "g.n", "coupons_used": "g.firsts", "orders": "g.n",
			"list_minor": "g.list", "discount_minor": "g.discount", "paid_minor": "g.paid"}) +
		cellFacts("redemptions", "returned_day", " WHERE coupon_back = 1", map[string]string{"returned": "g.n"})
	ofOrders := " UNION ALL SELECT o.day, 0, 0, " + book("o.market", "o.currency") + ", '', o.channel, o.city, " +
		cellValues(map[string]string{"orders": "1", "list_minor": "o.list_minor", "discount_minor": "o.discount_minor", "paid_minor": "o.paid_minor"}) +
		" FROM orders AS o UNION ALL SELECT f.day, 0, 0, " + book("o.market", "o.currency") + ", '', o.channel, o.city, " + cellValues(map[string]string{"refunded_minor": "f.minor"}) +
		" FROM refunds AS f JOIN orders AS o ON o.id = f.order_id"
	shares := "SELECT k.template AS subject, k.market || ' ' || k.form || ' ' || k.channel || ' ' || k.city || ', all days: returned_minor stored ' || SUM(k.stored) || ', facts ' || SUM(k.facts) AS detail FROM (" +
		"SELECT template, placement, market, form, channel, city, returned_minor AS stored, 0 AS facts FROM (" + storedCells(" WHERE returned_minor <> 0") + ") AS s" +
		" UNION ALL SELECT r.template, r.placement, " + book("COALESCE(t.market, '')", "r.currency") + ", r.form, r.channel, r.city, 0, c.returned_minor FROM redemption_cells AS c" +
		" JOIN redemptions AS r ON r.id = c.redemption LEFT JOIN templates AS t ON t.id = r.template WHERE c.returned_minor <> 0" +
		") AS k GROUP BY k.template, k.placement, k.market, k.form, k.channel, k.city HAVING SUM(k.stored) <> SUM(k.facts)"
	checks = append(checks,
		sameCheck("stats-1.coupons", "stats-1", id.Template, found(cells("k.template", " WHERE template <> 0", ofCoupons))),
		sameCheck("stats-1.orders", "stats-1", "", found(cells("k.day", " WHERE template = 0", ofOrders))),
		sameCheck("stats-1.shares", "stats-1", id.Template, found(shares)),
	)
}
