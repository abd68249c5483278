package sqlrepo

import (
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// The ids of a member's coupons and orders, newest first, out of the indexes that
// lead with the week; a template or order outside of a scope is not among them.
var (
	historyCoupons = newStatement("history.coupons",
		"SELECT id FROM coupons WHERE week IN (SELECT value FROM json_each($1)) AND member = $2 AND slot = $3"+
			" AND (json_array_length($4) = 0 OR template IN (SELECT t.id FROM templates AS t WHERE t.merchant = '' OR t.merchant IN (SELECT value FROM json_each($4))))"+
			" ORDER BY id DESC LIMIT $5",
		"SELECT id FROM coupons WHERE week = ANY($1::bigint[]) AND member = $2 AND slot = $3"+
			" AND (cardinality($4::text[]) = 0 OR template IN (SELECT t.id FROM templates AS t WHERE t.merchant = '' OR t.merchant = ANY($4::text[])))"+
			" ORDER BY id DESC LIMIT $5")
	historyOrders = newStatement("history.orders",
		"SELECT id FROM orders WHERE week IN (SELECT value FROM json_each($1)) AND member = $2 AND member <> 0"+
			" AND (json_array_length($3) = 0 OR merchant IN (SELECT value FROM json_each($3)))"+
			" AND (json_array_length($4) = 0 OR store IN (SELECT value FROM json_each($4)))"+
			" AND (json_array_length($5) = 0 OR city IN (SELECT value FROM json_each($5))) ORDER BY id DESC LIMIT $6",
		"SELECT id FROM orders WHERE week = ANY($1::bigint[]) AND member = $2 AND member <> 0"+
			" AND (cardinality($3::text[]) = 0 OR merchant = ANY($3::text[]))"+
			" AND (cardinality($4::text[]) = 0 OR store = ANY($4::text[]))"+
			" AND (cardinality($5::text[]) = 0 OR city = ANY($5::text[])) ORDER BY id DESC LIMIT $6")
	historyChanges = newStatement("history.changes",
		"SELECT "+changeColumns+" FROM changes WHERE aggregate IN (SELECT value FROM json_each($1)) AND (at, aggregate, seq) < ($2, $3, $4)"+
			" ORDER BY at DESC, aggregate DESC, seq DESC LIMIT $5",
		"SELECT "+changeColumns+" FROM unnest($1::bigint[]) AS k(want)"+probe("changes", "aggregate = want AND slot = "+home)+
			" WHERE (at, aggregate, seq) < ($2, $3, $4) ORDER BY at DESC, aggregate DESC, seq DESC LIMIT $5")
)

type historyRows struct{ tx *Tx }

// Of reads every change of the newest rows and keeps those behind the place: a row's
// changes lie together, and a member has few.
func (r historyRows) Of(q store.HistoryQuery) (h store.History, err error) {
	var of []id.ID
	if q.Self {
		of = append(of, q.Member)
	}
	if q.Coupons {
		weeks, err := couponRows(r).weeks(q.Member)
		if err != nil {
			return h, err
		}
		ids, err := collect(r.tx, historyCoupons, scanID, weeks, int64(q.Member), q.Member.Slot(), words(q.Scope.Merchants), int64(q.Most)+1)
		if err != nil {
			return h, err
		}
		h.Cut = len(ids) > q.Most
		of = append(of, ids[:min(len(ids), q.Most)]...)
	}
	if q.Orders {
		newest, err := number(r.tx, ordersNewest)
		if err != nil {
			return h, err
		}
		ids, err := collect(r.tx, historyOrders, scanID, weeksFrom(q.Member, newest), int64(q.Member),
			words(q.Scope.Merchants), words(q.Scope.Stores), words(q.Scope.Cities), int64(q.Most)+1)
		if err != nil {
			return h, err
		}
		h.Cut = h.Cut || len(ids) > q.Most
		of = append(of, ids[:min(len(ids), q.Most)]...)
	}
	if len(of) == 0 {
		return h, nil
	}
	at, i, seq := end(q.Behind)
	rows, err := collect(r.tx, historyChanges, scanChange, ints(of), at, i, seq, int64(q.Limit))
	for _, row := range rows {
		h.Changes = append(h.Changes, row.Change)
	}
	return h, err
}
