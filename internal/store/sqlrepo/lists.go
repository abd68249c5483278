package sqlrepo

import (
	"slices"

	"quan/internal/kernel/id"
)

const listSpec = "list:t member slot"

var (
	listsInsert = newBulk("member_lists.insert",
		"INSERT INTO member_lists (list, member, slot) VALUES ($1, $2, $3) ON CONFLICT (list, member, slot) DO NOTHING",
		"INSERT INTO member_lists (list, member, slot) SELECT list, member, slot FROM "+columnsOf(listSpec).spread()+
			" ORDER BY list, member, slot ON CONFLICT (list, member, slot) DO NOTHING", columnsOf(listSpec).cols)
	listsDelete = newBulk("member_lists.delete",
		"DELETE FROM member_lists WHERE list = $1 AND member = $2 AND slot = $3",
		"DELETE FROM member_lists AS t USING "+columnsOf(listSpec).spread()+
			" WHERE t.list = v.list AND t.member = v.member AND t.slot = v.slot AND t.list = ANY($1::text[]) AND t.member = ANY($2::bigint[])",
		columnsOf(listSpec).cols)
	listsAmong = newStatement("member_lists.among",
		"SELECT member FROM member_lists WHERE list = $1 AND member IN (SELECT value FROM json_each($2))",
		"SELECT member FROM unnest($2::bigint[]) AS k(want)"+probe("member_lists", "list = $1 AND member = want AND slot = "+home))
	listsPage  = same("member_lists.page", "SELECT member FROM member_lists WHERE list = $1 AND member > $2 ORDER BY member LIMIT $3")
	listsOpen  = upsertOf("list_sizes.open", "list_sizes", "list", "list:t total", true)
	listsGrow  = same("list_sizes.grow", "UPDATE list_sizes SET total = total + $2 WHERE list = $1")
	listsSizes = newStatement("list_sizes.get",
		"SELECT list, total FROM list_sizes WHERE list IN (SELECT value FROM json_each($1))",
		"SELECT list, total FROM list_sizes WHERE list = ANY($1::text[])")
)

type listRows struct{ tx *Tx }

// Add puts members into a list. The size's row is written first: it orders
// writers of one list, so that they never wait for each other's members.
func (r listRows) Add(list string, members []id.ID) (int64, error) {
	return r.change(listsInsert, list, members, 1)
}

// Remove takes members out of a list.
func (r listRows) Remove(list string, members []id.ID) (int64, error) {
	return r.change(listsDelete, list, members, -1)
}

func (r listRows) change(b *bulk, list string, members []id.ID, sign int64) (int64, error) {
	sorted := ints(members)
	if len(sorted) == 0 {
		return 0, nil
	}
	open := func(int) []any { return []any{list, int64(0)} }
	if err := r.tx.bulk(listsOpen, 1, open); err != nil {
		return 0, err
	}
	n, err := r.tx.writeRows(b, len(sorted), func(i int) []any { return []any{list, sorted[i], id.ID(sorted[i]).Slot()} })
	if err != nil || n == 0 {
		return 0, err
	}
	_, err = r.tx.write(listsGrow, list, sign*n)
	return n, err
}

func scanID(row Scanner) (i id.ID, err error) {
	err = row.Scan(&i)
	return i, err
}

// Among returns who of these members is in a list.
func (r listRows) Among(list string, members []id.ID) ([]id.ID, error) {
	if len(members) == 0 {
		return nil, nil
	}
	return collect(r.tx, listsAmong, scanID, list, ints(members))
}

// Page returns who is in a list.
func (r listRows) Page(list string, after id.ID, limit int) ([]id.ID, error) {
	return collect(r.tx, listsPage, scanID, list, int64(after), int64(limit))
}

// Sizes returns how many members lists have.
func (r listRows) Sizes(lists []string) (map[string]int64, error) {
	sizes := map[string]int64{}
	if len(lists) == 0 {
		return sizes, nil
	}
	err := r.tx.query(listsSizes, []any{words(slices.Clone(lists))}, func(row Scanner) error {
		var list string
		var n int64
		err := row.Scan(&list, &n)
		sizes[list] = n
		return err
	})
	return sizes, err
}
