package condition

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
)

// Variable is a word that expressions can use.
type Variable struct {
	Name string
	Type string // in CEL's own words
	typ  *cel.Type
	most uint64 // entries or bytes, for the estimate of cost
	read func(*Facts) any
}

// longestText bounds texts in estimates.
const longestText = 128

var (
	textList = cel.ListType(cel.StringType)
	textMap  = cel.MapType(cel.StringType, cel.StringType)
	lineList = cel.ListType(cel.MapType(cel.StringType, cel.DynType))
)

// environment is what expressions see. A fact that is not known reads as nil, and
// an expression that uses it is not known.
var environment = []Variable{
	{Name: "now", typ: cel.TimestampType, read: func(f *Facts) any { return momentOf(f, f.Moment.At.Time()) }},
	{Name: "weekday", typ: cel.IntType, read: func(f *Facts) any { return momentOf(f, int64(f.Moment.Weekday)) }},
	{Name: "minute", typ: cel.IntType, read: func(f *Facts) any { return momentOf(f, f.Moment.Minute) }},
	{Name: "date", typ: cel.IntType, read: func(f *Facts) any { return momentOf(f, int64(f.Moment.Date)) }},
	{Name: "days", typ: textList, most: 20, read: func(f *Facts) any { return listOf(f.Days) }},
	{Name: "attributes", typ: textMap, most: 64, read: func(f *Facts) any { return mapOf(f.Member.Attributes) }},
	{Name: "tags", typ: textList, most: 200, read: func(f *Facts) any { return listOf(f.Member.Tags) }},
	{Name: "lists", typ: textList, most: 200, read: func(f *Facts) any { return listOf(f.Member.Lists) }},
	{Name: "orders.count", typ: cel.IntType, read: func(f *Facts) any {
		return ordersOf(f, func(o *Orders) any { return o.Count })
	}},
	{Name: "orders.first", typ: cel.TimestampType, read: func(f *Facts) any {
		return ordersOf(f, func(o *Orders) any { return timeOf(o.First.Time(), o.First != 0) })
	}},
	{Name: "orders.last", typ: cel.TimestampType, read: func(f *Facts) any {
		return ordersOf(f, func(o *Orders) any { return timeOf(o.Last.Time(), o.Last != 0) })
	}},
	{Name: "cart.lines", typ: lineList, most: 500, read: func(f *Facts) any {
		return cartOf(f, func(c *Cart) any { return linesOf(c) })
	}},
	{Name: "cart.quantity", typ: cel.IntType, read: func(f *Facts) any { return cartOf(f, quantityOf) }},
	{Name: "cart.list_minor", typ: cel.IntType, read: func(f *Facts) any {
		return cartOf(f, func(c *Cart) any { return c.read(c.List) })
	}},
	{Name: "cart.before_minor", typ: cel.IntType, read: func(f *Facts) any {
		return cartOf(f, func(c *Cart) any { return c.read(c.Before) })
	}},
	{Name: "cart.after_minor", typ: cel.IntType, read: func(f *Facts) any {
		return cartOf(f, func(c *Cart) any { return c.read(c.After) })
	}},
	{Name: "city", typ: cel.StringType, read: func(f *Facts) any { return textOf(f.Place.City) }},
	{Name: "store", typ: cel.StringType, read: func(f *Facts) any { return textOf(f.Place.Store) }},
	{Name: "channel", typ: cel.StringType, read: func(f *Facts) any { return textOf(f.Channel) }},
	{Name: "business_mode", typ: cel.StringType, read: func(f *Facts) any { return textOf(f.Mode) }},
	{Name: "payment_method", typ: cel.StringType, read: func(f *Facts) any { return textOf(f.Payment) }},
	{Name: "outer", typ: textMap, most: 64, read: func(f *Facts) any { return mapOf(f.Outer) }},
	{Name: "held_groups", typ: textList, most: 200, read: func(f *Facts) any {
		if f.Held == nil {
			return nil
		}
		return append([]string{}, f.Held.Groups...)
	}},
}

// Environment lists the variables of expressions with their types.
func Environment() []Variable {
	all := make([]Variable, len(environment))
	for i, v := range environment {
		all[i] = Variable{Name: v.Name, Type: v.typ.String()}
	}
	return all
}

var variableByName = func() map[string]*Variable {
	all := make(map[string]*Variable, len(environment))
	for i := range environment {
		all[environment[i].Name] = &environment[i]
	}
	return all
}()

func momentOf(f *Facts, value any) any {
	if f.Moment.Zone == nil {
		return nil
	}
	return value
}

func timeOf(t time.Time, known bool) any {
	if !known {
		return nil
	}
	return t
}

func textOf(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func listOf(list []string) any {
	if list == nil {
		return nil
	}
	return list
}

func mapOf(m map[string]string) any {
	if m == nil {
		return nil
	}
	return m
}

func (c *Cart) read(a Amount) any {
	if !a.Known || c.Foreign {
		return nil
	}
	return a.Minor
}

func ordersOf(f *Facts, read func(*Orders) any) any {
	if f.Member.Orders == nil {
		return nil
	}
	return read(f.Member.Orders)
}

func cartOf(f *Facts, read func(*Cart) any) any {
	if f.Cart == nil {
		return nil
	}
	return read(f.Cart)
}

func quantityOf(c *Cart) any {
	var n int64
	for i := range c.Lines {
		n += c.Lines[i].Quantity
	}
	return n
}

func linesOf(c *Cart) any {
	all := make([]map[string]any, len(c.Lines))
	for i := range c.Lines {
		l := &c.Lines[i]
		all[i] = map[string]any{
			"sku": l.SKU, "category": l.Category, "brand": l.Brand, "merchant": l.Merchant,
			"quantity": l.Quantity,
		}
		if !c.Foreign {
			all[i]["unit_minor"] = l.UnitMinor
		}
	}
	return all
}

// activation lets an expression read facts by name.
type activation struct{ facts *Facts }

// ResolveName returns a variable's value; one that is not known does not exist.
func (a activation) ResolveName(name string) (any, bool) {
	v := variableByName[name]
	if v == nil {
		return nil, false
	}
	value := v.read(a.facts)
	return value, value != nil
}

// Parent is none.
func (a activation) Parent() cel.Activation { return nil }

// sizes tells the estimator how large facts can get.
type sizes struct{}

// EstimateSize bounds lists, maps and texts.
func (sizes) EstimateSize(e cost.AstNode) *cost.SizeEstimate {
	if p := e.Path(); len(p) == 1 {
		if v := variableByName[p[0]]; v != nil && v.most > 0 {
			return &cost.SizeEstimate{Max: v.most}
		}
	}
	if k := e.Type().Kind(); k == cel.StringKind || k == cel.BytesKind || k == cel.DynKind {
		return &cost.SizeEstimate{Max: longestText}
	}
	return nil
}

// EstimateCallCost leaves calls to the standard model.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}
