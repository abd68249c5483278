package pricing

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Bounds of a cart. The total of the list amounts is bounded by money.MaxMinor.
const (
	LinesMax    = 10_000
	QuantityMax = 1_000_000
)

// Validate returns nil, or every fault of the cart with JSON pointers
// (/lines/0/quantity). An empty cart is legal: a gift may be handed over without one.
func (c *Cart) Validate() error {
	var l fault.List
	optional(&l, c.Store, "/store")
	optional(&l, c.City, "/city")
	optional(&l, c.Channel, "/channel")
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

// validate adds the line's faults and returns its list amount where it has one
// that is at most money.MaxMinor.
func (l Line) validate(list *fault.List, at string) (minor int64, ok bool) {
	optional(list, l.SKU, at+"/sku")
	optional(list, l.Category, at+"/category")
	optional(list, l.Brand, at+"/brand")
	optional(list, l.Merchant, at+"/merchant")
	ok = true
	if l.Quantity < 1 || l.Quantity > QuantityMax {
		list.Add(fault.New(fault.OutOfRange, "min", 1, "max", QuantityMax).At(at + "/quantity"))
		ok = false
	}
	if l.UnitMinor < 0 || l.UnitMinor > money.MaxMinor {
		list.Add(fault.New(fault.OutOfRange, "min", 0, "max", int64(money.MaxMinor)).At(at + "/unit_minor"))
		ok = false
	}
	if !ok {
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

// Hash is the SHA-256 (hex) of the cart in a canonical form: equal exactly for
// equal carts, the order of the lines included.
func (c *Cart) Hash() string {
	b := make([]byte, 0, 64+64*len(c.Lines))
	b = appendTexts(b, "cart1", c.Store, c.City, c.Channel)
	for _, l := range c.Lines {
		b = appendTexts(b, l.SKU, l.Category, l.Brand, l.Merchant)
		b = binary.BigEndian.AppendUint64(b, uint64(l.Quantity))
		b = binary.BigEndian.AppendUint64(b, uint64(l.UnitMinor))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// appendTexts writes texts with their lengths, so that none runs into the next.
func appendTexts(b []byte, texts ...string) []byte {
	for _, t := range texts {
		b = binary.AppendUvarint(b, uint64(len(t)))
		b = append(b, t...)
	}
	return b
}
