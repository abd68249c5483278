package api

import (
	"context"
	"strings"

	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
)

// ReportInput selects figures and says by what they are grouped.
type ReportInput struct {
	Market    string       `query:"market" maxLength:"64" doc:"code of the market; main when absent" example:"main"`
	Currency  string       `query:"currency" maxLength:"3" doc:"of the amounts; absent: the market's. Counts are over all currencies" example:"CNY"`
	From      day          `query:"from" doc:"first local day"`
	To        day          `query:"to" doc:"last local day, included"`
	Template  templateID   `query:"template" doc:"only this template"`
	Templates templateList `query:"templates" doc:"only these templates, ids divided by commas"`
	Placement placementID  `query:"placement" doc:"only this placement"`
	Form      string       `query:"form" maxLength:"32" doc:"only this delivery form" example:"claim"`
	Channel   string       `query:"channel" maxLength:"64" doc:"only this channel" example:"app"`
	City      string       `query:"city" maxLength:"64" doc:"only this city" example:"shanghai"`
	Merchant  string       `query:"merchant" maxLength:"64" doc:"only what this merchant sold: uses and orders, an issue has none" example:"orchard"`
	Store     string       `query:"store" maxLength:"64" doc:"only what was sold in this store" example:"nanjing-road"`
	AllOrders bool         `query:"all_orders" doc:"all orders, with or without a coupon, instead of coupons"`
	GroupBy   string       `query:"group_by" maxLength:"100" doc:"dimensions divided by commas: day, template, placement, form, channel, city, merchant, store" example:"day,channel"`
}

func (in *ReportInput) query() reporting.Query {
	q := reporting.Query{Market: in.Market, Currency: in.Currency, From: calendar.Date(in.From), To: calendar.Date(in.To), AllOrders: in.AllOrders, Placement: id.ID(in.Placement),
		Form: in.Form, Channel: in.Channel, City: in.City, Merchant: in.Merchant, Store: in.Store}
	if in.Template != 0 {
		q.Templates = []id.ID{id.ID(in.Template)}
	}
	q.Templates = append(q.Templates, in.Templates.all...)
	if in.GroupBy != "" {
		q.GroupBy = strings.Split(in.GroupBy, ",")
	}
	return q
}

type RatesRow struct {
	RedemptionBps int64 `json:"redemption_bps" doc:"coupons used / issued, basis points"`
	SubsidyBps    int64 `json:"subsidy_bps" doc:"discount / list amount of the orders, basis points"`
}

type reportAnswer struct{ Body reportRow }

type reportRow struct {
	Currency string       `json:"currency" doc:"of the amounts"`
	Rows     []cellReport `json:"rows" doc:"cells, in the order of their dimensions" nullable:"false"`
	Totals   valuesRow    `json:"totals" doc:"sum of the cells"`
	Names    namesRow     `json:"names" doc:"what people call what the cells are of"`
}

// namesRow are names by typed id or code.
type namesRow struct {
	Templates  map[string]string `json:"templates,omitempty" doc:"internal names by id"`
	Placements map[string]string `json:"placements,omitempty" doc:"by id"`
	Merchants  map[string]string `json:"merchants,omitempty" doc:"by code"`
	Stores     map[string]string `json:"stores,omitempty" doc:"by code"`
}

func showNames(n reporting.Names) namesRow {
	out := namesRow{Templates: map[string]string{}, Placements: map[string]string{}, Merchants: n.Merchants, Stores: n.Stores}
	for t, name := range n.Templates {
		out.Templates[id.Format(id.Template, t)] = name
	}
	for p, name := range n.Placements {
		out.Placements[id.Format(id.Placement, p)] = name
	}
	return out
}

type cellReport struct {
	Day       calendar.Date `json:"day,omitzero" doc:"local day, where grouped by it"`
	Template  templateID    `json:"template,omitzero" doc:"where grouped by it"`
	Placement placementID   `json:"placement,omitzero" doc:"where grouped by it"`
	Form      string        `json:"form,omitempty" doc:"delivery form, where grouped by it"`
	Channel   string        `json:"channel,omitempty" doc:"where grouped by it"`
	City      string        `json:"city,omitempty" doc:"where grouped by it"`
	Merchant  string        `json:"merchant,omitempty" doc:"who sold, where grouped by it"`
	Store     string        `json:"store,omitempty" doc:"where it was sold, where grouped by it"`
	Values    valuesRow     `json:"values" doc:"the figures"`
}

type valuesRow struct {
	metric.Values
	RatesRow
}

type refusalsAnswer struct {
	Body struct {
		Items []refusalRow `json:"items" doc:"most frequent first, of each day where grouped by it" nullable:"false"`
		Names namesRow     `json:"names" doc:"what people call the templates"`
	}
}

type refusalRow struct {
	Code     string        `json:"code" doc:"the reason"`
	Title    string        `json:"title" doc:"the reason in words"`
	Day      calendar.Date `json:"day,omitzero" doc:"local day, where grouped by it"`
	Template string        `json:"template,omitempty" doc:"template, or pack, where grouped by it"`
	Channel  string        `json:"channel,omitempty" doc:"where grouped by it"`
	Count    int64         `json:"count" doc:"how often; flushed each second"`
}

func showRefusal(c *call, r reporting.RefusalCount) refusalRow {
	title, _ := i18n.Fault(c.lang, fault.New(fault.Code(r.Code)), "")
	row := refusalRow{Code: r.Code, Title: title, Day: r.Day, Channel: r.Channel, Count: r.Count}
	if r.Template != 0 {
		row.Template = id.Format(id.Template, r.Template)
	}
	return row
}

type funnelInput struct {
	ID templateID `path:"id" doc:"id of the template"`
}

type stepRow struct {
	Placement placementID `json:"placement,omitzero" doc:"which placement; absent: the whole, or what was issued without one"`
	Placed    int64       `json:"placed" doc:"coupons that can be issued; 0 with unlimited"`
	Unlimited bool        `json:"unlimited" doc:"no cap"`
	Issued    int64       `json:"issued" doc:"coupons"`
	Used      int64       `json:"used" doc:"coupons used at least once"`
	Redeemed  int64       `json:"redeemed" doc:"uses"`
	Returned  int64       `json:"returned" doc:"uses given back"`
	Expired   int64       `json:"expired" doc:"coupons"`
	Withdrawn int64       `json:"withdrawn" doc:"coupons"`
	RatesRow
}

type funnelAnswer struct {
	Body struct {
		Template   templateID `json:"template" doc:"which template"`
		Total      stepRow    `json:"total" doc:"the whole"`
		Placements []stepRow  `json:"placements" doc:"by placement" nullable:"false"`
	}
}

func showStep(s reporting.Step) stepRow {
	return stepRow{placementID(s.Placement), s.Placed, s.Unlimited, s.Issued, s.Used, s.Redeemed, s.Returned, s.Expired, s.Withdrawn, RatesRow(s.Rates)}
}

func (s *server) reportRoutes() {
	add(s, operation{id: "get-statistics", method: "GET", path: "/v1/statistics", tag: "statistics", may: access.StatisticsRead,
		summary: "Sum what happened", about: "Exact: rollups and what is not yet folded. Days are the market's local days of the decisions.",
		faults: []fault.Code{fault.OutOfRange, fault.DuplicateValue, fault.TooLong, fault.Absent, fault.CurrencyMismatch}},
		func(ctx context.Context, c *call, in *ReportInput) (*reportAnswer, error) {
			r, err := s.Reporting.Statistics(ctx, c.principal, in.query())
			if err != nil {
				return nil, err
			}
			out := reportRow{Currency: r.Currency, Rows: make([]cellReport, len(r.Rows)), Totals: valuesRow{r.Totals, RatesRow(r.Rates)}, Names: showNames(r.Names)}
			for i, cell := range r.Rows {
				d := cell.Dims
				out.Rows[i] = cellReport{d.Day, templateID(d.Template), placementID(d.Placement), string(d.Form), d.Channel, d.City, d.Merchant, d.Store,
					valuesRow{cell.Values, RatesRow(cell.Rates)}}
			}
			return &reportAnswer{out}, nil
		})
	add(s, operation{id: "get-refusals", method: "GET", path: "/v1/statistics/refusals", tag: "statistics", may: access.StatisticsRead,
		summary: "Count refused requests by reason", about: "Claims and uses, told apart by their reasons. The market, days, template and channel select; day, template and channel group. " +
			"There is no row behind a refusal: only what takes effect is kept.", faults: []fault.Code{fault.OutOfRange, fault.DuplicateValue, fault.Absent, fault.CurrencyMismatch}},
		func(ctx context.Context, c *call, in *ReportInput) (*refusalsAnswer, error) {
			r, err := s.Reporting.Refusals(ctx, c.principal, in.query())
			if err != nil {
				return nil, err
			}
			out := &refusalsAnswer{}
			out.Body.Names = showNames(r.Names)
			out.Body.Items = make([]refusalRow, len(r.Rows))
			for i, r := range r.Rows {
				out.Body.Items[i] = showRefusal(c, r)
			}
			return out, nil
		})
	add(s, operation{id: "get-funnel", method: "GET", path: "/v1/templates/{id}/funnel", tag: "statistics", may: access.StatisticsRead,
		summary: "Show what became of a template's coupons", about: "The whole, and by placement.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *funnelInput) (*funnelAnswer, error) {
			f, err := s.Reporting.Funnel(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			out := &funnelAnswer{}
			out.Body.Template, out.Body.Total, out.Body.Placements = in.ID, showStep(f.Total), make([]stepRow, len(f.Placements))
			for i, p := range f.Placements {
				out.Body.Placements[i] = showStep(p)
			}
			return out, nil
		})
}
