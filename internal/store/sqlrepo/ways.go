package sqlrepo

import (
	"fmt"

	"quan/internal/kernel/id"
	"quan/internal/store"
)

// homeOf is the slot that an id carries.
func homeOf(column string) string { return "(" + column + " >> 7 & 16383)" }

// cameFrom counts coupons c that are found through rows of $1, of template $2, no more
// than $3.
func cameFrom(way store.Way, lite, post string) *statement {
	count := func(from string) string {
		return "SELECT count(*), CAST(COALESCE(SUM(CASE WHEN side.used > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM (SELECT c.used AS used FROM " + from +
			" AND c.template = $2 LIMIT CAST($3 AS BIGINT)) AS side"
	}
	return newStatement("ways."+string(way), count(lite), count(post))
}

// sameCame is cameFrom with one text for both engines.
func sameCame(way store.Way, from string) *statement { return cameFrom(way, from, from) }

// Ids of coupons lead to them. SQLite is told in which order to join: it knows nothing
// of how many rows there are.
var ways = map[store.Way]*statement{
	store.WayLink: sameCame(store.WayLink,
		"link_coupons AS l CROSS JOIN coupons AS c WHERE l.link = $1 AND c.id = l.coupon AND c.slot = l.slot"),
	store.WayCodes: sameCame(store.WayCodes,
		"code_uses AS u CROSS JOIN coupons AS c WHERE u.batch = $1 AND c.id = u.coupon AND c.slot = "+homeOf("u.coupon")),
	store.WayBatch: sameCame(store.WayBatch, "coupons AS c WHERE c.batch = $1 AND c.batch <> 0"),
	store.WayPack: sameCame(store.WayPack,
		"pack_coupons AS p CROSS JOIN coupons AS c WHERE p.pack = $1 AND c.id = p.coupon AND c.slot = p.slot"),
	store.WayPlan: sameCame(store.WayPlan, "packets AS k CROSS JOIN packet_shares AS s CROSS JOIN coupons AS c"+
		" WHERE k.plan = $1 AND s.packet = k.id AND s.slot = k.slot AND c.id = s.coupon AND c.slot = "+homeOf("s.coupon")),
	// A member's first coupon has a column, those behind it are a list of numbers.
	store.WayGrant: cameFrom(store.WayGrant,
		"grant_outcomes AS o CROSS JOIN json_each('[' || o.coupon || CASE o.more WHEN '' THEN '' ELSE ',' || o.more END || ']') AS x"+
			" CROSS JOIN coupons AS c WHERE o.job = $1 AND o.coupon <> 0 AND c.id = x.value AND c.slot = o.slot",
		"grant_outcomes AS o CROSS JOIN unnest(CAST(string_to_array(o.coupon || CASE o.more WHEN '' THEN '' ELSE ',' || o.more END, ',') AS BIGINT[])) AS x(value)"+
			" CROSS JOIN coupons AS c WHERE o.job = $1 AND o.coupon <> 0 AND c.id = x.value AND c.slot = o.slot"),
}

type wayRows struct{ tx *Tx }

func (r wayRows) Came(way store.Way, of, template id.ID, limit int64) (n store.Came, err error) {
	s := ways[way]
	if s == nil {
		return n, fmt.Errorf("sqlrepo: unknown way %q", way)
	}
	err = r.tx.query(s, []any{int64(of), int64(template), limit}, func(row Scanner) error { return row.Scan(&n.Coupons, &n.Used) })
	return n, err
}
