package sqlrepo

import "quan/internal/kernel/id"

// What an agent did counts once under the agent and once under the desk (what 11).
const deskCounts = "SELECT k.desk AS subject, 'agent ' || k.agent || ' on ' || k.day || ': counter ' || SUM(k.counted) || ', acts ' || SUM(k.facts) AS detail FROM (" +
	"SELECT template AS desk, subject AS agent, start AS day, taken AS counted, 0 AS facts FROM counters WHERE what = 11" +
	" UNION ALL SELECT desk, agent_number, day, 0, 1 FROM desk_acts UNION ALL SELECT desk, 0, day, 0, 1 FROM desk_acts" +
	") AS k GROUP BY k.desk, k.agent, k.day HAVING SUM(k.counted) <> SUM(k.facts)"

// tagged compares the tags of members with the rows by which they are found.
func tagged(each string) string {
	return found("SELECT k.member AS subject, 'tag ' || k.tag || ': of the member ' || SUM(k.own) || ', found ' || SUM(k.found) AS detail FROM (" +
		"SELECT m.id AS member, t.value AS tag, 1 AS own, 0 AS found FROM members AS m CROSS JOIN " + each + " WHERE m.tags <> '[]'" +
		" UNION ALL SELECT member, tag, 0, 1 FROM member_tags) AS k GROUP BY k.member, k.tag HAVING SUM(k.own) <> SUM(k.found)")
}

func init() {
	checks = append(checks,
		sameCheck("desk-1.count", "desk-1", "", found(deskCounts)),
		// A coupon of the form is what its act gave for another one of the same template and
		// version, whose life was over; and each such act gave one.
		sameCheck("desk-1.reissued", "desk-1", id.Coupon, found("SELECT k.coupon AS subject, 'coupons of the form reissue ' || SUM(k.coupons) || ', acts ' || SUM(k.acts) AS detail FROM ("+
			"SELECT id AS coupon, member, 1 AS coupons, 0 AS acts FROM coupons WHERE form = 'reissue'"+
			" UNION ALL SELECT issued, member, 0, 1 FROM desk_acts WHERE kind = 1) AS k GROUP BY k.coupon, k.member HAVING SUM(k.coupons) <> 1 OR SUM(k.acts) <> 1")),
		sameCheck("desk-1.replaced", "desk-1", id.Coupon, found("SELECT a.coupon AS subject, 'given again, and yet state ' || COALESCE(c.state, 0) || ', used ' || COALESCE(c.used, 0) AS detail FROM desk_acts AS a"+
			" LEFT JOIN coupons AS c ON c.id = a.coupon LEFT JOIN coupons AS n ON n.id = a.issued WHERE a.kind = 1 AND (c.id IS NULL OR n.id IS NULL OR c.state NOT IN (4, 5) OR c.used <> 0"+
			" OR n.template <> c.template OR n.version <> c.version OR n.member <> c.member)")),
		sameCheck("desk-1.given", "desk-1", id.Coupon, found("SELECT a.issued AS subject, 'compensated with a coupon that does not exist or is another member''s' AS detail FROM desk_acts AS a"+
			" LEFT JOIN coupons AS c ON c.id = a.issued AND c.member = a.member WHERE a.kind = 3 AND c.id IS NULL")),
		newCheck("tag-1.found", "tag-1", id.Member, tagged("json_each(m.tags) AS t"),
			tagged("jsonb_array_elements_text(CAST(m.tags AS jsonb)) AS t(value)")),
	)
}
