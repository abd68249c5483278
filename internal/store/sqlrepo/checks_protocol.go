package sqlrepo

import (
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// answered finds replies whose first id names no row. Replies to administrative
// requests hold texts of their own and are not asked.
func answered(find string) string {
	return foundWith("k AS MATERIALIZED (SELECT answer, substr(answer, 1, 4) AS kind, "+parsed(find, "answer")+" AS target FROM replies"+
		" WHERE substr(answer, 1, 4) IN ('cpn_', 'ord_', 'lck_', 'rdm_', 'mem_'))",
		"SELECT k.target AS subject, 'the remembered answer \"' || k.answer || '\" names no row' AS detail FROM k"+
			" LEFT JOIN coupons AS c ON k.kind = 'cpn_' AND c.id = k.target LEFT JOIN orders AS o ON k.kind = 'ord_' AND o.id = k.target"+
			" LEFT JOIN locks AS l ON k.kind = 'lck_' AND l.id = k.target LEFT JOIN redemptions AS r ON k.kind = 'rdm_' AND r.id = k.target"+
			" LEFT JOIN members AS m ON k.kind = 'mem_' AND m.id = k.target"+
			" WHERE c.id IS NULL AND o.id IS NULL AND l.id IS NULL AND r.id IS NULL AND m.id IS NULL")
}

// history compares the changes of an aggregate with its revision, and finds
// changes of what does not exist.
func history(table, kind string) string {
	return "SELECT k.id AS subject, 'revision ' || SUM(k.rev) || ', changes ' || SUM(k.n) || ', to ' || MAX(k.seq) AS detail FROM (" +
		"SELECT id, rev, 0 AS n, 0 AS seq FROM " + table + " WHERE @in(id) UNION ALL SELECT aggregate, 0, 1, seq FROM changes WHERE @in(aggregate) AND kind = '" + kind + "'" +
		") AS k GROUP BY k.id HAVING SUM(k.rev) <> SUM(k.n) OR SUM(k.rev) <> MAX(k.seq)"
}

// pointed finds outside identities of a kind whose target is no row of a table that is
// found by its id.
func pointed(kind, table string) string {
	return "SELECT x.target AS subject, '" + kind + " ' || x.source || ' ' || x.ref || ' names no row' AS detail FROM outside_ids AS x" +
		" LEFT JOIN " + table + " AS t ON t.id = x.target WHERE x.kind = '" + kind + "' AND t.id IS NULL"
}

// aggregateName is the typed id of a change's aggregate.
var aggregateName = "h.kind || " + typed("", "h.aggregate")

// waits is how long a change may wait for its delivery: a day. Only changes made
// at the time of the wall clock are asked: those of imports and simulations lie in
// another time than their ids.
var waits = "SELECT h.aggregate AS subject, " + aggregateName + " || ': change ' || h.seq || ' (' || h.type || ') waits since ' || h.at AS detail FROM changes AS h" +
	" WHERE h.delivered = 0 AND h.at < CAST($1 AS BIGINT) - 86400000 AND h.at >= ((h.aggregate >> 31) + 1577836800 - 3600) * 1000"

func init() {
	checks = append(checks,
		newCheck("proto-1.answers", "proto-1", "", answered("instr"), answered("strpos")),
		// A request is found in its week for sure; later its key may be used again.
		sameCheck("proto-1.requests", "proto-1", id.Coupon, found("SELECT MIN(c.id) AS subject, 'one request made ' || COUNT(DISTINCT c.origin) || ' acts' AS detail FROM coupons AS c"+
			" WHERE c.request_key <> 0 GROUP BY c.week, c.member, c.request_key HAVING COUNT(DISTINCT c.origin) > 1")),

		samePiece(store.SubjectCoupons, "proto-2.coupons", "proto-2", id.Coupon, found(history("coupons", id.Coupon))),
		samePiece(store.SubjectOrders, "proto-2.orders", "proto-2", id.Order, found(history("orders", id.Order))),
		// Pieces go by what exists; this is the rest.
		sameCheck("proto-2.orphans", "proto-2", "", found("SELECT h.aggregate AS subject, "+aggregateName+" || ': change ' || h.seq || ' (' || h.type || ') of what does not exist' AS detail"+
			" FROM changes AS h LEFT JOIN coupons AS c ON c.id = h.aggregate LEFT JOIN orders AS o ON o.id = h.aggregate"+
			" WHERE h.kind = 'cpn' AND c.id IS NULL OR h.kind = 'ord' AND o.id IS NULL")),
		sameCheck("proto-2.order", "proto-2", "", found("SELECT h.aggregate AS subject, "+aggregateName+" || ': change ' || h.seq || ' (' || h.type || ') was passed over: a later one was delivered' AS detail"+
			" FROM changes AS h WHERE h.delivered = 0 AND EXISTS (SELECT 1 FROM changes AS n WHERE n.aggregate = h.aggregate AND n.seq > h.seq AND n.delivered <> 0)")),
		sameCheck("proto-2.waits", "proto-2", "", found(waits)),

		samePiece(store.SubjectOrders, "proto-3.order", "proto-3", id.Order, found("SELECT o.id AS subject, 'order ' || o.source || ' ' || o.ref || ' is not the one that its number names' AS detail FROM orders AS o"+
			" LEFT JOIN outside_ids AS x ON x.kind = 'order' AND x.source = o.source AND x.ref = o.ref WHERE @in(o.id) AND (x.target IS NULL OR x.target <> o.id)")),
		samePiece(store.SubjectLocks, "proto-3.lock", "proto-3", id.Lock, found("SELECT l.id AS subject, 'lock of ' || l.source || ' ' || l.ref || ' is active, but not the one that the order names' AS detail FROM locks AS l"+
			" LEFT JOIN outside_ids AS x ON x.kind = 'lock' AND x.source = l.source AND x.ref = l.ref WHERE @in(l.id) AND (x.target IS NULL OR l.state = 1 AND x.target <> l.id)")),
		samePiece(store.SubjectOrders, "proto-3.refund", "proto-3", id.Refund, found("SELECT f.id AS subject, 'refund ' || o.source || ' ' || f.ref || ' is not the one that its number names' AS detail FROM refunds AS f"+
			" JOIN orders AS o ON o.id = f.order_id LEFT JOIN outside_ids AS x ON x.kind = 'refund' AND x.source = o.source AND x.ref = f.ref WHERE @in(f.order_id) AND (x.target IS NULL OR x.target <> f.id)")),
		sameCheck("proto-3.orders", "proto-3", id.Order, found(pointed("order", "orders"))),
		sameCheck("proto-3.locks", "proto-3", id.Lock, found(pointed("lock", "locks"))),
		// Refunds lie by their orders: no index finds one by its id alone.
		sameCheck("proto-3.refunds", "proto-3", id.Refund, found("SELECT x.target AS subject, 'refund ' || x.source || ' ' || x.ref || ' names no row' AS detail FROM outside_ids AS x"+
			" JOIN (SELECT target FROM outside_ids WHERE kind = 'refund' EXCEPT SELECT id FROM refunds) AS m ON m.target = x.target WHERE x.kind = 'refund'")),
		sameCheck("proto-3.slips", "proto-3", "", found("SELECT x.target AS subject, 'slip ' || x.source || ' ' || x.ref || ' names no row' AS detail FROM outside_ids AS x"+
			" LEFT JOIN coupons AS c ON c.id = x.target LEFT JOIN orders AS o ON o.id = x.target WHERE x.kind = 'slip' AND c.id IS NULL AND o.id IS NULL")),

		sameCheck("priv-1.sealed", "priv-1", id.Member, found("SELECT i.member AS subject, 'its ' || i.kind || ' is stored readable' AS detail FROM identities AS i"+
			" WHERE rtrim(i.sealed, '0123456789+- ') = '' OR i.sealed LIKE '%@%'")),
	)
}
