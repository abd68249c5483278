package api

import (
	"context"

	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

type homeInput struct {
	Market   string `query:"market" maxLength:"64" doc:"code of the market; main when absent" example:"main"`
	Currency string `query:"currency" maxLength:"3" doc:"of the amounts; absent: the market's" example:"CNY"`
}

type homeDayRow struct {
	Day     calendar.Date `json:"day" doc:"local day"`
	Coupons valuesRow     `json:"coupons" doc:"what happened with coupons"`
	Orders  *valuesRow    `json:"orders,omitempty" doc:"all orders, with or without a coupon; absent where the caller sees only a part"`
}

func showHomeDay(d *reporting.HomeDay) homeDayRow {
	out := homeDayRow{Day: d.Day, Coupons: valuesRow{d.Coupons, RatesRow(d.Rates)}}
	if d.Whole {
		out.Orders = &valuesRow{Values: d.Orders}
	}
	return out
}

type homeBudgetRow struct {
	Budget  budgetID `json:"budget" doc:"which budget"`
	Name    string   `json:"name" doc:"its name"`
	What    string   `json:"what" doc:"what its fullest limit counts"`
	Period  string   `json:"period" doc:"the period of that limit"`
	Taken   int64    `json:"taken" doc:"of that limit"`
	Cap     int64    `json:"cap" doc:"of that limit"`
	UsedBps int64    `json:"used_bps" doc:"taken / cap, basis points"`
	Amount  bool     `json:"amount" doc:"taken and cap are amounts, in minor units"`
}

type noticeRow struct {
	Kind    string           `json:"kind" enum:"stopped,budget_alarm,limit_alarm,job_failed,queue_paused,sold_out,placement_out,template_ending,placement_ending" doc:"what needs somebody"`
	Subject string           `json:"subject" doc:"typed id, name of a queue, or what is stopped (scope/key)"`
	Name    string           `json:"name,omitempty" doc:"of the subject; of a stop the reason"`
	At      calendar.Instant `json:"at,omitzero" doc:"since when, or when it ends"`
	Percent int64            `json:"percent,omitempty" doc:"the threshold that an alarm has reached"`
	Taken   int64            `json:"taken,omitempty" doc:"of a limit"`
	Cap     int64            `json:"cap,omitempty" doc:"of a limit"`
}

type homeAnswer struct {
	Body struct {
		Market    string           `json:"market" doc:"code of the market"`
		Currency  string           `json:"currency" doc:"of the amounts"`
		At        calendar.Instant `json:"at" doc:"when this was so"`
		Today     homeDayRow       `json:"today" doc:"as far as it has come"`
		Yesterday homeDayRow       `json:"yesterday" doc:"the whole day"`
		LastWeek  homeDayRow       `json:"last_week" doc:"the same day last week, whole"`
		Budgets   []homeBudgetRow  `json:"budgets" doc:"open budgets, the fullest first, at most six" nullable:"false"`
		Notices   []noticeRow      `json:"notices" doc:"what needs somebody, the most urgent first, at most fifty" nullable:"false"`
		Left      int64            `json:"left" doc:"notices beyond those"`
	}
}

func (s *server) homeRoutes() {
	add(s, operation{id: "get-home", method: "GET", path: "/v1/home", tag: "statistics", may: access.StatisticsRead,
		summary: "Show today beside yesterday and last week, and what needs somebody",
		about:   "Stops, alarms of budgets and limits, failed jobs, paused queues, what is sold out, what ends within three days: of each what the caller's permissions and scope let it see.",
		faults:  []fault.Code{fault.Absent, fault.CurrencyMismatch}},
		func(ctx context.Context, c *call, in *homeInput) (*homeAnswer, error) {
			h, err := s.Reporting.Home(ctx, c.principal, in.Market, in.Currency)
			if err != nil {
				return nil, err
			}
			out := &homeAnswer{}
			b := &out.Body
			b.Market, b.Currency, b.At, b.Left = h.Market, h.Currency, h.At, int64(h.Left)
			b.Today, b.Yesterday, b.LastWeek = showHomeDay(&h.Today), showHomeDay(&h.Before), showHomeDay(&h.Week)
			b.Budgets, b.Notices = make([]homeBudgetRow, len(h.Budgets)), make([]noticeRow, len(h.Notices))
			for i, v := range h.Budgets {
				b.Budgets[i] = homeBudgetRow{budgetID(v.Budget), v.Name, string(v.What), string(v.Period), v.Taken, v.Cap, v.Bps, v.What.Amount()}
			}
			for i, n := range h.Notices {
				b.Notices[i] = noticeRow{string(n.Kind), n.Subject, n.Name, n.At, n.Percent, n.Taken, n.Cap}
			}
			return out, nil
		})
}
