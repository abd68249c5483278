package main

import (
	"encoding/json"
	"math/big"

	"quan/internal/kernel/fault"
)

// tell says an answer as Medusa's actions: amounts by promotion and line, and
// which promotions exceed a budget.
func (w *medusaWork) tell(a *Answer) Facts {
	f := Facts{}
	for i, p := range w.applied {
		for line := range w.lines {
			taken := w.grain.rat(a.Taken(i, line))
			if taken.Sign() == 0 {
				continue
			}
			if w.taxed && !p.TaxInclusive && line < w.items {
				taken.Mul(taken, &w.lines[line].Subtotal.Rat)
				taken.Quo(taken, w.lines[line].gross())
			}
			f.add(actionOf(line >= w.items, p.Code, w.lines[line].ID), taken)
			if line < w.items {
				f.add("items discount total", taken)
			}
		}
		w.exceeded(i, p, a, f)
	}
	for _, i := range append(w.Items[:len(w.Items):len(w.Items)], w.Shipping...) {
		for _, adjustment := range i.Adjustments { // a quote starts from bare prices: nothing earlier stays
			f.count("remove "+adjustment.ID, 1)
		}
	}
	return f
}

// exceeded tells a promotion that is used up or whose budget holds too little, and
// that nothing else speaks against.
func (w *medusaWork) exceeded(i int, p *medusaPromotion, a *Answer, f Facts) {
	o := &w.q.Offers[i]
	c := w.campaign(p)
	out := o.Uses > 0 && o.Used >= o.Uses && !o.Paused && w.q.Now >= o.From && (o.To == 0 || w.q.Now < o.To)
	switch {
	case out && w.spent[p]:
		f.count("limit exceeded "+p.Code, 1)
	case out && c != nil && c.Budget.Type == "use_by_attribute", a.only(i, fault.CouponUsedUp, fault.BudgetSpent):
		f.count("budget exceeded "+p.Code, 1)
	}
}

func actionOf(shipping bool, code, line string) string {
	if shipping {
		return "shipping " + code + " " + line
	}
	return "item " + code + " " + line
}

// alike makes one fact of what buy-get promotions take off lines of one unit
// price: which of them it is does not matter.
func (w *medusaWork) alike() map[string]string {
	names := map[string]string{}
	for _, p := range w.applied {
		if p.Type != "buyget" {
			continue
		}
		for i := range w.items {
			names[actionOf(false, p.Code, w.lines[i].ID)] = "items " + p.Code + " at " + w.unit(i).FloatString(2)
		}
	}
	return names
}

// medusaAction is an action; a sample is one of several that are not all told.
type medusaAction struct {
	Action     string        `json:"action"`
	Item       string        `json:"item_id"`
	Method     string        `json:"shipping_method_id"`
	Adjustment string        `json:"adjustment_id"`
	Amount     *Number       `json:"amount"`
	Code       string        `json:"code"`
	Sample     *medusaAction `json:"sample"`
}

// expectMedusa reads actions and totals.
func expectMedusa(raw json.RawMessage) (Expected, error) {
	var e struct {
		Actions  []medusaAction `json:"actions"`
		Exceeded []string       `json:"budget_exceeded"`
		Total    *Number        `json:"items_discount_total"`
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return Expected{}, err
	}
	want := Expected{Facts: Facts{}}
	for _, a := range e.Actions {
		if a.Sample != nil {
			want.Some = true
			a = *a.Sample
		}
		a.fact(want.Facts)
	}
	for _, code := range e.Exceeded {
		want.Facts.count("budget exceeded "+code, 1)
	}
	if !want.Some {
		want.Facts["items discount total"] = e.Total.or(0)
	}
	return want, nil
}

func (a *medusaAction) fact(f Facts) {
	switch a.Action {
	case "addItemAdjustment":
		f.add(actionOf(false, a.Code, a.Item), a.Amount.or(0))
	case "addShippingMethodAdjustment":
		f.add(actionOf(true, a.Code, a.Method), a.Amount.or(0))
	case "campaignBudgetExceeded":
		f.count("budget exceeded "+a.Code, 1)
	case "promotionLimitExceeded":
		f.count("limit exceeded "+a.Code, 1)
	case "removeItemAdjustment", "removeShippingMethodAdjustment":
		f.count("remove "+a.Adjustment, 1)
	default:
		f.add("action "+a.Action, big.NewRat(1, 1))
	}
}
