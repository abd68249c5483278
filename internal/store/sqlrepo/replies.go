package sqlrepo

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// keptDays is how long replies are found: the day of the write and seven after.
// aheadDays are looked at too: another process, whose clock is a little before
// ours, may have turned the day already.
const (
	keptDays  = 8
	aheadDays = 1
)

const replyColumns = "day, slot, scope, key, body, answer"

// Both look first which of the days have replies at all: most writes make coupons,
// which remember their requests themselves.
var (
	repliesFind = newStatement("replies.find",
		"SELECT "+replyColumns+" FROM replies WHERE day IN (SELECT d.value FROM json_each($1) AS d WHERE EXISTS (SELECT 1 FROM replies AS r WHERE r.day = d.value)) AND key_hash IN (SELECT value FROM json_each($2)) AND +slot IN (SELECT value FROM json_each($3))",
		"SELECT "+replyColumns+" FROM (SELECT on_day FROM unnest($1::bigint[]) AS d(on_day) WHERE (SELECT true FROM replies AS r WHERE r.day = on_day LIMIT 1) OFFSET 0) AS d"+
			" CROSS JOIN unnest($2::bigint[], $3::bigint[]) AS k(want, want_slot)"+
			probe("replies", "day = on_day AND key_hash = want AND slot = want_slot"))
	repliesFindOne = same("replies.find.one",
		"SELECT "+replyColumns+" FROM replies WHERE day IN ($1, $2, $3, $4, $5, $6, $7, $8) AND key_hash = $9 AND slot = $10 AND scope = $11 AND key = $12")
	repliesInsert = insertOf("replies", "day key_hash slot scope:t key:t body:t answer:t")
	repliesPurge  = same("replies.purge",
		"DELETE FROM replies WHERE (day, key_hash, slot) IN (SELECT r.day, r.key_hash, r.slot FROM replies AS r WHERE r.day < $1 ORDER BY r.day LIMIT $2)")
)

type replyRows struct{ tx *Tx }

// replyHash is 63 bits of a hash over scope and key: what the table's key holds
// instead of two long texts. Rows found by it are compared in full.
func replyHash(scope, key string) int64 { return store.Hash63(scope + "\x00" + key) }

func scanReply(row Scanner) (v store.Reply, err error) {
	err = row.Scan(&v.Day, &v.Slot, &v.Scope, &v.Key, &v.Body, &v.Answer)
	return v, err
}

func (r replyRows) Find(keys []store.Reply, today calendar.Date) ([]store.Reply, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var found []store.Reply
	made, inCoupons, err := r.inCoupons(keys, today)
	if err != nil {
		return nil, err
	}
	if err := r.tx.queries(append(made, r.inRows(keys, today, &found))); err != nil {
		return nil, err
	}
	return append(found, inCoupons()...), nil
}

// inRows reads the replies that have a row.
func (r replyRows) inRows(keys []store.Reply, today calendar.Date, found *[]store.Reply) read {
	type name struct {
		scope, key string
		slot       int64
	}
	wanted := make(map[name]id.ID, len(keys)) // the request's member
	var hashes, slots []int64
	for _, k := range keys {
		n := name{k.Scope, k.Key, k.Slot}
		if _, seen := wanted[n]; !seen {
			wanted[n] = k.Member
			hashes, slots = append(hashes, replyHash(k.Scope, k.Key)), append(slots, k.Slot)
		}
	}
	row := func(row Scanner) error {
		v, err := scanReply(row)
		if m, asked := wanted[name{v.Scope, v.Key, v.Slot}]; asked && err == nil {
			v.Member = m
			*found = append(*found, v)
		}
		return err
	}
	if len(keys) == 1 {
		return read{repliesFindOne, r.one(&keys[0], today), row}
	}
	days := make([]int64, aheadDays+keptDays)
	for i := range days {
		days[i] = int64(today.AddDays(aheadDays - i))
	}
	return read{repliesFind, []any{days, hashes, slots}, row}
}

// one are the arguments of a single key.
func (r replyRows) one(k *store.Reply, today calendar.Date) []any {
	args := make([]any, 0, keptDays+4)
	for i := range keptDays {
		args = append(args, int64(today.AddDays(-i)))
	}
	return append(args, replyHash(k.Scope, k.Key), k.Slot, k.Scope, k.Key)
}

func (r replyRows) Insert(rows []store.Reply) error {
	return r.tx.bulk(repliesInsert, len(rows), func(i int) []any {
		v := &rows[i]
		return []any{int64(v.Day), replyHash(v.Scope, v.Key), v.Slot, v.Scope, v.Key, v.Body, v.Answer}
	})
}

func (r replyRows) Purge(before calendar.Date, limit int) (int64, error) {
	return r.tx.write(repliesPurge, int64(before), int64(limit))
}
