package sqlrepo

import (
	"slices"
	"strconv"

	"quan/internal/kernel/id"
	"quan/internal/store"
)

const useColumns = "batch, number, template, member, coupon, at"

// A use lies in the slot of its code, whoever uses it: so that it can be used once
// on many machines too.
var (
	formatsAll = same("code_formats.all", "SELECT format FROM code_formats WHERE format > $1 ORDER BY format LIMIT $2")
	formatsAdd = newBulk("code_formats.insert",
		"INSERT INTO code_formats (format) VALUES ($1) ON CONFLICT (format) DO NOTHING",
		"INSERT INTO code_formats (format) SELECT format FROM "+columnsOf("format:t").spread()+" ORDER BY format ON CONFLICT (format) DO NOTHING",
		columnsOf("format:t").cols)

	codeUsesOne  = same("code_uses.find.one", "SELECT "+useColumns+" FROM code_uses WHERE batch = $1 AND number = $2 AND slot = $3")
	codeUsesFind = newStatement("code_uses.find",
		"SELECT "+useColumns+" FROM code_uses WHERE batch IN (SELECT value FROM json_each($1)) AND number IN (SELECT value FROM json_each($2)) AND +slot IN (SELECT value FROM json_each($3))",
		"SELECT "+useColumns+" FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k(want, want_number, want_slot)"+
			probe("code_uses", "batch = want AND number = want_number AND slot = want_slot"))
	codeUsesOf = newStatement("code_uses.ofMember",
		"SELECT batch, member, count(*) FROM code_uses WHERE batch IN (SELECT value FROM json_each($1)) AND member IN (SELECT value FROM json_each($2)) GROUP BY batch, member",
		"SELECT batch, member, count(*) FROM code_uses WHERE batch = ANY($1::bigint[]) AND member = ANY($2::bigint[]) GROUP BY batch, member")
	codeUsesInsert = insertOf("code_uses", "=batch number slot =template member coupon =at", "batch", "number")

	codePoolFind = newStatement("code_pool.find",
		"SELECT hash, batch, number FROM code_pool WHERE hash IN (SELECT value FROM json_each($1)) AND +slot IN (SELECT value FROM json_each($2))",
		"SELECT hash, batch, number FROM unnest($1::text[], $2::bigint[]) AS k(want, want_slot)"+probe("code_pool", "hash = want AND slot = want_slot"))
	codePoolInsert = insertOf("code_pool", "hash:t slot =batch number", "hash")

	codeSizesGrow = upsertOf("code_sizes.grow", "code_sizes", "batch", "batch total", true)
	codeSizesGet  = newStatement("code_sizes.get",
		"SELECT batch, total FROM code_sizes WHERE batch IN (SELECT value FROM json_each($1))",
		"SELECT batch, total FROM code_sizes WHERE batch = ANY($1::bigint[])")
)

// mostFormats bounds what a redemption reads; use cases refuse earlier.
const mostFormats = 1000

type codeRows struct{ tx *Tx }

func scanFormat(row Scanner) (f string, err error) {
	err = row.Scan(&f)
	return f, err
}

func (r codeRows) Formats() ([]string, error) {
	return collect(r.tx, formatsAll, scanFormat, "", int64(mostFormats))
}

func (r codeRows) AddFormats(formats []string) error {
	list := words(formats)
	return r.tx.bulk(formatsAdd, len(list), func(i int) []any { return []any{list[i]} })
}

func useSlot(p store.CodePlace) int64 {
	return id.SlotOf(id.Format(id.CodeBatch, p.Batch), strconv.FormatInt(p.Number, 10))
}

func poolSlot(hash string) int64 { return id.SlotOf("code", hash) }

func scanUse(row Scanner) (u store.CodeUse, err error) {
	err = row.Scan(&u.Batch, &u.Number, &u.Template, &u.Member, &u.Coupon, &u.At)
	return u, err
}

// Uses finds codes that are used.
func (r codeRows) Uses(places []store.CodePlace) ([]store.CodeUse, error) {
	switch len(places) {
	case 0:
		return nil, nil
	case 1:
		return collect(r.tx, codeUsesOne, scanUse, int64(places[0].Batch), places[0].Number, useSlot(places[0]))
	}
	batches, numbers, slots := make([]int64, len(places)), make([]int64, len(places)), make([]int64, len(places))
	for i, p := range places {
		batches[i], numbers[i], slots[i] = int64(p.Batch), p.Number, useSlot(p)
	}
	found, err := collect(r.tx, codeUsesFind, scanUse, batches, numbers, slots)
	return slices.DeleteFunc(found, func(u store.CodeUse) bool { return !slices.Contains(places, u.CodePlace) }), err
}

// UsedBy counts what members have used of batches: any of these of any of those.
func (r codeRows) UsedBy(batches, members []id.ID) (map[store.CodeUser]int64, error) {
	used := map[store.CodeUser]int64{}
	if len(batches) == 0 || len(members) == 0 {
		return used, nil
	}
	err := r.tx.query(codeUsesOf, []any{ints(batches), ints(members)}, func(row Scanner) error {
		var by store.CodeUser
		var n int64
		err := row.Scan(&by.Batch, &by.Member, &n)
		used[by] = n
		return err
	})
	return used, err
}

func (r codeRows) Use(uses []store.CodeUse) error {
	return r.tx.bulk(codeUsesInsert, len(uses), func(i int) []any {
		u := &uses[i]
		return []any{int64(u.Batch), u.Number, useSlot(u.CodePlace), int64(u.Template), int64(u.Member), int64(u.Coupon), int64(u.At)}
	})
}

// Pooled finds imported codes by their hashes.
func (r codeRows) Pooled(hashes []string) ([]store.PooledCode, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	list := words(hashes)
	slots := make([]int64, len(list))
	for i, h := range list {
		slots[i] = poolSlot(h)
	}
	return collect(r.tx, codePoolFind, func(row Scanner) (c store.PooledCode, err error) {
		err = row.Scan(&c.Hash, &c.Batch, &c.Number)
		return c, err
	}, list, slots)
}

// Import writes the size's row first: it orders writers of one batch.
func (r codeRows) Import(batch id.ID, hashes []string) ([]store.PooledCode, error) {
	if err := r.Grow(batch, 0); err != nil {
		return nil, err
	}
	sizes, err := r.Sizes([]id.ID{batch})
	if err != nil {
		return nil, err
	}
	known, err := r.Pooled(hashes)
	if err != nil {
		return nil, err
	}
	fresh := slices.DeleteFunc(slices.Clone(hashes), func(h string) bool {
		return slices.ContainsFunc(known, func(k store.PooledCode) bool { return k.Hash == h })
	})
	if len(fresh) == 0 {
		return known, nil
	}
	if err := r.tx.bulk(codePoolInsert, len(fresh), func(i int) []any {
		return []any{fresh[i], poolSlot(fresh[i]), int64(batch), sizes[batch] + int64(i) + 1}
	}); err != nil {
		return nil, err
	}
	return known, r.Grow(batch, int64(len(fresh)))
}

// Sizes returns how many codes batches have.
func (r codeRows) Sizes(batches []id.ID) (map[id.ID]int64, error) {
	sizes := map[id.ID]int64{}
	if len(batches) == 0 {
		return sizes, nil
	}
	err := r.tx.query(codeSizesGet, []any{ints(batches)}, func(row Scanner) error {
		var batch id.ID
		var n int64
		err := row.Scan(&batch, &n)
		sizes[batch] = n
		return err
	})
	return sizes, err
}

// Grow adds to the size of a batch, whose row is made.
func (r codeRows) Grow(batch id.ID, by int64) error {
	return r.tx.bulk(codeSizesGrow, 1, func(int) []any { return []any{int64(batch), by} })
}
