package reporting

import (
	"cmp"
	"context"
	"slices"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
	"quan/internal/store"
)

// HomeDay is what happened on a day: with coupons, and where the principal sees all
// orders, in all of them.
type HomeDay struct {
	Day     calendar.Date
	Coupons metric.Values
	Rates   Rates
	Orders  metric.Values
	Whole   bool // Orders are told
}

// HomeBudget is how far a budget's fullest limit is: Taken of Cap.
type HomeBudget struct {
	Budget id.ID
	Name   string
	What   limit.What
	Period limit.Period
	Taken  int64
	Cap    int64
	Bps    int64 // taken / cap
}

// NoticeKind says what needs somebody.
type NoticeKind string

// The kinds of notice, the most urgent first.
const (
	NoticeStop         NoticeKind = "stopped"          // a kill switch is on
	NoticeBudget       NoticeKind = "budget_alarm"     // a budget has reached an alarm, or its cap
	NoticeLimit        NoticeKind = "limit_alarm"      // a template's limit has
	NoticeJob          NoticeKind = "job_failed"       // a job was given up in the last week
	NoticeQueue        NoticeKind = "queue_paused"     // no more jobs of it are started
	NoticeSoldOut      NoticeKind = "sold_out"         // a template has no coupon left, and its window is open
	NoticePlacementOut NoticeKind = "placement_out"    // a placement has given out its own number
	NoticeEnding       NoticeKind = "template_ending"  // its claim window ends soon
	NoticePlacementEnd NoticeKind = "placement_ending" // it ends soon
)

var noticeOrder = []NoticeKind{NoticeStop, NoticeBudget, NoticeLimit, NoticeJob, NoticeQueue, NoticeSoldOut, NoticePlacementOut, NoticeEnding, NoticePlacementEnd}

// Notice is one thing that needs somebody.
type Notice struct {
	Kind    NoticeKind
	Subject string // typed id, name of a queue, or what is stopped
	Name    string
	At      calendar.Instant // since when, or when it ends; zero: not known
	Percent int64            // of alarms: the threshold that was reached
	Taken   int64
	Cap     int64
}

// Home is what somebody wants to know first. Notices are at most MostNotices; Left are
// those beyond.
type Home struct {
	Market   string
	Currency string
	At       calendar.Instant
	Today    HomeDay
	Before   HomeDay // yesterday
	Week     HomeDay // the same day last week
	Budgets  []HomeBudget
	Notices  []Notice
	Left     int
}

// MostNotices bounds the notices of a Home, and mostBudgets its budgets.
const (
	MostNotices = 50
	mostBudgets = 6
	endingSoon  = 3 * 24 * time.Hour
)

// Home compares today with yesterday and the same day last week, and tells what needs
// somebody: of each part what the principal's permissions and scope let it see. Whole
// days are compared; today is as far as it has come.
func (r *Reporting) Home(ctx context.Context, by access.Principal, code, currency string) (out Home, err error) {
	if err := by.May(access.StatisticsRead); err != nil {
		return out, err
	}
	m, err := r.market(ctx, &code, &currency)
	if err != nil {
		return out, err
	}
	now := r.Clock()
	err = r.Store.View(ctx, func(tx store.Tx) error {
		out = Home{Market: code, Currency: m.Paying(currency), At: now}
		if err := out.days(tx, by, m, currency); err != nil {
			return err
		}
		return out.attention(tx, by, m)
	})
	if err != nil {
		return out, wrap("read home", err)
	}
	slices.SortStableFunc(out.Notices, func(a, b Notice) int {
		return cmp.Or(cmp.Compare(slices.Index(noticeOrder, a.Kind), slices.Index(noticeOrder, b.Kind)), cmp.Compare(b.Percent, a.Percent), cmp.Compare(a.At, b.At), cmp.Compare(a.Subject, b.Subject))
	})
	out.Left = max(len(out.Notices)-MostNotices, 0)
	out.Notices = out.Notices[:len(out.Notices)-out.Left]
	return out, nil
}

// days reads the figures of three days, a statement for coupons and one for orders.
func (h *Home) days(tx store.Tx, by access.Principal, m *market.Market, currency string) error {
	today := m.Day(h.At)
	days := map[calendar.Date]*HomeDay{today: &h.Today, today.AddDays(-1): &h.Before, today.AddDays(-7): &h.Week}
	for day, d := range days {
		d.Day, d.Whole = day, by.Scope.Everything()
	}
	q := store.MetricQuery{Market: h.Market, Currency: currency, From: today.AddDays(-7), To: today, GroupBy: []string{"day"}, Scope: by.Scope}
	cells, err := tx.Metrics().Read(q)
	if err != nil {
		return err
	}
	for _, c := range cells {
		if d := days[c.Day]; d != nil {
			d.Coupons = c.Values
		}
	}
	if q.AllOrders = true; by.Scope.Everything() {
		if cells, err = tx.Metrics().Read(q); err != nil {
			return err
		}
		for _, c := range cells {
			if d := days[c.Day]; d != nil {
				d.Orders = c.Values
			}
		}
	}
	for _, d := range days {
		d.Rates = ratesOf(d.Coupons)
	}
	return nil
}

// attention asks each part that the principal may see.
func (h *Home) attention(tx store.Tx, by access.Principal, m *market.Market) error {
	parts := []struct {
		may access.Permission
		ask func(store.Tx, access.Principal, *market.Market) error
	}{{access.BudgetRead, h.budgets}, {access.TemplateRead, h.stops}, {access.TemplateRead, h.templates}, {access.ReferenceRead, h.placements}, {access.JobRead, h.jobs}}
	for _, p := range parts {
		if by.May(p.may) != nil {
			continue
		}
		if err := p.ask(tx, by, m); err != nil {
			return err
		}
	}
	return nil
}

func (h *Home) note(n Notice) { h.Notices = append(h.Notices, n) }

// all pages through rows of a market.
func all[T any](rows store.Reference[T], f store.Filter, key func(*T) string, do func(*T)) error {
	f.Limit = page.Most
	for {
		list, err := rows.List(f)
		if err != nil {
			return err
		}
		for i := range list {
			do(&list[i])
		}
		if len(list) < f.Limit {
			return nil
		}
		f.After = key(&list[len(list)-1])
	}
}

// budgets that are open, by their fullest limit.
func (h *Home) budgets(tx store.Tx, by access.Principal, m *market.Market) error {
	type held struct {
		budget *store.Budget
		limit  int
	}
	at := map[limit.Key]held{}
	var keys []limit.Key
	err := all(tx.Budgets(), store.Filter{Market: h.Market, Scope: access.Scope{Merchants: by.Scope.Merchants}}, func(b *store.Budget) string { return id.Format(id.Budget, b.ID) }, func(b *store.Budget) {
		if !b.OpenAt(h.At) {
			return
		}
		holder, row := b.Holder(m), *b
		for i := range b.Limits {
			if k, ok := holder.Whole(i, limit.Subject{Day: m.Day(h.At), WeekStart: m.WeekStart, At: h.At}); ok {
				at[k] = held{&row, i}
				keys = append(keys, k)
			}
		}
	})
	if err != nil {
		return err
	}
	counters, err := tx.Counters().Get(keys)
	if err != nil {
		return err
	}
	taken := map[limit.Key]int64{}
	for _, c := range counters {
		taken[c.Key] = c.Taken
	}
	fullest := map[id.ID]HomeBudget{}
	for _, k := range keys {
		b, l := at[k].budget, &at[k].budget.Limits[at[k].limit]
		row := HomeBudget{Budget: b.ID, Name: b.Name, What: l.What, Period: l.Period, Taken: taken[k], Cap: l.Cap, Bps: bps(taken[k], l.Cap)}
		if was, ok := fullest[b.ID]; !ok || row.Bps > was.Bps {
			fullest[b.ID] = row
		}
		h.alarm(NoticeBudget, id.Format(id.Budget, b.ID), b.Name, l, taken[k])
	}
	for _, row := range fullest {
		h.Budgets = append(h.Budgets, row)
	}
	slices.SortFunc(h.Budgets, func(a, b HomeBudget) int {
		return cmp.Or(cmp.Compare(b.Bps, a.Bps), cmp.Compare(a.Budget, b.Budget))
	})
	h.Budgets = h.Budgets[:min(len(h.Budgets), mostBudgets)]
	return nil
}

// alarm notes a limit that has reached one of its thresholds, or its cap.
func (h *Home) alarm(kind NoticeKind, subject, name string, l *limit.Limit, taken int64) {
	percent := l.Reached(taken)
	if taken >= l.Cap {
		percent = max(percent, 100)
	}
	if percent > 0 {
		h.note(Notice{Kind: kind, Subject: subject, Name: name, Percent: percent, Taken: taken, Cap: l.Cap})
	}
}

// jobs that were given up, and queues that stand still: for principals that see all.
func (h *Home) jobs(tx store.Tx, by access.Principal, _ *market.Market) error {
	if !by.Scope.Everything() {
		return nil
	}
	rows, err := tx.Jobs().List(store.JobFilter{State: "discarded", Limit: MostNotices})
	if err != nil {
		return err
	}
	for _, j := range rows {
		if h.At-j.EndedAt < calendar.Instant(7*24*time.Hour/time.Millisecond) {
			h.note(Notice{Kind: NoticeJob, Subject: id.Format(id.Job, j.ID), Name: j.Kind, At: j.EndedAt})
		}
	}
	queues, err := tx.Jobs().Queues()
	for _, q := range queues {
		if q.PausedAt != 0 {
			h.note(Notice{Kind: NoticeQueue, Subject: q.Name, Name: q.Name, At: q.PausedAt})
		}
	}
	return err
}
