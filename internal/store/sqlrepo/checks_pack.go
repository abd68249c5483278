package sqlrepo

import "quan/internal/kernel/id"

// A pack's counters are kept under the pack (what 5): the stock and what a placement
// gave are always counted, the others from when the limit was set, so those may be
// behind the facts, never ahead.

// packFacts are the packs given out, by the period of a counter k.
const packFacts = "(SELECT count(*) FROM pack_issues AS i WHERE i.pack = k.template AND (k.per <> 1 OR i.member = k.subject) AND (k.per <> 2 OR i.placement = k.subject)" +
	" AND (k.period = 4 OR k.period = 2 OR k.period = 1 AND i.day = k.start OR k.period = 3 AND i.day BETWEEN k.start AND k.start + 30))"

func init() {
	checks = append(checks,
		sameCheck("pack-1.whole", "pack-1", id.Origin, found("SELECT i.origin AS subject, 'wanted ' || i.wanted || ', given ' || i.coupons || ', coupons of this origin '"+
			" || COALESCE(n.n, 0) || ', of the pack ' || COALESCE(n.noted, 0) || ', missing: ' || i.missing AS detail FROM pack_issues AS i LEFT JOIN ("+
			"SELECT c.origin AS origin, c.member AS member, count(*) AS n, count(p.coupon) AS noted FROM coupons AS c LEFT JOIN pack_coupons AS p ON p.coupon = c.id GROUP BY c.origin, c.member"+
			") AS n ON n.origin = i.origin AND n.member = i.member WHERE i.coupons <> COALESCE(n.n, 0) OR i.coupons <> COALESCE(n.noted, 0) OR (i.coupons = i.wanted) <> (i.missing = '')")),
		sameCheck("pack-1.coupons", "pack-1", id.Coupon, found("SELECT p.coupon AS subject, 'of a pack, but no pack was given under its origin' AS detail FROM pack_coupons AS p"+
			" LEFT JOIN coupons AS c ON c.id = p.coupon LEFT JOIN pack_issues AS i ON i.origin = c.origin AND i.pack = p.pack WHERE i.origin IS NULL")),
		sameCheck("pack-1.count", "pack-1", id.Pack, found("SELECT k.template AS subject, 'counter ' || SUM(k.counted) || ', packs given ' || SUM(k.facts) AS detail FROM ("+
			"SELECT template, per, subject, taken AS counted, 0 AS facts FROM counters WHERE what = 5 AND period = 4 AND per IN (2, 3)"+
			" UNION ALL SELECT pack, 3, 0, 0, 1 FROM pack_issues UNION ALL SELECT pack, 2, placement, 0, 1 FROM pack_issues WHERE placement <> 0"+
			") AS k GROUP BY k.template, k.per, k.subject HAVING SUM(k.counted) <> SUM(k.facts)")),
		sameCheck("pack-1.limit", "pack-1", id.Pack, found("SELECT g.template AS subject, 'counter ' || g.taken || ', packs given ' || g.facts AS detail FROM ("+
			"SELECT k.template AS template, k.taken AS taken, "+packFacts+" AS facts FROM counters AS k WHERE k.what = 5 AND k.taken > 0 AND NOT (k.period = 4 AND k.per IN (2, 3))"+
			") AS g WHERE g.taken > g.facts")),
	)
}
