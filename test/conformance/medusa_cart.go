package main

import (
	"cmp"
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"quan/internal/domain/pricing"
)

// medusaCart is a context as a cart: items first, then shipping methods, each a
// line with its own SKU or method.
type medusaCart struct {
	medusaContext
	whole object
	lines []medusaItem // by line of the cart
	items int          // of lines, how many are items
	taxed bool         // prices are with tax: some promotion speaks of them
	// stranger is the cart's currency where the context has none.
	stranger string
	rate     *big.Rat // with tax over without, where all items have the same; nil: they don't
}

func readMedusaCart(raw json.RawMessage, taxed, buyget bool) (*medusaCart, error) {
	c := &medusaCart{taxed: taxed}
	if err := json.Unmarshal(raw, &c.medusaContext); err != nil {
		return nil, cannot("context: %v", err)
	}
	if err := json.Unmarshal(raw, &c.whole); err != nil {
		return nil, cannot("context: %v", err)
	}
	for _, i := range c.Items {
		if i.Quantity != nil && i.Subtotal != nil && i.Quantity.Sign() > 0 && i.Subtotal.Sign() > 0 {
			c.lines = append(c.lines, i)
		}
	}
	if buyget { // buy-get takes the line with the larger subtotal first
		slices.SortStableFunc(c.lines, func(a, b medusaItem) int { return b.Subtotal.Cmp(&a.Subtotal.Rat) })
	}
	c.items = len(c.lines)
	for _, s := range c.Shipping {
		if s.Subtotal != nil && s.Subtotal.Sign() > 0 {
			c.lines = append(c.lines, s)
		}
	}
	c.rate = c.oneRate()
	return c, nil
}

// oneRate is the ratio of prices with tax to those without, if items share it.
func (c *medusaCart) oneRate() *big.Rat {
	rate := big.NewRat(1, 1)
	for i := range c.items {
		r := new(big.Rat).Quo(c.lines[i].gross(), &c.lines[i].Subtotal.Rat)
		if i > 0 && r.Cmp(rate) != 0 {
			return nil
		}
		rate = r
	}
	return rate
}

// gross is what a line costs with tax.
func (i *medusaItem) gross() *big.Rat {
	if i.OriginalTotal == nil {
		return &i.Subtotal.Rat
	}
	return &i.OriginalTotal.Rat
}

// unit is the price of one unit of a line, as the cart has it.
func (c *medusaCart) unit(line int) *big.Rat {
	i := &c.lines[line]
	price := &i.Subtotal.Rat
	if c.taxed && line < c.items {
		price = i.gross()
	}
	return new(big.Rat).Quo(price, i.Quantity.or(1))
}

// hold makes a grain fine enough for the prices.
func (c *medusaCart) hold(g *grain) {
	for i := range c.lines {
		g.hold(c.unit(i))
	}
}

// total is what all lines cost.
func (c *medusaCart) total() *big.Rat {
	sum := new(big.Rat)
	for i := range c.lines {
		sum.Add(sum, new(big.Rat).Mul(c.unit(i), c.lines[i].Quantity.or(1)))
	}
	return sum
}

// cart is the context as a cart.
func (c *medusaCart) cart(g *grain) (pricing.Cart, error) {
	cart := pricing.Cart{Currency: strings.ToUpper(cmp.Or(c.Currency, c.stranger))}
	for i := range c.lines {
		price, err := g.of(c.unit(i))
		if err != nil {
			return cart, err
		}
		line := pricing.Line{SKU: c.lines[i].ID, Quantity: 1, UnitMinor: price}
		if i >= c.items {
			line.SKU, line.Shipping = "", c.lines[i].ID
		} else if quantity, ok := c.lines[i].Quantity.whole(); ok {
			line.Quantity = quantity
		} else {
			return cart, cannot("a quantity that is no whole number")
		}
		cart.Lines = append(cart.Lines, line)
	}
	return cart, nil
}

// strangers are currencies of which one stands for a context that has none.
var strangers = []string{"CHF", "NOK", "ZAR", "THB", "PEN", "ISK", "KES", "UYU"}

// stranger is a currency that no promotion speaks of.
func stranger(promotions []medusaPromotion) string {
	for _, s := range strangers {
		if !slices.ContainsFunc(promotions, func(p medusaPromotion) bool {
			return p.Method != nil && p.Method.Currency != nil && strings.EqualFold(*p.Method.Currency, s)
		}) {
			return s
		}
	}
	return strangers[0]
}

// matching names the items (or shipping methods) for which rules hold, and says
// whether none is left out. Those that can't be discounted are left out where
// the promotion looks at that.
func (c *medusaCart) matching(rules []medusaRule, shipping, discountable bool) (names []string, all bool, err error) {
	all = true
	from, to, of := 0, c.items, "items."
	if shipping {
		from, to, of = c.items, len(c.lines), "shipping_methods."
	}
	for i := from; i < to; i++ {
		line := &c.lines[i]
		a := newAsked()
		a.rules(rules, of, line.attributes)
		ok, err := a.holds()
		if err != nil {
			return nil, false, err
		}
		if ok && !(discountable && line.Discountable != nil && !*line.Discountable) {
			names = append(names, line.ID)
		} else {
			all = false
		}
	}
	return names, all, nil
}
