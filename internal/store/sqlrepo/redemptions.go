package sqlrepo

import (
	"math"

	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const (
	redemptionColumns = "id, source, ref, order_id, member, coupon, use_no, template, version, placement, form, merchant, store, channel, city, operator, product, " +
		"at, day, list_minor, discount_minor, paid_minor, late, first_use, returned_at, returned_day, coupon_back, gift_quantity, benefit_unit, benefit_value, currency, scanned_at, returned_by, rev"
	cellColumns = "redemption, line, funder_kind, funder_code, minor, returned_minor"
	cellSpec    = "redemption cell slot line funder_kind:t funder_code:t minor returned_minor"
)

var (
	redemptionsGet = newStatement("redemptions.get",
		"SELECT "+redemptionColumns+" FROM redemptions WHERE id IN (SELECT value FROM json_each($1))",
		"SELECT "+redemptionColumns+" FROM unnest($1::bigint[]) AS k(want) JOIN redemptions ON id = want AND id = ANY($1::bigint[]) AND slot = "+home)
	redemptionsOfOrders = newStatement("redemptions.ofOrders",
		"SELECT "+redemptionColumns+" FROM redemptions WHERE order_id IN (SELECT value FROM json_each($1)) ORDER BY id",
		"SELECT "+redemptionColumns+" FROM redemptions WHERE order_id = ANY($1::bigint[]) ORDER BY id")
	redemptionsOfCoupons = newStatement("redemptions.ofCoupons",
		"SELECT "+redemptionColumns+" FROM redemptions WHERE coupon IN (SELECT value FROM json_each($1)) ORDER BY id",
		"SELECT "+redemptionColumns+" FROM unnest($1::bigint[]) AS k(want) JOIN redemptions ON coupon = want AND coupon = ANY($1::bigint[]) AND slot = "+home+" ORDER BY id")
	redemptionsList    = same("redemptions.list", "SELECT "+redemptionColumns+" FROM redemptions WHERE id > $1 ORDER BY id LIMIT $2")
	redemptionsEarlier = same("redemptions.earlier",
		"SELECT COALESCE(MAX(at), 0) FROM redemptions WHERE coupon = $1 AND slot = $2 AND coupon_back = 0 AND id <> $3")
	redemptionsCount  = same("redemptions.count", "SELECT count(*) FROM redemptions")
	redemptionsInsert = insertOf("redemptions", "id slot source:t ref:t order_id member coupon use_no template version placement form:t merchant:t store:t channel:t city:t "+
		"operator:t product:t at day list_minor discount_minor paid_minor late first_use returned_at returned_day coupon_back gift_quantity benefit_unit:t benefit_value currency:t scanned_at returned_by:t rev")
	redemptionsUpdate = updateOf("redemptions", "id slot", "id slot returned_at returned_day returned_by:t coupon_back rev")
	cellsGet          = newStatement("redemption_cells.get",
		"SELECT "+cellColumns+" FROM redemption_cells WHERE redemption IN (SELECT value FROM json_each($1)) ORDER BY redemption, cell",
		"SELECT "+cellColumns+" FROM unnest($1::bigint[]) AS k(want) JOIN redemption_cells ON redemption = want AND redemption = ANY($1::bigint[]) AND slot = "+home+" ORDER BY redemption, cell")
	cellsInsert       = insertOf("redemption_cells", cellSpec)
	cellReturnsInsert = insertOf("cell_returns", "redemption refund cell slot day minor")
	redemptionsFind   = foundBy("redemptions.find", "day", anyStore+byOperator)
	redemptionsStore  = foundBy("redemptions.ofStore", "day", oneStore+byOperator)
	redemptionsBack   = foundBy("redemptions.returned", "returned_day", wentBack+anyStore+byReturner)
	redemptionsBackIn = foundBy("redemptions.returnedInStore", "returned_day", wentBack+oneStore+byReturner)
	cellsWrite        = upsertOf("redemption_cells.write", "redemption_cells", "redemption cell slot", cellSpec, false)
)

const (
	findWhere = " AND template IN (SELECT t.id FROM templates AS t WHERE ($5 = '' OR t.market = $5)"
	findMore  = ") AND (CAST($6 AS BIGINT) = 0 OR template = CAST($6 AS BIGINT)) AND (CAST($7 AS BIGINT) = 0 OR placement = CAST($7 AS BIGINT))" +
		" AND ($8 = '' OR form = $8) AND ($9 = '' OR channel = $9) AND ($10 = '' OR city = $10) AND ($11 = '' OR merchant = $11)"
	findLite = findWhere + " AND (json_array_length($13) = 0 OR t.merchant IN (SELECT value FROM json_each($13)))" + findMore +
		" AND (json_array_length($14) = 0 OR store IN (SELECT value FROM json_each($14))) AND (json_array_length($15) = 0 OR city IN (SELECT value FROM json_each($15)))"
	findPost = findWhere + " AND (cardinality($13::text[]) = 0 OR t.merchant = ANY($13::text[]))" + findMore +
		" AND (cardinality($14::text[]) = 0 OR store = ANY($14::text[])) AND (cardinality($15::text[]) = 0 OR city = ANY($15::text[]))"
)

// Conditions of lists of uses. A store is said in a way that leads into its own index.
const (
	anyStore   = " AND $12 = ''"
	oneStore   = " AND store = $12 AND store <> ''"
	byOperator = " AND ($17 = '' OR operator = $17)"
	byReturner = " AND ($17 = '' OR returned_by = $17)"
	wentBack   = " AND returned_day <> 0 AND coupon_back = 1"
)

func foundBy(name, day, where string) *statement {
	return newStatement(name, findRedemptions(day, where+findLite), findRedemptions(day, where+findPost))
}

// findRedemptions goes back through an index that leads with a day.
func findRedemptions(day, where string) string {
	return "SELECT " + redemptionColumns + " FROM redemptions WHERE " + day + " BETWEEN $1 AND $2 AND (" + day + ", id) < ($3, $4)" + where +
		" ORDER BY " + day + " DESC, id DESC LIMIT $16"
}

type redemptionRows struct{ tx *Tx }

func scanRedemption(row Scanner) (r redemption.Redemption, err error) {
	var late, first, back int64
	err = row.Scan(&r.ID, &r.Key.Source, &r.Key.Ref, &r.Order, &r.Member, &r.Coupon, &r.Use, &r.Template, &r.Version, &r.Placement, &r.Form,
		&r.Merchant, &r.Store, &r.Channel, &r.City, &r.Operator, &r.Product, &r.At, &r.Day, &r.ListMinor, &r.DiscountMinor, &r.PaidMinor,
		&late, &first, &r.ReturnedAt, &r.ReturnedDay, &back, &r.GiftQuantity, &r.BenefitUnit, &r.BenefitValue, &r.Currency, &r.ScannedAt, &r.ReturnedBy, &r.Rev)
	r.Late, r.FirstUse, r.CouponBack = late != 0, first != 0, back != 0
	return r, err
}

// withCells asks for redemptions by a list of ids and adds their cells.
func (r redemptionRows) withCells(s *statement, ids []id.ID) ([]redemption.Redemption, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := collect(r.tx, s, scanRedemption, ints(ids))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	at := make(map[id.ID]*redemption.Redemption, len(rows))
	owners := make([]id.ID, len(rows))
	for i := range rows {
		at[rows[i].ID], owners[i] = &rows[i], rows[i].ID
	}
	err = r.tx.query(cellsGet, []any{ints(owners)}, func(row Scanner) error {
		var owner id.ID
		var c redemption.Cell
		err := row.Scan(&owner, &c.Line, &c.FunderKind, &c.FunderCode, &c.Minor, &c.ReturnedMinor)
		if o := at[owner]; o != nil {
			o.Cells = append(o.Cells, c)
		}
		return err
	})
	return rows, err
}

func (r redemptionRows) Get(ids []id.ID) ([]redemption.Redemption, error) {
	return r.withCells(redemptionsGet, ids)
}

func (r redemptionRows) OfOrders(orders []id.ID) ([]redemption.Redemption, error) {
	return r.withCells(redemptionsOfOrders, orders)
}

func (r redemptionRows) OfCoupons(coupons []id.ID) ([]redemption.Redemption, error) {
	return r.withCells(redemptionsOfCoupons, coupons)
}

func (r redemptionRows) List(after id.ID, limit int) ([]redemption.Redemption, error) {
	return collect(r.tx, redemptionsList, scanRedemption, int64(after), int64(limit))
}

func (r redemptionRows) Earlier(rows []redemption.Redemption) ([]calendar.Instant, error) {
	out := make([]calendar.Instant, len(rows))
	for i, row := range rows {
		at, err := number(r.tx, redemptionsEarlier, int64(row.Coupon), row.Slot(), int64(row.ID))
		if err != nil {
			return nil, err
		}
		out[i] = calendar.Instant(at)
	}
	return out, nil
}

func (r redemptionRows) Insert(rows []redemption.Redemption) error {
	err := r.tx.bulk(redemptionsInsert, len(rows), func(i int) []any {
		v := &rows[i]
		return []any{int64(v.ID), v.Slot(), v.Key.Source, v.Key.Ref, int64(v.Order), int64(v.Member), int64(v.Coupon), v.Use, int64(v.Template), v.Version,
			int64(v.Placement), string(v.Form), v.Merchant, v.Store, v.Channel, v.City, v.Operator, v.Product, int64(v.At), int64(v.Day),
			v.ListMinor, v.DiscountMinor, v.PaidMinor, flag(v.Late), flag(v.FirstUse), int64(v.ReturnedAt), int64(v.ReturnedDay), flag(v.CouponBack),
			v.GiftQuantity, v.BenefitUnit, v.BenefitValue, v.Currency, int64(v.ScannedAt), v.ReturnedBy, v.Rev}
	})
	if err != nil {
		return err
	}
	return r.writeCells(cellsInsert, rows)
}

func (r redemptionRows) Update(rows []redemption.Redemption) error {
	err := r.tx.update(redemptionsUpdate, len(rows), func(i int) []any {
		v := &rows[i]
		return []any{int64(v.ID), v.Slot(), int64(v.ReturnedAt), int64(v.ReturnedDay), v.ReturnedBy, flag(v.CouponBack), v.Rev}
	})
	if err != nil {
		return err
	}
	return r.writeCells(cellsWrite, rows)
}

func (r redemptionRows) writeCells(b *bulk, rows []redemption.Redemption) error {
	var all [][]any
	for i := range rows {
		v := &rows[i]
		for n, c := range v.Cells {
			all = append(all, []any{int64(v.ID), int64(n), v.Slot(), c.Line, string(c.FunderKind), c.FunderCode, c.Minor, c.ReturnedMinor})
		}
	}
	return r.tx.bulk(b, len(all), func(i int) []any { return all[i] })
}

// InsertReturns adds what refunds gave back of cells.
func (r redemptionRows) InsertReturns(rows []redemption.CellReturn) error {
	return r.tx.bulk(cellReturnsInsert, len(rows), func(i int) []any {
		v := &rows[i]
		return []any{int64(v.Redemption), int64(v.Refund), v.Cell, v.Redemption.Slot(), int64(v.Day), v.Minor}
	})
}

// Find goes through the index of the days, or that of a store.
func (r redemptionRows) Find(f store.RedemptionFilter) ([]redemption.Redemption, error) {
	s, day := redemptionsFind, int64(math.MaxInt32)
	switch {
	case f.Returned && f.Store != "":
		s = redemptionsBackIn
	case f.Returned:
		s = redemptionsBack
	case f.Store != "":
		s = redemptionsStore
	}
	last := lastDay(f.To)
	if f.BeforeDay != 0 { // the index begins there, instead of being gone along from the newest day on
		day, last = int64(f.BeforeDay), min(last, int64(f.BeforeDay))
	}
	return collect(r.tx, s, scanRedemption, int64(f.From), last, day, before(f.Before), f.Market, int64(f.Template), int64(f.Placement),
		f.Form, f.Channel, f.City, f.Merchant, f.Store, words(f.Scope.Merchants), words(f.Scope.Stores), words(f.Scope.Cities), int64(f.Limit), f.Operator)
}

func (r redemptionRows) Count() (int64, error) { return number(r.tx, redemptionsCount) }
