package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/stop"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

type StopBody struct {
	Scope  string `json:"scope" enum:"all,merchant,budget,template" doc:"what is stopped"`
	Key    string `json:"key,omitempty" maxLength:"64" doc:"code of the merchant, id of the budget or template; absent: all" example:"acme"`
	Claims bool   `json:"claims" doc:"no coupon is given out" example:"true"`
	Uses   bool   `json:"uses" doc:"no issued coupon is used" example:"false"`
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"why, for the audit log" example:"leaked link"`
}

type stopRow struct {
	StopBody
	By string           `json:"by,omitempty" doc:"principal who set it"`
	At calendar.Instant `json:"at,omitzero" doc:"since when"`
}

func showStop(s stop.Stop) stopRow {
	return stopRow{StopBody{string(s.Scope), s.Key, s.Claims, s.Uses, s.Reason}, s.By, s.At}
}

type setStopInput struct{ Body StopBody }

type stopAnswer struct{ Body stopRow }

type listStopsInput struct{ Filed }

type stopList struct {
	Body struct {
		Items []stopRow `json:"items" doc:"by scope and key" nullable:"false"`
	}
}

func (s *server) stopRoutes() {
	add(s, operation{id: "set-stop", method: "PUT", path: "/v1/stops", tag: "templates", may: access.StopWrite,
		summary: "Stop a template, a budget, a merchant or everything",
		about: "The kill switch. Once it is answered no claim of what it holds succeeds on any process, and uses end within a second. " +
			"With claims and uses false it is lifted; the switches of templates then count as they stand. The same again changes nothing.",
		example: StopBody{Scope: "merchant", Key: "acme", Claims: true, Reason: "leaked link"},
		faults:  []fault.Code{fault.UnknownReference, fault.Conflicting, fault.Absent}},
		func(ctx context.Context, c *call, in *setStopInput) (*stopAnswer, error) {
			b := in.Body
			out, err := s.Catalog.SetStop(ctx, c.principal, catalog.SetStopInput{Scope: stop.Scope(b.Scope), Key: b.Key, Claims: b.Claims, Uses: b.Uses, Reason: b.Reason})
			if err != nil {
				return nil, err
			}
			return &stopAnswer{showStop(out)}, nil
		})
	add(s, operation{id: "list-stops", method: "GET", path: "/v1/stops", tag: "templates", may: access.TemplateRead,
		summary: "List what is stopped", about: "Of what the caller sees."},
		func(ctx context.Context, c *call, _ *listStopsInput) (*stopList, error) {
			rows, err := s.Catalog.Stops(ctx, c.principal)
			if err != nil {
				return nil, err
			}
			out := &stopList{}
			out.Body.Items = make([]stopRow, len(rows))
			for i, r := range rows {
				out.Body.Items[i] = showStop(r)
			}
			return out, nil
		})
}
