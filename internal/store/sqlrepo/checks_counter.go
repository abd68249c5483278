package sqlrepo

import "quan/internal/kernel/id"

// A counter is recounted by the limits of the version under which its facts were
// made (table lim). Days and months follow from the day that a fact carries. Weeks
// start as the market said at the time, so all weeks of a counter are summed. A
// lock carries no day: redeem counters are summed over their periods, and each
// period holds at least its redemptions; together that is equality where nothing
// is locked.

// limitsLite and limitsPost are the limits of all versions.
var (
	limitsLite = "lim AS MATERIALIZED (SELECT * FROM (SELECT v.template AS template, v.number AS version, " + limitColumns("json_extract(l.value, '$.", "')") +
		" FROM template_versions AS v, json_each(v.doc, '$.claim.limits') AS l) AS x WHERE " + plainRow("x.") + ")"
	limitsPost = "lim AS MATERIALIZED (SELECT * FROM (SELECT v.template AS template, v.number AS version, " + limitColumns("(l.value ->> '", "')") +
		" FROM template_versions AS v CROSS JOIN LATERAL jsonb_array_elements(" + arrayOf("CAST(v.doc AS jsonb) -> 'claim' -> 'limits'") + ") AS l(value)) AS x WHERE " + plainRow("x.") + ")"
)

// plainRow asks that a row counts by a limit that leaves no entries (limit.Entry): per
// member, placement, template or batch of codes, by the calendar, and no liability.
func plainRow(of string) string {
	return of + "per <= 4 AND " + of + "what <> 9 AND " + of + "period <= 4"
}

// plainCounters are the rows of such limits. Those of a budget leave entries always.
var plainCounters = plainRow("") + " AND template NOT IN (SELECT id FROM budgets)"

func limitColumns(open, end string) string {
	return whatNumbers.numberOf(open+"what"+end) + " AS what, " + perNumbers.numberOf(open+"per"+end) + " AS per, " +
		periodNumbers.numberOf("COALESCE(NULLIF("+open+"period"+end+", ''), 'ever')") + " AS period, CAST(" + open + "cap" + end + " AS BIGINT) AS cap"
}

// arrayOf makes an array of what may be absent or null.
func arrayOf(json string) string {
	return "CASE WHEN jsonb_typeof(" + json + ") = 'array' THEN " + json + " ELSE CAST('[]' AS jsonb) END"
}

// startOf is the start of a fact's period as far as its day says; weeks are summed.
func startOf(day string) string {
	return "CASE l.period WHEN 1 THEN " + day + " WHEN 3 THEN " + day + " - " + day + " % 100 + 1 ELSE 0 END"
}

// recount compares counters with facts; both have the columns template per subject
// what period start n.
func recount(counters, facts string) string {
	return "SELECT k.template AS subject, " + counterWords("k.start") + " || ': counter ' || SUM(k.counted) || ', facts ' || SUM(k.facts) AS detail FROM (" +
		"SELECT template, per, subject, what, period, CASE WHEN period = 2 THEN 0 ELSE start END AS start, taken AS counted, 0 AS facts FROM counters WHERE " + plainCounters + " AND " + counters +
		" UNION ALL SELECT template, per, subject, what, period, start, 0, n FROM (" + facts + ") AS g" +
		") AS k GROUP BY k.template, k.per, k.subject, k.what, k.period, k.start HAVING SUM(k.counted) <> SUM(k.facts)"
}

// The stock and that of a placement are counted whether or not a limit asks. A coupon
// that stands for another takes nothing of them: the other has.
var (
	issuedGroups = "g AS MATERIALIZED (SELECT template, version, placement, issued_day AS day, count(*) AS n, SUM(liability) AS minor" +
		" FROM coupons WHERE form <> 'reissue' GROUP BY template, version, placement, issued_day)"
	issuedFacts = "SELECT template, 3 AS per, 0 AS subject, 4 AS what, 4 AS period, 0 AS start, n FROM g" +
		" UNION ALL SELECT template, 2, placement, 4, 4, 0, n FROM g WHERE placement <> 0" +
		" UNION ALL SELECT template, 4, batch, 4, 4, 0, count(*) FROM code_uses GROUP BY template, batch" +
		" UNION ALL SELECT g.template, l.per, CASE WHEN l.per = 2 THEN g.placement ELSE 0 END, l.what, l.period, " + startOf("g.day") +
		", CASE WHEN l.what = 4 THEN g.n ELSE g.minor END FROM g JOIN lim AS l ON l.template = g.template AND l.version = g.version" +
		" WHERE l.what IN (3, 4) AND NOT (l.what = 4 AND l.period = 4) AND (l.per = 3 OR l.per = 2 AND g.placement <> 0)"
	issuedOfMembers = "SELECT c.template AS template, 1 AS per, c.member AS subject, l.what AS what, l.period AS period, " + startOf("c.issued_day") +
		" AS start, CASE WHEN l.what = 4 THEN 1 ELSE c.liability END AS n FROM coupons AS c JOIN lim AS l ON l.template = c.template AND l.version = c.version" +
		" WHERE l.what IN (3, 4) AND l.per = 1 AND c.form <> 'reissue'"
)

// usesLite and usesPost are what redeem counters count: redemptions not given
// back, and the promises of active locks.
var (
	usesLite = "uses AS MATERIALIZED (" + standing + " UNION ALL SELECT c.template, c.version, c.placement, c.member, 0, json_extract(u.value, '$.discount_minor')" +
		" FROM locks AS l, json_each(l.priced, '$.uses') AS u JOIN coupons AS c ON c.id = json_extract(u.value, '$.coupon') WHERE l.state = 1)"
	usesPost = "uses AS MATERIALIZED (" + standing + " UNION ALL SELECT c.template, c.version, c.placement, c.member, 0, CAST(u.value ->> 'discount_minor' AS BIGINT)" +
		" FROM locks AS l CROSS JOIN LATERAL jsonb_array_elements(" + arrayOf("CAST(l.priced AS jsonb) -> 'uses'") + ") AS u(value)" +
		" JOIN coupons AS c ON c.id = CAST(u.value ->> 'coupon' AS BIGINT) WHERE l.state = 1)"
)

const standing = "SELECT template, version, placement, member, day, discount_minor AS minor FROM redemptions WHERE returned_at = 0"

// usedFacts are the takings of uses; start is that of their period where exact.
func usedFacts(where, start string) string {
	return "SELECT u.template AS template, l.per AS per, CASE l.per WHEN 1 THEN u.member WHEN 2 THEN u.placement ELSE 0 END AS subject, l.what AS what, l.period AS period, " +
		start + " AS start, CASE WHEN l.what = 2 THEN 1 ELSE u.minor END AS n FROM uses AS u JOIN lim AS l ON l.template = u.template AND l.version = u.version" +
		" WHERE l.what IN (1, 2) AND (l.per <> 2 OR u.placement <> 0) AND " + where
}

// recountUses compares redeem counters with uses, summed over their periods.
func recountUses(counters, facts string) string {
	return "SELECT k.template AS subject, " + counterWords("0") + " || ', all periods: counter ' || SUM(k.counted) || ', facts ' || SUM(k.facts) AS detail FROM (" +
		"SELECT template, per, subject, what, period, taken AS counted, 0 AS facts FROM counters WHERE what IN (1, 2) AND " + plainCounters + " AND " + counters +
		" UNION ALL SELECT template, per, subject, what, period, 0, n FROM (" + usedFacts(facts, "0") + ") AS g" +
		") AS k GROUP BY k.template, k.per, k.subject, k.what, k.period HAVING SUM(k.counted) <> SUM(k.facts)"
}

// periodUses asks that a day or month holds at least its redemptions.
func periodUses(counters, facts string) string {
	return "SELECT k.template AS subject, " + counterWords("k.start") + " || ': counter ' || SUM(k.counted) || ', redemptions ' || SUM(k.facts) AS detail FROM (" +
		"SELECT template, per, subject, what, period, start, taken AS counted, 0 AS facts FROM counters WHERE what IN (1, 2) AND period IN (1, 3) AND " + plainCounters + " AND " + counters +
		" UNION ALL SELECT template, per, subject, what, period, start, 0, n FROM (" + usedFacts("l.period IN (1, 3) AND u.day <> 0 AND "+facts, startOf("u.day")) + ") AS g" +
		") AS k GROUP BY k.template, k.per, k.subject, k.what, k.period, k.start HAVING SUM(k.counted) < SUM(k.facts)"
}

// overCap finds counters that hold more than the largest cap of any version, and
// what was honoured beyond it. A count that is kept without a limit has no cap.
func overCap(counters string) string {
	return "SELECT k.template AS subject, " + counterWords("k.start") + " || ': taken ' || k.taken || ', cap ' || m.cap || ', over ' || k.over_use AS detail FROM counters AS k" +
		" JOIN (SELECT l.template, l.per, l.what, l.period, MAX(l.cap) AS cap, count(*) AS n FROM lim AS l GROUP BY l.template, l.per, l.what, l.period) AS m" +
		" ON m.template = k.template AND m.per = k.per AND m.what = k.what AND m.period = k.period" +
		" JOIN (SELECT template, count(*) AS n FROM template_versions GROUP BY template) AS v ON v.template = k.template" +
		" WHERE k.taken > m.cap + k.over_use AND (m.n = v.n OR k.per = 1 OR k.what <> 4 OR k.period <> 4) AND " + counters
}

func limitsCheck(name, invariant, body string) check {
	return newCheck(name, invariant, id.Template, foundWith(limitsLite, body), foundWith(limitsPost, body))
}

func usesCheck(name, invariant, body string) check {
	return newCheck(name, invariant, id.Template, foundWith(limitsLite+", "+usesLite, body), foundWith(limitsPost+", "+usesPost, body))
}

func issuedCheck(name, invariant, body string) check {
	return newCheck(name, invariant, id.Template, foundWith(limitsLite+", "+issuedGroups, body), foundWith(limitsPost+", "+issuedGroups, body))
}

func init() {
	checks = append(checks,
		limitsCheck("stock-1.cap", "stock-1", overCap("k.per <> 1 AND k.what IN (2, 4)")),
		limitsCheck("limit-1.cap", "limit-1", overCap("k.per = 1")),
		limitsCheck("money-1.cap", "money-1", overCap("k.per <> 1 AND k.what IN (1, 3)")),
		sameCheck("money-1.ceiling", "money-1", id.Template, found("SELECT k.template AS subject, "+counterWords("k.start")+
			" || ': taken ' || k.taken || ', ceiling ' || k.ceiling || ', over ' || k.over_use AS detail FROM counters AS k"+
			" WHERE k.taken > k.ceiling OR k.taken < 0 OR k.over_use < 0 OR k.over_use > 0 AND k.what IN (3, 4)")),
		issuedCheck("stock-2.issued", "stock-2", recount("per NOT IN (1, "+perBatch+") AND what IN (3, 4)", issuedFacts)),
		limitsCheck("limit-1.issued", "limit-1", recount("per = 1 AND what IN (3, 4)", issuedOfMembers)),
		usesCheck("stock-2.redeemed", "stock-2", recountUses("per <> 1", "l.per <> 1")),
		usesCheck("limit-1.redeemed", "limit-1", recountUses("per = 1", "l.per = 1")),
		usesCheck("stock-2.period", "stock-2", periodUses("per <> 1", "l.per <> 1")),
		usesCheck("limit-1.period", "limit-1", periodUses("per = 1", "l.per = 1")),
	)
}
