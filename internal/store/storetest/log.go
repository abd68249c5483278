package storetest

import (
	"errors"
	"time"

	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var logTests = map[string]func(*world){
	"replies/kept days":   repliesOverKeptDays,
	"replies/twins":       replyTwins,
	"replies/purge":       repliesPurge,
	"replies/coupons":     repliesOfCoupons,
	"changes/sequence":    changesSequence,
	"changes/delivery":    changesDelivery,
	"audit/roundtrip":     auditRoundTrip,
	"audit/filters":       auditFilters,
	"settings/overwrites": settingsOverwrite,
}

// reply has every field set.
func reply(key string, day calendar.Date) store.Reply {
	return store.Reply{Scope: "key_1/mem_2", Key: key, Slot: 7, Day: day, Body: "body hash", Answer: `{"ids":[1]}`}
}

// A reply is found on its day and on the seven after, and by a process whose
// clock has not turned the day yet.
func repliesOverKeptDays(w *world) {
	today := calendar.Date(20260302) // the kept days cross the end of a month
	var rows, asked []store.Reply
	for n := range 9 { // the day to come, the day itself and seven before
		r := reply("key 👩‍👧 "+string(rune('a'+n)), today.AddDays(1-n))
		rows, asked = append(rows, r), append(asked, store.Reply{Scope: r.Scope, Key: r.Key, Slot: r.Slot})
	}
	filled(w, rows[0], "Member")
	other := rows[3]
	other.Scope, other.Body = "key_1/mem_9", "other body"
	w.do(func(tx store.Tx) error { return tx.Replies().Insert(append(rows, other)) })
	asked = append(asked, store.Reply{Scope: "key_1/mem_2", Key: "unknown", Slot: 7}, store.Reply{Scope: "nobody", Key: rows[0].Key, Slot: 7})
	w.look(func(tx store.Tx) error {
		got, err := tx.Replies().Find(asked, today)
		same(w, got, err, rows...)
		return nil
	})
}

// Coupons remember the request that made them; it is found among their member's,
// of the kept days, and tells whether the body is the same.
func repliesOfCoupons(w *world) {
	owner, other, template := w.id(), w.id(), w.id()
	today := calendar.DateOf(calendar.Instant(owner.Second()*1000), time.UTC)
	ask := func(m id.ID, key, body string) store.Reply {
		return store.Reply{Scope: "key_1|" + id.Format(id.Member, m), Key: key, Slot: m.Slot(), Member: m, Body: body}
	}
	pack, single := ask(owner, "pack", "body"), ask(owner, "single", "body")
	var rows []coupon.Coupon
	for _, q := range []store.Reply{pack, single, pack} {
		c := testkit.Coupon(w.id(), owner, template)
		c.Request = q.Request()
		rows = append(rows, c)
	}
	w.do(func(tx store.Tx) error { return tx.Coupons().Insert(rows) })
	answer := func(n int) string { return id.Format(id.Coupon, rows[n].ID) }
	pack.Answer, single.Answer = answer(0)+" "+answer(2), answer(1)
	changed := single
	changed.Body = ""
	for name, c := range map[string]struct {
		asked, want []store.Reply
		day         calendar.Date
	}{
		"one":              {[]store.Reply{ask(owner, "single", "body")}, []store.Reply{single}, today},
		"several":          {[]store.Reply{ask(owner, "single", "body"), ask(other, "pack", "body"), ask(owner, "pack", "body"), ask(owner, "unknown", "")}, []store.Reply{pack, single}, today},
		"another body":     {[]store.Reply{ask(owner, "single", "other")}, []store.Reply{changed}, today},
		"another member":   {[]store.Reply{ask(other, "single", "body")}, nil, today},
		"the last day":     {[]store.Reply{ask(owner, "single", "body")}, []store.Reply{single}, today.AddDays(7)},
		"a clock behind":   {[]store.Reply{ask(owner, "single", "body")}, []store.Reply{single}, today.AddDays(-1)},
		"long ago":         {[]store.Reply{ask(owner, "single", "body")}, nil, today.AddDays(30)},
		"without a member": {[]store.Reply{{Scope: pack.Scope, Key: "pack", Slot: pack.Slot}}, nil, today},
	} {
		w.look(func(tx store.Tx) error {
			w.Log(name)
			got, err := tx.Replies().Find(c.asked, c.day)
			same(w, got, err, c.want...)
			return nil
		})
	}
}

// The same key twice on one day is a twin.
func replyTwins(w *world) {
	r := reply("same", testkit.Today)
	w.do(func(tx store.Tx) error { return tx.Replies().Insert([]store.Reply{r}) })
	r.Body, r.Answer = "other", "other"
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Replies().Insert([]store.Reply{r}) })
}

func repliesPurge(w *world) {
	old, young := reply("old", testkit.Today.AddDays(-9)), reply("young", testkit.Today)
	older := reply("older", testkit.Today.AddDays(-30))
	w.do(func(tx store.Tx) error { return tx.Replies().Insert([]store.Reply{old, older, young}) })
	var total int64
	for range 3 {
		var gone int64
		w.do(func(tx store.Tx) (err error) {
			gone, err = tx.Replies().Purge(testkit.Today.AddDays(-7), 1)
			return err
		})
		if gone > 1 {
			w.Errorf("%d purged at a limit of 1", gone)
		}
		total += gone
	}
	if total != 2 {
		w.Errorf("%d purged, want 2", total)
	}
	w.look(func(tx store.Tx) error {
		got, err := tx.Replies().Find([]store.Reply{young}, testkit.Today)
		same(w, got, err, young)
		return nil
	})
}

func changesSequence(w *world) {
	subject, other := w.id(), w.id()
	one, two, three := testkit.Change(subject, 1), testkit.Change(subject, 2), testkit.Change(subject, 3)
	two.Type, two.Facts, two.Actor = change.CouponRedeemed, `{"order":"ord_1","名":"👩‍👧"}`, "key_9"
	filled(w, one)
	w.do(func(tx store.Tx) error {
		return tx.Changes().Append([]change.Change{two, one, testkit.Change(other, 1)})
	})
	w.do(func(tx store.Tx) error { return tx.Changes().Append([]change.Change{three}) })
	err := w.try(func(tx store.Tx) error { return tx.Changes().Append([]change.Change{testkit.Change(subject, 3)}) })
	if err == nil {
		w.Error("a sequence number was given twice")
	}
	w.look(func(tx store.Tx) error {
		got, err := tx.Changes().Of(subject)
		ordered(w, got, err, stored(one), stored(two), stored(three))
		return nil
	})
}

func stored(c change.Change) store.StoredChange { return store.StoredChange{Change: c} }

func changesDelivery(w *world) {
	subject := w.id()
	one, two := testkit.Change(subject, 1), testkit.Change(subject, 2)
	w.do(func(tx store.Tx) error { return tx.Changes().Append([]change.Change{one, two}) })
	w.do(func(tx store.Tx) error {
		waiting, err := tx.Changes().Undelivered(1)
		if err != nil {
			return err
		}
		if len(waiting) != 1 {
			return errors.New("the limit was not kept")
		}
		return tx.Changes().Delivered([]store.StoredChange{stored(one)}, testkit.Start+5)
	})
	w.look(func(tx store.Tx) error {
		waiting, err := tx.Changes().Undelivered(10)
		ordered(w, waiting, err, stored(two))
		all, err := tx.Changes().Of(subject)
		ordered(w, all, err, store.StoredChange{Change: one, Delivered: testkit.Start + 5}, stored(two))
		return nil
	})
}

func auditRoundTrip(w *world) {
	var rows []store.AuditEntry // oldest first
	for range 4 {
		rows = append(rows, store.AuditEntry{ID: w.id(), At: testkit.Start, Actor: "key_1", Action: "template.publish", Object: "tpl_1",
			Before: `{"a":1}`, After: `{"a":2}`, Reason: "因为 👩‍👧", RequestID: "req"})
	}
	filled(w, rows[0])
	w.do(func(tx store.Tx) error { return tx.Audit().Append(rows) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Audit().List(store.AuditFilter{Limit: 3})
		ordered(w, got, err, rows[3], rows[2], rows[1])
		got, err = tx.Audit().List(store.AuditFilter{Before: rows[1].ID, Limit: 3})
		ordered(w, got, err, rows[0])
		return nil
	})
}

func auditFilters(w *world) {
	entry := func(at calendar.Instant, actor, action, object string) store.AuditEntry {
		return store.AuditEntry{ID: w.id(), At: testkit.Start + at, Actor: actor, Action: action, Object: object, Before: "{}", After: "{}", Reason: "r", RequestID: "q"}
	}
	rows := []store.AuditEntry{entry(0, "key_1", "template.create", "tpl_1"), entry(1, "key_1", "template.publish", "tpl_1"), entry(2, "key_2", "template.publish", "tpl_2"),
		entry(3, "key_1", "templated.x", "tpl_1"), entry(4, "key_2", "key.create", "key_3")}
	w.do(func(tx store.Tx) error { return tx.Audit().Append(rows) })
	w.look(func(tx store.Tx) error {
		for _, c := range []struct {
			f    store.AuditFilter
			want []int
		}{
			{store.AuditFilter{Actor: "key_1"}, []int{3, 1, 0}},
			{store.AuditFilter{Object: "tpl_1"}, []int{3, 1, 0}},
			{store.AuditFilter{Object: "tpl_1", Actor: "key_2"}, nil},
			{store.AuditFilter{Action: "template"}, []int{2, 1, 0}},
			{store.AuditFilter{Action: "template.publish", Object: "tpl_1"}, []int{1}},
			{store.AuditFilter{Action: "template", Actor: "key_1", Before: rows[1].ID}, []int{0}},
			{store.AuditFilter{From: testkit.Start + 1, To: testkit.Start + 3}, []int{2, 1}},
		} {
			c.f.Limit = 10
			var want []store.AuditEntry
			for _, i := range c.want {
				want = append(want, rows[i])
			}
			got, err := tx.Audit().List(c.f)
			ordered(w, got, err, want...)
		}
		return nil
	})
}

func settingsOverwrite(w *world) {
	w.do(func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"a": "1", "b": "2"}) })
	w.do(func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"a": "", "c": "3"}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Settings().Get([]string{"a", "b", "c", "d"})
		ordered(w, []map[string]string{got}, err, map[string]string{"a": "", "b": "2", "c": "3"})
		got, err = tx.Settings().Under("b")
		ordered(w, []map[string]string{got}, err, map[string]string{"b": "2"})
		return nil
	})
}
