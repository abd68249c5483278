package sqlrepo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/store"
)

const (
	metricDims   = "day, template, placement, market, form, channel, city"
	wideDims     = metricDims + ", merchant, store"
	metricValues = "issued, redeemed, coupons_used, returned, expired, withdrawn, orders, list_minor, discount_minor, paid_minor, refunded_minor, returned_minor"
	dimSpec      = "day template placement market:t form:t channel:t city:t"
	wideSpec     = dimSpec + " merchant:t store:t"
	valueSpec    = "issued redeemed coupons_used returned expired withdrawn orders list_minor discount_minor paid_minor refunded_minor returned_minor"
	// A dimension that is not asked for is the same for all rows; a flag chooses.
	metricPick = "SELECT CASE WHEN CAST($8 AS BIGINT) = 1 THEN day ELSE 0 END AS g_day, CASE WHEN CAST($9 AS BIGINT) = 1 THEN template ELSE 0 END AS g_template," +
		" CASE WHEN CAST($10 AS BIGINT) = 1 THEN placement ELSE 0 END AS g_placement, CASE WHEN CAST($11 AS BIGINT) = 1 THEN form ELSE '' END AS g_form," +
		" CASE WHEN CAST($12 AS BIGINT) = 1 THEN channel ELSE '' END AS g_channel, CASE WHEN CAST($13 AS BIGINT) = 1 THEN city ELSE '' END AS g_city, "
	widePick = metricPick + "CASE WHEN CAST($19 AS BIGINT) = 1 THEN merchant ELSE '' END AS g_merchant," +
		" CASE WHEN CAST($20 AS BIGINT) = 1 THEN store ELSE '' END AS g_store, "
	metricWhere = " WHERE ($1 = '' OR market = $1 OR substr(market, 1, length($1) + 1) = $1 || '@') AND day BETWEEN $2 AND $3" +
		" AND (CAST($4 AS BIGINT) = 0 OR placement = $4) AND (CAST($5 AS BIGINT) = 1) = (template = 0)" +
		" AND ($16 = '' OR form = $16) AND ($17 = '' OR channel = $17) AND ($18 = '' OR city = $18)"
	anyLite    = "json_array_length($6) = 0 OR CAST($5 AS BIGINT) = 1 OR "
	anyPost    = "cardinality($6::bigint[]) = 0 OR CAST($5 AS BIGINT) = 1 OR "
	metricLite = metricWhere + " AND (" + anyLite + "template IN (SELECT value FROM json_each($6)))" +
		" AND (json_array_length($7) = 0 OR template IN (SELECT t.id FROM templates AS t WHERE t.merchant IN (SELECT value FROM json_each($7))))" +
		" AND (json_array_length($14) = 0 OR city IN (SELECT value FROM json_each($14)))"
	metricPost = metricWhere + " AND (" + anyPost + "template = ANY($6::bigint[]))" +
		" AND (cardinality($7::text[]) = 0 OR template IN (SELECT t.id FROM templates AS t WHERE t.merchant = ANY($7::text[])))" +
		" AND (cardinality($14::text[]) = 0 OR city = ANY($14::text[]))"
	wideWhere   = " AND ($21 = '' OR merchant = $21) AND ($22 = '' OR store = $22)"
	wideLite    = metricLite + wideWhere + " AND (json_array_length($23) = 0 OR store IN (SELECT value FROM json_each($23)))"
	widePost    = metricPost + wideWhere + " AND (cardinality($23::text[]) = 0 OR store = ANY($23::text[]))"
	metricGroup = "g_day, g_template, g_placement, g_form, g_channel, g_city"
	wideGroup   = metricGroup + ", g_merchant, g_store"
	deltaKey    = wideDims + ", id, slot"
)

var (
	// On PostgreSQL each transaction has rows of its own, so that none waits for
	// another. SQLite has one writer, and adds to one row a cell until it is folded.
	metricsAppend = oneRowACell(upsertOf("rollup_deltas.append", "rollup_deltas", "day template placement market form channel city merchant store id slot",
		wideSpec+" id slot "+valueSpec, true))
	// What the delete returns is what is folded: a row that grew meanwhile is
	// returned as it was when it went.
	metricsTake = same("rollup_deltas.take", "DELETE FROM rollup_deltas WHERE ("+deltaKey+") IN (SELECT "+deltaKey+
		" FROM rollup_deltas ORDER BY "+deltaKey+" LIMIT $1) RETURNING "+wideDims+", "+metricValues)
	metricsAdd     = upsertOf("rollups.add", "rollups", "day template placement market form channel city", dimSpec+" "+valueSpec, true)
	metricsAddWide = upsertOf("rollups_by_store.add", "rollups_by_store", "day template placement market form channel city merchant store", wideSpec+" "+valueSpec, true)
	metricsRead    = metricsFrom("metrics.read", "rollups", metricPick, metricLite, metricPost, metricGroup)
	// Those of some templates are found by them, not along all days.
	metricsReadOf = metricsFrom("metrics.readOf", "rollups", metricPick, strings.Replace(metricLite, anyLite, "", 1), strings.Replace(metricPost, anyPost, "", 1), metricGroup)
	// Only what asks for merchants and stores pays for the cube that knows them.
	metricsReadWide = metricsFrom("metrics.readWide", "rollups_by_store", widePick, wideLite, widePost, wideGroup)
)

// metricsFrom sums a cube and what is not yet folded into it.
func metricsFrom(name, cube, pick, lite, post, group string) *statement {
	sum := func(where string) string {
		return "SELECT " + group + ", " + metricSums() + " FROM (" + pick + metricCells() + " FROM " + cube + where +
			" UNION ALL " + pick + metricCells() + " FROM rollup_deltas" + where + ") AS cells GROUP BY " + group + " ORDER BY " + group
	}
	return newStatement(name, sum(lite), sum(post))
}

// metricCells are the values of a cell: its amounts only in the currency that is
// asked for, "" for all.
func metricCells() string {
	cells := slices.Clone(metric.ColumnNames)
	for i, n := range cells {
		if strings.HasSuffix(n, "_minor") {
			cells[i] = "CASE WHEN CAST($15 AS TEXT) = '' OR market = $15 THEN " + n + " ELSE 0 END AS " + n
		}
	}
	return strings.Join(cells, ", ")
}

// metricSums are the sums of the values: PostgreSQL's sum of BIGINT is a NUMERIC.
func metricSums() string {
	sums := make([]string, len(metric.ColumnNames))
	for i, n := range metric.ColumnNames {
		sums[i] = "CAST(SUM(" + n + ") AS BIGINT)"
	}
	return strings.Join(sums, ", ")
}

// oneRowACell makes SQLite's text leave out the id and the slot, $10 and $11.
func oneRowACell(b *bulk) *bulk {
	b.Lite = strings.Replace(b.Lite, "$10, $11", "$10 * 0, $11 * 0", 1)
	texts[len(texts)-1].lite = b.Lite
	return b
}

// groupColumns are the columns by which a query may group; wideColumns those that
// only the wide cube has.
var (
	groupColumns = []string{"day", "template", "placement", "form", "channel", "city"}
	wideColumns  = []string{"merchant", "store"}
)

type metricRows struct{ tx *Tx }

func values(v *metric.Values) []any {
	columns := v.Columns()
	out := make([]any, len(columns))
	for i, c := range columns {
		out[i] = *c
	}
	return out
}

func scanValues(v *metric.Values, dest ...any) []any {
	for _, c := range v.Columns() {
		dest = append(dest, c)
	}
	return dest
}

func dims(d *metric.Dims) []any {
	return []any{int64(d.Day), int64(d.Template), int64(d.Placement), d.Market, string(d.Form), d.Channel, d.City}
}

func allDims(d *metric.Dims) []any { return append(dims(d), d.Merchant, d.Store) }

func compareDims(a, b metric.Dims) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Template, b.Template), cmp.Compare(a.Placement, b.Placement), cmp.Compare(a.Market, b.Market),
		cmp.Compare(a.Form, b.Form), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.City, b.City), cmp.Compare(a.Merchant, b.Merchant), cmp.Compare(a.Store, b.Store))
}

// Append adds deltas; those of the same cell, slot and id become one row.
func (r metricRows) Append(deltas []metric.Delta) error {
	rows := metric.Fold(deltas)
	return r.tx.bulk(metricsAppend, len(rows), func(i int) []any {
		d := &rows[i]
		return append(append(allDims(&d.Dims), int64(d.ID), d.Slot), values(&d.Values)...)
	})
}

// Fold moves at most limit deltas into both cubes of rollups.
func (r metricRows) Fold(limit int) (folded int64, err error) {
	var taken []metric.Delta
	err = r.tx.queryWrite(metricsTake, []any{int64(limit)}, func(row Scanner) error {
		var d metric.Delta
		err := row.Scan(scanValues(&d.Values, &d.Day, &d.Template, &d.Placement, &d.Market, &d.Form, &d.Channel, &d.City, &d.Merchant, &d.Store)...)
		taken = append(taken, d)
		return err
	})
	if err != nil {
		return 0, err
	}
	if err := r.add(metricsAddWide, taken, allDims); err != nil {
		return 0, err
	}
	for i := range taken {
		taken[i].Dims = taken[i].Narrow()
	}
	return int64(len(taken)), r.add(metricsAdd, taken, dims)
}

// add adds deltas to a cube that has these dimensions.
func (r metricRows) add(b *bulk, deltas []metric.Delta, dims func(*metric.Dims) []any) error {
	rows := metric.Fold(deltas)
	slices.SortFunc(rows, func(a, b metric.Delta) int { return compareDims(a.Dims, b.Dims) })
	return r.tx.bulk(b, len(rows), func(i int) []any { return append(dims(&rows[i].Dims), values(&rows[i].Values)...) })
}

// Read sums folded rows and deltas. A dimension that is not grouped by is zero in
// the result; Market is the query's.
func (r metricRows) Read(q store.MetricQuery) ([]metric.Delta, error) {
	wide := q.Merchant != "" || q.Store != "" || len(q.Scope.Stores) > 0
	for _, g := range q.GroupBy {
		if slices.Contains(wideColumns, g) {
			wide = true
		} else if !slices.Contains(groupColumns, g) {
			return nil, r.tx.refuse(metricsRead.name, fmt.Errorf("unknown group column %q", g))
		}
	}
	args := []any{q.Market, int64(q.From), lastDay(q.To), int64(q.Placement), flag(q.AllOrders), ints(q.Templates), words(q.Scope.Merchants)}
	for _, g := range groupColumns {
		args = append(args, flag(slices.Contains(q.GroupBy, g)))
	}
	book := ""
	if q.Market != "" {
		book = metric.Book(q.Market, q.Currency)
	}
	args = append(args, words(q.Scope.Cities), book, q.Form, q.Channel, q.City)
	if !wide {
		read := metricsRead
		if len(q.Templates) > 0 && !q.AllOrders {
			read = metricsReadOf
		}
		return collect(r.tx, read, func(row Scanner) (d metric.Delta, err error) {
			d.Market = q.Market
			err = row.Scan(scanValues(&d.Values, &d.Day, &d.Template, &d.Placement, &d.Form, &d.Channel, &d.City)...)
			return d, err
		}, args...)
	}
	for _, g := range wideColumns {
		args = append(args, flag(slices.Contains(q.GroupBy, g)))
	}
	args = append(args, q.Merchant, q.Store, words(q.Scope.Stores))
	return collect(r.tx, metricsReadWide, func(row Scanner) (d metric.Delta, err error) {
		d.Market = q.Market
		err = row.Scan(scanValues(&d.Values, &d.Day, &d.Template, &d.Placement, &d.Form, &d.Channel, &d.City, &d.Merchant, &d.Store)...)
		return d, err
	}, args...)
}

var (
	refusalsAdd  = upsertOf("refusals.add", "refusals", "market day template code channel", "market:t day template code:t channel:t total", true)
	refusalsRead = same("refusals.read", "SELECT market, day, template, code, channel, total FROM refusals WHERE ($1 = '' OR market = $1)"+
		" AND day BETWEEN $2 AND $3 ORDER BY market, day, template, code, channel")
)

// AppendRefusals adds to the counts.
func (r metricRows) AppendRefusals(refusals []store.Refusal) error {
	sums := map[store.Refusal]int64{}
	var cells []store.Refusal
	for _, f := range refusals {
		n := f.Count
		f.Count = 0
		if _, ok := sums[f]; !ok {
			cells = append(cells, f)
		}
		sums[f] += n
	}
	return r.tx.bulk(refusalsAdd, len(cells), func(i int) []any {
		f := cells[i]
		return []any{f.Market, int64(f.Day), int64(f.Template), f.Code, f.Channel, sums[f]}
	})
}

// Refusals of the days from..to; zero is open.
func (r metricRows) Refusals(market string, from, to calendar.Date) ([]store.Refusal, error) {
	return collect(r.tx, refusalsRead, func(row Scanner) (f store.Refusal, err error) {
		err = row.Scan(&f.Market, &f.Day, &f.Template, &f.Code, &f.Channel, &f.Count)
		return f, err
	}, market, int64(from), lastDay(to))
}
