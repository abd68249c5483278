package sqlrepo

import (
	"quan/internal/domain/member"
	"quan/internal/domain/phone"
	"quan/internal/kernel/calendar"
)

var (
	visitCodesGet = newStatement("visit_codes.get",
		"SELECT hash, code, tries, created_at, expires_at FROM visit_codes WHERE hash IN (SELECT value FROM json_each($1)) AND slot IN (SELECT value FROM json_each($2))",
		"SELECT hash, code, tries, created_at, expires_at FROM unnest($1::text[], $2::bigint[]) AS k(want, want_slot)"+
			probe("visit_codes", "hash = want AND slot = want_slot"))
	visitCodesPut    = upsertOf("visit_codes.put", "visit_codes", "hash slot", "hash:t slot code:t tries created_at expires_at", false)
	visitCodesTry    = same("visit_codes.try", "UPDATE visit_codes SET tries = tries + 1 WHERE hash = $1 AND slot = $2 AND expires_at > $3 AND tries < $4")
	visitCodesRemove = same("visit_codes.remove", "DELETE FROM visit_codes WHERE hash = $1 AND slot = $2")
	visitCodesEndOld = same("visit_codes.endOld", "DELETE FROM visit_codes WHERE hash IN (SELECT hash FROM visit_codes WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)")

	visitsGet = newStatement("visits.get",
		"SELECT hash, member, minter, created_at, ends_at FROM visits WHERE hash IN (SELECT value FROM json_each($1)) AND slot IN (SELECT value FROM json_each($2))",
		"SELECT hash, member, minter, created_at, ends_at FROM unnest($1::text[], $2::bigint[]) AS k(want, want_slot)"+
			probe("visits", "hash = want AND slot = want_slot"))
	visitsInsert = insertOf("visits", "hash:t slot member minter created_at ends_at")
	visitsEnd    = same("visits.end", "DELETE FROM visits WHERE hash = $1 AND slot = $2")
	visitsEndOld = same("visits.endOld", "DELETE FROM visits WHERE hash IN (SELECT hash FROM visits WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)")
)

type visitRows struct{ tx *Tx }

func (r visitRows) Codes(keys []member.Key) ([]member.Code, error) {
	hashes, slots := make([]string, len(keys)), make([]int64, len(keys))
	for i, k := range keys {
		hashes[i], slots[i] = k.Hash, k.Slot()
	}
	return collect(r.tx, visitCodesGet, func(row Scanner) (c member.Code, err error) {
		c.Key.Kind = phone.Kind
		err = row.Scan(&c.Key.Hash, &c.Hash, &c.Tries, &c.CreatedAt, &c.ExpiresAt)
		return c, err
	}, hashes, slots)
}

func (r visitRows) PutCode(c member.Code) error {
	return r.tx.bulk(visitCodesPut, 1, func(int) []any {
		return []any{c.Key.Hash, c.Key.Slot(), c.Hash, c.Tries, int64(c.CreatedAt), int64(c.ExpiresAt)}
	})
}

func (r visitRows) TryCode(k member.Key, now calendar.Instant, most int64) (bool, error) {
	n, err := r.tx.write(visitCodesTry, k.Hash, k.Slot(), int64(now), most)
	return n > 0, err
}

func (r visitRows) RemoveCode(k member.Key) error {
	_, err := r.tx.write(visitCodesRemove, k.Hash, k.Slot())
	return err
}

func (r visitRows) Get(hashes []string) ([]member.Visit, error) {
	slots := make([]int64, len(hashes))
	for i, h := range hashes {
		slots[i] = member.VisitSlot(h)
	}
	return collect(r.tx, visitsGet, func(row Scanner) (v member.Visit, err error) {
		err = row.Scan(&v.Hash, &v.Member, &v.Minter, &v.CreatedAt, &v.EndsAt)
		return v, err
	}, hashes, slots)
}

func (r visitRows) Insert(rows []member.Visit) error {
	return r.tx.bulk(visitsInsert, len(rows), func(i int) []any {
		v := &rows[i]
		return []any{v.Hash, v.Slot(), int64(v.Member), int64(v.Minter), int64(v.CreatedAt), int64(v.EndsAt)}
	})
}

func (r visitRows) End(hash string) error {
	_, err := r.tx.write(visitsEnd, hash, member.VisitSlot(hash))
	return err
}

func (r visitRows) EndOld(now calendar.Instant, limit int) (int64, error) {
	codes, err := r.tx.write(visitCodesEndOld, int64(now), int64(limit))
	if err != nil || codes >= int64(limit) {
		return codes, err
	}
	visits, err := r.tx.write(visitsEndOld, int64(now), int64(limit)-codes)
	return codes + visits, err
}
