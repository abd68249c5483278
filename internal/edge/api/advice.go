package api

import (
	"quan/internal/app/checkout"
	"quan/internal/kernel/id"
)

// Advised is what was asked for by suggest.
type Advised struct {
	Gaps        []gapRow        `json:"gaps,omitempty" doc:"what coupons lack: those that more goods would bring in, or to their next step" nullable:"false"`
	Suggestions []suggestionRow `json:"suggestions,omitempty" doc:"what to add, by what is paid more in the end; each was priced" nullable:"false"`
}

type gapRow struct {
	Coupon       couponID   `json:"coupon,omitzero" doc:"which coupon; absent for one that nobody holds yet"`
	Template     templateID `json:"template" doc:"of which template"`
	MissingMinor int64      `json:"missing_minor,omitempty" doc:"list amount that lacks"`
	MissingUnits int64      `json:"missing_units,omitempty" doc:"units that lack"`
	Step         bool       `json:"step,omitempty" doc:"the coupon counts already: this is to its next step or repetition"`
	Text         string     `json:"text" doc:"the same in the language of Accept-Language"`
}

type suggestionRow struct {
	Coupons       []couponID    `json:"coupons" doc:"that it brings in, or to their next step; those that nobody holds yet are named by templates" nullable:"false"`
	Templates     []templateID  `json:"templates" doc:"their templates" nullable:"false"`
	Add           []additionRow `json:"add" doc:"what to add" nullable:"false"`
	AddedMinor    int64         `json:"added_minor" doc:"list amount of what is added"`
	DiscountMinor int64         `json:"discount_minor" doc:"what coupons take off the order then"`
	PayableMinor  int64         `json:"payable_minor" doc:"what is left to pay then"`
	ExtraMinor    int64         `json:"extra_minor" doc:"paid more than now; below zero where the order becomes cheaper"`
}

type additionRow struct {
	SKU       string `json:"sku" doc:"item"`
	Name      string `json:"name" doc:"as customers know it"`
	Quantity  int64  `json:"quantity" doc:"units"`
	UnitMinor int64  `json:"unit_minor" doc:"list price of one"`
}

func (c *call) showAdvice(q *checkout.Quote) (row Advised) {
	for _, w := range q.Advice.Wants {
		j := &q.Result.Coupons[w.Place]
		row.Gaps = append(row.Gaps, gapRow{heldCoupon(j.Coupon, j.Template), templateID(j.Template), w.Minor, w.Units, w.Step,
			c.problemErrorIn(w.First, q.Market.Paying(q.Cart.Currency)).Detail})
	}
	templatesByCoupon := make(map[id.ID]id.ID, len(q.Result.Coupons))
	for _, j := range q.Result.Coupons {
		templatesByCoupon[j.Coupon] = j.Template
	}
	for _, s := range q.Advice.Suggestions {
		out := suggestionRow{Coupons: []couponID{}, Templates: []templateID{}, AddedMinor: s.AddedMinor, DiscountMinor: s.DiscountMinor, PayableMinor: s.PayableMinor, ExtraMinor: s.ExtraMinor}
		for _, one := range s.Coupons {
			template := templatesByCoupon[one]
			if held := heldCoupon(one, template); held != 0 {
				out.Coupons = append(out.Coupons, held)
			}
			out.Templates = append(out.Templates, templateID(template))
		}
		for _, a := range s.Add {
			out.Add = append(out.Add, additionRow{a.SKU, q.Advice.Items[a.SKU].Name, a.Quantity, a.UnitMinor})
		}
		row.Suggestions = append(row.Suggestions, out)
	}
	return row
}

// rehearsal is what testers ask for.
func (r Rehearsed) rehearsal() checkout.Rehearsal {
	out := checkout.Rehearsal{At: r.At}
	for _, t := range r.Drafts {
		out.Drafts = append(out.Drafts, id.ID(t))
	}
	return out
}
