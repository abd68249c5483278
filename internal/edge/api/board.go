package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
)

type boardInput struct {
	Templates  string `query:"template" maxLength:"500" doc:"ids of templates divided by commas, at most 20" example:"tpl_0000000000001"`
	Placements string `query:"placement" maxLength:"500" doc:"ids of placements divided by commas, at most 20" example:"plc_0000000000001"`
	LastSeen   string `header:"Last-Event-ID" maxLength:"64" doc:"sent by browsers that connect again: the stream goes on with the newest sample"`
}

type boardRow struct {
	At         calendar.Instant    `json:"at" doc:"of this moment"`
	Templates  []boardTemplateRow  `json:"templates" doc:"those asked for, and those of the placements" nullable:"false"`
	Placements []boardPlacementRow `json:"placements" doc:"those asked for" nullable:"false"`
	Refusals   []boardRefusalRow   `json:"refusals" doc:"of the templates, today, most frequent first" nullable:"false"`
	Budgets    []boardBudgetRow    `json:"budgets" doc:"that the templates draw on, by their fullest limit" nullable:"false"`
}

type BoardFigures struct {
	Name      string `json:"name" doc:"what people call it"`
	Issued    int64  `json:"issued" doc:"coupons of today"`
	Used      int64  `json:"used" doc:"uses of today"`
	Left      int64  `json:"left" doc:"coupons left; 0 with unlimited"`
	Unlimited bool   `json:"unlimited" doc:"no number of its own"`
	Milli     int64  `json:"issued_milli" doc:"coupons in thousandths a second, since the sample before"`
}

type boardTemplateRow struct {
	Template templateID `json:"template" doc:"which"`
	BoardFigures
}

type boardPlacementRow struct {
	Placement placementID `json:"placement" doc:"which"`
	Template  templateID  `json:"template" doc:"of which template"`
	BoardFigures
}

type boardRefusalRow struct {
	Code  string `json:"code" doc:"the reason"`
	Title string `json:"title" doc:"the reason in words"`
	Count int64  `json:"count" doc:"today"`
	Milli int64  `json:"count_milli" doc:"in thousandths a second, since the sample before"`
}

type boardBudgetRow struct {
	homeBudgetRow
	Left     int64  `json:"left" doc:"cap less taken"`
	Currency string `json:"currency" doc:"of amounts"`
}

// How a stream goes.
const (
	heartbeat = 15 * time.Second
	boardType = "text/event-stream"
)

func (s *server) boardRoutes() {
	o := operation{id: "watch-board", method: "GET", path: "/v1/board", tag: "statistics", may: access.StatisticsRead,
		summary: "Watch claims, stock, refusals and budgets", about: "A stream of server-sent events: `sample`, once a second at most, with what the response's schema says; `end` where the caller may not watch any more. " +
			"Figures are those of all processes. A comment every 15 seconds keeps the connection; it ends with the caller's session.",
		faults: []fault.Code{fault.MissingValue, fault.TooLong, fault.Absent, fault.Overloaded}}
	add(s, o, func(ctx context.Context, c *call, in *boardInput) (*huma.StreamResponse, error) {
		templates, err := idList(id.Template, in.Templates, "query:template")
		if err != nil {
			return nil, err
		}
		placements, err := idList(id.Placement, in.Placements, "query:placement")
		if err != nil {
			return nil, err
		}
		w, err := s.Board.Watch(ctx, c.principal, templates, placements)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(h huma.Context) {
			defer w.Close()
			r, out := unwrap(h)
			s.watch(callOf(r.Context()), r, out, w)
		}}, nil
	})
	done := s.registered(o.method, o.path).Responses["200"]
	done.Description = "the stream; the data of each sample"
	done.Content = map[string]*huma.MediaType{boardType: {Schema: &huma.Schema{Type: huma.TypeString}}}
}

// idList reads ids divided by commas.
func idList(prefix, text, at string) (ids []id.ID, err error) {
	if text == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		i, err := id.Parse(prefix, part)
		if err != nil {
			return nil, fault.New(fault.InvalidValue).At(at)
		}
		ids = append(ids, i)
	}
	return ids, nil
}

// watch writes samples as they come, and a comment where none comes. Who asks is asked
// again at each heartbeat: a session that ended, or a right that was taken, ends it.
func (s *server) watch(c *call, r *http.Request, out http.ResponseWriter, w *reporting.Watcher) {
	out.Header().Set("Content-Type", boardType)
	out.Header().Set("X-Accel-Buffering", "no")
	stream := http.NewResponseController(out)
	send := func(text string) bool {
		_ = stream.SetWriteDeadline(time.Now().Add(exportTime)) // not every writer has a connection
		if _, err := out.Write([]byte(text)); err != nil {
			return false
		}
		return stream.Flush() == nil
	}
	if !send("retry: 2000\n\n") {
		return
	}
	beats := s.Ticks
	if beats == nil {
		ticker := time.NewTicker(heartbeat)
		defer ticker.Stop()
		beats = ticker.C
	}
	for {
		view, ok := w.Next(r.Context(), beats)
		switch {
		case !ok:
			return
		case view != nil:
			data, err := json.Marshal(showBoard(c.lang, view))
			if err != nil || !send(fmt.Sprintf("id: %d\nevent: sample\ndata: %s\n\n", view.At, data)) {
				return
			}
		case s.allow(c, r, access.StatisticsRead) != nil:
			send("event: end\ndata: {}\n\n")
			return
		case !send(": still here\n\n"):
			return
		}
	}
}

func showBoard(lang i18n.Lang, v *reporting.BoardView) boardRow {
	out := boardRow{At: v.At, Templates: []boardTemplateRow{}, Placements: []boardPlacementRow{}, Refusals: []boardRefusalRow{}, Budgets: []boardBudgetRow{}}
	for _, t := range v.Templates {
		out.Templates = append(out.Templates, boardTemplateRow{templateID(t.Template), BoardFigures{t.Name, t.Issued, t.Used, t.Left, t.Unlimited, t.Milli}})
	}
	for _, p := range v.Placements {
		out.Placements = append(out.Placements, boardPlacementRow{placementID(p.Placement), templateID(p.Template), BoardFigures{p.Name, p.Issued, p.Used, p.Left, p.Unlimited, p.Milli}})
	}
	for _, r := range v.Refusals {
		title, _ := i18n.Fault(lang, fault.New(fault.Code(r.Code)), "")
		out.Refusals = append(out.Refusals, boardRefusalRow{r.Code, title, r.Count, r.Milli})
	}
	for _, b := range v.Budgets {
		out.Budgets = append(out.Budgets, boardBudgetRow{homeBudgetRow{budgetID(b.Budget), b.Name, string(b.What), string(b.Period), b.Taken, b.Cap, b.Bps, b.What.Amount()}, b.Left, b.Currency})
	}
	return out
}
