package sqlrepo

import (
	"slices"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// The requests come as two parallel lists, of members and of keys.
var (
	couponsRequested = newStatement("coupons.requested",
		"SELECT member, request_key, request_body, coupons.id FROM json_each($2) AS m CROSS JOIN json_each($3) AS k CROSS JOIN coupons"+
			" WHERE k.key = m.key AND week IN (SELECT value FROM json_each($1)) AND member = m.value AND request_key = k.value ORDER BY coupons.id",
		"SELECT member, request_key, request_body, coupons.id FROM unnest($2::bigint[], $3::bigint[]) AS k(want, want_key)"+
			" CROSS JOIN (SELECT on_week FROM unnest($1::bigint[]) AS d(on_week) WHERE (SELECT true FROM coupons AS c WHERE c.week = on_week LIMIT 1) OFFSET 0) AS d"+
			probe("coupons", "week = on_week AND member = want AND request_key = want_key AND slot = "+home)+" ORDER BY coupons.id")
	// One week and one key: SQLite makes a table of weeks for each run of the others.
	couponsRequestedIn  = same("coupons.requested.in", "SELECT member, request_key, request_body, id FROM coupons WHERE week = $1 AND member = $2 AND request_key = $3 AND slot = $4 ORDER BY id")
	couponsWeek         = same("coupons.week", "SELECT week FROM coupons WHERE week = $1 LIMIT 1")
	couponsRequestedOne = newStatement("coupons.requested.one",
		"SELECT member, request_key, request_body, id FROM coupons WHERE week IN (SELECT value FROM json_each($1)) AND member = $2 AND request_key = $3 AND slot = $4 ORDER BY id",
		"SELECT member, request_key, request_body, id FROM coupons WHERE week = ANY($1::bigint[]) AND member = $2 AND request_key = $3 AND slot = $4 ORDER BY id")
)

// request is a key as coupons remember it.
type request struct {
	member id.ID
	key    int64
}

// inCoupons finds the requests that coupons remember: by the reads that it returns,
// if any, after which found tells.
func (r replyRows) inCoupons(keys []store.Reply, today calendar.Date) (reads []read, found func() []store.Reply, err error) {
	asked := make(map[request]*store.Reply, len(keys))
	var order []request
	for i := range keys {
		q := request{keys[i].Member, keys[i].Request().Key}
		if q.member != 0 && q.key != 0 && asked[q] == nil {
			asked[q] = &keys[i]
			order = append(order, q)
		}
	}
	found = func() []store.Reply { return nil }
	if len(order) == 0 {
		return nil, found, nil
	}
	made := map[request]*store.Reply{}
	var out []*store.Reply
	row := func(row Scanner) error {
		var q request
		var body int64
		var c id.ID
		if err := row.Scan(&q.member, &q.key, &body, &c); err != nil || asked[q] == nil {
			return err
		}
		if made[q] == nil {
			v := *asked[q]
			if v.Answer = ""; v.Request().Body != body {
				v.Body = ""
			}
			made[q] = &v
			out = append(out, &v)
		} else {
			made[q].Answer += " "
		}
		made[q].Answer += id.Format(id.Coupon, c)
		return nil
	}
	weeks := requestWeeks(today)
	if order, err = r.possible(weeks, order); err != nil || len(order) == 0 {
		return nil, found, err
	}
	done := false
	if len(order) > 1 {
		if weeks, err = r.weeksWithCoupons(weeks); err != nil {
			return nil, nil, err
		}
		done, err = r.tx.singly(couponsRequestedIn, len(order)*len(weeks), func(i int) []any {
			q := &order[i/len(weeks)]
			return []any{weeks[i%len(weeks)], int64(q.member), q.key, q.member.Slot()}
		}, row)
	}
	if err != nil {
		return nil, nil, err
	}
	if !done {
		reads = []read{r.requested(weeks, order, row)}
	}
	return reads, func() []store.Reply {
		all := make([]store.Reply, len(out))
		for i, v := range out {
			all[i] = *v
		}
		return all
	}, nil
}

// possible leaves out the requests that the writer knows to be new.
func (r replyRows) possible(weeks []int64, order []request) ([]request, error) {
	m := r.tx.memory
	if m == nil {
		return order, nil
	}
	all := true
	for _, w := range weeks {
		known, err := m.knowsWeek(w, func() (bool, error) {
			held, err := r.weeksWithCoupons([]int64{w})
			return len(held) == 0, err
		})
		if err != nil {
			return nil, err
		}
		all = all && known
	}
	if !all {
		return order, nil
	}
	return slices.DeleteFunc(order, func(q request) bool { return !m.requests.mayHold(requestHash(int64(q.member), q.key)) }), nil
}

// weeksWithCoupons leaves out the weeks that have none, where a look at each key in
// each week is a statement: the one ahead nearly always.
func (r replyRows) weeksWithCoupons(weeks []int64) ([]int64, error) {
	held := make([]int64, 0, len(weeks))
	done, err := r.tx.singly(couponsWeek, len(weeks), func(i int) []any { return []any{weeks[i]} }, func(row Scanner) error {
		var w int64
		err := row.Scan(&w)
		held = append(held, w)
		return err
	})
	if !done {
		return weeks, err
	}
	return held, err
}

// requested asks for all at once.
func (r replyRows) requested(weeks []int64, order []request, row func(Scanner) error) read {
	if len(order) == 1 {
		return read{couponsRequestedOne, []any{weeks, int64(order[0].member), order[0].key, order[0].member.Slot()}, row}
	}
	members, keys := make([]int64, len(order)), make([]int64, len(order))
	for i, q := range order {
		members[i], keys[i] = int64(q.member), q.key
	}
	return read{couponsRequested, []any{weeks, members, keys}, row}
}

// requestWeeks are the weeks in whose coupons a kept request can be. They may
// reach further back than the kept days: a request is remembered longer, then.
func requestWeeks(today calendar.Date) []int64 {
	first := id.WeekOfSecond(int64(today.AddDays(-keptDays).Start(time.UTC)) / 1000)
	last := id.WeekOfSecond(int64(today.AddDays(aheadDays+1).Start(time.UTC)) / 1000)
	weeks := make([]int64, 0, last-first+1)
	for w := first; w <= last; w++ {
		weeks = append(weeks, w)
	}
	return weeks
}
