package sqlrepo

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"quan/internal/domain/condition"
	"quan/internal/kernel/calendar"
)

const (
	segmentCount = "SELECT count(*) FROM members AS m WHERE m.alias_of = 0 AND "
	segmentPage  = "SELECT m.id FROM members AS m WHERE m.id > $1 AND m.id <= $3 AND m.alias_of = 0 AND "
	segmentEnd   = " ORDER BY m.id LIMIT $2"
)

// predicate writes a condition over a member m for both engines, with the same
// arguments. Texts come from the lists of this file only; all that a caller has
// written is an argument. No part is ever unknown to SQL.
type predicate struct {
	at   condition.Moment
	args []any
	err  error
}

// where writes a predicate.
func (b *predicate) where(p condition.Predicate) (lite, post string) {
	switch p.Op {
	case condition.OpAlways:
		return "TRUE", "TRUE"
	case condition.OpAnd:
		return b.join(p.Of, " AND ", "TRUE")
	case condition.OpOr:
		return b.join(p.Of, " OR ", "FALSE")
	case condition.OpNot:
		if len(p.Of) == 1 {
			lite, post = b.where(p.Of[0])
			return "NOT " + lite, "NOT " + post
		}
	case condition.OpAttribute:
		return b.attribute(p)
	case condition.OpFigure:
		return b.figure(p)
	case condition.OpHas:
		lite, post = b.value(p.Name)
		return "(" + lite + " <> '')", "(" + post + " <> '')"
	case condition.OpTag:
		mark := b.arg(words(p.Values))
		return "EXISTS (SELECT 1 FROM json_each(m.tags) AS tag WHERE tag.value IN (SELECT value FROM json_each(" + mark + ")))",
			"(m.tags::jsonb ?| " + mark + "::text[])"
	case condition.OpList:
		const from = "EXISTS (SELECT 1 FROM member_lists AS ml WHERE ml.member = m.id AND ml.slot = m.slot AND "
		lite, post = b.oneOf("ml.list", p.Values)
		return from + lite + ")", from + post + ")"
	case condition.OpOrders:
		return both(b.orders(p))
	case condition.OpOrderAge:
		return both(b.orderAge(p))
	case condition.OpBought:
		return b.bought(p)
	case condition.OpLastGoods:
		return b.lastGoods(p)
	}
	b.fail("operator %q", p.Op)
	return "FALSE", "FALSE"
}

func both(sql string) (lite, post string) { return sql, sql }

func (b *predicate) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf("predicate: "+format, args...)
	}
}

// arg binds an argument and returns its mark.
func (b *predicate) arg(value any) string {
	b.args = append(b.args, value)
	return "$" + strconv.Itoa(len(b.args))
}

func (b *predicate) join(of []condition.Predicate, with, none string) (lite, post string) {
	if len(of) == 0 {
		return none, none
	}
	var l, p []string
	for _, one := range of {
		lite, post := b.where(one)
		l, p = append(l, lite), append(p, post)
	}
	return "(" + strings.Join(l, with) + ")", "(" + strings.Join(p, with) + ")"
}

// oneOf compares a column with a list.
func (b *predicate) oneOf(column string, values []string) (lite, post string) {
	mark := b.arg(words(values))
	return column + " IN (SELECT value FROM json_each(" + mark + "))", column + " = ANY(" + mark + "::text[])"
}

// value is an attribute, ” where it is not known. It is found by its key, not by
// a path: a name may hold what means something in a path.
func (b *predicate) value(name string) (lite, post string) {
	mark := b.arg(name)
	return "COALESCE((SELECT a.value FROM json_each(CASE m.attributes WHEN '' THEN '{}' ELSE m.attributes END) AS a WHERE a.key = " + mark + "), '')",
		"(CASE m.attributes WHEN '' THEN '' ELSE COALESCE(m.attributes::json ->> " + mark + "::text, '') END)"
}

// attribute lets ” be one of the values where what is not known counts as yes.
func (b *predicate) attribute(p condition.Predicate) (lite, post string) {
	lite, post = b.value(p.Name)
	values := slices.DeleteFunc(slices.Clone(p.Values), func(v string) bool { return v == "" })
	if p.Absent {
		values = append(values, "")
	}
	liteIn, postIn := b.oneOf("", values)
	return "(" + lite + liteIn + ")", "(" + post + postIn + ")"
}

// figure reads a whole number as condition does: at most 18 digits, with or
// without a minus.
func (b *predicate) figure(p condition.Predicate) (lite, post string) {
	lite, post = b.value(p.Name)
	within := " BETWEEN " + b.low(p.Min) + " AND " + b.high(p.Max) + " ELSE " + strings.ToUpper(strconv.FormatBool(p.Absent)) + " END"
	return "(SELECT CASE WHEN length(f.digits) BETWEEN 1 AND 18 AND f.digits NOT GLOB '*[^0-9]*' THEN CAST(f.word AS INTEGER)" + within +
			" FROM (SELECT w.word AS word, CASE substr(w.word, 1, 1) WHEN '-' THEN substr(w.word, 2) ELSE w.word END AS digits FROM (SELECT " + lite + " AS word) AS w) AS f)",
		"(SELECT CASE WHEN f.word ~ '^-?[0-9]{1,18}$' THEN f.word::bigint" + within + " FROM (SELECT " + post + " AS word) AS f)"
}

func (b *predicate) low(bound *int64) string {
	if bound == nil {
		return b.arg(int64(math.MinInt64))
	}
	return b.arg(*bound)
}

func (b *predicate) high(bound *int64) string {
	if bound == nil {
		return b.arg(int64(math.MaxInt64))
	}
	return b.arg(*bound)
}

// order finds an order o of the member at or after since.
func (b *predicate) order(since calendar.Instant) string {
	return " FROM orders AS o WHERE o.member = m.id AND o.member <> 0 AND o.at >= " + b.arg(int64(since)) + " AND " + whole("o")
}

// since is where the last days begin, 0 being ever.
func (b *predicate) since(days int64) calendar.Instant {
	switch {
	case days == 0:
		return always
	case b.at.Zone == nil:
		b.fail("days, but no moment")
		return always
	}
	return b.at.Since(days)
}

// orders counts only where looking for one order does not answer.
func (b *predicate) orders(p condition.Predicate) string {
	from := b.order(b.since(p.Days))
	switch {
	case p.Min == nil && p.Max != nil && *p.Max == 0:
		return "NOT EXISTS (SELECT 1" + from + ")"
	case p.Max == nil && p.Min != nil && *p.Min == 1:
		return "EXISTS (SELECT 1" + from + ")"
	}
	return "((SELECT count(*)" + from + ") BETWEEN " + b.low(p.Min) + " AND " + b.high(p.Max) + ")"
}

// orderAge turns ages in days into moments: an order from the first on, and none
// after the last.
func (b *predicate) orderAge(p condition.Predicate) string {
	if p.Max != nil && *p.Max < 0 {
		return "FALSE"
	}
	from := calendar.Instant(always)
	if p.Max != nil {
		from = b.since(*p.Max + 1)
	}
	text := "EXISTS (SELECT 1" + b.order(from) + ")"
	if p.Min != nil && *p.Min > 0 {
		return "(" + text + " AND NOT EXISTS (SELECT 1" + b.order(b.since(*p.Min)) + "))"
	}
	return text
}

// goods compares a line l.
func (b *predicate) goods(p condition.Predicate) (lite, post string) {
	switch p.Kind {
	case condition.GoodsBrand:
		return b.oneOf("l.brand", p.Values)
	case condition.GoodsSKU:
		return b.oneOf("l.sku", p.Values)
	case condition.GoodsCategory:
	default:
		b.fail("goods %q", p.Kind)
	}
	below := make([]string, len(p.Values))
	for i, v := range p.Values {
		below[i] = v + "/"
	}
	mark := b.arg(words(below)) // char(47) is the slash
	return "EXISTS (SELECT 1 FROM json_each(" + mark + ") AS c WHERE substr(l.category || char(47), 1, length(c.value)) = c.value)",
		"EXISTS (SELECT 1 FROM unnest(" + mark + "::text[]) AS c(word) WHERE starts_with(l.category || chr(47), c.word))"
}

func (b *predicate) bought(p condition.Predicate) (lite, post string) {
	from := "EXISTS (SELECT 1" + b.order(b.since(p.Days)) +
		" AND EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_id = o.id AND l.slot = o.slot AND l.shipping = '' AND "
	lite, post = b.goods(p)
	return from + lite + "))", from + post + "))"
}

func (b *predicate) lastGoods(p condition.Predicate) (lite, post string) {
	from := "EXISTS (SELECT 1 FROM order_lines AS l WHERE l.order_id = (SELECT o.id" + b.order(always) + newest + ") AND l.shipping = '' AND "
	lite, post = b.goods(p)
	return from + lite + ")", from + post + ")"
}

// The texts of every part, for the rules of SQL and for each engine's planner.
var _, _ = func() (*statement, *statement) {
	one, five, bound := int64(1), int64(5), []string{"a"}
	of := []condition.Predicate{
		{Op: condition.OpAlways}, {Op: condition.OpOr}, {Op: condition.OpAttribute, Name: "a", Values: bound},
		{Op: condition.OpFigure, Name: "a", Max: &five}, {Op: condition.OpHas, Name: "a"}, {Op: condition.OpTag, Values: bound},
		{Op: condition.OpList, Values: bound}, {Op: condition.OpOrders, Days: 3, Min: &one, Max: &five}, {Op: condition.OpOrders, Min: &one},
		{Op: condition.OpOrderAge, Min: &one, Max: &five}, {Op: condition.OpBought, Kind: condition.GoodsBrand, Values: bound},
		{Op: condition.OpBought, Kind: condition.GoodsSKU, Values: bound, Days: 3}, {Op: condition.OpLastGoods, Kind: condition.GoodsCategory, Values: bound},
	}
	all := condition.Predicate{Op: condition.OpNot, Of: []condition.Predicate{{Op: condition.OpAnd, Of: of}}}
	at := condition.Moment{Zone: time.UTC, Date: 20260302}
	b := &predicate{at: at}
	lite, post := b.where(all)
	count := newStatement("segment.count", segmentCount+lite, segmentCount+post)
	b = &predicate{at: at, args: []any{int64(0), int64(1), int64(9)}}
	lite, post = b.where(all)
	return count, newStatement("segment.page", segmentPage+lite+segmentEnd, segmentPage+post+segmentEnd)
}()
