package api

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type shownAnswer struct{ Body shownRow }

type shownRow struct {
	Code      string           `json:"code" doc:"what the QR holds: letters and digits that QR codes pack tightly" example:"Q1.00Z…"`
	MadeAt    calendar.Instant `json:"made_at" doc:"server time, for pages whose clock is wrong"`
	ExpiresAt calendar.Instant `json:"expires_at" doc:"good until, this moment excluded; ask anew before"`
}

type lookBody struct {
	Scan string `json:"scan" minLength:"1" maxLength:"200" doc:"what was scanned or typed: a dynamic QR code or a coupon number, in any width and case, with or without hyphens" example:"7K3M-92QX-A0VC-4T"`
}

type lookInput struct{ Body lookBody }

type lookAnswer struct {
	Language string `header:"Content-Language" doc:"language of the texts"`
	Body     lookRow
}

type lookRow struct {
	Coupon    couponRow     `json:"coupon" doc:"which coupon; redeem it by its id"`
	Name      string        `json:"name" doc:"customer name"`
	Card      string        `json:"card" doc:"what it gives, in a line"`
	Sentences []sentenceRow `json:"sentences" doc:"what it gives and from what on: one for every rule" nullable:"false"`
	Market    string        `json:"market" doc:"code of the market whose orders it is for"`
	Dynamic   bool          `json:"dynamic" doc:"by a dynamic QR code: its member was there to show it"`
	Usable    bool          `json:"usable" doc:"nothing speaks against it save what the cart may"`
	Refusal   *Problem      `json:"refusal,omitempty" doc:"the first reason against it; absent where it is usable"`
}

func (s *server) counterRoutes() {
	add(s, operation{id: "show-coupon", method: "POST", path: "/v1/coupons/{id}/qr", tag: "coupons", may: access.CouponRead,
		summary: "Make a coupon's dynamic QR code",
		about:   "What the member holds up at a counter, good for a minute; a picture of it is worth nothing later. Writes nothing. For the member's own page or the operator's back end, not for clerks.",
		faults:  []fault.Code{fault.CouponUnknown}},
		func(ctx context.Context, c *call, in *CouponPath) (*shownAnswer, error) {
			shown, err := s.Issuing.Show(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			return &shownAnswer{shownRow{shown.Code, shown.From, shown.ExpiresAt}}, nil
		})
	add(s, operation{id: "look-at-coupon", method: "POST", path: "/v1/counter/look", tag: "checkout", may: access.CouponUse,
		summary: "Look at a scanned coupon before redeeming it",
		about:   "Resolves a dynamic QR code or a coupon number. Writes nothing: redeem with the coupon's id. Numbers that are unknown, forged or outside the caller's scope look alike.",
		example: lookBody{"7K3M-92QX-A0VC-4T"}, faults: []fault.Code{fault.CouponUnknown, fault.QRExpired, fault.Absent}}, s.look)
}

func (s *server) look(ctx context.Context, c *call, in *lookInput) (*lookAnswer, error) {
	seen, err := s.Issuing.Scan(ctx, c.principal, in.Body.Scan)
	if err != nil {
		return nil, err
	}
	told, err := s.Catalog.ExplainCoupon(ctx, c.principal, seen.Coupon, c.lang)
	if err != nil {
		return nil, err
	}
	row := lookRow{Coupon: s.showCoupon(*seen.Coupon), Name: seen.Template.CustomerName.In(string(c.lang)), Card: told.Card,
		Sentences: sentences(told.Sentences), Market: seen.Template.Market, Dynamic: seen.Dynamic, Usable: seen.Refusal == nil}
	if seen.Refusal != nil {
		row.Refusal = c.problem(seen.Refusal)
	}
	return &lookAnswer{string(c.lang), row}, nil
}
