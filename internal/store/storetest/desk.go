package storetest

import (
	"fmt"

	"quan/internal/domain/change"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/desk"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var deskTests = map[string]func(*world){
	"reference/roundtrip/segments": segmentsRoundTrip,
	"reference/roundtrip/desks":    desksRoundTrip,
	"desk/notes":                   notesByTime,
	"desk/refused":                 refusedAddUp,
	"desk/acts":                    actsByTime,
	"desk/history":                 historyOfMember,
	"members/tagged":               membersTagged,
	"members/made":                 membersMade,
}

func segmentsRoundTrip(w *world) {
	s := member.Segment{Code: "gold", Name: "金卡 <b>", Market: "main", Tree: condition.Tree{Leaf: &condition.MemberTier{In: []string{"gold"}}},
		Rev: 1, CreatedAt: testkit.Start, UpdatedAt: testkit.Start, ArchivedAt: testkit.Start + 1}
	filled(w, s)
	roundTrip(w, func(tx store.Tx) store.Reference[store.Segment] { return tx.Segments() }, "gold", "", s, func(s *store.Segment) { s.Rev, s.Name = 2, "other" })
}

func desksRoundTrip(w *world) {
	d := desk.Default("main")
	d.Templates, d.Rev, d.CreatedAt, d.UpdatedAt, d.ArchivedAt = []id.ID{w.id()}, 1, testkit.Start, testkit.Start, testkit.Start+1
	filled(w, d)
	roundTrip(w, func(tx store.Tx) store.Reference[store.Desk] { return tx.Desks() }, "main", "", d, func(d *store.Desk) { d.Rev, d.Extend.Agent = 2, 7 })
}

// goesBack reads a list page by page of two, and compares it with what it shall be.
func goesBack[T any](w *world, want []T, at func(T) store.Behind, page func(store.Tx, store.Behind) ([]T, error)) {
	w.Helper()
	var got []T
	var behind store.Behind
	for range len(want) + 2 {
		w.look(func(tx store.Tx) error {
			rows, err := page(tx, behind)
			got = append(got, rows...)
			if len(rows) > 0 {
				behind = at(rows[len(rows)-1])
			}
			return err
		})
	}
	ordered(w, got, nil, want...)
}

func notesByTime(w *world) {
	who, other := w.id(), w.id()
	note := func(of id.ID, at int64) member.Note {
		return member.Note{ID: w.id(), Member: of, At: testkit.Start, Author: "psn_x", Coupon: w.id(), Order: w.id(), Sealed: "sealed", KeyVersion: at + 1}
	}
	a, b, c, foreign := note(who, 1), note(who, 2), note(who, 3), note(other, 4)
	a.At, b.At, c.At, foreign.At = testkit.Start+5, testkit.Start+5, testkit.Start+1, testkit.Start+9
	filled(w, a)
	w.do(func(tx store.Tx) error { return tx.Notes().Insert([]member.Note{a, b, c, foreign}) })
	goesBack(w, []member.Note{b, a, c}, func(n member.Note) store.Behind { return store.Behind{At: n.At, ID: n.ID} },
		func(tx store.Tx, behind store.Behind) ([]member.Note, error) {
			return tx.Notes().OfMember(who, behind, 2)
		})
}

func refusedAddUp(w *world) {
	who := w.id()
	first := member.Refused{ID: w.id(), Member: who, Template: w.id(), Code: "sold_out", Coupon: w.id(), Channel: "app", Facts: `{"a":1}`, Count: 2,
		FirstAt: testkit.Start, LastAt: testkit.Start + 5}
	filled(w, first)
	again := first
	again.ID, again.Facts, again.Count, again.FirstAt, again.LastAt = w.id(), `{"a":2}`, 3, testkit.Start+7, testkit.Start+9
	late := again
	late.Count, late.LastAt, late.Facts = 1, testkit.Start+2, `{"a":3}`
	other := first
	other.ID, other.Code, other.LastAt = w.id(), "member_blocked", testkit.Start+1
	for _, rows := range [][]member.Refused{{first, other}, {again}, {late}} {
		w.do(func(tx store.Tx) error { return tx.Refused().Add(rows) })
	}
	sum := late
	sum.ID, sum.Count, sum.FirstAt, sum.LastAt = first.ID, 6, first.FirstAt, again.LastAt
	goesBack(w, []member.Refused{sum, other}, func(r member.Refused) store.Behind { return store.Behind{At: r.LastAt, ID: r.ID} },
		func(tx store.Tx, behind store.Behind) ([]member.Refused, error) {
			return tx.Refused().OfMember(who, behind, 1)
		})
	w.do(func(tx store.Tx) error {
		n, err := tx.Refused().Purge(testkit.Start+9, 10)
		if n != 1 {
			w.Errorf("purged %d rows, want 1", n)
		}
		return err
	})
}

func actsByTime(w *world) {
	who, of := w.id(), w.id()
	act := func(k desk.Kind, n int64) desk.Act {
		return desk.Act{ID: w.id(), Member: who, Kind: k, Market: "main", Agent: "psn_x", Day: 20260301, At: testkit.Start, Coupon: of, Issued: w.id(),
			From: testkit.Start + 1, To: testkit.Start + 2, Reason: fmt.Sprint("券 ", n)}
	}
	a, b := act(desk.Reissue, 1), act(desk.Extend, 2)
	filled(w, a)
	w.do(func(tx store.Tx) error { return tx.DeskActs().Insert([]desk.Act{a, b}) })
	goesBack(w, []desk.Act{b, a}, func(x desk.Act) store.Behind { return store.Behind{At: x.At, ID: x.ID} },
		func(tx store.Tx, behind store.Behind) ([]desk.Act, error) {
			return tx.DeskActs().OfMember(who, behind, 1)
		})
	w.look(func(tx store.Tx) error {
		got, err := tx.DeskActs().OfCoupons([]id.ID{of, w.id()})
		ordered(w, got, err, a, b)
		return nil
	})
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.DeskActs().Insert([]desk.Act{act(desk.Reissue, 3)}) })
	w.do(func(tx store.Tx) error { return tx.DeskActs().Insert([]desk.Act{act(desk.Extend, 4)}) })
}

func historyOfMember(w *world) {
	who := w.id()
	c := testkit.Coupon(w.id(), who, w.id())
	o := testkit.Order(w.id(), who)
	foreign := testkit.Coupon(w.id(), w.id(), w.id())
	step := func(of id.ID, kind string, seq, at int64) change.Change {
		return change.Change{Aggregate: of, Kind: kind, Seq: seq, Type: "x.v1", At: testkit.Start, Actor: "psn_x", Facts: fmt.Sprintf(`{"n":%d}`, at)}
	}
	made, issued, used, placed := step(who, id.Member, 1, 1), step(c.ID, id.Coupon, 1, 2), step(c.ID, id.Coupon, 2, 3), step(o.ID, id.Order, 1, 4)
	issued.At, used.At, placed.At = testkit.Start+1, testkit.Start+9, testkit.Start+9
	w.do(func(tx store.Tx) error {
		if err := tx.Coupons().Insert([]coupon.Coupon{c, foreign}); err != nil {
			return err
		}
		if err := tx.Orders().Insert([]order.Order{o}); err != nil {
			return err
		}
		return tx.Changes().Append([]change.Change{made, issued, used, placed, step(foreign.ID, id.Coupon, 1, 5)})
	})
	read := func(q store.HistoryQuery, want ...change.Change) {
		w.Helper()
		q.Member, q.Limit = who, 1
		goesBack(w, want, func(c change.Change) store.Behind { return store.Behind{At: c.At, ID: c.Aggregate, Seq: c.Seq} },
			func(tx store.Tx, behind store.Behind) ([]change.Change, error) {
				q.Behind = behind
				h, err := tx.Histories().Of(q)
				return h.Changes, err
			})
	}
	read(store.HistoryQuery{Self: true, Coupons: true, Orders: true, Most: 10}, placed, used, issued, made)
	read(store.HistoryQuery{Coupons: true, Most: 10}, used, issued)
	read(store.HistoryQuery{Orders: true, Most: 10}, placed)
	read(store.HistoryQuery{})
	w.look(func(tx store.Tx) error {
		h, err := tx.Histories().Of(store.HistoryQuery{Member: who, Coupons: true, Orders: true, Limit: 9})
		if !h.Cut || len(h.Changes) != 0 {
			w.Errorf("of none of the rows: %+v", h)
		}
		return err
	})
}

func membersTagged(w *world) {
	a, b, c := testkit.Member(w.id()), testkit.Member(w.id()), testkit.Member(w.id())
	a.Tags, b.Tags, c.Tags = []string{"vip", "学生"}, []string{"vip"}, []string{"other"}
	w.do(func(tx store.Tx) error { return tx.Members().Insert([]member.Member{a, b, c}) })
	tagged := func(tag string, before id.ID, limit int, want ...id.ID) {
		w.Helper()
		w.look(func(tx store.Tx) error {
			got, err := tx.Members().Tagged(tag, before, limit)
			ordered(w, got, err, want...)
			return nil
		})
	}
	tagged("vip", 0, 9, b.ID, a.ID)
	tagged("vip", 0, 1, b.ID)
	tagged("vip", b.ID, 9, a.ID)
	a.Tags, a.Rev, c.Tags, c.Rev = []string{"学生"}, 2, []string{"other", "vip"}, 2
	w.do(func(tx store.Tx) error { return tx.Members().Update([]member.Member{a, c}) })
	tagged("vip", 0, 9, c.ID, b.ID)
	tagged("学生", 0, 9, a.ID)
	w.look(func(tx store.Tx) error {
		got, err := tx.Members().Before(c.ID, 1)
		ordered(w, got, err, b.ID)
		return nil
	})
}

func membersMade(w *world) {
	a, b, c := testkit.Member(w.id()), testkit.Member(w.id()), testkit.Member(w.id())
	a.CreatedAt, b.CreatedAt, c.CreatedAt = testkit.Start+5, testkit.Start+5, testkit.Start
	w.do(func(tx store.Tx) error { return tx.Members().Insert([]member.Member{a, b, c}) })
	made := func(from, to calendar.Instant, want ...member.Member) {
		w.Helper()
		goesBack(w, want, func(m member.Member) store.Behind { return store.Behind{At: m.CreatedAt, ID: m.ID} },
			func(tx store.Tx, behind store.Behind) ([]member.Member, error) {
				return tx.Members().Made(from, to, behind, 1)
			})
	}
	made(0, 0, b, a, c)
	made(testkit.Start+1, 0, b, a)
	made(testkit.Start, testkit.Start+5, c)
}
