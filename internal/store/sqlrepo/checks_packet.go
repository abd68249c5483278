package sqlrepo

import "quan/internal/kernel/id"

// openedShares are the shares of each packet that were opened.
const openedShares = "(SELECT packet, count(*) AS n, count(DISTINCT member) AS members, MAX(number) AS high, SUM(amount_minor) AS minor FROM packet_shares GROUP BY packet)"

func init() {
	checks = append(checks,
		sameCheck("packet-1.sum", "packet-1", id.Packet, found("SELECT p.id AS subject, 'holds ' || p.total_minor || ' in ' || p.shares || ' shares; opened ' || COALESCE(s.n, 0)"+
			" || ' of ' || COALESCE(s.minor, 0) || ' in all, numbers to ' || COALESCE(s.high, 0) || ', by ' || COALESCE(s.members, 0) || ', came back ' || p.returned_minor AS detail"+
			" FROM packets AS p LEFT JOIN "+openedShares+" AS s ON s.packet = p.id WHERE COALESCE(s.n, 0) > p.shares OR COALESCE(s.n, 0) <> COALESCE(s.high, 0)"+
			" OR COALESCE(s.n, 0) <> COALESCE(s.members, 0) OR COALESCE(s.minor, 0) + p.returned_minor > p.total_minor"+
			" OR (p.closed_at <> 0 OR s.n = p.shares) AND COALESCE(s.minor, 0) + p.returned_minor <> p.total_minor OR p.closed_at = 0 AND p.returned_minor <> 0")),
		sameCheck("packet-1.count", "packet-1", id.Packet, found("SELECT k.packet AS subject, 'counter ' || SUM(k.counted) || ', shares opened ' || SUM(k.facts) AS detail FROM ("+
			"SELECT template AS packet, taken AS counted, 0 AS facts FROM counters WHERE what = 8 UNION ALL SELECT packet, 0, 1 FROM packet_shares"+
			") AS k GROUP BY k.packet HAVING SUM(k.counted) <> SUM(k.facts)")),
		sameCheck("packet-1.coupon", "packet-1", id.Coupon, found("SELECT k.coupon AS subject, 'coupons by packet ' || SUM(k.coupons) || ', shares ' || SUM(k.shares) || ', amount ' || MAX(k.minor) AS detail FROM ("+
			"SELECT id AS coupon, member, face_minor AS minor, 1 AS coupons, 0 AS shares FROM coupons WHERE form = 'packet'"+
			" UNION ALL SELECT coupon, member, amount_minor, 0, 1 FROM packet_shares) AS k GROUP BY k.coupon, k.member, k.minor HAVING SUM(k.coupons) <> SUM(k.shares)")),
		sameCheck("packet-1.budget", "packet-1", id.PacketPlan, found("SELECT k.plan AS subject, CASE k.what WHEN 6 THEN 'budget holds ' ELSE 'counter ' END || SUM(k.counted) || ', packets ' || SUM(k.facts) AS detail FROM ("+
			"SELECT template AS plan, what, taken AS counted, 0 AS facts FROM counters WHERE what IN (6, 7) AND per = 3 AND period = 4"+
			" UNION ALL SELECT plan, 6, 0, total_minor - returned_minor FROM packets UNION ALL SELECT plan, 7, 0, 1 FROM packets"+
			") AS k GROUP BY k.plan, k.what HAVING SUM(k.counted) <> SUM(k.facts)")),
		sameCheck("money-1.face", "money-1", id.Coupon, found("SELECT c.id AS subject, 'amount of its own ' || c.face_minor || ', reserved ' || c.liability AS detail FROM coupons AS c"+
			" WHERE c.face_minor <> 0 AND c.face_minor <> c.liability")),
		sameCheck("proto-2.packets", "proto-2", id.Packet, found(history("packets", id.Packet))),
		sameCheck("proto-3.packet", "proto-3", id.Packet, found("SELECT p.id AS subject, 'packet of order ' || p.source || ' ' || p.ref || ' is not the one that the order names' AS detail FROM packets AS p"+
			" LEFT JOIN outside_ids AS x ON x.kind = 'packet' AND x.source = p.source AND x.ref = p.ref WHERE p.ref <> '' AND (x.target IS NULL OR x.target <> p.id)")),
		sameCheck("proto-3.packets", "proto-3", id.Packet, found(pointed("packet", "packets"))),
	)
}
