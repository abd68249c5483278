package pricing

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Bounds of a cart. The total of the list amounts is bounded by money.MaxMinor.
const (
	LinesMax     = 10_000
	QuantityMax  = 1_000_000
	FactsMax     = 64        // outer facts
	FactMax      = 256       // bytes of the value of one
	TaxBpsMax    = 100_000   // ten times the price
	latitudeMax  = 90_000000 // in millionths of a degree
	longitudeMax = 180_000000
)

// Validate returns nil, or every fault of the cart with JSON pointers
// (/lines/0/quantity). An empty cart is legal: a gift may be handed over without one.
func (c *Cart) Validate() error {
	var l fault.List
	optional(&l, c.Store, "/store")
	optional(&l, c.City, "/city")
	optional(&l, c.Channel, "/channel")
	optional(&l, c.Mode, "/mode")
	optional(&l, c.Payment, "/payment")
	c.outside(&l)
	if len(c.Lines) > LinesMax {
		l.Add(fault.New(fault.TooLong, "max", LinesMax).At("/lines"))
		return l.Err()
	}
	var total int64
	for i := range c.Lines {
		amount, ok := c.Lines[i].validate(&l, fmt.Sprintf("/lines/%d", i))
		if ok && total <= money.MaxMinor {
			total += amount
		}
	}
	if total > money.MaxMinor {
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", int64(money.MaxMinor)).At("/lines"))
	}
	return l.Err()
}

// outside asks for what the cart says of the world around it.
func (c *Cart) outside(l *fault.List) {
	if c.Currency != "" && !money.Currency(c.Currency) {
		l.Add(fault.New(fault.InvalidValue).At("/currency"))
	}
	within(l, c.Latitude, -latitudeMax, latitudeMax, "/latitude")
	within(l, c.Longitude, -longitudeMax, longitudeMax, "/longitude")
	if len(c.Facts) > FactsMax {
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", FactsMax).At("/facts"))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.Facts)) {
		at := "/facts/" + pointed.Replace(name)
		l.Add(rule.Word(name, at))
		switch value := c.Facts[name]; {
		case len(value) > FactMax:
			l.Add(fault.New(fault.TooLong, "max", FactMax).At(at))
		case !rule.Printable(value):
			l.Add(fault.New(fault.InvalidValue).At(at))
		}
	}
}

// pointed escapes a name for a JSON pointer.
var pointed = strings.NewReplacer("~", "~0", "/", "~1")

func within(l *fault.List, value, low, high int64, pointer string) bool {
	if value < low || value > high {
		l.Add(fault.New(fault.OutOfRange, "min", low, "max", high).At(pointer))
		return false
	}
	return true
}

// validate adds the line's faults and returns its list amount where it has one
// that is at most money.MaxMinor.
func (l Line) validate(list *fault.List, at string) (minor int64, ok bool) {
	optional(list, l.SKU, at+"/sku")
	optional(list, l.Category, at+"/category")
	optional(list, l.Brand, at+"/brand")
	optional(list, l.Merchant, at+"/merchant")
	optional(list, l.Shipping, at+"/shipping")
	most := int64(QuantityMax)
	if l.Shipping != "" {
		most = 1
	}
	ok = within(list, l.Quantity, 1, most, at+"/quantity")
	priced := within(list, l.UnitMinor, 0, money.MaxMinor, at+"/unit_minor")
	within(list, l.MemberMinor, 0, money.MaxMinor, at+"/member_minor")
	if priced {
		within(list, l.MinMinor, 0, l.UnitMinor, at+"/min_minor")
	}
	within(list, l.TaxBps, 0, TaxBpsMax, at+"/tax_bps")
	if !ok || !priced {
		return 0, false
	}
	minor, err := money.Mul(l.Quantity, l.UnitMinor)
	if err != nil || minor > money.MaxMinor {
		list.Add(fault.New(fault.OutOfRange, "min", 0, "max", int64(money.MaxMinor)).At(at + "/unit_minor"))
		return 0, false
	}
	return minor, true
}

func optional(l *fault.List, value, pointer string) {
	if value != "" {
		l.Add(rule.Word(value, pointer))
	}
}

// ListMinor is the list amount of all lines.
func (c *Cart) ListMinor() int64 {
	var sum int64
	for _, l := range c.Lines {
		sum += l.ListMinor()
	}
	return sum
}
