package storetest

import (
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/item"
	"quan/internal/domain/market"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/domain/waiting"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var referenceTests = map[string]func(*world){
	"reference/roundtrip/markets":    marketsRoundTrip,
	"reference/roundtrip/merchants":  merchantsRoundTrip,
	"reference/roundtrip/stores":     storesRoundTrip,
	"reference/roundtrip/items":      itemsRoundTrip,
	"reference/roundtrip/templates":  templatesRoundTrip,
	"reference/roundtrip/placements": placementsRoundTrip,
	"reference/roundtrip/keys":       keysRoundTrip,
	"reference/roundtrip/people":     peopleRoundTrip,
	"reference/roundtrip/versions":   versionsRoundTrip,
	"reference/stale":                staleReference,
	"reference/shelves":              itemShelves,
	"reference/names":                namesStayReserved,
	"reference/filters":              referenceFilters,
	"reference/search":               referenceSearch,
}

// roundTrip inserts a row, reads it by key and second code, changes it and reads
// it again. row has every field set; change sets another revision and content.
func roundTrip[T any](w *world, repo func(store.Tx) store.Reference[T], key, code string, row T, change func(*T)) {
	w.Helper()
	read := func(want T) {
		w.Helper()
		w.look(func(tx store.Tx) error {
			got, err := repo(tx).Get([]string{key, "no such key"})
			same(w, got, err, want)
			if code != "" {
				got, err = repo(tx).ByCode([]string{"no such code", code})
				same(w, got, err, want)
			}
			got, err = repo(tx).List(store.Filter{Archived: true, Limit: 10})
			same(w, got, err, want)
			return nil
		})
	}
	w.do(func(tx store.Tx) error { return repo(tx).Insert([]T{row}) })
	read(row)
	change(&row)
	w.do(func(tx store.Tx) error { return repo(tx).Update([]T{row}) })
	read(row)
}

func marketsRoundTrip(w *world) {
	m := testkit.Market()
	m.ArchivedAt, m.Currencies = testkit.Start+9, map[string]market.Further{"HKD": {FloorMinor: 1, MaxDiscountMinor: 9}}
	m.Policies.ReturnGraceHours, m.Policies.MaxDiscountMinor, m.Policies.MaxDiscountBps = 24, 9000, 5000
	m.Policies.Pricing = market.Pricing{Profile: "quan", Split: "a", Rounding: "b", Round: "c", Order: "d", Base: "e", Tax: "f", Over: "g", NoEffect: "h", Units: "i"}
	filled(w, m)
	filled(w, m.Policies)
	roundTrip(w, store.Tx.Markets, m.Code, "", m, func(m *store.Market) { m.Rev, m.Name, m.ArchivedAt = 2, "other", 0 })
}

func merchantsRoundTrip(w *world) {
	m := testkit.Merchant("acme")
	m.ArchivedAt = testkit.Start + 9
	filled(w, m)
	roundTrip(w, store.Tx.Merchants, "acme", "", m, func(m *store.Merchant) { m.Rev, m.Name, m.UpdatedAt = 2, "other", m.UpdatedAt+1 })
}

func storesRoundTrip(w *world) {
	s := testkit.Store("acme-1", "acme")
	s.ArchivedAt = testkit.Start + 9
	filled(w, s)
	roundTrip(w, store.Tx.Stores, "acme-1", "", s, func(s *store.Place) { s.Rev, s.City = 2, "beijing" })
}

func itemsRoundTrip(w *world) {
	i := testkit.Item("apple")
	i.Merchant, i.ArchivedAt, i.Prices = "acme", testkit.Start+9, map[string]item.Price{"HKD": {PriceMinor: 1<<53 + 1, MinMinor: 1}}
	filled(w, i)
	roundTrip(w, func(tx store.Tx) store.Reference[store.Item] { return tx.Items() }, "apple", "", i, func(i *store.Item) { i.Rev, i.PriceMinor = 2, 1<<53+1 })
}

func templatesRoundTrip(w *world) {
	t := testkit.Template(w.id())
	t.Code, t.Line, t.ArchivedAt, t.Automatic = "SPRING", "grocery", testkit.Start+9, true
	t.Budgets, t.Entries = []id.ID{w.id(), w.id()}, true
	t.Room = &waiting.Room{PerSecond: 5, LifeSeconds: 6}
	t.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "acme"}
	doc := fullDoc()
	t.Draft = &doc
	filled(w, t)
	roundTrip(w, func(tx store.Tx) store.Reference[store.Template] { return tx.Templates() }, id.Format(id.Template, t.ID), "SPRING", t, func(t *store.Template) {
		t.Rev, t.Draft, t.Status, t.Use = 2, nil, coupon.StatusArchived, false
	})
}

func placementsRoundTrip(w *world) {
	p := testkit.Placement(w.id(), w.id())
	p.Code, p.Pack, p.From, p.To, p.Cap, p.ArchivedAt = "FRONT", w.id(), testkit.Start, testkit.Start+5, 50, testkit.Start+9
	filled(w, p)
	roundTrip(w, store.Tx.Placements, id.Format(id.Placement, p.ID), "FRONT", p, func(p *store.Placement) { p.Rev, p.Open, p.Pack = 2, false, 0 })
}

func keysRoundTrip(w *world) {
	k := testkit.Key(w.id())
	k.Scope = access.Scope{Merchants: []string{"acme"}, Stores: []string{"acme-1"}, Cities: []string{"shanghai"}}
	k.ArchivedAt = testkit.Start + 9
	filled(w, k)
	roundTrip(w, store.Tx.Keys, id.Format(id.Key, k.ID), k.SecretHash, k, func(k *store.Key) { k.Rev, k.Name = 2, "other" })
}

func peopleRoundTrip(w *world) {
	p := testkit.Person(w.id())
	p.Scope = access.Scope{Merchants: []string{"acme"}, Stores: []string{"acme-1"}, Cities: []string{"shanghai"}}
	p.ArchivedAt, p.Initial, p.Factor, p.Pending, p.Step, p.Recovery = testkit.Start+9, true, "sealed", "other", 5, []string{"hash"}
	filled(w, p)
	roundTrip(w, store.Tx.People, id.Format(id.Person, p.ID), p.Login, p, func(p *store.Person) { p.Rev, p.Name = 2, "Lovelace" })
}

// fullDoc has every field set that JSON could lose.
func fullDoc() coupon.Doc {
	d := testkit.Doc()
	in := rule.Selector{Categories: []string{"fresh"}, Brands: []string{"b"}, SKUs: []string{"s"}, Merchants: []string{"m"}, Stores: []string{"p"}}
	scope := rule.Scope{Include: in, Exclude: rule.Selector{SKUs: []string{"never"}}}
	d.Terms.DiscountBps, d.Terms.CapMinor, d.Terms.Priority, d.Terms.AllowZero = 1500, 900, 3, true
	d.Terms.Stacking = coupon.Stacking{Group: "house", Excludes: []string{"brand", "payment"}, Base: coupon.TakenList}
	d.Terms.Gift = &coupon.Gift{SKU: "g", Quantity: 2, ValueMinor: 3}
	d.Terms.Scope, d.Terms.Contains = scope, []rule.Contain{{Scope: scope, MinMinor: 1, MinQuantity: 2}}
	part := []coupon.Part{{Scope: scope, Quantity: 2}}
	t := &d.Terms
	t.Reward, t.ItemCapMinor, t.PriceMinor, t.TotalMinor = coupon.RewardPrice, 80, 70, 60
	t.Prices, t.Steps = []coupon.SKUPrice{{SKU: "s", PriceMinor: 5}}, []coupon.Step{{ThresholdMinor: 1, ThresholdQuantity: 2, AmountMinor: 3, DiscountBps: 4}}
	t.Gift.Mode, t.External = coupon.GiftAddMissing, &coupon.External{Unit: "bps", Value: 50, WorstMinor: 9}
	t.Split, t.Select, t.UnitsMax, t.LineUnitsMax, t.Nth = coupon.SplitUnit, coupon.SelectFirst, 4, 3, 2
	t.Buy, t.Get, t.Methods = part, part, []string{"express"}
	t.Currencies = map[string]coupon.Amounts{"USD": {AmountMinor: 1, CapMinor: 2, ItemCapMinor: 3, PriceMinor: 4, TotalMinor: 5, ThresholdMinor: 6,
		Steps: t.Steps, Chain: []int64{7}, Prices: t.Prices}}
	t.ThresholdQuantity, t.Repeat, t.Times, t.IntervalHours, t.Chain = 2, true, 3, 24, []int64{300, 500}
	t.Stacking.Again = true
	t.When = condition.Tree{All: []condition.Tree{{Leaf: &condition.Weekday{In: []condition.Day{"sat", "sun"}}}}}
	d.Claim.When, d.Claim.Automatic = condition.Tree{None: t.When.All}, true
	d.Terms.Use = rule.Place{Cities: []string{"shanghai"}, Channels: []string{"app"}}
	d.Claim.Window = schedule.Window{From: testkit.Start, To: testkit.Start + 1}
	d.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryWeek, Weekdays: []string{"sat"}, Hours: []schedule.TimeRange{{}}, Except: []calendar.Date{testkit.Today}}
	d.Claim.Place, d.Claim.Newcomer, d.Claim.Alternative = d.Terms.Use, true, "tpl_0cysw6cn00100"
	d.Claim.Budgets = []string{"bgt_0cysw6cn00100"}
	return d
}

func versionsRoundTrip(w *world) {
	first := testkit.Version(w.id())
	first.Doc = fullDoc()
	filled(w, first)
	filled(w, first.Doc.Terms)
	filled(w, first.Doc.Terms.Currencies["USD"])
	filled(w, first.Doc.Terms.Stacking)
	filled(w, first.Doc.Claim)
	second, other := first, testkit.Version(w.id())
	second.Number = 2
	w.do(func(tx store.Tx) error { return tx.Versions().Insert([]coupon.Version{second, first, other}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Versions().List(first.Template)
		ordered(w, got, err, first, second)
		got, err = tx.Versions().Get([]store.VersionKey{{Template: first.Template, Number: 2}, {Template: other.Template, Number: 1}, {Template: other.Template, Number: 2}})
		same(w, got, err, second, other)
		return nil
	})
	if err := w.try(func(tx store.Tx) error { return tx.Versions().Insert([]coupon.Version{first}) }); err == nil {
		w.Error("a version was inserted twice")
	}
}

func staleReference(w *world) {
	m := testkit.Merchant("acme")
	w.do(func(tx store.Tx) error { return tx.Merchants().Insert([]store.Merchant{m}) })
	for _, rev := range []int64{1, 3, 0} {
		m.Rev, m.Name = rev, "late"
		w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Merchants().Update([]store.Merchant{m}) })
	}
	good, gone := testkit.Merchant("acme"), testkit.Merchant("nobody")
	good.Rev, gone.Rev = 2, 2
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Merchants().Update([]store.Merchant{good, gone}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Merchants().Get([]string{"acme"})
		same(w, got, err, testkit.Merchant("acme"))
		return nil
	})
}

func namesStayReserved(w *world) {
	archived := testkit.Merchant("acme")
	archived.ArchivedAt = testkit.Start
	t := testkit.Template(w.id())
	t.Code = "SPRING"
	unnamed, alsoUnnamed := testkit.Template(w.id()), testkit.Template(w.id())
	w.do(func(tx store.Tx) error {
		if err := tx.Merchants().Insert([]store.Merchant{archived}); err != nil {
			return err
		}
		return tx.Templates().Insert([]store.Template{t, unnamed, alsoUnnamed})
	})
	taken := fault.New(fault.NameTaken)
	w.refuses(taken, func(tx store.Tx) error {
		return tx.Merchants().Insert([]store.Merchant{testkit.Merchant("new"), testkit.Merchant("acme")})
	})
	t.ID = w.id()
	w.refuses(taken, func(tx store.Tx) error { return tx.Templates().Insert([]store.Template{t}) })
	unnamed.Code, unnamed.Rev = "SPRING", 2
	w.refuses(taken, func(tx store.Tx) error { return tx.Templates().Update([]store.Template{unnamed}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Merchants().Get([]string{"new"})
		same(w, got, err)
		return nil
	})
}

func referenceFilters(w *world) {
	var places []store.Place
	for i := range 12 {
		p := testkit.Store(fmt.Sprintf("p%02d", i), fmt.Sprintf("m%d", i%3))
		p.City = []string{"shanghai", "beijing"}[i%2]
		if i >= 10 {
			p.ArchivedAt = testkit.Start
		}
		places = append(places, p)
	}
	places[3].Name, places[4].Name = "一店", "a_b!%c"
	platform, merchants := testkit.Template(w.id()), testkit.Template(w.id())
	merchants.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "m1"}
	merchants.Status, merchants.Market = coupon.StatusDraft, "other"
	platform.Code = "in-spring"
	one, two := testkit.Placement(w.id(), platform.ID), testkit.Placement(w.id(), merchants.ID)
	w.do(func(tx store.Tx) error {
		if err := tx.Stores().Insert(places); err != nil {
			return err
		}
		if err := tx.Templates().Insert([]store.Template{platform, merchants}); err != nil {
			return err
		}
		return tx.Placements().Insert([]store.Placement{one, two})
	})
	pick := func(at ...int) (out []store.Place) {
		for _, i := range at {
			out = append(out, places[i])
		}
		return out
	}
	w.look(func(tx store.Tx) error {
		for name, c := range map[string]struct {
			filter store.Filter
			want   []int
		}{
			"live":     {store.Filter{Limit: 20}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
			"archived": {store.Filter{Limit: 20, Archived: true}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
			"page":     {store.Filter{Limit: 3, After: "p03"}, []int{4, 5, 6}},
			"parent":   {store.Filter{Limit: 20, Parent: "m1"}, []int{1, 4, 7}},
			"merchant": {store.Filter{Limit: 20, Scope: access.Scope{Merchants: []string{"m0", "m2"}}}, []int{0, 2, 3, 5, 6, 8, 9}},
			"store":    {store.Filter{Limit: 20, Scope: access.Scope{Stores: []string{"p01", "p05", "p11"}}}, []int{1, 5}},
			"city":     {store.Filter{Limit: 20, Scope: access.Scope{Cities: []string{"beijing"}}}, []int{1, 3, 5, 7, 9}},
			"all":      {store.Filter{Limit: 2, After: "p00", Scope: access.Scope{Merchants: []string{"m0"}, Cities: []string{"shanghai"}}}, []int{6}},
		} {
			got, err := tx.Stores().List(c.filter)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			ordered(w, got, nil, pick(c.want...)...)
		}
		for search, want := range map[string][]int{"P0": {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, "p05": {5}, "p_": nil, "p%": nil, "%": {4}, "店": {3}, "A_B!%C": {4}} {
			got, err := tx.Stores().List(store.Filter{Limit: 20, Search: search})
			ordered(w, got, err, pick(want...)...)
		}
		for _, search := range []string{"SPRING", platform.InternalName[1:3]} {
			got, err := tx.Templates().List(store.Filter{Limit: 9, Search: search, Market: "main"})
			ordered(w, got, err, platform)
		}
		got, err := tx.Templates().List(store.Filter{Limit: 9, Search: "tpl_"}) // a key that is an id is no name
		ordered(w, got, err)
		got, err = tx.Templates().List(store.Filter{Limit: 9, Status: "draft"})
		ordered(w, got, err, merchants)
		got, err = tx.Templates().List(store.Filter{Limit: 9, Market: "main"})
		ordered(w, got, err, platform)
		got, err = tx.Templates().List(store.Filter{Limit: 9, Scope: access.Scope{Merchants: []string{"m1"}}})
		ordered(w, got, err, merchants)
		got, err = tx.Templates().List(store.Filter{Limit: 9})
		ordered(w, got, err, platform, merchants)
		found, err := tx.Placements().List(store.Filter{Limit: 9, Parent: id.Format(id.Template, merchants.ID)})
		ordered(w, found, err, two)
		return nil
	})
}
