package api

import (
	"context"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/metric"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
)

// exportReportInput repeats what selects figures: parameters of a format beside them.
type exportReportInput struct {
	Exported
	ReportInput
}

func (s *server) reportExports() {
	const path = "/v1/statistics"
	add(s, operation{id: "export-statistics", method: "GET", path: path + "/export", tag: "statistics", may: access.StatisticsRead,
		summary: "Export sums of what happened", about: "The cells with names. Amounts are in the major unit; rates are in basis points.",
		faults: []fault.Code{fault.OutOfRange, fault.DuplicateValue, fault.TooLong, fault.Absent, fault.CurrencyMismatch}},
		func(ctx context.Context, c *call, in *exportReportInput) (*huma.StreamResponse, error) {
			r, err := s.Reporting.Statistics(ctx, c.principal, in.query())
			if err != nil {
				return nil, err
			}
			return s.export(in.Format, reportTable(&r)), nil
		})
	s.exported("GET", path+"/export", "the cells")
	add(s, operation{id: "export-refusals", method: "GET", path: path + "/refusals/export", tag: "statistics", may: access.StatisticsRead,
		summary: "Export refused requests by reason", about: "The counts, with the reasons in the caller's language.",
		faults: []fault.Code{fault.OutOfRange, fault.DuplicateValue, fault.Absent, fault.CurrencyMismatch}},
		func(ctx context.Context, c *call, in *exportReportInput) (*huma.StreamResponse, error) {
			r, err := s.Reporting.Refusals(ctx, c.principal, in.query())
			if err != nil {
				return nil, err
			}
			return s.export(in.Format, table{name: "refusals", columns: []string{"day", "code", "reason", "template", "template_name", "channel", "count"}, numbers: []string{"count"},
				each: func(row func(...string) error) error {
					for _, f := range r.Rows {
						show, on := showRefusal(c, f), ""
						if f.Day != 0 {
							on = f.Day.String()
						}
						if err := row(on, f.Code, show.Title, show.Template, r.Names.Templates[f.Template], f.Channel, strconv.FormatInt(f.Count, 10)); err != nil {
							return err
						}
					}
					return nil
				}}), nil
		})
	s.exported("GET", path+"/refusals/export", "the counts")
}

func reportTable(r *reporting.Report) table {
	columns := []string{"day", "template", "template_name", "placement", "placement_name", "form", "channel", "city", "merchant", "merchant_name", "store", "store_name", "currency"}
	var numbers []string
	for _, name := range metric.ColumnNames {
		if isAmount(name) {
			name = strings.TrimSuffix(name, "_minor")
		}
		numbers = append(numbers, name)
	}
	numbers = append(numbers, "redemption_bps", "subsidy_bps")
	return table{name: "statistics", columns: append(columns, numbers...), numbers: numbers, each: func(row func(...string) error) error {
		digits := i18n.Digits(r.Currency)
		for i := range r.Rows {
			d, on := &r.Rows[i].Dims, ""
			if d.Day != 0 {
				on = d.Day.String()
			}
			cells := []string{on, idText(id.Template, d.Template), r.Names.Templates[d.Template], idText(id.Placement, d.Placement), r.Names.Placements[d.Placement], string(d.Form), d.Channel, d.City,
				d.Merchant, r.Names.Merchants[d.Merchant], d.Store, r.Names.Stores[d.Store], r.Currency}
			for n, value := range r.Rows[i].Values.Columns() {
				if isAmount(metric.ColumnNames[n]) {
					cells = append(cells, money.Decimal(*value, digits))
				} else {
					cells = append(cells, strconv.FormatInt(*value, 10))
				}
			}
			cells = append(cells, strconv.FormatInt(r.Rows[i].Rates.RedemptionBps, 10), strconv.FormatInt(r.Rows[i].Rates.SubsidyBps, 10))
			if err := row(cells...); err != nil {
				return err
			}
		}
		return nil
	}}
}

// isAmount reports whether a value of a cell is an amount of money.
func isAmount(name string) bool { return strings.HasSuffix(name, "_minor") }
