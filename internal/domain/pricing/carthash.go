package pricing

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
)

// Hash is the SHA-256 (hex) of the cart in a canonical form: equal exactly for
// equal carts, the order of the lines included. Hashes are stored with locks and
// orders, so a cart that says only what carts could say at first keeps the form
// that it had then.
func (c *Cart) Hash() string {
	b := make([]byte, 0, 64+64*len(c.Lines))
	if c.plain() {
		b = appendTexts(b, "cart1", c.Store, c.City, c.Channel)
		for i := range c.Lines {
			b = c.Lines[i].appendGoods(b)
		}
	} else {
		b = appendTexts(b, "cart2", c.Store, c.City, c.Channel, c.Currency, c.Mode, c.Payment)
		b = appendNumbers(b, c.Latitude, c.Longitude, int64(len(c.Facts)))
		for _, name := range slices.Sorted(maps.Keys(c.Facts)) {
			b = appendTexts(b, name, c.Facts[name])
		}
		for i := range c.Lines {
			l := &c.Lines[i]
			b = l.appendGoods(b)
			b = appendTexts(b, l.Shipping)
			b = appendNumbers(b, l.MemberMinor, l.MinMinor, l.TaxBps, flag(l.NoCoupons))
		}
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// plain reports whether the cart uses none of the fields that came with cart2.
func (c *Cart) plain() bool {
	if c.Currency != "" || c.Mode != "" || c.Payment != "" || c.Latitude != 0 || c.Longitude != 0 || len(c.Facts) > 0 {
		return false
	}
	return !slices.ContainsFunc(c.Lines, func(l Line) bool {
		return l.MemberMinor != 0 || l.MinMinor != 0 || l.NoCoupons || l.Shipping != "" || l.TaxBps != 0
	})
}

func (l *Line) appendGoods(b []byte) []byte {
	b = appendTexts(b, l.SKU, l.Category, l.Brand, l.Merchant)
	return appendNumbers(b, l.Quantity, l.UnitMinor)
}

// appendTexts writes texts with their lengths, so that none runs into the next.
func appendTexts(b []byte, texts ...string) []byte {
	for _, t := range texts {
		b = binary.AppendUvarint(b, uint64(len(t)))
		b = append(b, t...)
	}
	return b
}

func appendNumbers(b []byte, numbers ...int64) []byte {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return b
}

func flag(set bool) int64 {
	if set {
		return 1
	}
	return 0
}
