package api

import (
	"context"

	"quan/internal/app/checkout"
	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

type totalsInput struct {
	Market string `query:"market" maxLength:"64" doc:"code of the market; main when absent" example:"main"`
	Store  string `query:"store" maxLength:"64" doc:"only this store's" example:"nanjing-road"`
	Clerk  string `query:"clerk" maxLength:"64" doc:"only this clerk's, by the id of the person or key" example:"psn_…"`
	From   day    `query:"from" doc:"first local day; absent with to: today"`
	To     day    `query:"to" doc:"last local day, included; at most 31 days"`
	Filed
}

type totalsAnswer struct{ Body totalsBody }

type totalsBody struct {
	Market string        `json:"market" doc:"code of the market"`
	From   calendar.Date `json:"from" doc:"first local day"`
	To     calendar.Date `json:"to" doc:"last local day, included"`
	Items  []totalRow    `json:"items" doc:"by store, clerk and currency" nullable:"false"`
	More   bool          `json:"more,omitempty" doc:"there are more rows than the thousand shown: ask for a store"`
}

type totalRow struct {
	Store         string `json:"store" doc:"code of the store"`
	Clerk         string `json:"clerk,omitempty" doc:"person or key; absent where a return of an older program doesn't say"`
	Name          string `json:"name,omitempty" doc:"of the clerk"`
	Currency      string `json:"currency" doc:"ISO 4217 code of all amounts"`
	Redeemed      int64  `json:"redeemed" doc:"uses of coupons"`
	DiscountMinor int64  `json:"discount_minor" doc:"what they took off"`
	Away          int64  `json:"away" doc:"of them: scanned without network"`
	Returned      int64  `json:"returned" doc:"uses given back, on the day of the return"`
	ReturnedMinor int64  `json:"returned_minor" doc:"what those had taken off"`
}

func (s *server) tillRoutes() {
	add(s, operation{id: "contact-counter", method: "GET", path: "/v1/counter/contact", tag: "checkout", may: access.CouponUse,
		summary: "Say that a counter is in touch",
		about:   "The answer proves this moment to a later call of the same caller: a counter that loses its network counts time from here on, and sends what it scanned when the network is back. Writes nothing.",
		faults:  []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *contactInput) (*contactAnswer, error) {
			out, err := s.Checkout.Contact(ctx, c.principal, in.Market)
			if err != nil {
				return nil, err
			}
			return &contactAnswer{contactRow{out.Text, out.At, out.Day, out.Market.Code, out.Market.Currency, out.Market.Zone}}, nil
		})
	add(s, operation{id: "get-counter-totals", method: "GET", path: "/v1/counter/totals", tag: "checkout", may: access.OrderRead,
		summary: "Add up what counters redeemed and gave back",
		about:   "In stores, by clerk: a shift's totals, exact as of now. Without days it is the market's today.",
		faults:  []fault.Code{fault.Absent, fault.OutOfRange, fault.TooLong}}, s.totals)
}

func (s *server) totals(ctx context.Context, c *call, in *totalsInput) (*totalsAnswer, error) {
	out, err := s.Checkout.Totals(ctx, c.principal, checkout.TotalQuery{Market: in.Market, Store: in.Store, Clerk: in.Clerk,
		From: calendar.Date(in.From), To: calendar.Date(in.To)})
	if err != nil {
		return nil, err
	}
	body := totalsBody{Market: out.Market.Code, From: out.From, To: out.To, Items: make([]totalRow, len(out.Rows)), More: out.More}
	for i, r := range out.Rows {
		body.Items[i] = totalRow{r.Store, r.Clerk, out.Names[r.Clerk], out.Market.Paying(r.Currency), r.Redeemed, r.DiscountMinor, r.Away, r.Returned, r.ReturnedMinor}
	}
	return &totalsAnswer{body}, nil
}
