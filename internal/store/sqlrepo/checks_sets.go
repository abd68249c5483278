package sqlrepo

import (
	"maps"
	"slices"
	"strings"

	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Policies are live, and orders don't name the revision of their market. So what a
// policy says is asked of the orders that were decided under the present ones: they
// were redeemed a while after the market was written (other processes remember it for
// a moment), and so was their lock made. The terms of coupons never change, so what
// they say is asked of all orders.
const (
	decided = "(SELECT r.order_id AS order_id, MIN(r.at) AS at, count(*) AS n FROM redemptions AS r WHERE @in(r.order_id) GROUP BY r.order_id) AS d"
	present = "d.at >= m.updated_at + 60000 AND NOT EXISTS (SELECT 1 FROM outside_ids AS x JOIN locks AS l ON l.id = x.target" +
		" WHERE x.kind = 'lock' AND x.source = o.source AND x.ref = o.ref AND l.state = 2 AND l.created_at < m.updated_at + 60000)"
)

// policy reads a number of the market m of an order o, by the engine's own JSON:
// one of its policies, or an amount of them in the order's currency.
type policy func(name string, amount bool) string

func litePolicy(name string, amount bool) string {
	path := "'$.policies." + name + "'"
	if amount {
		path = "CASE WHEN o.currency = '' THEN " + path + " ELSE '$.currencies.' || o.currency || '." + name + "' END"
	}
	return "COALESCE(CAST(json_extract(m.doc, " + path + ") AS BIGINT), 0)"
}

func postPolicy(name string, amount bool) string {
	from := "CAST(m.doc AS jsonb) -> 'policies'"
	if amount {
		from = "CASE WHEN o.currency = '' THEN " + from + " ELSE CAST(m.doc AS jsonb) -> 'currencies' -> o.currency END"
	}
	return "COALESCE(CAST((" + from + ") ->> '" + name + "' AS BIGINT), 0)"
}

// belowFloor finds orders of which nothing is left to pay, where neither their
// market nor a coupon allows that. Published content is written by encoding/json,
// without spaces.
func belowFloor(of policy) string {
	return "SELECT o.id AS subject, 'nothing is left to pay after a discount of ' || o.discount_minor AS detail FROM orders AS o" +
		" WHERE @in(o.id) AND o.discount_minor > 0 AND o.paid_minor <= 0" +
		" AND NOT EXISTS (SELECT 1 FROM markets AS m WHERE m.key = o.market AND " + of("floor_minor", true) + " = 0)" +
		" AND NOT EXISTS (SELECT 1 FROM redemptions AS r JOIN template_versions AS v ON v.template = r.template AND v.number = r.version" +
		` WHERE r.order_id = o.id AND v.doc LIKE '%"allow_zero":true%')`
}

// aboveCap finds orders with a discount above the cap of their market.
func aboveCap(of policy, discount string) string {
	most, share := of("max_discount_minor", true), of("max_discount_bps", false)
	return "SELECT o.id AS subject, 'discount ' || o.discount_minor || ' of ' || o.list_minor || ', at most ' || " + most + " || ' and ' || " + share + " || ' bps' AS detail" +
		" FROM markets AS m JOIN orders AS o ON o.market = m.key JOIN " + decided + " ON d.order_id = o.id" +
		" WHERE @in(o.id) AND (" + most + " > 0 AND o.discount_minor > " + most + " OR " + share + " > 0 AND " + discount + " * 10000 > " +
		strings.Replace(discount, "discount", "list", 1) + " * " + share + ") AND " + present
}

// tooMany finds orders with more coupons than their market lets an order take.
func tooMany(open, end string) string {
	most := "CAST(" + open + "max_coupons_order" + end + " AS BIGINT)"
	return "SELECT o.id AS subject, 'coupons ' || d.n || ', at most ' || " + most + " AS detail" +
		" FROM markets AS m JOIN orders AS o ON o.market = m.key JOIN " + decided + " ON d.order_id = o.id WHERE @in(o.id) AND d.n > " + most + " AND " + present
}

// allTogether is what lets a market's text put all coupons on one order: the policy
// itself, or a profile that has it and is not changed.
func allTogether(column string) string {
	like := func(word string) string { return column + " LIKE '%" + word + "%'" }
	var any []string
	for _, name := range slices.Sorted(maps.Keys(pricing.Profiles)) {
		if pricing.ProfileOf(market.Pricing{Profile: name}).Together == pricing.TogetherAll {
			any = append(any, like(`"profile":"`+name+`"`))
		}
	}
	return "(" + like(`"together":"all"`) + " OR (" + strings.Join(any, " OR ") + ") AND NOT " + like(`"together":"groups"`) + ")"
}

// conflicts finds orders with two coupons that can't stand together: of one group, or
// one excludes the other's. Orders of a market that at some time let all stand
// together are asked only where the present policies decided them, and don't.
func conflicts(terms, excludes string) string {
	out := "EXISTS (SELECT 1 FROM " + excludes + " WHERE e.value = "
	return "SELECT o.id AS subject, " + typed(id.Coupon, "a.coupon") + " || ' of group ' || x.name || ' beside ' || " + typed(id.Coupon, "b.coupon") + " || ' of group ' || y.name AS detail" +
		" FROM redemptions AS a JOIN redemptions AS b ON b.order_id = a.order_id AND b.id > a.id" +
		" JOIN " + terms + " AS x ON x.template = a.template AND x.version = a.version" +
		" JOIN " + terms + " AS y ON y.template = b.template AND y.version = b.version" +
		" JOIN orders AS o ON o.id = a.order_id JOIN markets AS m ON m.key = o.market JOIN " + decided + " ON d.order_id = o.id" +
		" WHERE @in(a.order_id) AND @in(o.id) AND (x.name = y.name OR " + out + "y.name) OR " + strings.ReplaceAll(out, "x.", "y.") + "x.name))" +
		" AND NOT " + allTogether("m.doc") +
		" AND (NOT EXISTS (SELECT 1 FROM audit AS u WHERE u.object = m.key AND u.action LIKE 'market.%' AND " + allTogether("u.after_doc") + ") OR " + present + ")"
}

func init() {
	const lite, post = "json_extract(v.doc, '$.terms.stacking.", "CAST(v.doc AS jsonb) -> 'terms' -> 'stacking' "
	group := func(text string) string {
		return "COALESCE(NULLIF(" + text + ", ''), '" + coupon.DefaultGroup + "') AS name"
	}
	terms := func(name, excludes string) string {
		return "t AS MATERIALIZED (SELECT v.template AS template, v.number AS version, " + group(name) + ", " + excludes + " AS excludes FROM template_versions AS v)"
	}
	checks = append(checks,
		pieceCheck(store.SubjectOrders, "money-6.together", "money-6", id.Order,
			foundWith(terms(lite+"group')", "COALESCE("+lite+"excludes'), '[]')"), conflicts("t", "json_each(x.excludes) AS e")),
			foundWith(terms("("+post+"->> 'group')", arrayOf(post+"-> 'excludes'")), conflicts("t", "jsonb_array_elements_text(x.excludes) AS e(value)"))),
		pieceCheck(store.SubjectOrders, "money-6.number", "money-6", id.Order, found(tooMany("json_extract(m.doc, '$.policies.", "')")),
			found(tooMany("(CAST(m.doc AS jsonb) -> 'policies' ->> '", "')"))),
	)
}
