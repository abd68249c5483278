package storetest

import (
	"errors"
	"slices"
	"time"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var factTests = map[string]func(*world){
	"reference/roundtrip/lists": listsRoundTrip,
	"reference/roundtrip/days":  daysRoundTrip,
	"reference/roundtrip/facts": outerFactsRoundTrip,
	"facts/lists":               listMembers,
	"facts/members":             memberFacts,
	"facts/held":                heldTemplates,
	"facts/counts":              countsAreChecks,
	"facts/bad predicates":      badPredicates,
}

func listsRoundTrip(w *world) {
	l := store.List{Code: "vip", Name: "VIP 名单", Rev: 1, CreatedAt: testkit.Start, UpdatedAt: testkit.Start, ArchivedAt: 9}
	filled(w, l)
	roundTrip(w, store.Tx.Lists, "vip", "", l, func(l *store.List) { l.Rev, l.Name = 2, "other" })
}

func daysRoundTrip(w *world) {
	d := store.Day{Market: "main", Date: 20261001, Names: []string{"national_day", "statutory"}, Rev: 1,
		CreatedAt: testkit.Start, UpdatedAt: testkit.Start, ArchivedAt: 9}
	filled(w, d)
	roundTrip(w, store.Tx.Days, market.DayKey("main", 20261001), "", d, func(d *store.Day) { d.Rev, d.Names = 2, []string{"other"} })
}

func outerFactsRoundTrip(w *world) {
	f := store.Fact{Name: "weather", Value: "sun", Cities: map[string]string{"上海": "rain"}, ExpiresAt: testkit.Start + 1, Rev: 1,
		CreatedAt: testkit.Start, UpdatedAt: testkit.Start, ArchivedAt: 9}
	filled(w, f)
	roundTrip(w, store.Tx.OuterFacts, "weather", "", f, func(f *store.Fact) { f.Rev, f.Cities = 2, nil })
}

func listMembers(w *world) {
	a, b, c := w.id(), w.id(), w.id()
	change := func(what func(store.Tx) (int64, error), want int64) {
		w.Helper()
		w.do(func(tx store.Tx) error {
			n, err := what(tx)
			ordered(w, []int64{n}, err, want)
			return nil
		})
	}
	add := func(list string, members ...id.ID) func(store.Tx) (int64, error) {
		return func(tx store.Tx) (int64, error) { return tx.ListMembers().Add(list, members) }
	}
	change(add("vip", b, a, b), 2)
	change(add("vip", c, a), 1)
	change(add("new", c), 1)
	change(add("new"), 0)
	change(func(tx store.Tx) (int64, error) { return tx.ListMembers().Remove("vip", []id.ID{b, 7}) }, 1)
	change(func(tx store.Tx) (int64, error) { return tx.ListMembers().Remove("none", []id.ID{b}) }, 0)
	w.look(func(tx store.Tx) error {
		got, err := tx.ListMembers().Page("vip", 0, 10)
		ordered(w, got, err, a, c)
		got, err = tx.ListMembers().Among("vip", []id.ID{c, 7, b, c})
		ordered(w, got, err, c)
		got, err = tx.ListMembers().Among("none", []id.ID{c})
		ordered(w, got, err)
		got, err = tx.ListMembers().Page("vip", a, 10)
		ordered(w, got, err, c)
		got, err = tx.ListMembers().Page("vip", 0, 1)
		ordered(w, got, err, a)
		sizes, err := tx.ListMembers().Sizes([]string{"vip", "new", "no such list"})
		ordered(w, []map[string]int64{sizes}, err, map[string]int64{"vip": 2, "new": 1})
		return nil
	})
}

// moment is noon in Shanghai on the day of the test's clock.
func moment() condition.Moment {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return condition.MomentOf(testkit.Start.Add(2*time.Hour), zone)
}

// bought is an order of lines that cost 10.00 each.
func bought(w *world, owner id.ID, at calendar.Instant, lines ...order.Line) order.Order {
	o := testkit.Order(w.id(), owner)
	o.At, o.Lines, o.ListMinor = at, nil, 0
	for i, l := range lines {
		l.No, l.Quantity, l.UnitMinor, l.ListMinor = int64(i), 1, 1000, 1000
		o.ListMinor += l.ListMinor
		o.Lines = append(o.Lines, l)
	}
	o.PaidMinor = o.ListMinor
	return o
}

// givenBack is the order after a refund of its first lines.
func givenBack(o order.Order, lines int) order.Order {
	o.Rev++
	o.Lines = slices.Clone(o.Lines)
	for i := range lines {
		o.Lines[i].RefundedQuantity, o.Lines[i].RefundedMinor = 1, 1000
		o.RefundedMinor += 1000
	}
	return o
}

func memberFacts(w *world) {
	at := moment()
	ann, bob := testkit.Member(w.id()), testkit.Member(w.id())
	ann.Attributes, ann.Tags = map[string]string{"tier": "gold"}, []string{"vip"}
	early := bought(w, ann.ID, at.Since(8), order.Line{SKU: "apple", Category: "fresh/fruit", Brand: "orchard"})
	edge := bought(w, ann.ID, at.Since(7), order.Line{SKU: "soap", Category: "home"}, order.Line{SKU: "post", Category: "shipping", Shipping: "express"})
	before := bought(w, ann.ID, at.Since(7)-1, order.Line{SKU: "milk", Category: "fresh/dairy"})
	part := bought(w, ann.ID, at.Since(1), order.Line{SKU: "tea"}, order.Line{SKU: "rice", Category: "dry"})
	whole := bought(w, ann.ID, at.At, order.Line{SKU: "coat", Category: "wear"})
	guest := bought(w, 0, at.At, order.Line{SKU: "apple", Category: "fresh/fruit"})
	w.do(func(tx store.Tx) error {
		if err := tx.Members().Insert([]member.Member{ann, bob}); err != nil {
			return err
		}
		if _, err := tx.ListMembers().Add("blue", []id.ID{ann.ID}); err != nil {
			return err
		}
		if _, err := tx.ListMembers().Add("red", []id.ID{ann.ID, bob.ID}); err != nil {
			return err
		}
		return tx.Orders().Insert([]order.Order{early, edge, before, part, whole, guest})
	})
	w.do(func(tx store.Tx) error {
		return tx.Orders().Update([]order.Order{givenBack(part, 1), givenBack(whole, 1)})
	})
	ask := func(kind condition.Goods, code string, days int64) condition.Purchase {
		return condition.Purchase{Kind: kind, Code: code, Days: days}
	}
	fresh, fruit, recent, brand := ask("category", "fresh", 8), ask("category", "fresh/fruit", 0), ask("category", "fresh", 7), ask("brand", "orchard", 0)
	soap, coat, ship := ask("sku", "soap", 7), ask("sku", "coat", 0), ask("category", "shipping", 0)
	needs := condition.Needs{Attributes: []string{"tier"}, Tags: true, Lists: []string{"red"}, Orders: true, LastOrder: true, OrderDays: []int64{1, 7},
		Purchases: []condition.Purchase{fresh, fruit, recent, brand, soap, coat, ship}}
	w.look(func(tx store.Tx) error {
		got, err := tx.Facts().Members([]id.ID{ann.ID, bob.ID, 0, 12345}, needs, at)
		no := func(yes ...condition.Purchase) map[condition.Purchase]bool {
			all := map[condition.Purchase]bool{}
			for _, p := range needs.Purchases {
				all[p] = slices.Contains(yes, p)
			}
			return all
		}
		none := &condition.Orders{Recent: map[int64]int64{1: 0, 7: 0}}
		ordered(w, []map[id.ID]condition.Member{got}, err, map[id.ID]condition.Member{
			ann.ID: {ID: ann.ID, Attributes: ann.Attributes, Tags: ann.Tags, Lists: []string{"red"},
				Orders:    &condition.Orders{Count: 4, First: early.At, Last: part.At, LastCategories: []string{"dry"}, Recent: map[int64]int64{1: 1, 7: 2}},
				Purchases: no(fresh, fruit, brand, soap)},
			bob.ID: {ID: bob.ID, Lists: []string{"red"}, Orders: none, Purchases: no()},
			12345:  {ID: 12345, Orders: none, Purchases: no()},
		})
		if m := got[bob.ID]; m.Attributes == nil || m.Tags == nil || m.Orders.LastCategories == nil || got[12345].Attributes != nil || got[12345].Lists == nil {
			w.Errorf("what is known to be none is told from what is not known: %+v, %+v", m, got[12345])
		}
		got, err = tx.Facts().Members([]id.ID{ann.ID}, condition.Needs{AllLists: true}, condition.Moment{})
		ordered(w, got[ann.ID].Lists, err, "blue", "red")
		if got[ann.ID].Orders != nil || got[ann.ID].Attributes != nil {
			w.Errorf("loaded what nobody asked for: %+v", got[ann.ID])
		}
		return nil
	})
}

func heldTemplates(w *world) {
	owner, other, template := w.id(), w.id(), w.id()
	a, twin, locked, used, late := testkit.Coupon(w.id(), owner, template), testkit.Coupon(w.id(), owner, template), fullCoupon(w, other, template),
		testkit.Coupon(w.id(), owner, w.id()), testkit.Coupon(w.id(), owner, w.id())
	used.State, used.Used, used.EndedDay = coupon.Used, 1, testkit.Today
	late.ValidTo = testkit.Start
	w.do(func(tx store.Tx) error { return tx.Coupons().Insert([]coupon.Coupon{a, twin, locked, used, late}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Facts().Held([]id.ID{other, owner, 0}, testkit.Start)
		same(w, got, err, store.HeldTemplate{Member: owner, Template: template, Version: a.Version},
			store.HeldTemplate{Member: other, Template: template, Version: locked.Version})
		got, err = tx.Facts().Held([]id.ID{0}, testkit.Start)
		same(w, got, err)
		return nil
	})
}

func badPredicates(w *world) {
	for _, p := range []condition.Predicate{
		{}, {Op: "1 OR 1"}, {Op: condition.OpNot}, {Op: condition.OpBought, Kind: "x", Values: []string{"a"}},
		{Op: condition.OpAnd, Of: []condition.Predicate{{Op: condition.OpOrders, Days: 3}}},
	} {
		err := w.store.View(w.Context(), func(tx store.Tx) error {
			_, err := tx.Facts().Count(p, condition.Moment{})
			return err
		})
		if err == nil || errors.Is(err, store.ErrDead) {
			w.Errorf("%+v: %v", p, err)
		}
	}
}
