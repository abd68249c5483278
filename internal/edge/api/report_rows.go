package api

import (
	"context"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
)

// RowsInput selects the uses behind a figure.
type RowsInput struct {
	Market    string      `query:"market" maxLength:"64" doc:"code of the market; main when absent" example:"main"`
	From      day         `query:"from" doc:"first local day"`
	To        day         `query:"to" doc:"last local day, included"`
	Template  templateID  `query:"template" doc:"only this template"`
	Placement placementID `query:"placement" doc:"only this placement"`
	Form      string      `query:"form" maxLength:"32" doc:"only this delivery form" example:"claim"`
	Channel   string      `query:"channel" maxLength:"64" doc:"only this use channel" example:"app"`
	City      string      `query:"city" maxLength:"64" doc:"only this city" example:"shanghai"`
	Merchant  string      `query:"merchant" maxLength:"64" doc:"only what this merchant sold" example:"orchard"`
	Store     string      `query:"store" maxLength:"64" doc:"only what was sold in this store" example:"nanjing-road"`
	Operator  string      `query:"operator" maxLength:"64" doc:"only what this person or key redeemed; with returned, what they gave back" example:"psn_…"`
	Returned  bool        `query:"returned" doc:"uses that came back, by the day on which they did, instead of all uses by theirs"`
}

func (in *RowsInput) query() reporting.RedemptionQuery {
	q := reporting.RedemptionQuery{Returned: in.Returned, Operator: in.Operator, Query: reporting.Query{Market: in.Market, From: calendar.Date(in.From), To: calendar.Date(in.To),
		Placement: id.ID(in.Placement), Form: in.Form, Channel: in.Channel, City: in.City, Merchant: in.Merchant, Store: in.Store}}
	if in.Template != 0 {
		q.Templates = []id.ID{id.ID(in.Template)}
	}
	return q
}

type listRedemptionsInput struct {
	Paged
	RowsInput
}

type exportRedemptionsInput struct {
	Exported
	RowsInput
}

type usedRow struct {
	ID            redemptionID     `json:"id" doc:"its identity"`
	Order         orderKeyBody     `json:"order" doc:"the order that it was used on"`
	Member        memberID         `json:"member,omitzero" doc:"who held the coupon"`
	Coupon        couponID         `json:"coupon" doc:"which coupon"`
	Use           int64            `json:"use" doc:"number of the use"`
	Template      templateID       `json:"template" doc:"of which template"`
	Placement     placementID      `json:"placement,omitzero" doc:"where it was offered"`
	Form          string           `json:"form" doc:"delivery form"`
	Merchant      string           `json:"merchant,omitempty" doc:"who sold"`
	Store         string           `json:"store,omitempty" doc:"where it was sold"`
	Channel       string           `json:"channel,omitempty" doc:"use channel"`
	City          string           `json:"city,omitempty" doc:"city"`
	Operator      string           `json:"operator" doc:"principal who redeemed"`
	At            calendar.Instant `json:"at" doc:"when"`
	Day           calendar.Date    `json:"day" doc:"the market's local day"`
	Currency      string           `json:"currency" doc:"ISO 4217 code of all amounts"`
	ListMinor     int64            `json:"list_minor" doc:"of the order, before discounts"`
	DiscountMinor int64            `json:"discount_minor" doc:"of this coupon"`
	PaidMinor     int64            `json:"paid_minor" doc:"of the order"`
	FirstUse      bool             `json:"first_use" doc:"the coupon's first"`
	ReturnedAt    calendar.Instant `json:"returned_at,omitzero" doc:"when its order was given back whole"`
	ReturnedDay   calendar.Date    `json:"returned_day,omitzero" doc:"local day of that"`
	ReturnedBy    string           `json:"returned_by,omitempty" doc:"who gave it back"`
	ScannedAt     calendar.Instant `json:"scanned_at,omitzero" doc:"when a counter without network scanned it, as it counted"`
	CouponBack    bool             `json:"coupon_back" doc:"the coupon got the use back"`
}

type usedList struct {
	Body struct {
		Items      []usedRow `json:"items" doc:"the rows of the page" nullable:"false"`
		NextCursor string    `json:"next_cursor,omitempty" doc:"asks for the next page; absent on the last"`
		Names      namesRow  `json:"names" doc:"what people call what the rows are of"`
	}
}

func (s *server) rowRoutes() {
	const path = "/v1/redemptions"
	faults := []fault.Code{fault.InvalidCursor, fault.OutOfRange, fault.Absent}
	add(s, operation{id: "list-redemptions", method: "GET", path: path, tag: "statistics", may: access.OrderRead,
		summary: "List uses of coupons", about: "The rows behind figures of uses: what selects a figure selects its rows. The latest day first.", faults: faults},
		func(ctx context.Context, c *call, in *listRedemptionsInput) (*usedList, error) {
			q := in.query()
			key, ask, err := in.after("redemptions")
			if err != nil {
				return nil, err
			}
			if q.BeforeDay, q.Before, err = dayAndID(key, id.Redemption); err != nil {
				return nil, err
			}
			q.Limit = ask
			rows, err := s.Reporting.Redemptions(ctx, c.principal, q)
			if err != nil {
				return nil, err
			}
			out := &usedList{}
			shown := pageOf("redemptions", ask, rows.Rows, func(r redemption.Redemption) string {
				return reporting.DayOf(&r, q.Returned).String() + " " + id.Format(id.Redemption, r.ID)
			}, func(r redemption.Redemption) usedRow { return showUsed(&r, rows.Currency) })
			out.Body.Items, out.Body.NextCursor, out.Body.Names = shown.Items, shown.NextCursor, showNames(rows.Names)
			return out, nil
		})
	add(s, operation{id: "export-redemptions", method: "GET", path: path + "/export", tag: "statistics", may: access.OrderRead,
		summary: "Export uses of coupons", about: "All rows that the list would page through, with names. Amounts are in the major unit.", faults: faults[1:]},
		func(ctx context.Context, c *call, in *exportRedemptionsInput) (*huma.StreamResponse, error) {
			q := in.query()
			q.Limit = 1
			_, err := s.Reporting.Redemptions(ctx, c.principal, q)
			if err != nil {
				return nil, err
			}
			return s.export(in.Format, table{name: "redemptions", columns: usedColumns, numbers: []string{"list", "discount", "paid"},
				each: func(row func(...string) error) error {
					return s.Reporting.EachRedemption(ctx, c.principal, in.query(), func(u reporting.Used) error {
						for i := range u.Rows {
							if err := row(usedCells(&u.Rows[i], u.Names, u.Currency)...); err != nil {
								return err
							}
						}
						return nil
					})
				}}), nil
		})
	s.exported("GET", path+"/export", "the uses")
}

var usedColumns = []string{"day", "at", "redemption", "order_source", "order", "member", "coupon", "use", "template", "template_name", "placement", "placement_name", "form",
	"merchant", "merchant_name", "store", "store_name", "channel", "city", "operator", "currency", "list", "discount", "paid", "first_use", "returned_day", "coupon_back"}

func usedCells(r *redemption.Redemption, n reporting.Names, own string) []string {
	u := showUsed(r, own)
	digits := i18n.Digits(u.Currency)
	returned := ""
	if r.ReturnedDay != 0 {
		returned = r.ReturnedDay.String()
	}
	return []string{r.Day.String(), r.At.String(), id.Format(id.Redemption, r.ID), r.Key.Source, r.Key.Ref, idText(id.Member, r.Member), idText(id.Coupon, r.Coupon), strconv.FormatInt(r.Use, 10),
		idText(id.Template, r.Template), n.Templates[r.Template], idText(id.Placement, r.Placement), n.Placements[r.Placement], string(r.Form),
		r.Merchant, n.Merchants[r.Merchant], r.Store, n.Stores[r.Store], r.Channel, r.City, r.Operator, u.Currency,
		money.Decimal(r.ListMinor, digits), money.Decimal(r.DiscountMinor, digits), money.Decimal(r.PaidMinor, digits),
		strconv.FormatBool(r.FirstUse), returned, strconv.FormatBool(r.CouponBack)}
}

// idText is an id as text, "" for none.
func idText(prefix string, i id.ID) string {
	if i == 0 {
		return ""
	}
	return id.Format(prefix, i)
}

func showUsed(r *redemption.Redemption, own string) usedRow {
	currency := r.Currency
	if currency == "" {
		currency = own
	}
	return usedRow{ID: redemptionID(r.ID), Order: orderKeyBody(r.Key), Member: memberID(r.Member), Coupon: couponID(r.Coupon), Use: r.Use, Template: templateID(r.Template),
		Placement: placementID(r.Placement), Form: string(r.Form), Merchant: r.Merchant, Store: r.Store, Channel: r.Channel, City: r.City, Operator: r.Operator,
		At: r.At, Day: r.Day, Currency: currency, ListMinor: r.ListMinor, DiscountMinor: r.DiscountMinor, PaidMinor: r.PaidMinor, FirstUse: r.FirstUse,
		ReturnedAt: r.ReturnedAt, ReturnedDay: r.ReturnedDay, ReturnedBy: r.ReturnedBy, ScannedAt: r.ScannedAt, CouponBack: r.CouponBack}
}

// dayAndID reads the place of a row in a list by day and id.
func dayAndID(key, prefix string) (calendar.Date, id.ID, error) {
	if key == "" {
		return 0, 0, nil
	}
	bad := fault.New(fault.InvalidCursor).At("query:cursor")
	first, second, _ := strings.Cut(key, " ")
	on, err := calendar.ParseDate(first)
	if err != nil {
		return 0, 0, bad
	}
	i, err := id.Parse(prefix, second)
	if err != nil {
		return 0, 0, bad
	}
	return on, i, nil
}
