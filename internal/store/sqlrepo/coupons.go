package sqlrepo

import (
	"cmp"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const couponColumns = "id, member, template, version, state, used, uses, next_use, issued_at, issued_day, valid_from, valid_to, " +
	"origin, placement, form, channel, city, newcomer, liability, face_minor, lock_id, facts, ended_day, last_used_at, batch, rev, request_key, request_body"

// liveColumns are those that pricing and the limits on uses read of a coupon: every
// column more costs a wallet of a hundred coupons 20 µs on SQLite.
const liveColumns = "id, template, version, state, used, uses, next_use, valid_from, valid_to, placement, face_minor, lock_id, last_used_at, rev"

// The wallet index leads with the week of the id: a member's coupons lie in the
// weeks from the member's own to the newest. Behind the member it has the request
// that made the coupon: what finds a claim again costs no row and no page more.
var (
	couponsGet    = keyedBy("coupons.get", couponColumns, "coupons")
	couponsNewest = same("coupons.newestWeek", "SELECT COALESCE(MAX(week), 0) FROM coupons")
	couponsWallet = newStatement("coupons.wallet",
		"SELECT "+couponColumns+" FROM coupons WHERE week IN (SELECT value FROM json_each($1)) AND member = $2 AND slot = $3 AND id < $4"+
			" AND (json_array_length($5) = 0 OR state IN (SELECT value FROM json_each($5)))"+
			" AND (json_array_length($6) = 0 OR template IN (SELECT t.id FROM templates AS t WHERE t.merchant IN (SELECT value FROM json_each($6))))"+
			" AND (CAST($7 AS BIGINT) = 0 OR template = CAST($7 AS BIGINT)) ORDER BY id DESC LIMIT $8",
		"SELECT "+couponColumns+" FROM coupons WHERE week = ANY($1::bigint[]) AND member = $2 AND slot = $3 AND id < $4"+
			" AND (cardinality($5::bigint[]) = 0 OR state = ANY($5::bigint[]))"+
			" AND (cardinality($6::text[]) = 0 OR template IN (SELECT t.id FROM templates AS t WHERE t.merchant = ANY($6::text[])))"+
			" AND (CAST($7 AS BIGINT) = 0 OR template = CAST($7 AS BIGINT)) ORDER BY id DESC LIMIT $8")
	couponsOfTemplate = newStatement("coupons.ofTemplate",
		"SELECT "+couponColumns+" FROM coupons WHERE template = $1 AND id < $2"+
			" AND (json_array_length($3) = 0 OR state IN (SELECT value FROM json_each($3)))"+
			" AND (json_array_length($4) = 0 OR template IN (SELECT t.id FROM templates AS t WHERE t.merchant IN (SELECT value FROM json_each($4))))"+
			" ORDER BY id DESC LIMIT $5",
		"SELECT "+couponColumns+" FROM coupons WHERE template = $1 AND id < $2"+
			" AND (cardinality($3::bigint[]) = 0 OR state = ANY($3::bigint[]))"+
			" AND (cardinality($4::text[]) = 0 OR template IN (SELECT t.id FROM templates AS t WHERE t.merchant = ANY($4::text[])))"+
			" ORDER BY id DESC LIMIT $5")
	// The casts keep SQLite from planning the statement anew for each limit.
	couponsLive = newStatement("coupons.live",
		"SELECT "+liveColumns+" FROM coupons WHERE week IN (SELECT value FROM json_each($1)) AND member = $2 AND slot = $3 AND state IN (1, 2) ORDER BY id LIMIT CAST($4 AS BIGINT)",
		"SELECT "+liveColumns+" FROM coupons WHERE week = ANY($1::bigint[]) AND member = $2 AND slot = $3 AND state IN (1, 2) ORDER BY id LIMIT $4")
	// Those that are over, but not yet marked, come last: they are told of, not used.
	// Those issued automatically come first: a lock finds what it has just issued.
	couponsSoonest = newStatement("coupons.soonest",
		"SELECT "+liveColumns+" FROM coupons WHERE week IN (SELECT value FROM json_each($1)) AND member = $2 AND slot = $3 AND state IN (1, 2)"+
			" ORDER BY valid_to <= $4, CASE form WHEN 'automatic' THEN 0 ELSE 1 END, valid_to, id LIMIT CAST($5 AS BIGINT)",
		"SELECT "+liveColumns+" FROM coupons WHERE week = ANY($1::bigint[]) AND member = $2 AND slot = $3 AND state IN (1, 2)"+
			" ORDER BY valid_to <= $4, CASE form WHEN 'automatic' THEN 0 ELSE 1 END, valid_to, id LIMIT $5")
	couponsNewcomers = newStatement("coupons.newcomers",
		"SELECT "+couponColumns+" FROM coupons WHERE newcomer = 1 AND state IN (1, 2) AND member IN (SELECT value FROM json_each($1))",
		"SELECT "+couponColumns+" FROM unnest($1::bigint[]) AS k(want) JOIN coupons ON member = want AND member = ANY($1::bigint[]) AND slot = "+home+" WHERE newcomer = 1 AND state IN (1, 2)")
	// The figure is schedule.Forever, as in the partial index.
	couponsDue = same("coupons.due",
		"SELECT "+couponColumns+" FROM coupons WHERE state = 1 AND valid_to <> 4611686018427387903 AND valid_to <= $1"+
			" AND (valid_to, id) > ($2, $3) ORDER BY valid_to, id LIMIT $4")
	couponsStates = same("coupons.states", "SELECT state, count(*) FROM coupons GROUP BY state")
	couponsInsert = insertOf("coupons", "id slot =week member =template =version =state =used =uses =next_use =issued_at =issued_day =valid_from =valid_to "+
		"origin =placement =form:t channel:t city:t =newcomer =liability =face_minor =lock_id facts:t =ended_day =last_used_at =batch =rev request_key request_body")
	// What never changes after the issue is not written again.
	couponsUpdate = updateOf("coupons", "id slot", "id slot state used uses next_use valid_from valid_to lock_id facts:t ended_day last_used_at rev")
)

type couponRows struct{ tx *Tx }

func scanCoupon(row Scanner) (c coupon.Coupon, err error) {
	var newcomer int64
	err = row.Scan(&c.ID, &c.Member, &c.Template, &c.Version, &c.State, &c.Used, &c.Uses, &c.NextUse, &c.IssuedAt, &c.IssuedDay,
		&c.ValidFrom, &c.ValidTo, &c.Origin, &c.Placement, &c.Form, &c.Channel, &c.City, &newcomer, &c.Liability, &c.FaceMinor, &c.Lock, &c.Facts, &c.EndedDay, &c.LastUsedAt, &c.Batch, &c.Rev, &c.Request.Key, &c.Request.Body)
	c.Newcomer = newcomer != 0
	return c, err
}

func scanLive(row Scanner, member id.ID) (c coupon.Coupon, err error) {
	c.Member = member
	err = row.Scan(&c.ID, &c.Template, &c.Version, &c.State, &c.Used, &c.Uses, &c.NextUse, &c.ValidFrom, &c.ValidTo, &c.Placement, &c.FaceMinor, &c.Lock, &c.LastUsedAt, &c.Rev)
	return c, err
}

func (r couponRows) Get(ids []id.ID) ([]coupon.Coupon, error) {
	return byID(r.tx, couponsGet, scanCoupon, ids)
}

func (r couponRows) List(f store.CouponFilter) ([]coupon.Coupon, error) {
	states := make([]int64, len(f.States))
	for i, s := range f.States {
		states[i] = int64(s)
	}
	merchants := words(f.Scope.Merchants)
	if f.Member == 0 {
		return collect(r.tx, couponsOfTemplate, scanCoupon, int64(f.Template), before(f.Before), states, merchants, int64(f.Limit))
	}
	weeks, err := r.weeks(f.Member)
	if err != nil {
		return nil, err
	}
	return collect(r.tx, couponsWallet, scanCoupon, weeks, int64(f.Member), f.Member.Slot(), before(f.Before), states, merchants, int64(f.Template), int64(f.Limit))
}

// Live reads by id first, which the wallet's index does without sorting; only a
// wallet that holds more than the limit is sorted by expiry.
func (r couponRows) Live(member id.ID, now calendar.Instant, limit int) ([]coupon.Coupon, error) {
	weeks, err := r.weeks(member)
	if err != nil {
		return nil, err
	}
	return r.live(weeks, member, now, limit)
}

func (r couponRows) live(weeks []int64, member id.ID, now calendar.Instant, limit int) ([]coupon.Coupon, error) {
	scan := func(row Scanner) (coupon.Coupon, error) { return scanLive(row, member) }
	rows, err := collect(r.tx, couponsLive, scan, weeks, int64(member), member.Slot(), int64(limit)+1)
	if err != nil || len(rows) <= limit {
		return rows, err
	}
	rows, err = collect(r.tx, couponsSoonest, scan, weeks, int64(member), member.Slot(), int64(now), int64(limit))
	slices.SortFunc(rows, func(a, b coupon.Coupon) int { return cmp.Compare(a.ID, b.ID) })
	return rows, err
}

// weeks are those in which a member's coupons can lie. It starts a week early:
// another process may make the coupon's id with a clock a little behind.
func (r couponRows) weeks(member id.ID) ([]int64, error) {
	newest, err := number(r.tx, couponsNewest)
	return weeksFrom(member, newest), err
}

func weeksFrom(member id.ID, newest int64) []int64 {
	weeks := []int64{}
	for w := member.Week() - 1; w <= newest; w++ {
		weeks = append(weeks, w)
	}
	return weeks
}

func (r couponRows) Newcomers(members []id.ID) ([]coupon.Coupon, error) {
	if len(members) == 0 {
		return nil, nil
	}
	return collect(r.tx, couponsNewcomers, scanCoupon, ints(members))
}

func (r couponRows) Due(now calendar.Instant, behind store.End, limit int) ([]coupon.Coupon, error) {
	return collect(r.tx, couponsDue, scanCoupon, int64(now), int64(behind.ValidTo), int64(behind.ID), int64(limit))
}

func (r couponRows) Insert(rows []coupon.Coupon) error {
	if r.tx.memory != nil {
		for i := range rows {
			r.tx.memory.wroteRequest(rows[i].Member, rows[i].Request.Key)
		}
	}
	return r.tx.bulk(couponsInsert, len(rows), func(i int) []any {
		c := &rows[i]
		return []any{int64(c.ID), c.Slot(), c.ID.Week(), int64(c.Member), int64(c.Template), c.Version, int64(c.State), c.Used, c.Uses, c.NextUse,
			int64(c.IssuedAt), int64(c.IssuedDay), int64(c.ValidFrom), int64(c.ValidTo), int64(c.Origin), int64(c.Placement), string(c.Form),
			c.Channel, c.City, flag(c.Newcomer), c.Liability, c.FaceMinor, int64(c.Lock), c.Facts, int64(c.EndedDay), int64(c.LastUsedAt), int64(c.Batch), c.Rev,
			c.Request.Key, c.Request.Body}
	})
}

func (r couponRows) Update(rows []coupon.Coupon) error {
	return r.tx.update(couponsUpdate, len(rows), func(i int) []any {
		c := &rows[i]
		return []any{int64(c.ID), c.Slot(), int64(c.State), c.Used, c.Uses, c.NextUse, int64(c.ValidFrom), int64(c.ValidTo),
			int64(c.Lock), c.Facts, int64(c.EndedDay), int64(c.LastUsedAt), c.Rev}
	})
}

func (r couponRows) CountByState() (map[coupon.State]int64, error) {
	return r.states(couponsStates)
}

func (r couponRows) states(s *statement, args ...any) (map[coupon.State]int64, error) {
	counts := map[coupon.State]int64{}
	err := r.tx.query(s, args, func(row Scanner) error {
		var state coupon.State
		var n int64
		err := row.Scan(&state, &n)
		counts[state] = n
		return err
	})
	return counts, err
}
