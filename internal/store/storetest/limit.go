package storetest

import (
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var limitTests = map[string]func(*world){
	"limits/budgets": budgetsRoundTrip,
	"limits/entries": entries,
	"limits/keys":    everyCounterKey,
	"limits/since":   countersSince,
	"limits/members": countersOfMembers,
}

func budgetsRoundTrip(w *world) {
	b := store.Budget{ID: w.id(), Code: "SPRING", Market: "main", Merchant: "acme", Name: "Spring", From: testkit.Start, To: testkit.Start + 9,
		Limits: []limit.Limit{{What: limit.Liability, Period: limit.Rolling, Hours: 7, Per: limit.PerFunder, Only: "brand:b", Cap: 1 << 40,
			Over: limit.OverTruncate, Stop: limit.StopAll, Alarms: []int64{50, 100}}},
		Rev: 1, CreatedAt: testkit.Start, UpdatedAt: testkit.Start + 1, ArchivedAt: testkit.Start + 2}
	filled(w, b)
	filled(w, b.Limits[0])
	roundTrip(w, store.Tx.Budgets, id.Format(id.Budget, b.ID), "SPRING", b, func(b *store.Budget) { b.Rev, b.To, b.Limits = 2, 0, nil })
}

// keysOfAll has every subject, thing and period.
func keysOfAll(template, subject id.ID) (keys []limit.Key) {
	for _, per := range []limit.Per{limit.PerMember, limit.PerPerson, limit.PerDevice, limit.PerPayer, limit.PerStore, limit.PerFunder, limit.PerCampaign} {
		for _, what := range []limit.What{limit.IssueCount, limit.IssueAmount, limit.RedeemCount, limit.RedeemAmount, limit.Liability} {
			for i, period := range []limit.Period{limit.Ever, limit.Day, limit.Week, limit.Month, limit.Campaign, limit.Window, limit.Rolling} {
				keys = append(keys, limit.Key{Template: template, Per: per, Subject: subject, What: what, Period: period, Start: calendar.Date(i)})
			}
		}
	}
	return keys
}

// everyCounterKey: whatever is counted by whomever has a row of its own, is locked and
// read again.
func everyCounterKey(w *world) {
	keys := keysOfAll(w.id(), w.id())
	want := make([]limit.Counter, len(keys))
	w.do(func(tx store.Tx) error {
		if _, err := tx.Lock(store.LockSet{Counters: keys}); err != nil {
			return err
		}
		for i, k := range keys {
			want[i] = limit.Counter{Key: k, Taken: int64(i), Ceiling: int64(i + 1), Over: 3, Alarmed: int64(i), Rev: 2}
		}
		return tx.Counters().Write(want)
	})
	w.look(func(tx store.Tx) error {
		got, err := tx.Counters().Get(keys)
		same(w, got, err, want...)
		return nil
	})
}

// entries are written with their fact and change their amount only.
func entries(w *world) {
	one, two := w.id(), w.id()
	var first, second []limit.Entry
	for i, k := range keysOfAll(w.id(), w.id()) {
		first = append(first, limit.Entry{Fact: one, Key: k, Amount: int64(i)})
	}
	second = append(second, limit.Entry{Fact: two, Key: first[3].Key, Amount: 9})
	w.do(func(tx store.Tx) error { return tx.Entries().Insert(append(second, first...)) })
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Entries().Insert(second) })
	first[0].Amount, first[7].Amount, second[0].Amount = 1, 1<<52, 0
	w.do(func(tx store.Tx) error { return tx.Entries().Update([]limit.Entry{first[7], second[0], first[0]}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Entries().Of([]id.ID{one})
		same(w, got, err, first...)
		got, err = tx.Entries().Of([]id.ID{two, w.id(), one})
		same(w, got, err, append(first, second...)...)
		got, err = tx.Entries().Of(nil)
		same(w, got, err)
		return nil
	})
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Entries().Update([]limit.Entry{{Fact: w.id(), Key: first[0].Key}}) })
}

// countersSince are the hours of a subject from one on, and no other's.
func countersSince(w *world) {
	budget, ann, bob := w.id(), w.id(), w.id()
	at := func(who id.ID, hour calendar.Date) limit.Key {
		return limit.Key{Template: budget, Per: limit.PerDevice, Subject: who, What: limit.IssueCount, Period: limit.Rolling, Start: hour}
	}
	row := func(who id.ID, hour calendar.Date) limit.Counter {
		return limit.Counter{Key: at(who, hour), Taken: int64(hour), Ceiling: int64(hour)}
	}
	rows := []limit.Counter{row(ann, 4), row(ann, 5), row(ann, 9), row(bob, 5), row(bob, 6)}
	w.do(func(tx store.Tx) error {
		if _, err := tx.Lock(store.LockSet{Counters: []limit.Key{at(ann, 0), at(bob, 0)}}); err != nil {
			return err
		}
		return tx.Counters().Write(rows)
	})
	w.look(func(tx store.Tx) error {
		got, err := tx.Counters().Since([]limit.Key{at(ann, 5)})
		same(w, got, err, rows[1], rows[2])
		got, err = tx.Counters().Since([]limit.Key{at(ann, 5), at(bob, 5), at(ann, 5)})
		same(w, got, err, rows[1], rows[2], rows[3], rows[4])
		return nil
	})
}

// countersOfMembers are written whether or not their lock found a row, and again by the
// same transaction.
func countersOfMembers(w *world) {
	template := w.id()
	var keys []limit.Key
	for range 3 {
		keys = append(keys, limit.Key{Template: template, Per: limit.PerMember, Subject: w.id(), What: limit.IssueCount, Period: limit.Ever})
	}
	add := func(keys []limit.Key, times int) {
		w.do(func(tx store.Tx) error {
			locked, err := tx.Lock(store.LockSet{Counters: keys})
			if err != nil {
				return err
			}
			for range times {
				rows := make([]limit.Counter, len(keys))
				for i, k := range keys {
					c := locked.Counters[k]
					c.Taken, c.Ceiling = c.Taken+1, 10
					rows[i] = *c
				}
				if err := tx.Counters().Write(rows); err != nil {
					return err
				}
			}
			return nil
		})
	}
	add(keys[:2], 2)
	add(keys, 1)
	w.look(func(tx store.Tx) error {
		got, err := tx.Counters().Get(keys)
		same(w, got, err, limit.Counter{Key: keys[0], Taken: 3, Ceiling: 10}, limit.Counter{Key: keys[1], Taken: 3, Ceiling: 10}, limit.Counter{Key: keys[2], Taken: 1, Ceiling: 10})
		return nil
	})
}
