package sqlrepo

import (
	"maps"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// class is the place of rows in the one order of locks.
type class int

const (
	classNone class = iota
	classCallers
	classMembers
	classOrders
	classCoupons
	classCounters
	classJobs
)

// SQLite has one writer, so a plain read is a lock. On PostgreSQL every text
// locks in the order of its keys; rows are sorted before they are locked.
var (
	lockCallers = newStatement("lock.callers",
		"SELECT key FROM api_keys WHERE key IN (SELECT value FROM json_each($1))",
		"SELECT key FROM api_keys WHERE key = ANY($1::text[]) ORDER BY key FOR NO KEY UPDATE")
	lockPeople = newStatement("lock.people",
		"SELECT key FROM people WHERE key IN (SELECT value FROM json_each($1))",
		"SELECT key FROM people WHERE key = ANY($1::text[]) ORDER BY key FOR NO KEY UPDATE")
	lockMembers = membersGet.locking("lock.members")
	lockOrders  = ordersGet.locking("lock.orders")
	lockJobs    = newStatement("lock.jobs", jobsGet.Lite, jobsGet.Post+" ORDER BY id FOR NO KEY UPDATE")
	lockCoupons = couponsGet.locking("lock.coupons")
	// A row is made to have something to lock; where it exists the update changes
	// nothing and locks.
	lockCounters = keyed{many: newStatement("lock.counters", counterRunLite,
		"INSERT INTO counters (template, per, subject, what, period, start, slot, taken, ceiling, over_use, alarmed, rev)"+
			" SELECT k.template, $1::bigint, k.subject, $2::bigint, $3::bigint, $4::bigint, k.slot, 0, 0, 0, 0, 0"+
			" FROM unnest($5::bigint[], $6::bigint[], $7::bigint[]) AS k(template, subject, slot) ORDER BY k.template, k.subject"+
			" ON CONFLICT ("+counterKey+") DO UPDATE SET taken = counters.taken RETURNING "+counterColumns),
		one: newStatement("lock.counters.one", counterOne,
			"INSERT INTO counters (template, per, subject, what, period, start, slot, taken, ceiling, over_use, alarmed, rev)"+
				" VALUES ($5, $1, $6, $2, $3, $4, $7, 0, 0, 0, 0, 0)"+
				" ON CONFLICT ("+counterKey+") DO UPDATE SET taken = counters.taken RETURNING "+counterColumns)}
)

// Lock takes the classes of the set in their order and returns the rows under
// the locks. A class that is not later than all taken before is ErrLockOrder.
func (t *Tx) Lock(set store.LockSet) (*store.Locked, error) {
	got := &store.Locked{
		Members: map[id.ID]*member.Member{}, Orders: map[id.ID]*order.Order{},
		Coupons: map[id.ID]*coupon.Coupon{}, Counters: map[limit.Key]*limit.Counter{},
		Jobs: map[id.ID]*store.Job{},
	}
	if err := t.usable("lock", true); err != nil {
		return nil, err
	}
	members := t.membersOf(set)
	for _, step := range []struct {
		class class
		size  int
	}{
		{classCallers, len(set.Callers)}, {classMembers, len(members)}, {classOrders, len(set.Orders)},
		{classCoupons, len(set.Coupons)}, {classCounters, shared(set.Counters)}, {classJobs, len(set.Jobs)},
	} {
		if step.size == 0 {
			continue
		}
		if step.class <= t.locked {
			return nil, t.refuse("lock", store.ErrLockOrder)
		}
		t.locked = step.class
	}
	if err := t.takeCallers(set.Callers); err != nil {
		return nil, err
	}
	counters := set.Counters
	if t.memory != nil {
		var err error
		if members, counters, err = t.recall(members, counters, got); err != nil {
			return nil, err
		}
	}
	// The server takes one after the other, whether or not we wait between them.
	if err := t.ask(append([]asked{
		into(lockMembers, scanMember, members, got.Members, memberID), into(lockOrders, scanOrder, set.Orders, got.Orders, orderID),
		into(lockCoupons, scanCoupon, set.Coupons, got.Coupons, couponID)}, counterLocks(counters, got.Counters)...)); err != nil {
		return nil, err
	}
	if t.memory != nil {
		t.memory.read(members, counters, got)
	}
	// Rows of counters that do not exist are filled in: on SQLite, and of members, they
	// are made when they are written.
	for _, k := range set.Counters {
		if got.Counters[k] == nil {
			got.Counters[k] = &limit.Counter{Key: k}
			if t.lists {
				t.miss(k)
			}
		}
	}
	return got, t.takeJobs(set.Jobs, got.Jobs)
}

// shared is how many of the keys have a lock of their own.
func shared(keys []limit.Key) (n int) {
	for i := range keys {
		if keys[i].Per != limit.PerMember {
			n++
		}
	}
	return n
}

// miss remembers a member's counter that has no row. Nobody else makes it while we
// hold the member's row.
func (t *Tx) miss(k limit.Key) {
	if k.Per != limit.PerMember {
		return
	}
	if t.missing == nil {
		t.missing = map[limit.Key]bool{}
	}
	t.missing[k] = true
}

// recall puts into got what the writer remembers, and returns what is left to ask for.
func (t *Tx) recall(members []id.ID, counters []limit.Key, got *store.Locked) ([]id.ID, []limit.Key, error) {
	some := func(template id.ID) (some bool, err error) {
		err = t.query(countersOfMembers, []any{int64(template)}, func(Scanner) error { some = true; return nil })
		return some, err
	}
	if err := t.memory.ages(counters, some); err != nil {
		return nil, nil, err
	}
	askMembers, askCounters := make([]id.ID, 0, len(members)), make([]limit.Key, 0, len(counters))
	for _, i := range members {
		if m, ok := t.memory.member(i); ok {
			m.Attributes, m.Tags = maps.Clone(m.Attributes), slices.Clone(m.Tags)
			got.Members[i] = &m
		} else {
			askMembers = append(askMembers, i)
		}
	}
	for _, k := range counters {
		if c, ok := t.memory.counter(k); ok {
			got.Counters[k] = &c
		} else {
			askCounters = append(askCounters, k)
		}
	}
	return askMembers, askCounters, nil
}

// membersOf are the members of a set: those that it names and those whose counters
// it names, which are under the member's row.
func (t *Tx) membersOf(set store.LockSet) []id.ID {
	if t.members == nil {
		t.members = make(map[id.ID]bool, len(set.Members))
	}
	members := set.Members
	for _, m := range members {
		t.members[m] = true
	}
	for _, k := range set.Counters {
		if k.Per == limit.PerMember && !t.members[k.Subject] {
			t.members[k.Subject] = true
			members = append(members[:len(members):len(members)], k.Subject)
		}
	}
	return members
}

func memberID(m *member.Member) id.ID { return m.ID }
func orderID(o *order.Order) id.ID    { return o.ID }
func couponID(c *coupon.Coupon) id.ID { return c.ID }

func (t *Tx) takeCallers(ids []id.ID) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := t.takeCallersAs(id.Key, lockCallers, ids)
	if err == nil && found < len(ids) { // people come behind keys: most callers are keys
		_, err = t.takeCallersAs(id.Person, lockPeople, ids)
	}
	return err
}

func (t *Tx) takeCallersAs(prefix string, s *statement, ids []id.ID) (found int, err error) {
	keys := make([]string, len(ids))
	for i, v := range ids {
		keys[i] = id.Format(prefix, v)
	}
	err = t.query(s, []any{words(keys)}, func(row Scanner) error {
		var key string
		found++
		return row.Scan(&key)
	})
	return found, err
}

func (t *Tx) takeJobs(ids []id.ID, into map[id.ID]*store.Job) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := collect(t, lockJobs, scanJob, ints(ids))
	for i := range rows {
		into[rows[i].ID] = &rows[i]
	}
	return err
}

// counterLocks locks counters. A member's need no lock of their own, which would
// write each of them twice: whoever asks for them is given the member's row.
func counterLocks(keys []limit.Key, found map[limit.Key]*limit.Counter) (list []asked) {
	for _, run := range runsOf(keys) {
		by := lockCounters
		if run[0].Per == limit.PerMember {
			by = countersGet
		}
		list = append(list, run.asked(by, func(c limit.Counter) { found[c.Key] = &c }))
	}
	return list
}
