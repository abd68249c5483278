package sqlrepo

import "quan/internal/kernel/id"

// A pack's counters are kept under the pack (what 5): the stock and what a placement
// gave are always counted, the others from when the limit was set, so those may be
// behind the facts, never ahead.

// packPeriods are the packs given out, once for each counter that a limit may keep:
// pack per subject period start. Weeks start as the market says: they are not asked.
const packPeriods = "SELECT pack, 1 AS per, member AS subject, 4 AS period, 0 AS start FROM pack_issues" +
	" UNION ALL SELECT pack, 1, member, 1, day FROM pack_issues UNION ALL SELECT pack, 1, member, 3, day - day % 100 + 1 FROM pack_issues" +
	" UNION ALL SELECT pack, 3, 0, 1, day FROM pack_issues UNION ALL SELECT pack, 3, 0, 3, day - day % 100 + 1 FROM pack_issues"

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
		sameCheck("pack-1.limit", "pack-1", id.Pack, found("SELECT k.pack AS subject, 'counter ' || SUM(k.counted) || ', packs given ' || SUM(k.facts) AS detail FROM ("+
			"SELECT template AS pack, per, subject, period, start, taken AS counted, 0 AS facts FROM counters WHERE what = 5 AND period <> 2 AND NOT (period = 4 AND per IN (2, 3))"+
			" UNION ALL SELECT f.pack, f.per, f.subject, f.period, f.start, 0, 1 FROM ("+packPeriods+") AS f"+
			") AS k GROUP BY k.pack, k.per, k.subject, k.period, k.start HAVING SUM(k.counted) > SUM(k.facts)")),
	)
}
