package api

import (
	"context"

	"quan/internal/app/checkout"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type quoteBody struct {
	Market   string       `json:"market,omitempty" maxLength:"64" doc:"code of the market; main when absent" example:"main"`
	Member   who          `json:"member,omitzero" doc:"whose coupons"`
	Cart     cartBody     `json:"cart" doc:"what is bought"`
	Coupons  []couponID   `json:"coupons,omitempty" maxItems:"100" uniqueItems:"true" doc:"only these; absent: all of the member's" nullable:"false"`
	Balances balancesBody `json:"balances,omitempty" doc:"what is left on coupons of stored value, minor units by coupon" nullable:"false"`
	Rehearsed
}

// Rehearsed are the wishes of testers beside a quote, and of shops that suggest.
type Rehearsed struct {
	At      calendar.Instant `json:"at,omitzero" doc:"price as at this moment; needs template.write" example:"2026-06-18T12:00:00Z"`
	Drafts  []templateID     `json:"drafts,omitempty" maxItems:"20" uniqueItems:"true" doc:"templates whose draft (else newest version) counts as held; needs template.write. Their verdicts name no coupon, and version 0 for a draft" nullable:"false"`
	Suggest int64            `json:"suggest,omitempty" minimum:"0" maximum:"20" doc:"tell what coupons lack, and so many suggestions of what to add" example:"3"`
}

type PricedRow struct {
	Currency      string    `json:"currency" doc:"ISO 4217 code of all amounts" example:"CNY"`
	ListMinor     int64     `json:"list_minor" doc:"before coupons"`
	DiscountMinor int64     `json:"discount_minor" doc:"what the coupons take off"`
	PayableMinor  int64     `json:"payable_minor" doc:"what is left to pay"`
	Lines         []lineOff `json:"lines" doc:"discount of each line; they sum to the whole" nullable:"false"`
	Uses          []useRow  `json:"uses" doc:"coupons used, in the order in which they apply" nullable:"false"`
}

type lineOff struct {
	Line          int64 `json:"line" doc:"place of the line in the cart, from 0"`
	DiscountMinor int64 `json:"discount_minor" doc:"taken off this line"`
}

type useRow struct {
	Coupon        couponID     `json:"coupon,omitzero" doc:"which coupon; absent for a promotion that applies by itself: a lock of the best set issues it"`
	Template      templateID   `json:"template" doc:"of which template"`
	Version       int64        `json:"version" doc:"of which version of it"`
	DiscountMinor int64        `json:"discount_minor" doc:"what it takes off"`
	Gift          *coupon.Gift `json:"gift,omitempty" doc:"what it gives: quantity is handed over, what the cart has of it is free"`
	Benefit       *benefitRow  `json:"benefit,omitempty" doc:"what the caller applies"`
	Units         []unitsRow   `json:"units,omitempty" doc:"units that it discounts, of kinds that choose them" nullable:"false"`
	Cells         []cellRow    `json:"cells,omitempty" doc:"who bears how much on which line" nullable:"false"`
}

type benefitRow struct {
	Unit  string  `json:"unit" doc:"bps, points or another word of the template's"`
	Value int64   `json:"value" doc:"how much, in that unit"`
	Lines []int64 `json:"lines,omitempty" doc:"share of each line of the cart" nullable:"false"`
}

type unitsRow struct {
	Line     int64 `json:"line" doc:"place of the line, from 0"`
	Quantity int64 `json:"quantity" doc:"units of it"`
}

type cellRow struct {
	Line          int64  `json:"line" doc:"place of the line, from 0"`
	FunderKind    string `json:"funder_kind" doc:"platform, merchant or brand"`
	FunderCode    string `json:"funder_code" doc:"which one"`
	Minor         int64  `json:"minor" doc:"borne on this line"`
	ReturnedMinor int64  `json:"returned_minor,omitempty" doc:"given back of it"`
}

func showUses(uses []pricing.Use) []useRow {
	out := make([]useRow, len(uses))
	for i, u := range uses {
		out[i] = useRow{heldCoupon(u.Coupon, u.Template), templateID(u.Template), u.Version, u.DiscountMinor, u.Gift, (*benefitRow)(u.Benefit), nil, nil}
		for _, n := range u.Units {
			out[i].Units = append(out[i].Units, unitsRow(n))
		}
		for _, cell := range u.Cells {
			out[i].Cells = append(out[i].Cells, cellRow{Line: cell.Line, FunderKind: string(cell.Funder.Kind), FunderCode: cell.Funder.Code, Minor: cell.Minor})
		}
	}
	return out
}

// heldCoupon is the coupon of a use, none where the buyer holds none yet: such a
// candidate has its template's number.
func heldCoupon(c, template id.ID) couponID {
	if c == template {
		return 0
	}
	return couponID(c)
}

func showPriced(currency string, list, discount, payable int64, lines []int64, uses []pricing.Use) PricedRow {
	out := PricedRow{Currency: currency, ListMinor: list, DiscountMinor: discount, PayableMinor: payable,
		Lines: make([]lineOff, len(lines)), Uses: showUses(uses)}
	for i, minor := range lines {
		out.Lines[i] = lineOff{int64(i), minor}
	}
	return out
}

type quoteRow struct {
	PricedRow
	Coupons []judgedRow `json:"coupons" doc:"every candidate with its verdict" nullable:"false"`
	Advised
	Optimal    bool  `json:"optimal" doc:"proved: no legal set of the coupons pays less"`
	BoundMinor int64 `json:"bound_minor" doc:"least payable that could still exist; payable_minor when optimal"`
}

type judgedRow struct {
	Coupon        couponID       `json:"coupon,omitzero" doc:"which coupon; absent for a promotion that applies by itself"`
	Template      templateID     `json:"template" doc:"of which template"`
	Version       int64          `json:"version" doc:"of which version of it"`
	Verdict       string         `json:"verdict" enum:"applied,skipped,inapplicable" doc:"in the best set, legal but not in it, or not usable"`
	DiscountMinor int64          `json:"discount_minor" doc:"what it would take off alone"`
	Reasons       []ProblemError `json:"reasons,omitempty" doc:"why it is not usable, or can't be added to the best set, in their fixed order" nullable:"false"`
}

type quoteInput struct{ Body quoteBody }

type quoteAnswer struct{ Body quoteRow }

func (s *server) quoteRoute(cart cartBody, buyer who) {
	add(s, operation{id: "quote-cart", method: "POST", path: "/v1/quotes", tag: "checkout", may: access.Quote,
		summary: "Price a cart with the best set of a member's coupons",
		about: "Writes nothing and promises nothing, so it takes no Idempotency-Key. Coupons of different stacking groups that don't exclude each other stand together, up to the market's most. " +
			"Every coupon gets a verdict; what is not usable, or can't be added to the best set, gets its reasons.",
		example: quoteBody{Market: "main", Member: buyer, Cart: cart},
		faults:  []fault.Code{fault.Absent, fault.UnknownReference, fault.Conflicting, fault.MemberUnknown, fault.CouponUnknown, fault.DuplicateValue, fault.CurrencyMismatch}},
		func(ctx context.Context, c *call, in *quoteInput) (*quoteAnswer, error) {
			who, err := s.whoOf(in.Body.Member)
			if err != nil {
				return nil, err
			}
			balances, err := in.Body.Balances.byID()
			if err != nil {
				return nil, err
			}
			q, err := s.Checkout.Quote(ctx, c.principal, checkout.QuoteInput{Market: marketOr(in.Body.Market), Who: who,
				Cart: *in.Body.Cart.cart(), Coupons: couponIDs(in.Body.Coupons), Balances: balances,
				Suggest: in.Body.Suggest, Rehearsal: in.Body.rehearsal()})
			if err != nil {
				return nil, err
			}
			return &quoteAnswer{c.showQuote(q)}, nil
		})
}

func (c *call) showQuote(q *checkout.Quote) quoteRow {
	r, currency := q.Result, q.Market.Paying(q.Cart.Currency)
	out := quoteRow{PricedRow: showPriced(currency, r.ListMinor, r.DiscountMinor, r.PayableMinor, r.Lines, r.Uses),
		Coupons: make([]judgedRow, len(r.Coupons)), Optimal: r.Optimal, BoundMinor: r.BoundMinor}
	for i, j := range r.Coupons {
		out.Coupons[i] = judgedRow{Coupon: heldCoupon(j.Coupon, j.Template), Template: templateID(j.Template), Version: j.Version,
			Verdict: string(j.Verdict), DiscountMinor: j.DiscountMinor}
		if len(j.Reasons) > 0 {
			out.Coupons[i].Reasons = make([]ProblemError, 0, len(j.Reasons))
		}
		for _, reason := range j.Reasons {
			out.Coupons[i].Reasons = append(out.Coupons[i].Reasons, c.problemErrorIn(reason, currency))
		}
	}
	out.Advised = c.showAdvice(q)
	return out
}

// marketOr is the market that is meant where none is named.
func marketOr(code string) string {
	if code == "" {
		return market.DefaultCode
	}
	return code
}
