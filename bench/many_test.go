package bench

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/item"
	"quan/internal/domain/limit"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// matching are the carts of BenchmarkPromotions: each has goods of its own, for
// which so many promotions are published.
var matching = []int{1, 5, 20, 101}

// published are the sizes at which they are priced.
var published = []int{2, 101, 1_001, 10_001, 100_001}

// shelfSKU is the product of a line of the cart that so many promotions match.
func shelfSKU(matches, line int) string { return fmt.Sprintf("m%d-%d", matches, line%cartLines) }

// shelved is that cart.
func shelved(matches int) *pricing.Cart {
	cart := bought()
	for i := range cart.Lines {
		cart.Lines[i].SKU = shelfSKU(matches, i)
	}
	return cart
}

// automatic is a promotion that applies by itself to a product.
func automatic(k int, sku string) coupon.Doc {
	doc := testkit.Doc()
	doc.Claim.Automatic = true
	doc.Terms.AmountMinor, doc.Terms.ThresholdMinor = int64(10+k%10), 100
	doc.Terms.Stacking.Group = fmt.Sprintf("own-%d", k)
	doc.Terms.Scope = rule.Scope{Include: rule.Selector{SKUs: []string{sku}}}
	return doc
}

// fitting are the carts whose promotions are among the first n.
func fitting(n int) (carts []int) {
	sum := 1
	for _, m := range []int{1, 20, 101, 5} {
		if sum += m; sum <= n {
			carts = append(carts, m)
		}
	}
	slices.Sort(carts)
	return carts
}

// leaflet are promotions that apply by themselves, more and more of them.
type leaflet struct {
	docs  []coupon.Doc
	carts map[int]bool // whose promotions are among them
}

// grow makes them n and returns the new ones.
func (l *leaflet) grow(n int) []coupon.Doc {
	had := len(l.docs)
	for _, m := range fitting(n) {
		for k := 0; k < m && !l.carts[m]; k++ {
			l.docs = append(l.docs, automatic(k, shelfSKU(m, k)))
		}
		l.carts[m] = true
	}
	for k := len(l.docs); k < n; k++ {
		l.docs = append(l.docs, automatic(k, fmt.Sprintf("elsewhere-%d", k)))
	}
	return l.docs[had:]
}

// publishAll publishes promotions in large transactions.
func (st *stage) publishAll(docs []coupon.Doc) {
	st.Helper()
	for part := range slices.Chunk(docs, 1_000) {
		var templates []coupon.Template
		var versions []coupon.Version
		var stock []limit.Counter
		var keys []limit.Key
		for _, doc := range part {
			t := testkit.Template(st.IDs.New(0))
			t.Automatic, t.UpdatedAt = true, st.Clock()
			templates = append(templates, t)
			versions = append(versions, coupon.Version{Template: t.ID, Number: 1, Hash: "hash", Doc: doc, PublishedAt: t.UpdatedAt, PublishedBy: "bench"})
			keys = append(keys, limit.StockKey(t.ID))
			stock = append(stock, limit.Counter{Key: limit.StockKey(t.ID), Ceiling: limit.Unlimited, Rev: 1})
		}
		st.Must(st.Store.Update(st.Ctx(), store.Admin, func(tx store.Tx) error {
			if _, err := tx.Lock(store.LockSet{Counters: keys}); err != nil {
				return err
			}
			if err := tx.Counters().Write(stock); err != nil {
				return err
			}
			if err := tx.Templates().Insert(templates); err != nil {
				return err
			}
			return tx.Versions().Insert(versions)
		}))
	}
	st.Cache.Forget()
}

// promoted is the offers that the cart of so many matches meets.
func promoted(matches int) offers { return offers{n: matches, all: true} }

// found times the pure part: what the index finds for the cart, priced.
func found(b *testing.B, docs []coupon.Doc, matches int) timing {
	b.Helper()
	all := make([]*coupon.Version, len(docs))
	for k := range docs {
		all[k] = &coupon.Version{Template: id.ID(k + 1), Number: 1, Doc: docs[k]}
	}
	index, cart := pricing.NewIndex(all), shelved(matches)
	rules := pricing.Rules{FloorMinor: 1, MaxCoupons: 5, Now: testkit.Start}
	price := func() pricing.Result {
		found := index.Find(cart)
		candidates := make([]pricing.Candidate, len(found))
		for i, p := range found {
			candidates[i] = pricing.Held(p.Template, p.Number, &p.Doc.Terms, "", schedule.Interval{From: rules.Now})
		}
		return pricing.Quote(cart, candidates, rules)
	}
	if r := price(); len(r.Coupons) != matches || !r.Optimal {
		b.Fatalf("%d promotions found instead of %d, optimal %v", len(r.Coupons), matches, r.Optimal)
	}
	t := timed(*roundLength, func() { price() })
	t.allocs = testing.AllocsPerRun(20, func() { price() })
	return t
}

// firstLoad times the first look of a process that has just started.
func (st *stage) firstLoad() time.Duration {
	fresh := st.Beside()
	began := time.Now()
	_, err := fresh.Cache.Promotions(st.Ctx(), "main")
	st.Must(err)
	return time.Since(began)
}

// BenchmarkPromotions is the price of a cart while 2 to 100,001 promotions that
// apply by themselves are published, of which 1 to 101 match the cart: the pure part,
// and a member's quote over HTTP on each store. Beside it, how long the first look
// of a process takes that reads all of them.
func BenchmarkPromotions(b *testing.B) {
	stages, addresses, secrets := map[string]*stage{}, map[string]string{}, map[string]string{}
	for _, engine := range engines {
		st := newStage(b, engine)
		var goods []item.Item
		for _, m := range matching {
			for i, l := range shelved(m).Lines {
				g := testkit.Item(l.SKU)
				g.Category, g.Brand, g.PriceMinor = l.Category, l.Brand, int64(1000+100*i)
				goods = append(goods, g)
			}
		}
		st.Must(st.Store.Update(st.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Items().Insert(goods) }))
		stages[engine] = st
		addresses[engine], secrets[engine] = st.serve(b)
	}
	t := newTable("Price of a cart of ten lines while so many promotions are published that apply by themselves; p50 of single calls, one after the other",
		"published", "matching", "evaluation µs", "allocs", "quote on SQLite µs", "on PostgreSQL µs", "first look on SQLite ms", "on PostgreSQL ms")
	all := &leaflet{carts: map[int]bool{}}
	for _, n := range published {
		fresh := all.grow(n)
		first := map[string]time.Duration{}
		for _, engine := range engines {
			stages[engine].publishAll(fresh)
			first[engine] = stages[engine].firstLoad()
		}
		for _, m := range fitting(n) {
			pure, http := found(b, all.docs, m), map[string]float64{}
			for _, engine := range engines {
				till := &till{addresses[engine], quoteRequest(0, secrets[engine], shelved(m))}
				http[engine] = till.quotes(b, promoted(m)).P50
			}
			t.row(strconv.Itoa(n), strconv.Itoa(m), fmt.Sprintf("%.1f", pure.P50), fmt.Sprintf("%.0f", pure.allocs), fmt.Sprintf("%.0f", http[onSQLite]), fmt.Sprintf("%.0f", http[onPostgres]),
				strconv.FormatInt(first[onSQLite].Milliseconds(), 10), strconv.FormatInt(first[onPostgres].Milliseconds(), 10))
		}
	}
	t.print()
}
