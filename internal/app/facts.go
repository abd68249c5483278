package app

import (
	"slices"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Asking says whose facts are loaded, for which conditions, when and where.
type Asking struct {
	Members []id.ID // zero for a guest
	Needs   condition.Needs
	Market  *market.Market
	At      calendar.Instant

	City, Store string
	Position    condition.Position
	Channel     string // delivery channel at a claim, use channel at use
	Mode        string // business mode
	Payment     string
}

// mostOuter bounds the outer facts that an expression may see.
const mostOuter = 500

// Facts loads what conditions need of each member, in any transaction and with
// few statements for all of them together. Each member has facts of its own in
// the result, a guest (zero) too; the cart is the caller's to add. What is not
// needed is not loaded, and so not known.
func (a *App) Facts(tx store.Tx, in Asking) (map[id.ID]*condition.Facts, error) {
	base := condition.Facts{Moment: condition.MomentOf(in.At, in.Market.Location()),
		Place:   condition.Place{City: in.City, Store: in.Store, Position: in.Position},
		Channel: in.Channel, Mode: in.Mode, Payment: in.Payment}
	members, err := tx.Facts().Members(in.Members, in.Needs, base.Moment)
	if err != nil {
		return nil, err
	}
	if in.Needs.Days {
		if base.Days, err = dayNames(tx, in.Market.Code, base.Moment.Date); err != nil {
			return nil, err
		}
	}
	if base.Outer, err = outerFacts(tx, in); err != nil {
		return nil, err
	}
	if base.Place.Stores, err = positions(tx, in.Needs.Stores); err != nil {
		return nil, err
	}
	all := make(map[id.ID]*condition.Facts, len(in.Members))
	for _, who := range in.Members {
		facts := base
		facts.Member = members[who]
		all[who] = &facts
	}
	if in.Needs.Held {
		err = a.held(tx, in, all)
	}
	return all, err
}

// dayNames are what the market's calendar calls a date. The calendar is known up
// to the last date that has a row: before it a date without one has no names,
// after it nothing is known (nil).
func dayNames(tx store.Tx, code string, date calendar.Date) ([]string, error) {
	rows, err := tx.Days().List(store.Filter{Market: code, After: market.DayKey(code, date.AddDays(-1)), Limit: 1})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if rows[0].Date != date || rows[0].Names == nil {
		return []string{}, nil
	}
	return rows[0].Names, nil
}

// outerFacts are those that are known in the city at the moment.
func outerFacts(tx store.Tx, in Asking) (map[string]string, error) {
	var rows []store.Fact
	var err error
	switch {
	case in.Needs.AllOuter:
		rows, err = tx.OuterFacts().List(store.Filter{Limit: mostOuter})
	case len(in.Needs.Outer) > 0:
		rows, err = tx.OuterFacts().Get(in.Needs.Outer)
	default:
		return nil, nil
	}
	known := make(map[string]string, len(rows))
	for i := range rows {
		if value := rows[i].In(in.City, in.At); value != "" {
			known[rows[i].Name] = value
		}
	}
	return known, err
}

// positions are those of the stores that have one.
func positions(tx store.Tx, codes []string) (map[string]condition.Position, error) {
	rows, err := tx.Stores().Get(codes)
	found := make(map[string]condition.Position, len(rows))
	for i := range rows {
		const degree = 1_000_000
		s := rows[i].Spot
		at := condition.Coordinate{Lat: float64(s.LatE6) / degree, Lng: float64(s.LngE6) / degree}
		if p, ok := condition.Locate(at, condition.System(s.System)); ok {
			found[rows[i].Code] = p
		}
	}
	return found, err
}

// held adds the templates and stacking groups of live coupons.
func (a *App) held(tx store.Tx, in Asking, all map[id.ID]*condition.Facts) error {
	rows, err := tx.Facts().Held(in.Members, in.At)
	if err != nil {
		return err
	}
	keys := make([]store.VersionKey, len(rows))
	for i, r := range rows {
		keys[i] = store.VersionKey{Template: r.Template, Number: r.Version}
	}
	versions, err := a.Cache.VersionsIn(tx, keys)
	if err != nil {
		return err
	}
	for who, facts := range all {
		if who != 0 {
			facts.Held = &condition.Held{}
		}
	}
	for i, r := range rows {
		held := all[r.Member].Held
		held.Templates = include(held.Templates, r.Template)
		if v := versions[keys[i]]; v != nil {
			held.Groups = include(held.Groups, v.Doc.Terms.Stacking.Named())
		}
	}
	return nil
}

func include[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}

// VersionsIn is Versions inside a transaction.
func (c *Cache) VersionsIn(tx store.Tx, keys []store.VersionKey) (map[store.VersionKey]*coupon.Version, error) {
	found, missing := c.knownVersions(keys)
	if len(missing) == 0 {
		return found, nil
	}
	rows, err := tx.Versions().Get(missing)
	for i := range rows {
		k := store.VersionKey{Template: rows[i].Template, Number: rows[i].Number}
		found[k] = &rows[i]
	}
	return found, err
}
