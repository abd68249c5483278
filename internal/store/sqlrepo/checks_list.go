package sqlrepo

import "quan/internal/kernel/id"

func init() {
	checks = append(checks,
		sameCheck("list-1.size", "list-1", "", found("SELECT 0 AS subject, 'list ' || k.list || ' says ' || SUM(k.said) || ', has ' || SUM(k.rows_of) AS detail FROM ("+
			"SELECT list, total AS said, 0 AS rows_of FROM list_sizes UNION ALL SELECT list, 0, 1 FROM member_lists"+
			") AS k GROUP BY k.list HAVING SUM(k.said) <> SUM(k.rows_of)")),
		sameCheck("list-1.member", "list-1", id.Member, found("SELECT ml.member AS subject, 'in list ' || ml.list || ', which or who does not exist' AS detail FROM member_lists AS ml"+
			" LEFT JOIN members AS m ON m.id = ml.member LEFT JOIN lists AS l ON l.key = ml.list WHERE m.id IS NULL OR l.key IS NULL")),
	)
}
