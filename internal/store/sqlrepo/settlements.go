package sqlrepo

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"quan/internal/domain/metric"
	"quan/internal/store"
)

// What a cell made its funder bear, and what refunds gave back of cells: the two sides
// of a settlement, each found by its day.
const (
	bornFrom = " FROM redemptions AS r JOIN redemption_cells AS c ON c.redemption = r.id AND c.slot = r.slot WHERE c.minor > 0 AND r.day BETWEEN $1 AND $2"
	backFrom = " FROM cell_returns AS e JOIN redemptions AS r ON r.id = e.redemption AND r.slot = e.slot JOIN redemption_cells AS c ON c.redemption = e.redemption AND c.cell = e.cell AND c.slot = e.slot WHERE e.day BETWEEN $1 AND $2"
	settled  = " AND r.currency = $3 AND ($4 = '' OR r.template IN (SELECT t.id FROM templates AS t WHERE t.market = $4)) AND ($5 = '' OR c.funder_kind = $5) AND ($6 = '' OR c.funder_code = $6)" +
		" AND ($7 = '' OR r.merchant = $7) AND ($8 = '' OR r.store = $8) AND (CAST($9 AS BIGINT) = 0 OR r.template = CAST($9 AS BIGINT))"
	settledLite = settled + " AND (json_array_length($10) = 0 OR r.merchant IN (SELECT value FROM json_each($10)))" +
		" AND (json_array_length($11) = 0 OR r.store IN (SELECT value FROM json_each($11))) AND (json_array_length($12) = 0 OR r.city IN (SELECT value FROM json_each($12)))"
	settledPost = settled + " AND (cardinality($10::text[]) = 0 OR r.merchant = ANY($10::text[]))" +
		" AND (cardinality($11::text[]) = 0 OR r.store = ANY($11::text[])) AND (cardinality($12::text[]) = 0 OR r.city = ANY($12::text[]))"
	bearingGroup = "g_day, g_kind, g_code, g_merchant, g_store, g_template"
)

// settledColumns are the groups in the order of their flags, $13 and on.
var settledColumns = []string{"day", "funder", "merchant", "store", "template"}

var (
	settlementsSum    = newStatement("settlements.sum", sumOfSettlement(settledLite), sumOfSettlement(settledPost))
	settlementsBorne  = newStatement("settlements.borne", sharesOf("r.day, r.id, 0", "c.minor", "r.day", "r.id", "0", bornFrom+settledLite), sharesOf("r.day, r.id, 0", "c.minor", "r.day", "r.id", "CAST(0 AS BIGINT)", bornFrom+settledPost))
	settlementsReturn = newStatement("settlements.returned", sharesOf("e.day, e.redemption, e.refund", "e.minor", "e.day", "e.redemption", "e.refund", backFrom+settledLite), sharesOf("e.day, e.redemption, e.refund", "e.minor", "e.day", "e.redemption", "e.refund", backFrom+settledPost))
)

func sumOfSettlement(where string) string {
	pick := func(day string) string {
		return "SELECT CASE WHEN CAST($13 AS BIGINT) = 1 THEN " + day + " ELSE 0 END AS g_day, CASE WHEN CAST($14 AS BIGINT) = 1 THEN c.funder_kind ELSE '' END AS g_kind," +
			" CASE WHEN CAST($14 AS BIGINT) = 1 THEN c.funder_code ELSE '' END AS g_code, CASE WHEN CAST($15 AS BIGINT) = 1 THEN r.merchant ELSE '' END AS g_merchant," +
			" CASE WHEN CAST($16 AS BIGINT) = 1 THEN r.store ELSE '' END AS g_store, CASE WHEN CAST($17 AS BIGINT) = 1 THEN r.template ELSE 0 END AS g_template, "
	}
	return "SELECT " + bearingGroup + ", CAST(SUM(borne) AS BIGINT), CAST(SUM(back) AS BIGINT) FROM (" + pick("r.day") + "c.minor AS borne, 0 AS back" + bornFrom + where +
		" UNION ALL " + pick("e.day") + "0 AS borne, e.minor AS back" + backFrom + where + ") AS shares GROUP BY " + bearingGroup + " ORDER BY " + bearingGroup
}

// sharesOf goes back through an index that leads with a day and a redemption.
func sharesOf(key, minor, day, redemption, refund, from string) string {
	order := ""
	if refund[0] == 'e' {
		order = refund + " DESC, " // of the other side it is zero, for which nobody can order
	}
	return "SELECT " + key + ", c.cell, c.funder_kind, c.funder_code, r.merchant, r.store, r.template, r.coupon, r.source, r.ref, c.line, " + minor + from +
		" AND (" + day + ", " + redemption + ") <= ($13, $14) AND (" + day + ", " + redemption + ", " + refund + ", c.cell) < ($13, $14, $15, $16)" +
		" ORDER BY " + day + " DESC, " + redemption + " DESC, " + order + "c.cell DESC LIMIT $17"
}

type settlementRows struct{ tx *Tx }

func settlementArgs(q *store.SettlementQuery) []any {
	return []any{int64(q.From), lastDay(q.To), q.Currency, q.Market, q.FunderKind, q.FunderCode, q.Merchant, q.Store, int64(q.Template),
		words(q.Scope.Merchants), words(q.Scope.Stores), words(q.Scope.Cities)}
}

// Sum adds up both sides in one statement, so that both are of one moment.
func (r settlementRows) Sum(q store.SettlementQuery, groupBy []string) ([]metric.Bearing, error) {
	args := settlementArgs(&q)
	for _, g := range groupBy {
		if !slices.Contains(settledColumns, g) {
			return nil, r.tx.refuse(settlementsSum.name, fmt.Errorf("unknown group column %q", g))
		}
	}
	for _, g := range settledColumns {
		args = append(args, flag(slices.Contains(groupBy, g)))
	}
	return collect(r.tx, settlementsSum, func(row Scanner) (b metric.Bearing, err error) {
		err = row.Scan(&b.Day, &b.FunderKind, &b.FunderCode, &b.Merchant, &b.Store, &b.Template, &b.BorneMinor, &b.ReturnedMinor)
		return b, err
	}, args...)
}

// Shares asks both sides for as many and keeps the latest.
func (r settlementRows) Shares(q store.SettlementQuery, behind store.ShareKey, limit int) ([]metric.Share, error) {
	if behind == (store.ShareKey{}) {
		behind = store.ShareKey{Day: math.MaxInt32, Redemption: math.MaxInt64, Refund: math.MaxInt64, Cell: math.MaxInt64}
	}
	args := append(settlementArgs(&q), int64(behind.Day), int64(behind.Redemption), int64(behind.Refund), behind.Cell, int64(limit))
	var all []metric.Share
	for _, s := range []*statement{settlementsBorne, settlementsReturn} {
		rows, err := collect(r.tx, s, func(row Scanner) (v metric.Share, err error) {
			err = row.Scan(&v.Day, &v.Redemption, &v.Refund, &v.Cell, &v.FunderKind, &v.FunderCode, &v.Merchant, &v.Store, &v.Template, &v.Coupon, &v.Source, &v.Ref, &v.Line, &v.Minor)
			return v, err
		}, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	slices.SortFunc(all, func(a, b metric.Share) int {
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(b.Redemption, a.Redemption), cmp.Compare(b.Refund, a.Refund), cmp.Compare(b.Cell, a.Cell))
	})
	return all[:min(limit, len(all))], nil
}
