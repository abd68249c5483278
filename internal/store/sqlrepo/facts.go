package sqlrepo

import (
	"fmt"
	"math"

	"quan/internal/domain/condition"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// whole says of an order o that something of it was kept. An order as it was
// inserted has had no refund: most rows are not looked into.
func whole(o string) string {
	return "(" + o + ".rev = 1 OR EXISTS (SELECT 1 FROM order_lines AS kept WHERE kept.order_id = " + o + ".id AND kept.slot = " + o +
		".slot AND kept.refunded_quantity < kept.quantity))"
}

// history finds the orders of the members $1 (PostgreSQL's join names them orders).
var (
	historyLite = " FROM orders WHERE orders.member IN (SELECT value FROM json_each($1)) AND orders.member <> 0 AND " + whole("orders")
	historyPost = " FROM unnest($1::bigint[]) AS k(want) CROSS JOIN LATERAL (SELECT * FROM orders AS o WHERE o.member = want AND o.member <> 0"
	linesLite   = " FROM orders JOIN order_lines ON order_lines.order_id = orders.id WHERE orders.member IN (SELECT value FROM json_each($1))" +
		" AND orders.member <> 0 AND orders.at >= $2 AND " + whole("orders") + " AND order_lines.shipping = ''"
	linesPost = historyPost + " AND o.at >= $2 AND " + whole("o") + " OFFSET 0) AS orders" +
		probe("order_lines", "order_id = orders.id AND slot = orders.slot AND shipping = ''")
	// The last order of a member; ties are broken by id.
	newest = " ORDER BY o.at DESC, o.id DESC LIMIT 1"
)

var (
	factsLists = newStatement("facts.lists",
		"SELECT member, list FROM member_lists WHERE member IN (SELECT value FROM json_each($1)) AND ($2 = 1 OR list IN (SELECT value FROM json_each($3)))",
		"SELECT member, list FROM unnest($1::bigint[]) AS k(want)"+
			probe("member_lists", "member = want AND slot = "+home+" AND ($2::bigint = 1 OR list = ANY($3::text[]))"))
	factsOrders = newStatement("facts.orders",
		"SELECT member, count(*), min(at), max(at)"+historyLite+" GROUP BY member",
		"SELECT orders.member, count(*), min(orders.at), max(orders.at)"+historyPost+" AND "+whole("o")+" OFFSET 0) AS orders GROUP BY orders.member")
	factsRecent = newStatement("facts.recent",
		"SELECT k.value, w.value, (SELECT count(*) FROM orders AS o WHERE o.member = k.value AND o.member <> 0 AND o.at >= w.value AND "+whole("o")+")"+
			" FROM json_each($1) AS k, json_each($2) AS w",
		"SELECT want, since, (SELECT count(*) FROM orders AS o WHERE o.member = want AND o.member <> 0 AND o.at >= since AND "+whole("o")+")"+
			" FROM unnest($1::bigint[]) AS k(want) CROSS JOIN unnest($2::bigint[]) AS w(since)")
	factsLast = newStatement("facts.last",
		"SELECT k.value, l.category FROM json_each($1) AS k JOIN order_lines AS l ON l.order_id = (SELECT o.id FROM orders AS o WHERE o.member = k.value"+
			" AND o.member <> 0 AND "+whole("o")+newest+") WHERE l.shipping = '' AND l.category <> ''",
		"SELECT orders.member, order_lines.category"+historyPost+" AND "+whole("o")+newest+") AS orders"+
			probe("order_lines", "order_id = orders.id AND slot = orders.slot AND shipping = '' AND category <> ''"))
	factsBought = map[condition.Goods]*statement{
		condition.GoodsCategory: factsOf("category"),
		condition.GoodsBrand:    factsOf("brand"),
		condition.GoodsSKU:      factsOf("sku"),
	}
	factsHeld = newStatement("facts.held",
		"SELECT DISTINCT member, template, version FROM coupons WHERE week IN (SELECT value FROM json_each($1))"+
			" AND member IN (SELECT value FROM json_each($2)) AND state IN (1, 2) AND valid_to > $3",
		"SELECT DISTINCT member, template, version FROM unnest($2::bigint[]) AS k(want)"+
			probe("coupons", "week = ANY($1::bigint[]) AND member = want AND slot = "+home+" AND state IN (1, 2) AND valid_to > $3"))
)

// factsOf reads when goods were bought last, by the words of a column. Which
// categories hold which is Go's to say, so that all are read.
func factsOf(column string) *statement {
	lite, post := " AND $3 = $3 AND category <> ''", " WHERE cardinality($3::text[]) >= 0 AND category <> ''"
	if column != "category" {
		lite, post = " AND "+column+" IN (SELECT value FROM json_each($3))", " WHERE "+column+" = ANY($3::text[])"
	}
	return newStatement("facts."+column, "SELECT orders.member, "+column+", max(orders.at)"+linesLite+lite+" GROUP BY orders.member, "+column,
		"SELECT orders.member, "+column+", max(orders.at)"+linesPost+post+" GROUP BY orders.member, "+column)
}

type factRows struct{ tx *Tx }

// loading is one call of Members.
type loading struct {
	tx    *Tx
	needs condition.Needs
	at    condition.Moment
	ids   []int64
	found map[id.ID]condition.Member
}

// Members loads what is asked for, one statement for each kind of fact.
func (r factRows) Members(ids []id.ID, needs condition.Needs, at condition.Moment) (map[id.ID]condition.Member, error) {
	l := &loading{tx: r.tx, needs: needs, at: at, found: make(map[id.ID]condition.Member, len(ids))}
	for _, i := range ints(ids) {
		if i != 0 {
			l.ids = append(l.ids, i)
			l.found[id.ID(i)] = condition.Member{ID: id.ID(i)}
		}
	}
	if len(l.ids) == 0 {
		return l.found, nil
	}
	for _, step := range []func() error{l.rows, l.lists, l.orders, l.recent, l.last, l.purchases} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return l.found, nil
}

// change sets facts of one member.
func (l *loading) change(who id.ID, set func(*condition.Member)) {
	m := l.found[who]
	set(&m)
	l.found[who] = m
}

func (l *loading) each(set func(*condition.Member)) {
	for who := range l.found {
		l.change(who, set)
	}
}

// rows reads attributes and tags. A member without any is known to have none.
func (l *loading) rows() error {
	if !l.needs.Tags && !l.needs.AllAttributes && len(l.needs.Attributes) == 0 {
		return nil
	}
	ids := make([]id.ID, len(l.ids))
	for i, v := range l.ids {
		ids[i] = id.ID(v)
	}
	members, err := memberRows{l.tx}.Get(ids)
	for i := range members {
		row := &members[i]
		l.change(row.ID, func(m *condition.Member) {
			if m.Attributes = row.Attributes; m.Attributes == nil {
				m.Attributes = map[string]string{}
			}
			if m.Tags = row.Tags; m.Tags == nil {
				m.Tags = []string{}
			}
		})
	}
	return err
}

func (l *loading) lists() error {
	if !l.needs.AllLists && len(l.needs.Lists) == 0 {
		return nil
	}
	l.each(func(m *condition.Member) { m.Lists = []string{} })
	return l.tx.query(factsLists, []any{l.ids, flag(l.needs.AllLists), words(l.needs.Lists)}, func(row Scanner) error {
		var who id.ID
		var list string
		err := row.Scan(&who, &list)
		l.change(who, func(m *condition.Member) { m.Lists = append(m.Lists, list) })
		return err
	})
}

func (l *loading) orders() error {
	if !l.needs.Orders && !l.needs.LastOrder && len(l.needs.OrderDays) == 0 {
		return nil
	}
	l.each(func(m *condition.Member) { m.Orders = &condition.Orders{} })
	return l.tx.query(factsOrders, []any{l.ids}, func(row Scanner) error {
		var who id.ID
		var o condition.Orders
		err := row.Scan(&who, &o.Count, &o.First, &o.Last)
		l.change(who, func(m *condition.Member) { *m.Orders = o })
		return err
	})
}

// recent counts the orders of each window; at an unknown moment no window is known.
func (l *loading) recent() error {
	if len(l.needs.OrderDays) == 0 || l.at.Zone == nil {
		return nil
	}
	days := map[calendar.Instant]int64{}
	var since []int64
	for _, n := range l.needs.OrderDays {
		if at := l.at.Since(n); n > 0 && days[at] == 0 {
			days[at] = n
			since = append(since, int64(at))
		}
	}
	l.each(func(m *condition.Member) { m.Orders.Recent = make(map[int64]int64, len(since)) })
	return l.tx.query(factsRecent, []any{l.ids, since}, func(row Scanner) error {
		var who id.ID
		var at calendar.Instant
		var n int64
		err := row.Scan(&who, &at, &n)
		l.change(who, func(m *condition.Member) { m.Orders.Recent[days[at]] = n })
		return err
	})
}

// last reads the categories of the last orders.
func (l *loading) last() error {
	if !l.needs.LastOrder {
		return nil
	}
	l.each(func(m *condition.Member) { m.Orders.LastCategories = []string{} })
	return l.tx.query(factsLast, []any{l.ids}, func(row Scanner) error {
		var who id.ID
		var category string
		err := row.Scan(&who, &category)
		l.change(who, func(m *condition.Member) { m.Orders.LastCategories = append(m.Orders.LastCategories, category) })
		return err
	})
}

// Held reads distinct templates and versions of live coupons.
func (r factRows) Held(members []id.ID, now calendar.Instant) ([]store.HeldTemplate, error) {
	ids := ints(members)
	if len(ids) > 0 && ids[0] == 0 {
		ids = ids[1:]
	}
	if len(ids) == 0 {
		return nil, nil
	}
	newest, err := number(r.tx, couponsNewest)
	if err != nil {
		return nil, err
	}
	return collect(r.tx, factsHeld, func(row Scanner) (h store.HeldTemplate, err error) {
		err = row.Scan(&h.Member, &h.Template, &h.Version)
		return h, err
	}, weeksFrom(id.ID(ids[0]), newest), ids, int64(now))
}

// Count goes through all members.
func (r factRows) Count(p condition.Predicate, at condition.Moment) (int64, error) {
	b := &predicate{at: at}
	lite, post := b.where(p)
	if b.err != nil {
		return 0, fmt.Errorf("sqlrepo: segment.count: %w", b.err)
	}
	return number(r.tx, composed("segment.count", segmentCount+lite, segmentCount+post), b.args...)
}

// Page goes through the members between two ids.
func (r factRows) Page(p condition.Predicate, at condition.Moment, after, through id.ID, limit int) ([]id.ID, error) {
	b := &predicate{at: at, args: []any{int64(after), int64(limit), int64(through)}}
	lite, post := b.where(p)
	if b.err != nil {
		return nil, fmt.Errorf("sqlrepo: segment.page: %w", b.err)
	}
	return collect(r.tx, composed("segment.page", segmentPage+lite+segmentEnd, segmentPage+post+segmentEnd), scanID, b.args...)
}

// always is before every order.
const always = math.MinInt64
