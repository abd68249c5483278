package reporting

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// sample is the figures of everything that is watched, of one moment.
type sample struct {
	number     int64
	at         calendar.Instant
	templates  map[id.ID]BoardTemplate
	placements map[id.ID]BoardPlacement
	refusals   map[id.ID]map[string]BoardRefusal // by template
	budgets    map[id.ID][]BoardBudget           // by template
}

// sample reads the counters, figures and refusals of what is watched, on one snapshot.
func (b *Board) sample(ctx context.Context, want watched, before *sample) (*sample, error) {
	s := &sample{number: 1, at: b.Clock()}
	if before != nil {
		s.number = before.number + 1
	}
	err := b.Store.View(ctx, func(tx store.Tx) error {
		s.templates, s.placements = map[id.ID]BoardTemplate{}, map[id.ID]BoardPlacement{}
		s.refusals, s.budgets = map[id.ID]map[string]BoardRefusal{}, map[id.ID][]BoardBudget{}
		rows, err := tx.Templates().Get(keysOf(id.Template, want.templates))
		if err != nil {
			return err
		}
		byMarket := map[string][]*store.Template{}
		for i := range rows {
			byMarket[rows[i].Market] = append(byMarket[rows[i].Market], &rows[i])
		}
		for _, code := range slices.Sorted(maps.Keys(byMarket)) {
			markets, err := tx.Markets().Get([]string{code})
			if err != nil || len(markets) == 0 {
				return err
			}
			if err := s.read(tx, &markets[0], byMarket[code], want.placements); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && before != nil {
		s.rates(before)
	}
	return s, err
}

// read adds the figures of one market.
func (s *sample) read(tx store.Tx, m *market.Market, rows []*store.Template, placements []id.ID) error {
	today := m.Day(s.at)
	ids := make([]id.ID, len(rows))
	for i, t := range rows {
		ids[i] = t.ID
	}
	cells, err := tx.Metrics().Read(store.MetricQuery{Market: m.Code, From: today, To: today, Templates: ids, GroupBy: []string{"template", "placement"}})
	if err != nil {
		return err
	}
	whole, placed := map[id.ID]metric.Values{}, map[id.ID]metric.Values{}
	for _, c := range cells {
		v := whole[c.Template]
		v.Add(c.Values)
		whole[c.Template], placed[c.Placement] = v, c.Values
	}
	if err := s.stocks(tx, rows, whole); err != nil {
		return err
	}
	if err := s.placed(tx, placements, ids, placed); err != nil {
		return err
	}
	refusals, err := tx.Metrics().Refusals(m.Code, today, today)
	if err != nil {
		return err
	}
	for _, r := range refusals {
		if _, watched := s.templates[r.Template]; !watched {
			continue
		}
		if s.refusals[r.Template] == nil {
			s.refusals[r.Template] = map[string]BoardRefusal{}
		}
		f := s.refusals[r.Template][r.Code]
		f.Code, f.Count = r.Code, f.Count+r.Count
		s.refusals[r.Template][r.Code] = f
	}
	return s.spent(tx, m, rows)
}

// stocks reads what is left of templates.
func (s *sample) stocks(tx store.Tx, rows []*store.Template, figures map[id.ID]metric.Values) error {
	caps := map[id.ID]int64{}
	var keys []limit.Key
	for _, t := range rows {
		doc, err := content(tx, t)
		if err != nil {
			return err
		}
		caps[t.ID] = capOf(doc, limit.PerTemplate)
		keys = append(keys, limit.StockKey(t.ID))
	}
	counters, err := tx.Counters().Get(keys)
	if err != nil {
		return err
	}
	taken := map[id.ID]int64{}
	for _, c := range counters {
		taken[c.Key.Template] = c.Taken
	}
	for _, t := range rows {
		row := BoardTemplate{Template: t.ID, Name: t.InternalName, Issued: figures[t.ID].Issued, Used: figures[t.ID].Redeemed, Unlimited: caps[t.ID] == limit.Unlimited}
		if !row.Unlimited {
			row.Left = max(caps[t.ID]-taken[t.ID], 0)
		}
		s.templates[t.ID] = row
	}
	return nil
}

// placed reads what placements of these templates have given out.
func (s *sample) placed(tx store.Tx, placements, templates []id.ID, figures map[id.ID]metric.Values) error {
	if len(placements) == 0 {
		return nil
	}
	rows, err := tx.Placements().Get(keysOf(id.Placement, placements))
	if err != nil {
		return err
	}
	var keys []limit.Key
	for i := range rows {
		keys = append(keys, placementKey(&rows[i]))
	}
	counters, err := tx.Counters().Get(keys)
	taken := map[id.ID]int64{}
	for _, c := range counters {
		taken[c.Key.Subject] = c.Taken
	}
	for _, p := range rows {
		if !slices.Contains(templates, p.Template) {
			continue
		}
		row := BoardPlacement{Placement: p.ID, Template: p.Template, Name: p.Name, Issued: figures[p.ID].Issued, Used: figures[p.ID].Redeemed, Unlimited: p.Cap == 0}
		if p.Cap > 0 {
			row.Left = max(p.Cap-taken[p.ID], 0)
		}
		s.placements[p.ID] = row
	}
	return err
}

// spent reads the budgets that the templates draw on.
func (s *sample) spent(tx store.Tx, m *market.Market, rows []*store.Template) error {
	of := map[id.ID][]id.ID{} // budget to templates
	for _, t := range rows {
		for _, b := range t.Budgets {
			of[b] = append(of[b], t.ID)
		}
	}
	if len(of) == 0 {
		return nil
	}
	budgets, err := tx.Budgets().Get(keysOf(id.Budget, slices.Collect(maps.Keys(of))))
	if err != nil {
		return err
	}
	for i := range budgets {
		fullest, ok, err := fullestOf(tx, m, &budgets[i], s.at)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		for _, t := range of[budgets[i].ID] {
			s.budgets[t] = append(s.budgets[t], BoardBudget{fullest, max(fullest.Cap-fullest.Taken, 0), m.Currency})
		}
	}
	return nil
}

// fullestOf is the limit of a budget that is nearest to its cap, of those that one
// counter holds.
func fullestOf(tx store.Tx, m *market.Market, b *store.Budget, at calendar.Instant) (out HomeBudget, ok bool, err error) {
	holder := b.Holder(m)
	of := map[limit.Key]int{}
	var keys []limit.Key
	for i := range b.Limits {
		if k, one := holder.Whole(i, limit.Subject{Day: m.Day(at), WeekStart: m.WeekStart, At: at}); one {
			of[k] = i
			keys = append(keys, k)
		}
	}
	counters, err := tx.Counters().Get(keys)
	taken := map[limit.Key]int64{}
	for _, c := range counters {
		taken[c.Key] = c.Taken
	}
	for _, k := range keys {
		l := &b.Limits[of[k]]
		row := HomeBudget{Budget: b.ID, Name: b.Name, What: l.What, Period: l.Period, Taken: taken[k], Cap: l.Cap, Bps: bps(taken[k], l.Cap)}
		if !ok || row.Bps > out.Bps {
			out, ok = row, true
		}
	}
	return out, ok, err
}

// rates compares with the sample before. A figure of today that is lower than it was
// has begun anew with the day.
func (s *sample) rates(before *sample) {
	rate := func(now, was int64) int64 {
		if took := int64(s.at - before.at); took > 0 && now > was {
			return (now - was) * 1_000_000 / took
		}
		return 0
	}
	for k, row := range s.templates {
		if was, ok := before.templates[k]; ok {
			row.Milli = rate(row.Issued, was.Issued)
			s.templates[k] = row
		}
	}
	for k, row := range s.placements {
		if was, ok := before.placements[k]; ok {
			row.Milli = rate(row.Issued, was.Issued)
			s.placements[k] = row
		}
	}
	for k, codes := range s.refusals {
		for code, row := range codes {
			if _, known := before.templates[k]; known {
				row.Milli = rate(row.Count, before.refusals[k][code].Count)
				codes[code] = row
			}
		}
	}
}

// has reports whether the sample has all that a watcher looks at.
func (s *sample) has(w *Watcher) bool {
	for _, t := range w.templates {
		if _, ok := s.templates[t]; !ok {
			return false
		}
	}
	for _, p := range w.placements {
		if _, ok := s.placements[p]; !ok {
			return false
		}
	}
	return true
}

// view is what a watcher looks at; budgets only for those who may read them.
func (s *sample) view(w *Watcher) *BoardView {
	v := &BoardView{Number: s.number, At: s.at}
	refusals := map[string]BoardRefusal{}
	budgets := map[id.ID]bool{}
	for _, t := range w.templates {
		row, ok := s.templates[t]
		if !ok {
			continue
		}
		v.Templates = append(v.Templates, row)
		for code, r := range s.refusals[t] {
			sum := refusals[code]
			refusals[code] = BoardRefusal{code, sum.Count + r.Count, sum.Milli + r.Milli}
		}
		for _, b := range s.budgets[t] {
			if w.by.May(access.BudgetRead) == nil && !budgets[b.Budget] {
				budgets[b.Budget] = true
				v.Budgets = append(v.Budgets, b)
			}
		}
	}
	for _, p := range w.placements {
		if row, ok := s.placements[p]; ok {
			v.Placements = append(v.Placements, row)
		}
	}
	v.Refusals = slices.SortedFunc(maps.Values(refusals), func(a, b BoardRefusal) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
	})
	return v
}
