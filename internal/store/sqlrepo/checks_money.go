package sqlrepo

import (
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// sums of the lines of an order.
const lineSums = "(SELECT order_id, SUM(list_minor) AS list, SUM(discount_minor) AS discount, SUM(refunded_minor) AS refunded FROM order_lines WHERE @in(order_id) GROUP BY order_id)"

func init() {
	checks = append(checks,
		samePiece(store.SubjectOrders, "money-2.order", "money-2", id.Order, found("SELECT o.id AS subject, 'list ' || o.list_minor || ' (lines ' || COALESCE(l.list, 0) || '), discount ' || o.discount_minor"+
			" || ', paid ' || o.paid_minor AS detail FROM orders AS o LEFT JOIN "+lineSums+" AS l ON l.order_id = o.id"+
			" WHERE @in(o.id) AND (o.list_minor <> COALESCE(l.list, 0) OR o.paid_minor <> o.list_minor - o.discount_minor OR o.discount_minor NOT BETWEEN 0 AND o.list_minor)")),
		samePiece(store.SubjectOrders, "money-2.line", "money-2", id.Order, found("SELECT l.order_id AS subject, 'line ' || l.line || ': list ' || l.list_minor || ' for ' || l.quantity || ' at ' || l.unit_minor"+
			" || ', discount ' || l.discount_minor AS detail FROM order_lines AS l"+
			" WHERE @in(l.order_id) AND (l.list_minor <> l.quantity * l.unit_minor OR l.discount_minor NOT BETWEEN 0 AND l.list_minor)")),
		pieceCheck(store.SubjectOrders, "money-2.floor", "money-2", id.Order, found(belowFloor(litePolicy)), found(belowFloor(postPolicy))),
		pieceCheck(store.SubjectOrders, "money-2.cap", "money-2", id.Order, found(aboveCap(litePolicy, "o.discount_minor")), found(aboveCap(postPolicy, "CAST(o.discount_minor AS NUMERIC)"))),
		samePiece(store.SubjectRedemptions, "money-2.redemption", "money-2", id.Redemption, found("SELECT r.id AS subject, 'list ' || r.list_minor || ', paid ' || r.paid_minor || ', its order has ' || COALESCE(o.list_minor, 0)"+
			" || ' and ' || COALESCE(o.paid_minor, 0) AS detail FROM redemptions AS r LEFT JOIN orders AS o ON o.id = r.order_id"+
			" WHERE @in(r.id) AND (o.id IS NULL OR r.list_minor <> o.list_minor OR r.paid_minor <> o.paid_minor OR r.discount_minor > o.list_minor)")),

		samePiece(store.SubjectOrders, "money-3.order", "money-3", id.Order, found("SELECT o.id AS subject, 'discount ' || o.discount_minor || ', lines ' || COALESCE(l.discount, 0) || ', coupons ' || COALESCE(r.discount, 0) AS detail"+
			" FROM orders AS o LEFT JOIN "+lineSums+" AS l ON l.order_id = o.id"+
			" LEFT JOIN (SELECT order_id, SUM(discount_minor) AS discount FROM redemptions WHERE @in(order_id) GROUP BY order_id) AS r ON r.order_id = o.id"+
			" WHERE @in(o.id) AND (o.discount_minor <> COALESCE(l.discount, 0) OR o.discount_minor <> COALESCE(r.discount, 0))")),
		samePiece(store.SubjectRedemptions, "money-3.funders", "money-3", id.Redemption, found("SELECT r.id AS subject, 'discount ' || r.discount_minor || ', cells ' || COALESCE(c.minor, 0) AS detail FROM redemptions AS r"+
			" LEFT JOIN (SELECT redemption, SUM(minor) AS minor FROM redemption_cells WHERE @in(redemption) GROUP BY redemption) AS c ON c.redemption = r.id WHERE @in(r.id) AND r.discount_minor <> COALESCE(c.minor, 0)")),
		samePiece(store.SubjectOrders, "money-3.lines", "money-3", id.Order, found("SELECT k.order_id AS subject, 'line ' || k.line || ': discount ' || SUM(k.discount) || ', cells ' || SUM(k.cells) AS detail FROM ("+
			"SELECT order_id, line, discount_minor AS discount, 0 AS cells FROM order_lines WHERE @in(order_id) AND discount_minor <> 0"+
			" UNION ALL SELECT r.order_id, c.line, 0, c.minor FROM redemption_cells AS c JOIN redemptions AS r ON r.id = c.redemption WHERE @in(r.order_id)"+
			") AS k GROUP BY k.order_id, k.line HAVING SUM(k.discount) <> SUM(k.cells)")),

		// Pieces go by orders and redemptions; this is what belongs to none.
		sameCheck("money-3.orphans", "money-3", "", found("SELECT k.subject, 'a row of ' || k.name || ' belongs to nothing' AS detail FROM ("+
			"SELECT l.order_id AS subject, 'order_lines' AS name FROM order_lines AS l LEFT JOIN orders AS o ON o.id = l.order_id WHERE o.id IS NULL"+
			" UNION ALL SELECT f.order_id, 'refunds' FROM refunds AS f LEFT JOIN orders AS o ON o.id = f.order_id WHERE o.id IS NULL"+
			" UNION ALL SELECT l.order_id, 'refund_lines' FROM refund_lines AS l LEFT JOIN orders AS o ON o.id = l.order_id WHERE o.id IS NULL"+
			" UNION ALL SELECT c.redemption, 'redemption_cells' FROM redemption_cells AS c LEFT JOIN redemptions AS r ON r.id = c.redemption WHERE r.id IS NULL"+
			" UNION ALL SELECT v.redemption, 'cell_returns' FROM cell_returns AS v LEFT JOIN redemption_cells AS c ON c.redemption = v.redemption AND c.cell = v.cell WHERE c.redemption IS NULL"+
			") AS k")),

		samePiece(store.SubjectOrders, "money-4.order", "money-4", id.Order, found("SELECT o.id AS subject, 'paid ' || o.paid_minor || ', refunded ' || o.refunded_minor || ', refunds ' || COALESCE(f.minor, 0)"+
			" || ', lines ' || COALESCE(l.refunded, 0) || ', complete ' || COALESCE(f.complete, 0) AS detail FROM orders AS o LEFT JOIN "+lineSums+" AS l ON l.order_id = o.id"+
			" LEFT JOIN (SELECT order_id, SUM(minor) AS minor, SUM(complete) AS complete FROM refunds WHERE @in(order_id) GROUP BY order_id) AS f ON f.order_id = o.id"+
			" WHERE @in(o.id) AND (o.refunded_minor <> COALESCE(f.minor, 0) OR o.refunded_minor <> COALESCE(l.refunded, 0) OR o.refunded_minor > o.paid_minor OR COALESCE(f.complete, 0) > 1)")),
		samePiece(store.SubjectOrders, "money-4.lines", "money-4", id.Order, found("SELECT k.order_id AS subject, 'line ' || k.line || ': refunded ' || SUM(k.minor) || ' for ' || SUM(k.quantity) || ' units, refunds '"+
			" || SUM(k.back) || ' for ' || SUM(k.units) || ', paid ' || SUM(k.paid) AS detail FROM ("+
			"SELECT order_id, line, refunded_minor AS minor, refunded_quantity AS quantity, 0 AS back, 0 AS units, list_minor - discount_minor AS paid FROM order_lines WHERE @in(order_id)"+
			" UNION ALL SELECT order_id, line, 0, 0, minor, quantity, 0 FROM refund_lines WHERE @in(order_id)"+
			") AS k GROUP BY k.order_id, k.line HAVING SUM(k.minor) <> SUM(k.back) OR SUM(k.quantity) <> SUM(k.units) OR SUM(k.back) > SUM(k.paid)")),
		samePiece(store.SubjectOrders, "money-4.refund", "money-4", id.Refund, found("SELECT f.id AS subject, 'refund of ' || f.minor || ', its lines ' || COALESCE(l.minor, 0) AS detail FROM refunds AS f"+
			" LEFT JOIN (SELECT order_id, refund, SUM(minor) AS minor FROM refund_lines WHERE @in(order_id) GROUP BY order_id, refund) AS l ON l.order_id = f.order_id AND l.refund = f.id"+
			" WHERE @in(f.order_id) AND f.minor <> COALESCE(l.minor, 0)")),
		samePiece(store.SubjectOrders, "money-4.shares", "money-4", id.Redemption, found("SELECT r.id AS subject, 'line ' || c.line || ': share ' || c.minor || ', given back ' || c.returned_minor || ' for '"+
			" || l.refunded_quantity || ' of ' || l.quantity || ' units' AS detail FROM redemption_cells AS c JOIN redemptions AS r ON r.id = c.redemption"+
			" JOIN order_lines AS l ON l.order_id = r.order_id AND l.line = c.line WHERE @in(r.order_id) AND (c.returned_minor NOT BETWEEN 0 AND c.minor"+
			" OR l.refunded_quantity = 0 AND c.returned_minor <> 0 OR l.refunded_quantity = l.quantity AND c.returned_minor <> c.minor)")),
		samePiece(store.SubjectRedemptions, "money-4.returns", "money-4", id.Redemption, found("SELECT k.redemption AS subject, 'cell ' || k.cell || ': given back ' || SUM(k.back) || ', refunds of it ' || SUM(k.said) AS detail FROM ("+
			"SELECT redemption, cell, returned_minor AS back, 0 AS said FROM redemption_cells WHERE @in(redemption) AND returned_minor <> 0"+
			" UNION ALL SELECT v.redemption, v.cell, 0, CASE WHEN f.day = v.day THEN v.minor ELSE 0 END FROM cell_returns AS v JOIN redemptions AS r ON r.id = v.redemption"+
			" LEFT JOIN refunds AS f ON f.order_id = r.order_id AND f.id = v.refund WHERE @in(v.redemption)"+
			") AS k GROUP BY k.redemption, k.cell HAVING SUM(k.back) <> SUM(k.said)")),

		samePiece(store.SubjectCoupons, "money-5.once", "money-5", id.Coupon, found("SELECT k.coupon AS subject, 'uses given back ' || SUM(k.back) || ', changes that say so ' || SUM(k.said) AS detail FROM ("+
			"SELECT coupon, 1 AS back, 0 AS said FROM redemptions WHERE @in(coupon) AND coupon_back = 1"+
			" UNION ALL SELECT aggregate, 0, 1 FROM changes WHERE @in(aggregate) AND type = 'coupon.returned.v1'"+
			") AS k GROUP BY k.coupon HAVING SUM(k.back) <> SUM(k.said)")),
		samePiece(store.SubjectRedemptions, "money-5.dated", "money-5", id.Redemption, found("SELECT r.id AS subject, 'given back ' || r.coupon_back || ', at ' || r.returned_at || ', on ' || r.returned_day AS detail"+
			" FROM redemptions AS r WHERE @in(r.id) AND ((r.returned_at = 0) <> (r.returned_day = 0) OR r.coupon_back = 1 AND r.returned_at = 0)")),
	)
}
