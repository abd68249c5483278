package bench

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var listed = flag.Int("listed", 100_000, "rows of each list of BenchmarkPages; of items a tenth")

const (
	pageRows   = 51 // as the API asks: one more than are shown
	pageRounds = 15
	rareEvery  = 1_000 // one row of so many fits a narrow filter
)

// BenchmarkPages is how long a page of a long list takes: the first, one from the middle,
// and pages of filters that few rows fit.
func BenchmarkPages(b *testing.B) {
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			l := &longLists{stage: stageOn(b, openStore(b, engine)), n: *listed}
			began := time.Now()
			l.fill()
			fmt.Printf("%s holds %d rows of each list after %s\n", engine, l.n, time.Since(began).Round(time.Second))
			t := newTable(fmt.Sprintf("Pages of 50 rows of %d, %s", l.n, engine), "list", "page", "ms, median", "ms, worst", "rows")
			for _, p := range l.pages() {
				ms, rows, err := l.time(p.read)
				if err != nil { // the store gives a reader so long and no longer
					t.row(p.list, p.page, "too long", "", "")
					continue
				}
				t.row(p.list, p.page, fmt.Sprintf("%.2f", ms[len(ms)/2]), fmt.Sprintf("%.2f", ms[len(ms)-1]), fmt.Sprint(rows))
			}
			t.print()
		})
	}
}

type longLists struct {
	*stage
	n        int
	members  []id.ID
	coupons  []id.ID
	days     []calendar.Date
	rare     id.ID // a template of one coupon in rareEvery
	uses     []id.ID
	itemKeys []string
}

type listPage struct {
	list, page string
	read       func(tx store.Tx) (int, error)
}

// time reads a page a few times, each in a view of its own, and returns how long the
// times took in ms, shortest first.
func (l *longLists) time(read func(tx store.Tx) (int, error)) (ms []float64, rows int, err error) {
	for range pageRounds {
		began := time.Now()
		if err := l.Store.View(l.Ctx(), func(tx store.Tx) (err error) {
			rows, err = read(tx)
			return err
		}); err != nil {
			return nil, 0, err
		}
		ms = append(ms, float64(time.Since(began).Microseconds())/1000)
	}
	slices.Sort(ms)
	return ms, rows, nil
}

func count[T any](rows []T, err error) (int, error) { return len(rows), err }

func (l *longLists) pages() []listPage {
	half := l.n / 2
	uses := func(f store.RedemptionFilter) func(tx store.Tx) (int, error) {
		f.Market, f.From, f.To, f.Limit = "main", l.days[0], l.days[len(l.days)-1], pageRows
		return func(tx store.Tx) (int, error) { return count(tx.Redemptions().Find(f)) }
	}
	items := func(f store.Filter) func(tx store.Tx) (int, error) {
		f.Limit = pageRows
		return func(tx store.Tx) (int, error) { return count(tx.Items().List(f)) }
	}
	coupons := func(f store.CouponFilter) func(tx store.Tx) (int, error) {
		f.Limit = pageRows
		return func(tx store.Tx) (int, error) { return count(tx.Coupons().List(f)) }
	}
	made := func(behind store.Behind) func(tx store.Tx) (int, error) {
		return func(tx store.Tx) (int, error) { return count(tx.Members().Made(0, 0, behind, pageRows)) }
	}
	tagged := func(tag string, before id.ID) func(tx store.Tx) (int, error) {
		return func(tx store.Tx) (int, error) {
			ids, err := tx.Members().Tagged(tag, before, pageRows)
			if err != nil {
				return 0, err
			}
			return count(tx.Members().Get(ids))
		}
	}
	middle := store.Behind{At: testkit.Start + calendar.Instant(half), ID: l.members[half]}
	return []listPage{
		{"members", "first, newest", made(store.Behind{})},
		{"members", "from the middle", made(middle)},
		{"members", "of a tag that one in 1,000 has", tagged("rare", 0)},
		{"members", "of it, from the middle", tagged("rare", l.members[half])},
		{"coupons of a template", "first, newest", coupons(store.CouponFilter{Template: l.template})},
		{"coupons of a template", "from the middle", coupons(store.CouponFilter{Template: l.template, Before: l.coupons[half]})},
		{"coupons of a template", "one coupon in 1,000 is its", coupons(store.CouponFilter{Template: l.rare})},
		{"redemptions", "first, newest day", uses(store.RedemptionFilter{})},
		{"redemptions", "from the middle", uses(store.RedemptionFilter{BeforeDay: l.days[len(l.days)/2], Before: l.uses[half]})},
		{"redemptions", "of a store that one in 1,000 has", uses(store.RedemptionFilter{Store: "rare"})},
		{"items (a tenth)", "first", items(store.Filter{})},
		{"items (a tenth)", "from the middle", items(store.Filter{After: l.itemKeys[len(l.itemKeys)/2]})},
		{"items (a tenth)", "whose name has four digits in it", items(store.Filter{Search: l.itemKeys[len(l.itemKeys)-5][4:]})},
		{"items (a tenth)", "whose name has a word that all have", items(store.Filter{Search: "苹果"})},
		{"items (a tenth)", "whose name has a word that none has", items(store.Filter{Search: "香蕉"})},
	}
}

// fill writes rows as they lie after years: members and coupons by time, redemptions over
// a year, each with what its lists look at.
func (l *longLists) fill() {
	l.Helper()
	maker := id.NewMaker(3, testkit.Start.Time)
	l.rare = l.IDs.New(0)
	for day := range 365 {
		l.days = append(l.days, calendar.DateOf(testkit.Start+calendar.Instant(day*86_400_000), time.UTC))
	}
	for from := 0; from < l.n; from += batchSize {
		var members []member.Member
		var coupons []coupon.Coupon
		var uses []redemption.Redemption
		for i := from; i < min(from+batchSize, l.n); i++ {
			slot := int64(i % 16_384)
			m := testkit.Member(maker.New(slot))
			m.CreatedAt, m.Tags = testkit.Start+calendar.Instant(i), []string{"all"}
			template, shop := l.template, "s1"
			if i%rareEvery == 0 {
				m.Tags, template, shop = append(m.Tags, "rare"), l.rare, "rare"
			}
			c := testkit.Coupon(maker.New(slot), m.ID, template)
			c.Request = coupon.Request{Key: int64(i) + 1, Body: 1}
			r := testkit.Redemption(maker.New(slot), testkit.Order(maker.New(slot), m.ID), c)
			r.Template = l.template // the market of a use is its template's
			r.Day, r.Store = l.days[i*len(l.days)/l.n], shop
			members, coupons, uses = append(members, m), append(coupons, c), append(uses, r)
			l.members, l.coupons, l.uses = append(l.members, m.ID), append(l.coupons, c.ID), append(l.uses, r.ID)
		}
		l.Must(l.Store.Update(l.Ctx(), store.Background, func(tx store.Tx) error {
			if err := tx.Members().Insert(members); err != nil {
				return err
			}
			if err := tx.Coupons().Insert(coupons); err != nil {
				return err
			}
			return tx.Redemptions().Insert(uses)
		}))
	}
	l.fillItems()
}

func (l *longLists) fillItems() {
	for from := 0; from < l.n/10; from += batchSize {
		var rows []store.Item
		for i := from; i < min(from+batchSize, l.n/10); i++ {
			row := testkit.Item(fmt.Sprintf("sku-%07d", i))
			row.Name = fmt.Sprintf("苹果 Apple %07d", i)
			rows, l.itemKeys = append(rows, row), append(l.itemKeys, row.SKU)
		}
		l.Must(l.Store.Update(l.Ctx(), store.Background, func(tx store.Tx) error { return tx.Items().Insert(rows) }))
	}
}
