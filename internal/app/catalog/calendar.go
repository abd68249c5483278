package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// Bounds of days and outer facts.
const (
	mostDayNames   = 20
	mostFactCities = 1_000
)

var days = noun[store.Day]{
	what: "day",
	rows: func(tx store.Tx) store.Reference[store.Day] { return tx.Days() },
	marks: func(d *store.Day) marks {
		return marks{&d.Rev, &d.CreatedAt, &d.UpdatedAt, &d.ArchivedAt}
	},
	sees: func(access.Principal, *store.Day) bool { return true },
}

// PutDayInput names a date in a market's calendar.
type PutDayInput struct {
	Market string
	Date   calendar.Date
	Names  []string // ≤ 20 words, each once; none: an ordinary day
	IfRev  int64    // 0: create only
}

// PutDay says what a market's calendar calls a date. Faults: those of the input,
// not_found (market), if_match_required, stale_revision, permission_denied for a
// principal that is limited to a scope.
func (c *Catalog) PutDay(ctx context.Context, by access.Principal, in PutDayInput) (row store.Day, created bool, err error) {
	if err := mayMarket(by); err != nil {
		return row, false, err
	}
	var l fault.List
	l.Add(text.Code(in.Market, "path:code"))
	dayWords(&l, in.Names)
	if err := l.Err(); err != nil {
		return row, false, err
	}
	return put(ctx, c, by, days, market.DayKey(in.Market, in.Date), in.IfRev, func(tx store.Tx, d *store.Day, isNew bool) error {
		if _, err := markets.must(tx, by, in.Market); err != nil {
			return err
		}
		d.Market, d.Date, d.Names = in.Market, in.Date, slices.Sorted(slices.Values(in.Names))
		return nil
	})
}

func dayWords(l *fault.List, names []string) {
	if len(names) > mostDayNames {
		l.Add(fault.New(fault.TooLong, "max", mostDayNames).At("/names"))
		return
	}
	for i, name := range names {
		at := fmt.Sprintf("/names/%d", i)
		l.Add(rule.Word(name, at))
		if slices.Contains(names[:i], name) {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
	}
}

// ListDays returns days of a market by date, after a date (zero for the start).
func (c *Catalog) ListDays(ctx context.Context, by access.Principal, code string, after calendar.Date, limit int) ([]store.Day, error) {
	if err := by.May(access.MarketRead); err != nil {
		return nil, err
	}
	if _, err := get(ctx, c, by, markets, code); err != nil {
		return nil, err
	}
	f := store.Filter{Market: code, Limit: limit}
	if after != 0 {
		f.After = market.DayKey(code, after)
	}
	return list(ctx, c, by, days, f)
}

// escaped writes a word as a part of a JSON pointer.
var escaped = strings.NewReplacer("~", "~0", "/", "~1")

var outerFacts = noun[store.Fact]{
	what: "fact",
	rows: func(tx store.Tx) store.Reference[store.Fact] { return tx.OuterFacts() },
	marks: func(f *store.Fact) marks {
		return marks{&f.Rev, &f.CreatedAt, &f.UpdatedAt, &f.ArchivedAt}
	},
	sees: func(access.Principal, *store.Fact) bool { return true },
}

// PutFactInput is an outer fact as it is now.
type PutFactInput struct {
	Name      string
	Value     string            // where no city says otherwise; "": not known
	Cities    map[string]string // by city, whole
	ExpiresAt calendar.Instant
	IfRev     int64 // 0: whatever the revision
}

// PutFact says what an outside system knows. The last word wins where no revision
// is given. Faults: those of the input, stale_revision, permission_denied for a
// principal that is limited to a scope.
func (c *Catalog) PutFact(ctx context.Context, by access.Principal, in PutFactInput) (row store.Fact, created bool, err error) {
	if err := mayMarket(by); err != nil {
		return row, false, err
	}
	if err := in.validate(); err != nil {
		return row, false, err
	}
	err = c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		old, err := outerFacts.find(tx, by, in.Name)
		if err != nil {
			return err
		}
		row, created = store.Fact{}, old == nil
		action := "create"
		if old != nil {
			action, row = "update", *old
		}
		if in.IfRev != 0 && in.IfRev != row.Rev {
			return fault.New(fault.StaleRevision, "rev", row.Rev)
		}
		row.Name, row.Value, row.Cities, row.ExpiresAt = in.Name, in.Value, in.Cities, in.ExpiresAt
		_, err = outerFacts.save(c, tx, by, in.Name, old, &row, action, "")
		return err
	})
	return row, created, outerFacts.wrap(err)
}

func (in *PutFactInput) validate() error {
	var l fault.List
	l.Add(rule.Word(in.Name, "path:name"))
	value := func(v, at string) {
		if v != "" {
			l.Add(rule.Word(v, at))
		}
	}
	value(in.Value, "/value")
	if len(in.Cities) > mostFactCities {
		l.Add(fault.New(fault.TooLong, "max", mostFactCities).At("/cities"))
		return l.Err()
	}
	for _, city := range sorted(in.Cities) {
		if f := rule.Word(city, "/cities"); f != nil {
			l.Add(f)
			continue
		}
		value(in.Cities[city], "/cities/"+escaped.Replace(city))
	}
	if in.ExpiresAt == 0 {
		l.Add(fault.New(fault.MissingValue).At("/expires_at"))
	}
	return l.Err()
}

// GetFact returns an outer fact, expired or not, or fault not_found.
func (c *Catalog) GetFact(ctx context.Context, by access.Principal, name string) (store.Fact, error) {
	if err := by.May(access.MarketRead); err != nil {
		return store.Fact{}, err
	}
	return get(ctx, c, by, outerFacts, name)
}

// ListFacts returns outer facts by name.
func (c *Catalog) ListFacts(ctx context.Context, by access.Principal, f store.Filter) ([]store.Fact, error) {
	if err := by.May(access.MarketRead); err != nil {
		return nil, err
	}
	return list(ctx, c, by, outerFacts, f)
}
