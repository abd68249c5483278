package sqlrepo

import (
	"strings"
)

// calledNoun is a noun that searches find: the column of what people call a row beside
// its name, "" for none, and whether customers see it by other names.
type calledNoun struct {
	table, code string
	customers   bool
}

var calledNouns = []calledNoun{
	{"markets", "key", false}, {"merchants", "key", false}, {"stores", "key", false}, {"items", "key", false}, {"lists", "key", false},
	{"segments", "key", false}, {"desks", "key", false}, {"market_days", "key", false}, {"outer_facts", "key", false},
	{"templates", "code", true}, {"placements", "code", false}, {"budgets", "code", false}, {"code_batches", "code", false},
	{"packs", "code", true}, {"stock_batches", "code", false}, {"packet_plans", "code", true}, {"people", "code", false},
	{"links", "code", false}, {"api_keys", "", false},
}

// nameDialect is what engines write differently: a text with a to z small, whether a
// part p ends it or is in it, and the names that customers see as j(value).
type nameDialect struct {
	small, ends, in func(text string) string
	seen            string
}

var (
	liteNames = nameDialect{
		small: func(text string) string { return "lower(" + text + ")" },
		ends:  func(text string) string { return "substr(lower(" + text + "), -length(p.part)) = p.part" },
		in:    func(text string) string { return "instr(lower(" + text + "), p.part) > 0" },
		seen:  "json_each(v.doc, '$.customer_name') AS j",
	}
	postNames = nameDialect{
		small: func(text string) string { return "lower(" + text + ` COLLATE "C")` },
		ends:  func(text string) string { return "right(lower(" + text + ` COLLATE "C"), length(p.part)) = p.part` },
		in:    func(text string) string { return "strpos(lower(" + text + ` COLLATE "C"), p.part) > 0` },
		seen:  "jsonb_each_text(CAST(v.doc AS jsonb) -> 'customer_name') AS j(lang, value)",
	}
)

const writeAnew = "; quan reindex writes what rows are found by anew"

// texts selects (noun, key, text) of everything that rows are called.
func (d nameDialect) texts() string {
	var all []string
	for _, n := range calledNouns {
		row := "SELECT '" + n.table + "' AS noun, v.key AS key, "
		all = append(all, row+"v.name AS text FROM "+n.table+" AS v")
		if n.code != "" {
			all = append(all, row+"v."+n.code+" AS text FROM "+n.table+" AS v")
		}
		if n.customers {
			all = append(all, row+"j.value AS text FROM "+n.table+" AS v, "+d.seen)
		}
	}
	return strings.Join(all, " UNION ALL ")
}

// missing finds rows that a part of what they are called does not lead to.
func (d nameDialect) missing() string {
	const tens = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"
	return "SELECT 0 AS subject, e.noun || ' ' || e.key || ' is not found by ' || e.part || '" + writeAnew + "' AS detail FROM (" +
		"SELECT v.noun AS noun, v.key AS key, substr(" + d.small("v.text") + ", n.at, 24) AS part FROM (" + d.texts() + ") AS v JOIN (" +
		"SELECT 1 + a.d + 10 * b.d + 100 * c.d AS at FROM " + tens + " AS a CROSS JOIN " + tens + " AS b CROSS JOIN " + tens + " AS c WHERE c.d < 3" +
		") AS n ON n.at <= length(v.text)) AS e LEFT JOIN name_parts AS p ON p.noun = e.noun AND p.part = e.part AND p.key = e.key WHERE p.key IS NULL"
}

// superfluous finds parts that lead to what is not, or not any more, called so.
func (d nameDialect) superfluous() string {
	is := func(text string) string {
		return "(" + d.in(text) + " AND (length(p.part) = 24 OR length(p.part) < 24 AND " + d.ends(text) + "))"
	}
	const told = "SELECT 0 AS subject, p.noun || ' ' || p.key || ' is found by ' || p.part || ', which it is not called" + writeAnew + "' AS detail FROM name_parts AS p"
	var all, nouns []string
	for _, n := range calledNouns {
		called := is("v.name")
		if n.code != "" {
			called += " OR " + is("v."+n.code)
		}
		if n.customers {
			called += " OR EXISTS (SELECT 1 FROM " + d.seen + " WHERE " + is("j.value") + ")"
		}
		all = append(all, told+" LEFT JOIN "+n.table+" AS v ON v.key = p.key WHERE p.noun = '"+n.table+"' AND (v.key IS NULL OR NOT ("+called+"))")
		nouns = append(nouns, "'"+n.table+"'")
	}
	return strings.Join(append(all, told+" WHERE p.noun NOT IN ("+strings.Join(nouns, ", ")+")"), " UNION ALL ")
}

// differ finds what is expected and not there, and what is there and not expected.
func differ(expected, stored, a, b, words string) string {
	return "SELECT 0 AS subject, " + words + " || CASE WHEN SUM(k.n) > 0 THEN ' is not noted' ELSE ' is noted, but not so' END || '" + writeAnew + "' AS detail FROM (" +
		"SELECT DISTINCT " + expected + " UNION ALL SELECT " + a + ", " + b + ", -1 AS n FROM " + stored + ") AS k GROUP BY k." + a + ", k." + b + " HAVING SUM(k.n) <> 0"
}

func init() {
	parts := func(from, template string) string {
		return differ("t.key AS template, p.key AS pack, 1 AS n FROM packs AS p, "+from+" JOIN templates AS t ON t.id = "+template, "pack_parts", "template", "pack", "'part ' || k.template || ' of pack ' || k.pack")
	}
	gives := func(from, template string) string {
		return differ(template+" AS template, g.id AS job, 1 AS n FROM jobs AS g, "+from+" WHERE g.kind = 'grant' AND g.args <> ''", "grant_templates", "template", "job",
			"'template ' || k.template || ' of bulk grant ' || k.job")
	}
	checks = append(checks,
		newCheck("search-1.missing", "search-1", "", found(liteNames.missing()), found(postNames.missing())),
		newCheck("search-1.superfluous", "search-1", "", found(liteNames.superfluous()), found(postNames.superfluous())),
		newCheck("search-1.packs", "search-1", "", found(parts("json_each(p.doc, '$.parts') AS j", "json_extract(j.value, '$.template')")),
			found(parts("jsonb_array_elements(CAST(p.doc AS jsonb) -> 'parts') AS j", "CAST(j ->> 'template' AS BIGINT)"))),
		newCheck("search-1.grants", "search-1", "", found(gives("json_each(g.args, '$.templates') AS j", "CAST(j.value AS BIGINT)")),
			found(gives("jsonb_array_elements_text(CAST(g.args AS jsonb) -> 'templates') AS j", "CAST(j AS BIGINT)"))),
	)
}
