package sqlrepo

import (
	"quan/internal/domain/order"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const (
	orderColumns = "id, source, ref, market, member, merchant, store, channel, city, at, day, cart_hash, list_minor, discount_minor, paid_minor, refunded_minor, currency, rev"
	lineColumns  = "order_id, line, sku, category, brand, merchant, quantity, unit_minor, list_minor, discount_minor, refunded_quantity, refunded_minor, no_coupons, shipping"
	lineSpec     = "order_id slot line sku:t category:t brand:t merchant:t quantity unit_minor list_minor discount_minor refunded_quantity refunded_minor no_coupons shipping:t"
	// The conditions of a list after its first: days and scope.
	orderFilterLite = "id < $1 AND day BETWEEN $2 AND $3 AND (json_array_length($4) = 0 OR merchant IN (SELECT value FROM json_each($4)))" +
		" AND (json_array_length($5) = 0 OR store IN (SELECT value FROM json_each($5))) AND (json_array_length($6) = 0 OR city IN (SELECT value FROM json_each($6)))" +
		" ORDER BY id DESC LIMIT $7"
	orderFilterPost = "id < $1 AND day BETWEEN $2 AND $3 AND (cardinality($4::text[]) = 0 OR merchant = ANY($4::text[]))" +
		" AND (cardinality($5::text[]) = 0 OR store = ANY($5::text[])) AND (cardinality($6::text[]) = 0 OR city = ANY($6::text[]))" +
		" ORDER BY id DESC LIMIT $7"
)

var (
	ordersGet  = keyedBy("orders.get", orderColumns, "orders")
	ordersList = newStatement("orders.list",
		"SELECT "+orderColumns+" FROM orders WHERE "+orderFilterLite,
		"SELECT "+orderColumns+" FROM orders WHERE "+orderFilterPost)
	// The index of a member's orders leads with the week, like the wallet's.
	ordersNewest = same("orders.newestWeek", "SELECT COALESCE(MAX(week), 0) FROM orders WHERE member <> 0")
	ordersOf     = newStatement("orders.ofMember",
		"SELECT "+orderColumns+" FROM orders WHERE week IN (SELECT value FROM json_each($8)) AND member = $9 AND member <> 0 AND "+orderFilterLite,
		"SELECT "+orderColumns+" FROM orders WHERE week = ANY($8::bigint[]) AND member = $9 AND member <> 0 AND "+orderFilterPost)
	ordersInsert = insertOf("orders", "id slot week source:t ref:t market:t member merchant:t store:t channel:t city:t at day cart_hash:t list_minor discount_minor paid_minor refunded_minor currency:t rev")
	ordersUpdate = updateOf("orders", "id slot", "id slot member list_minor discount_minor paid_minor refunded_minor rev")
	linesGet     = newStatement("order_lines.get",
		"SELECT "+lineColumns+" FROM order_lines WHERE order_id IN (SELECT value FROM json_each($1)) ORDER BY order_id, line",
		"SELECT "+lineColumns+" FROM unnest($1::bigint[]) AS k(want) JOIN order_lines ON order_id = want AND order_id = ANY($1::bigint[]) AND slot = "+home+" ORDER BY order_id, line")
	linesInsert = insertOf("order_lines", lineSpec)
	linesWrite  = upsertOf("order_lines.write", "order_lines", "order_id line slot", lineSpec, false)
)

type orderRows struct{ tx *Tx }

func scanOrder(row Scanner) (o order.Order, err error) {
	err = row.Scan(&o.ID, &o.Key.Source, &o.Key.Ref, &o.Market, &o.Member, &o.Merchant, &o.Store, &o.Channel, &o.City, &o.At, &o.Day, &o.CartHash,
		&o.ListMinor, &o.DiscountMinor, &o.PaidMinor, &o.RefundedMinor, &o.Currency, &o.Rev)
	return o, err
}

func (r orderRows) Get(ids []id.ID) ([]order.Order, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	orders, err := byID(r.tx, ordersGet, scanOrder, ids)
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	at := make(map[id.ID]*order.Order, len(orders))
	for i := range orders {
		at[orders[i].ID] = &orders[i]
	}
	err = r.tx.query(linesGet, []any{ints(ids)}, func(row Scanner) error {
		var owner id.ID
		var l order.Line
		var barred int64
		err := row.Scan(&owner, &l.No, &l.SKU, &l.Category, &l.Brand, &l.Merchant, &l.Quantity, &l.UnitMinor, &l.ListMinor, &l.DiscountMinor,
			&l.RefundedQuantity, &l.RefundedMinor, &barred, &l.Shipping)
		l.NoCoupons = barred != 0
		if o := at[owner]; o != nil {
			o.Lines = append(o.Lines, l)
		}
		return err
	})
	return orders, err
}

func (r orderRows) List(f store.OrderFilter) ([]order.Order, error) {
	args := []any{before(f.Before), int64(f.From), lastDay(f.To), words(f.Scope.Merchants), words(f.Scope.Stores), words(f.Scope.Cities), int64(f.Limit)}
	if f.Member == 0 {
		return collect(r.tx, ordersList, scanOrder, args...)
	}
	newest, err := number(r.tx, ordersNewest)
	if err != nil {
		return nil, err
	}
	return collect(r.tx, ordersOf, scanOrder, append(args, weeksFrom(f.Member, newest), int64(f.Member))...)
}

func (r orderRows) Insert(rows []order.Order) error {
	err := r.tx.bulk(ordersInsert, len(rows), func(i int) []any {
		o := &rows[i]
		return []any{int64(o.ID), o.Slot(), o.ID.Week(), o.Key.Source, o.Key.Ref, o.Market, int64(o.Member), o.Merchant, o.Store, o.Channel, o.City,
			int64(o.At), int64(o.Day), o.CartHash, o.ListMinor, o.DiscountMinor, o.PaidMinor, o.RefundedMinor, o.Currency, o.Rev}
	})
	if err != nil {
		return err
	}
	return r.writeLines(linesInsert, rows)
}

func (r orderRows) Update(rows []order.Order) error {
	err := r.tx.update(ordersUpdate, len(rows), func(i int) []any {
		o := &rows[i]
		return []any{int64(o.ID), o.Slot(), int64(o.Member), o.ListMinor, o.DiscountMinor, o.PaidMinor, o.RefundedMinor, o.Rev}
	})
	if err != nil {
		return err
	}
	return r.writeLines(linesWrite, rows)
}

func (r orderRows) writeLines(b *bulk, rows []order.Order) error {
	var all [][]any
	for i := range rows {
		o := &rows[i]
		for _, l := range o.Lines {
			all = append(all, []any{int64(o.ID), o.Slot(), l.No, l.SKU, l.Category, l.Brand, l.Merchant, l.Quantity, l.UnitMinor, l.ListMinor,
				l.DiscountMinor, l.RefundedQuantity, l.RefundedMinor, flag(l.NoCoupons), l.Shipping})
		}
	}
	return r.tx.bulk(b, len(all), func(i int) []any { return all[i] })
}
