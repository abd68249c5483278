package api

import (
	"context"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/showing"
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
	Scan string    `json:"scan" minLength:"1" maxLength:"200" doc:"what was scanned or typed: a dynamic QR code or a coupon number, in any width and case, with or without hyphens" example:"7K3M-92QX-A0VC-4T"`
	Away *awayBody `json:"away,omitempty" doc:"of a scan made without network; absent where it is made now"`
}

// awayBody tells of a scan without network.
type awayBody struct {
	Contact   string `json:"contact" minLength:"1" maxLength:"100" doc:"the newest contact before the scan, of the same caller" example:"C1.00Z…"`
	ElapsedMS int64  `json:"elapsed_ms" minimum:"0" maximum:"43200000" doc:"milliseconds from that contact to the scan, at most twelve hours" example:"95000"`
}

func (b *awayBody) away() *showing.Away {
	if b == nil {
		return nil
	}
	return &showing.Away{Contact: b.Contact, Elapsed: time.Duration(b.ElapsedMS) * time.Millisecond}
}

type contactInput struct {
	Market string `query:"market" maxLength:"64" doc:"code of the market whose day and currency are told; main when absent" example:"main"`
}

type contactAnswer struct{ Body contactRow }

type contactRow struct {
	Contact  string           `json:"contact" doc:"proves this moment later; keep the newest"`
	At       calendar.Instant `json:"at" doc:"server time"`
	Day      calendar.Date    `json:"day" doc:"the market's local day"`
	Market   string           `json:"market" doc:"code of the market"`
	Currency string           `json:"currency" doc:"the market's own currency, ISO 4217"`
	Zone     string           `json:"zone" doc:"the market's time zone, an IANA name: tell the times in it" example:"Asia/Shanghai"`
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
	Kind      coupon.Kind   `json:"kind" doc:"what it does"`
	Asks      coupon.Asks   `json:"asks" enum:"nothing,amount,goods" doc:"what of the order it has to be told: nothing, one amount, or the goods"`
	Gift      *coupon.Gift  `json:"gift,omitempty" doc:"what it gives, or makes cheaper where it is in the cart"`
	Currency  string        `json:"currency" doc:"the market's own currency, ISO 4217"`
	Zone      string        `json:"zone" doc:"the market's time zone, an IANA name: tell the times in it" example:"Asia/Shanghai"`
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
		example: lookBody{Scan: "7K3M-92QX-A0VC-4T"}, faults: []fault.Code{fault.CouponUnknown, fault.QRExpired, fault.ScanTooOld, fault.Absent}}, s.look)
	s.tillRoutes()
}

func (s *server) look(ctx context.Context, c *call, in *lookInput) (*lookAnswer, error) {
	seen, err := s.Issuing.Scan(ctx, c.principal, in.Body.Scan, in.Body.Away.away())
	if err != nil {
		return nil, err
	}
	told, err := s.Catalog.ExplainCoupon(ctx, c.principal, seen.Coupon, c.lang)
	if err != nil {
		return nil, err
	}
	row := lookRow{Coupon: s.showCoupon(*seen.Coupon), Name: seen.Template.CustomerName.In(string(c.lang)), Card: told.Card,
		Sentences: sentences(told.Sentences), Market: seen.Template.Market, Kind: seen.Terms.Kind, Asks: seen.Terms.Asks(), Gift: seen.Terms.Gift, Currency: seen.Currency, Zone: told.Zone, Dynamic: seen.Dynamic, Usable: seen.Refusal == nil}
	if seen.Refusal != nil {
		row.Refusal = c.problem(seen.Refusal)
	}
	return &lookAnswer{string(c.lang), row}, nil
}
