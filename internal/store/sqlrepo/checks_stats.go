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
// has a check without days: what was given back before quan noted each return is dated
// by the order's last refund.
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

// cellFacts counts facts of one kind by cell. An issue has no merchant and no store.
func cellFacts(table, day, where string, of map[string]string) string {
	order, by := "currency, merchant, store", ", currency, merchant, store"
	if table == "coupons" {
		order, by = "'' AS currency, '' AS merchant, '' AS store", ""
	}
	return " UNION ALL SELECT g.day, g.template, g.placement, " + book("COALESCE(t.market, '')", "g.currency") + ", g.form, g.channel, g.city, g.merchant, g.store, " + cellValues(of) +
		" FROM (SELECT " + day + " AS day, template, placement, form, channel, city, " + order + ", count(*) AS n" + extraSums(table) + " FROM " + table + where +
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

// storedCells are the cells of the cube that knows stores, and what is not folded yet.
func storedCells(where string) string {
	return "SELECT " + wideDims + ", " + metricValues + " FROM rollups_by_store" + where + " UNION ALL SELECT " + wideDims + ", " + metricValues + " FROM rollup_deltas" + where
}

// cells compares stored cells with what they should be, which comes after the first
// UNION ALL of k.
func cells(subject, dims, k, names string) string {
	having, words := unequal()
	return "SELECT " + subject + " AS subject, 'day ' || k.day || ' ' || k.market || ' ' || k.form || ' ' || k.channel || ' ' || k.city" + names + " || ', stored less facts:' || " + words +
		" AS detail FROM (" + k + ") AS k GROUP BY " + dims + " HAVING " + having
}

func init() {
	const (
		narrow = "k.day, k.template, k.placement, k.market, k.form, k.channel, k.city"
		wide   = narrow + ", k.merchant, k.store"
		names  = " || ' ' || k.merchant || ' ' || k.store"
	)
	ofCoupons := cellFacts("coupons", "issued_day", "", map[string]string{"issued": "g.n"}) +
		cellFacts("coupons", "ended_day", " WHERE state = 4", map[string]string{"expired": "g.n"}) +
		cellFacts("coupons", "ended_day", " WHERE state = 5", map[string]string{"withdrawn": "g.n"}) +
		cellFacts("redemptions", "day", "", map[string]string{"redeemed": "g.n", "coupons_used": "g.firsts", "orders": "g.n",
			"list_minor": "g.list", "discount_minor": "g.discount", "paid_minor": "g.paid"}) +
		cellFacts("redemptions", "returned_day", " WHERE coupon_back = 1", map[string]string{"returned": "g.n"})
	ofOrders := " UNION ALL SELECT o.day, 0, 0, " + book("o.market", "o.currency") + ", '', o.channel, o.city, o.merchant, o.store, " +
		cellValues(map[string]string{"orders": "1", "list_minor": "o.list_minor", "discount_minor": "o.discount_minor", "paid_minor": "o.paid_minor"}) +
		" FROM orders AS o UNION ALL SELECT f.day, 0, 0, " + book("o.market", "o.currency") + ", '', o.channel, o.city, o.merchant, o.store, " + cellValues(map[string]string{"refunded_minor": "f.minor"}) +
		" FROM refunds AS f JOIN orders AS o ON o.id = f.order_id"
	negative := make([]string, len(metric.ColumnNames))
	for i, n := range metric.ColumnNames {
		negative[i] = "-" + n
	}
	folded := "SELECT " + metricDims + ", " + metricValues + " FROM rollups UNION ALL SELECT " + metricDims + ", " + strings.Join(negative, ", ") + " FROM rollups_by_store"
	shares := "SELECT k.template AS subject, k.market || ' ' || k.form || ' ' || k.channel || ' ' || k.city" + names + " || ', all days: returned_minor stored ' || SUM(k.stored) || ', facts ' || SUM(k.facts) AS detail FROM (" +
		"SELECT " + wideDims + ", returned_minor AS stored, 0 AS facts FROM (" + storedCells(" WHERE returned_minor <> 0") + ") AS s" +
		" UNION ALL SELECT v.day, r.template, r.placement, " + book("COALESCE(t.market, '')", "r.currency") + ", r.form, r.channel, r.city, r.merchant, r.store, 0, v.minor FROM cell_returns AS v" +
		" JOIN redemptions AS r ON r.id = v.redemption LEFT JOIN templates AS t ON t.id = r.template" +
		") AS k GROUP BY k.template, k.placement, k.market, k.form, k.channel, k.city, k.merchant, k.store HAVING SUM(k.stored) <> SUM(k.facts)"
	checks = append(checks,
		sameCheck("stats-1.coupons", "stats-1", id.Template, found(cells("k.template", wide, storedCells(" WHERE template <> 0")+ofCoupons, names))),
		sameCheck("stats-1.orders", "stats-1", "", found(cells("k.day", wide, storedCells(" WHERE template = 0")+ofOrders, names))),
		sameCheck("stats-1.cubes", "stats-1", id.Template, found(cells("k.template", narrow, folded, ""))),
		sameCheck("stats-1.shares", "stats-1", id.Template, found(shares)),
	)
}
