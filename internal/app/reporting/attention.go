package reporting

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/stop"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// stops that are on: of everything, or of what lies in the scope.
func (h *Home) stops(tx store.Tx, by access.Principal, _ *market.Market) error {
	kept, err := tx.Settings().Under(stop.Prefix)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		var s stop.Stop
		if kept[name] == "" {
			continue
		}
		if err := json.Unmarshal([]byte(kept[name]), &s); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if s.Lifted() || s.Scope != stop.ScopeAll && !by.Scope.Everything() && (s.Scope != stop.ScopeMerchant || !by.Scope.Merchant(s.Key)) {
			continue
		}
		h.note(Notice{Kind: NoticeStop, Subject: strings.TrimPrefix(name, stop.Prefix), Name: s.Reason, At: s.At})
	}
	return nil
}

// soon reports whether a moment lies ahead, but not far.
func (h *Home) soon(at calendar.Instant) bool { return at > h.At && at <= h.At.Add(endingSoon) }

// templates that are published and claimable: windows that end, stock that is out,
// limits that reached an alarm. A principal limited to cities or stores sees them too,
// as it sees the templates.
func (h *Home) templates(tx store.Tx, by access.Principal, m *market.Market) error {
	var rows []store.Template
	var versions []store.VersionKey
	err := all(tx.Templates(), store.Filter{Market: h.Market, Status: string(coupon.StatusPublished), Scope: access.Scope{Merchants: by.Scope.Merchants}},
		func(t *store.Template) string { return id.Format(id.Template, t.ID) }, func(t *store.Template) {
			rows = append(rows, *t)
			versions = append(versions, store.VersionKey{Template: t.ID, Number: t.Version})
		})
	if err != nil {
		return err
	}
	found, err := tx.Versions().Get(versions)
	if err != nil {
		return err
	}
	docs := map[id.ID]*coupon.Doc{}
	for i := range found {
		docs[found[i].Template] = &found[i].Doc
	}
	type held struct {
		template int
		limit    *limit.Limit
	}
	at := map[limit.Key]held{}
	var keys []limit.Key
	for i := range rows {
		t, doc := &rows[i], docs[rows[i].ID]
		if doc == nil || !doc.Claim.Window.Holds(h.At) {
			continue
		}
		if h.soon(doc.Claim.Window.To) {
			h.note(Notice{Kind: NoticeEnding, Subject: id.Format(id.Template, t.ID), Name: t.InternalName, At: doc.Claim.Window.To})
		}
		holder := limit.Holder{ID: t.ID, Limits: doc.Claim.Limits}
		for n := range doc.Claim.Limits {
			l := &doc.Claim.Limits[n]
			stock := l.What == limit.IssueCount && l.Period == limit.Ever && l.Per == limit.PerTemplate
			if k, ok := holder.Whole(n, limit.Subject{Template: t.ID, Day: m.Day(h.At), WeekStart: m.WeekStart, At: h.At}); ok && (stock || len(l.Alarms) > 0) && l.Period != limit.Window {
				at[k] = held{i, l}
				keys = append(keys, k)
			}
		}
	}
	counters, err := tx.Counters().Get(keys)
	for i := range counters {
		c, of := &counters[i], at[counters[i].Key]
		t := &rows[of.template]
		if c.Key == limit.StockKey(t.ID) && c.Taken >= of.limit.Cap {
			h.note(Notice{Kind: NoticeSoldOut, Subject: id.Format(id.Template, t.ID), Name: t.InternalName, Taken: c.Taken, Cap: of.limit.Cap})
		} else if len(of.limit.Alarms) > 0 {
			h.alarm(NoticeLimit, id.Format(id.Template, t.ID), t.InternalName, of.limit, c.Taken)
		}
	}
	return err
}

// placements that are open: those that end, and those that have given out their own
// number. They are seen with their templates.
func (h *Home) placements(tx store.Tx, by access.Principal, _ *market.Market) error {
	at := map[limit.Key]store.Placement{}
	var keys []limit.Key
	var open []store.Placement
	templates := map[string]bool{}
	err := all(tx.Placements(), store.Filter{Market: h.Market}, func(p *store.Placement) string { return id.Format(id.Placement, p.ID) }, func(p *store.Placement) {
		if p.OpenAt(h.At) && p.Template != 0 && (h.soon(p.To) || p.Cap > 0) {
			open = append(open, *p)
			templates[id.Format(id.Template, p.Template)] = true
		}
	})
	if err != nil || len(open) == 0 {
		return err
	}
	rows, err := tx.Templates().Get(slices.Sorted(maps.Keys(templates)))
	if err != nil {
		return err
	}
	seen := map[id.ID]bool{}
	for i := range rows {
		seen[rows[i].ID] = by.Scope.Merchant(rows[i].Merchant())
	}
	for _, p := range open {
		if !seen[p.Template] {
			continue
		}
		if h.soon(p.To) {
			h.note(Notice{Kind: NoticePlacementEnd, Subject: id.Format(id.Placement, p.ID), Name: p.Name, At: p.To})
		}
		if p.Cap > 0 {
			k := placementKey(&p)
			at[k] = p
			keys = append(keys, k)
		}
	}
	counters, err := tx.Counters().Get(keys)
	for _, c := range counters {
		if p := at[c.Key]; c.Taken >= p.Cap {
			h.note(Notice{Kind: NoticePlacementOut, Subject: id.Format(id.Placement, p.ID), Name: p.Name, Taken: c.Taken, Cap: p.Cap})
		}
	}
	return err
}

// placementKey is the counter of what a placement with a number of its own has given out.
func placementKey(p *store.Placement) limit.Key {
	return limit.Key{Template: p.Template, Per: limit.PerPlacement, Subject: p.ID, What: limit.IssueCount, Period: limit.Ever}
}
