package api

import (
	"context"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
	"quan/internal/store"
)

// SettledInput selects what is settled.
type SettledInput struct {
	Market     string     `query:"market" maxLength:"64" doc:"code of the market; main when absent" example:"main"`
	Currency   string     `query:"currency" maxLength:"3" doc:"of the amounts; absent: the market's. Those of two currencies are settled apart" example:"CNY"`
	From       day        `query:"from" doc:"first local day; absent: the first of the month of the last"`
	To         day        `query:"to" doc:"last local day, included, at most 400 days later; absent: today"`
	FunderKind string     `query:"funder_kind" enum:"platform,merchant,brand" doc:"only this kind of funder"`
	Funder     string     `query:"funder" maxLength:"64" doc:"only the funder of this code" example:"orchard"`
	Merchant   string     `query:"merchant" maxLength:"64" doc:"only what this merchant sold" example:"orchard"`
	Store      string     `query:"store" maxLength:"64" doc:"only what was sold in this store" example:"nanjing-road"`
	Template   templateID `query:"template" doc:"only this template"`
}

func (in *SettledInput) input() reporting.SettlementInput {
	return reporting.SettlementInput{SettlementQuery: store.SettlementQuery{Market: in.Market, Currency: in.Currency, From: calendar.Date(in.From), To: calendar.Date(in.To),
		FunderKind: in.FunderKind, FunderCode: in.Funder, Merchant: in.Merchant, Store: in.Store, Template: id.ID(in.Template)}}
}

// GroupedInput adds by what it is added up.
type GroupedInput struct {
	SettledInput
	GroupBy string `query:"group_by" maxLength:"100" doc:"dimensions divided by commas: day, funder, merchant, store, template; funder,merchant when absent" example:"funder,merchant"`
}

func (in *GroupedInput) input() reporting.SettlementInput {
	out := in.SettledInput.input()
	if in.GroupBy != "" {
		out.GroupBy = strings.Split(in.GroupBy, ",")
	}
	return out
}

type exportSettlementInput struct {
	Exported
	GroupedInput
}

type listSharesInput struct {
	Paged
	SettledInput
}

type exportSharesInput struct {
	Exported
	SettledInput
}

type bearingRow struct {
	Day           calendar.Date `json:"day,omitzero" doc:"local day of the use or refund, where grouped by it"`
	FunderKind    string        `json:"funder_kind,omitempty" doc:"where grouped by funder"`
	Funder        string        `json:"funder,omitempty" doc:"its code, where grouped by funder"`
	Merchant      string        `json:"merchant,omitempty" doc:"who sold, where grouped by it"`
	Store         string        `json:"store,omitempty" doc:"where it was sold, where grouped by it"`
	Template      templateID    `json:"template,omitzero" doc:"where grouped by it"`
	BorneMinor    int64         `json:"borne_minor" doc:"discounts of the uses of the period that the funder bears"`
	ReturnedMinor int64         `json:"returned_minor" doc:"of discounts, what refunds of the period gave back"`
	NetMinor      int64         `json:"net_minor" doc:"borne less returned; below zero where more came back"`
}

func showBearing(b *metric.Bearing) bearingRow {
	return bearingRow{b.Day, string(b.FunderKind), b.FunderCode, b.Merchant, b.Store, templateID(b.Template), b.BorneMinor, b.ReturnedMinor, b.NetMinor()}
}

type settlementAnswer struct {
	Body struct {
		Currency string        `json:"currency" doc:"of the amounts"`
		From     calendar.Date `json:"from" doc:"first local day"`
		To       calendar.Date `json:"to" doc:"last local day, included"`
		Rows     []bearingRow  `json:"rows" doc:"in the order of their dimensions" nullable:"false"`
		Total    bearingRow    `json:"total" doc:"sum of the rows"`
		Names    namesRow      `json:"names" doc:"what people call what the rows are of"`
	}
}

type settledShareRow struct {
	Day        calendar.Date `json:"day" doc:"local day of the use, or of the refund"`
	Redemption redemptionID  `json:"redemption" doc:"which use"`
	Refund     refundID      `json:"refund,omitzero" doc:"the refund that gave it back; absent: borne"`
	Coupon     couponID      `json:"coupon" doc:"which coupon"`
	Template   templateID    `json:"template" doc:"of which template"`
	Order      orderKeyBody  `json:"order" doc:"the order"`
	Line       int64         `json:"line" doc:"line of the order, from 0"`
	FunderKind string        `json:"funder_kind" doc:"who bears it"`
	Funder     string        `json:"funder" doc:"its code"`
	Merchant   string        `json:"merchant,omitempty" doc:"who sold"`
	Store      string        `json:"store,omitempty" doc:"where it was sold"`
	Minor      int64         `json:"minor" doc:"borne, or with refund given back"`
}

type sharesList struct {
	Body struct {
		Items      []settledShareRow `json:"items" doc:"the rows of the page" nullable:"false"`
		NextCursor string            `json:"next_cursor,omitempty" doc:"asks for the next page; absent on the last"`
		Currency   string            `json:"currency" doc:"of the amounts"`
		Names      namesRow          `json:"names" doc:"what people call what the rows are of"`
	}
}

func (s *server) settlementRoutes() {
	const path = "/v1/settlements"
	faults := []fault.Code{fault.InvalidCursor, fault.OutOfRange, fault.Absent, fault.CurrencyMismatch, fault.DuplicateValue, fault.TooLong, fault.Overloaded}
	add(s, operation{id: "settle", method: "GET", path: path, tag: "statistics", may: access.StatisticsRead,
		summary: "Settle with funders", about: "What each funder bore of the discounts of a period, what refunds of the period gave back, and the difference: from the stored cells of uses, to the minor unit. " +
			"A use counts on its day, what a refund gives back on the refund's.", faults: faults[1:]},
		func(ctx context.Context, c *call, in *GroupedInput) (*settlementAnswer, error) {
			r, err := s.Reporting.Settle(ctx, c.principal, in.input())
			if err != nil {
				return nil, err
			}
			out := &settlementAnswer{}
			b := &out.Body
			b.Currency, b.From, b.To, b.Names, b.Total = r.Currency, r.From, r.To, showNames(r.Names), showBearing(&r.Total)
			b.Rows = make([]bearingRow, len(r.Rows))
			for i := range r.Rows {
				b.Rows[i] = showBearing(&r.Rows[i])
			}
			return out, nil
		})
	add(s, operation{id: "export-settlement", method: "GET", path: path + "/export", tag: "statistics", may: access.StatisticsRead,
		summary: "Export a settlement", about: "Its rows with names. Amounts are in the major unit.", faults: faults[1:]},
		func(ctx context.Context, c *call, in *exportSettlementInput) (*huma.StreamResponse, error) {
			r, err := s.Reporting.Settle(ctx, c.principal, in.input())
			if err != nil {
				return nil, err
			}
			return s.export(in.Format, settlementTable(&r)), nil
		})
	s.exported("GET", path+"/export", "the settlement")
	add(s, operation{id: "list-settlement-shares", method: "GET", path: path + "/shares", tag: "statistics", may: access.OrderRead,
		summary: "List the rows of a settlement", about: "What each use made its funders bear, by line, and what each refund gave back of it. The latest day first.", faults: faults[:4]},
		func(ctx context.Context, c *call, in *listSharesInput) (*sharesList, error) {
			key, ask, err := in.after("shares")
			if err != nil {
				return nil, err
			}
			behind, err := shareKey(key)
			if err != nil {
				return nil, err
			}
			r, err := s.Reporting.SettlementShares(ctx, c.principal, in.input(), behind, ask)
			if err != nil {
				return nil, err
			}
			out := &sharesList{}
			shown := pageOf("shares", ask, r.Rows, func(v metric.Share) string {
				return v.Day.String() + " " + id.Format(id.Redemption, v.Redemption) + " " + strconv.FormatInt(int64(v.Refund), 10) + " " + strconv.FormatInt(v.Cell, 10)
			}, showShare)
			out.Body.Items, out.Body.NextCursor, out.Body.Currency, out.Body.Names = shown.Items, shown.NextCursor, r.Currency, showNames(r.Names)
			return out, nil
		})
	add(s, operation{id: "export-settlement-shares", method: "GET", path: path + "/shares/export", tag: "statistics", may: access.OrderRead,
		summary: "Export the rows of a settlement", about: "All rows that the list would page through. What a refund gave back has an amount below zero, so that the column's sum is what is settled.", faults: faults[1:4]},
		func(ctx context.Context, c *call, in *exportSharesInput) (*huma.StreamResponse, error) {
			if _, err := s.Reporting.SettlementShares(ctx, c.principal, in.input(), store.ShareKey{}, 1); err != nil {
				return nil, err
			}
			return s.export(in.Format, table{name: "settlement-shares", columns: shareColumns, numbers: []string{"amount"}, each: func(row func(...string) error) error {
				return s.Reporting.EachShare(ctx, c.principal, in.input(), func(r reporting.Shares) error {
					for i := range r.Rows {
						if err := row(shareCells(&r.Rows[i], &r)...); err != nil {
							return err
						}
					}
					return nil
				})
			}}), nil
		})
	s.exported("GET", path+"/shares/export", "the rows")
}

func showShare(v metric.Share) settledShareRow {
	return settledShareRow{v.Day, redemptionID(v.Redemption), refundID(v.Refund), couponID(v.Coupon), templateID(v.Template), orderKeyBody{v.Source, v.Ref}, v.Line,
		string(v.FunderKind), v.FunderCode, v.Merchant, v.Store, v.Minor}
}

// shareKey reads the place of a share in the order of a settlement's rows.
func shareKey(key string) (k store.ShareKey, err error) {
	if key == "" {
		return k, nil
	}
	parts := strings.Split(key, " ")
	bad := fault.New(fault.InvalidCursor).At("query:cursor")
	if len(parts) != 4 {
		return k, bad
	}
	if k.Day, k.Redemption, err = dayAndID(parts[0]+" "+parts[1], id.Redemption); err != nil {
		return k, err
	}
	refund, err := strconv.ParseInt(parts[2], 10, 64)
	cell, cellErr := strconv.ParseInt(parts[3], 10, 64)
	if err != nil || cellErr != nil {
		return k, bad
	}
	k.Refund, k.Cell = id.ID(refund), cell
	return k, nil
}

func settlementTable(r *reporting.Settlement) table {
	return table{name: "settlement", columns: []string{"from", "to", "day", "funder_kind", "funder", "funder_name", "merchant", "merchant_name", "store", "store_name", "template", "template_name",
		"currency", "borne", "returned", "net"}, numbers: []string{"borne", "returned", "net"}, each: func(row func(...string) error) error {
		digits := i18n.Digits(r.Currency)
		for i := range r.Rows {
			b, on, funder := &r.Rows[i], "", ""
			if b.Day != 0 {
				on = b.Day.String()
			}
			if b.FunderKind == "merchant" {
				funder = r.Names.Merchants[b.FunderCode]
			}
			if err := row(r.From.String(), r.To.String(), on, string(b.FunderKind), b.FunderCode, funder, b.Merchant, r.Names.Merchants[b.Merchant], b.Store, r.Names.Stores[b.Store],
				idText(id.Template, b.Template), r.Names.Templates[b.Template], r.Currency, money.Decimal(b.BorneMinor, digits), money.Decimal(b.ReturnedMinor, digits), money.Decimal(b.NetMinor(), digits)); err != nil {
				return err
			}
		}
		return nil
	}}
}

var shareColumns = []string{"day", "redemption", "refund", "order_source", "order", "line", "coupon", "template", "template_name", "funder_kind", "funder",
	"merchant", "merchant_name", "store", "store_name", "currency", "amount"}

func shareCells(v *metric.Share, r *reporting.Shares) []string {
	minor := v.Minor
	if v.Refund != 0 {
		minor = -minor
	}
	return []string{v.Day.String(), idText(id.Redemption, v.Redemption), idText(id.Refund, v.Refund), v.Source, v.Ref, strconv.FormatInt(v.Line, 10), idText(id.Coupon, v.Coupon),
		idText(id.Template, v.Template), r.Names.Templates[v.Template], string(v.FunderKind), v.FunderCode, v.Merchant, r.Names.Merchants[v.Merchant], v.Store, r.Names.Stores[v.Store],
		r.Currency, money.Decimal(minor, i18n.Digits(r.Currency))}
}
