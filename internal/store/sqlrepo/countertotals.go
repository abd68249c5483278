package sqlrepo

import (
	"quan/internal/domain/redemption"
	"quan/internal/store"
)

// The two sides of a counter's day: what was redeemed on it, and what was given back on
// it, by whom. Each is found by its own index of the store, or of the days.
const (
	totalColumns = "store, clerk, currency"
	totalUsed    = "SELECT store, operator AS clerk, currency, 1 AS redeemed, discount_minor AS off, CASE WHEN scanned_at <> 0 THEN 1 ELSE 0 END AS away, 0 AS back, 0 AS back_minor" +
		" FROM redemptions WHERE store <> '' AND day BETWEEN $1 AND $2 AND ($5 = '' OR operator = $5) AND template IN (SELECT t.id FROM templates AS t WHERE t.market = $3"
	totalBack = "SELECT store, returned_by AS clerk, currency, 0 AS redeemed, 0 AS off, 0 AS away, 1 AS back, discount_minor AS back_minor" +
		" FROM redemptions WHERE store <> '' AND returned_day <> 0 AND returned_day BETWEEN $1 AND $2 AND ($5 = '' OR returned_by = $5) AND template IN (SELECT t.id FROM templates AS t WHERE t.market = $3"
	totalLite = " AND (json_array_length($6) = 0 OR t.merchant IN (SELECT value FROM json_each($6))))" +
		" AND (json_array_length($7) = 0 OR store IN (SELECT value FROM json_each($7))) AND (json_array_length($8) = 0 OR city IN (SELECT value FROM json_each($8)))"
	totalPost = " AND (cardinality($6::text[]) = 0 OR t.merchant = ANY($6::text[])))" +
		" AND (cardinality($7::text[]) = 0 OR store = ANY($7::text[])) AND (cardinality($8::text[]) = 0 OR city = ANY($8::text[]))"
)

var (
	counterTotals   = totalsOf("counter.totals", " AND $4 = ''")
	counterTotalsOf = totalsOf("counter.totalsOfStore", " AND store = $4")
)

func totalsOf(name, store string) *statement {
	of := func(where string) string {
		return "SELECT " + totalColumns + ", CAST(SUM(redeemed) AS BIGINT), CAST(SUM(off) AS BIGINT), CAST(SUM(away) AS BIGINT), CAST(SUM(back) AS BIGINT), CAST(SUM(back_minor) AS BIGINT) FROM (" +
			totalUsed + where + store + " UNION ALL " + totalBack + where + store + ") AS side GROUP BY " + totalColumns + " ORDER BY " + totalColumns + " LIMIT $9"
	}
	return newStatement(name, of(totalLite), of(totalPost))
}

// CounterTotals adds both sides up in one statement, so that both are of one moment.
func (r redemptionRows) CounterTotals(f store.RedemptionFilter) ([]redemption.CounterTotal, error) {
	s := counterTotals
	if f.Store != "" {
		s = counterTotalsOf
	}
	return collect(r.tx, s, func(row Scanner) (t redemption.CounterTotal, err error) {
		err = row.Scan(&t.Store, &t.Clerk, &t.Currency, &t.Redeemed, &t.DiscountMinor, &t.Away, &t.Returned, &t.ReturnedMinor)
		return t, err
	}, int64(f.From), lastDay(f.To), f.Market, f.Store, f.Operator, words(f.Scope.Merchants), words(f.Scope.Stores), words(f.Scope.Cities), int64(f.Limit))
}
