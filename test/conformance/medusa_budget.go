package main

import (
	"math/big"

	"quan/internal/domain/pricing"
	"quan/internal/kernel/money"
)

// medusaSpending is what was taken of a campaign's budget.
type medusaSpending struct {
	used   *big.Rat
	by     map[string]int64 // uses by the value of the budget's attribute
	shared *pricing.Budget  // of those who spend
}

// spending counts what was used before the case.
func (w *medusaWork) spending() {
	for i := range w.Promotions {
		c := w.campaign(&w.Promotions[i])
		if c == nil || c.Budget == nil || w.budgets[c] != nil {
			continue
		}
		w.budgets[c] = &medusaSpending{used: new(big.Rat).Set(c.Budget.Used.or(0)), by: map[string]int64{}}
	}
	for _, usage := range w.Usage {
		seen := map[string]bool{}
		for _, action := range usage.Actions {
			for i := range w.Promotions {
				if p := &w.Promotions[i]; p.Code == action.Code {
					w.register(p, action.Amount.or(0), usage.Context, seen)
				}
			}
		}
	}
}

// register counts one action: every amount of a spending budget, one use of
// others for each order.
func (w *medusaWork) register(p *medusaPromotion, amount *big.Rat, context map[string]*string, seen map[string]bool) {
	if p.Limit != nil && !seen["promotion "+p.Code] {
		used := &Number{}
		used.Add(p.Used.or(0), big.NewRat(1, 1))
		p.Used, seen["promotion "+p.Code] = used, true
	}
	c := w.campaign(p)
	if c == nil || c.Budget == nil {
		return
	}
	s := w.budgets[c]
	switch {
	case c.Budget.Type == "spend":
		s.used.Add(s.used, amount)
	case seen["campaign "+c.ID]:
	case c.Budget.Type == "usage":
		s.used.Add(s.used, big.NewRat(1, 1))
		seen["campaign "+c.ID] = true
	default:
		if who := context[c.Budget.Attribute]; who != nil && *who != "" {
			s.by[*who]++
			seen["campaign "+c.ID] = true
		}
	}
}

// limit gives an offer its budget, or the uses that are left.
func (w *medusaWork) limit(p *medusaPromotion, o *Offer) error {
	if p.Limit != nil && !w.Input.Options.SkipLimits {
		if err := o.uses(p.Used.or(0), &p.Limit.Rat); err != nil {
			return err
		}
	}
	c := w.campaign(p)
	if w.spent[p] = o.Uses > 0 && o.Used >= o.Uses; w.spent[p] {
		return nil
	}
	if c == nil || c.Budget == nil || c.Budget.Limit.or(0).Sign() == 0 {
		return nil
	}
	s := w.budgets[c]
	switch c.Budget.Type {
	case "spend":
		w.spend(c.Budget, s, o)
		return nil
	case "usage":
		return o.uses(s.used, &c.Budget.Limit.Rat)
	case "use_by_attribute":
		if w.Input.Options.SkipLimits {
			return nil
		}
		who := map[string]string{"customer_id": w.ID, "customer_email": w.Email}[c.Budget.Attribute]
		if c.Budget.Attribute == "customer_id" && who == "" {
			who = w.Customer.ID
		}
		if who == "" {
			return cannot("a budget for each %s of a cart that has none: an error of the other engine", c.Budget.Attribute)
		}
		return o.uses(big.NewRat(s.by[who], 1), &c.Budget.Limit.Rat)
	}
	return cannot("a budget of type %q", c.Budget.Type)
}

// spend shares what is left of a budget. What is finer than the grain can't be
// spent anyway.
func (w *medusaWork) spend(b *medusaBudget, s *medusaSpending, o *Offer) {
	if s.shared == nil {
		left := new(big.Rat).Sub(&b.Limit.Rat, s.used)
		left.Mul(left, new(big.Rat).SetInt(&w.grain.parts))
		units := new(big.Int).Quo(left.Num(), left.Denom())
		s.shared = &pricing.Budget{}
		switch {
		case !units.IsInt64() || units.Int64() > money.MaxMinor:
			s.shared.LeftMinor = money.MaxMinor
		case units.Sign() > 0:
			s.shared.LeftMinor = units.Int64()
		}
	}
	o.Budget = s.shared
}

// uses bounds how often an offer can be used.
func (o *Offer) uses(used, limit *big.Rat) error {
	u, l := &Number{*used}, &Number{*limit}
	var ok, too bool
	o.Used, ok = u.whole()
	o.Uses, too = l.whole()
	if !ok || !too || o.Uses < 1 {
		return cannot("a number of uses that is no whole number")
	}
	return nil
}
