package app

import (
	"context"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/budget"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Ledger is what the coupons and redemptions of a transaction hold of counters, as
// it is read under the locks and as decisions change it.
type Ledger struct {
	entries map[id.ID][]limit.Entry
	added   []limit.Entry
	changed map[entryKey]limit.Entry
}

type entryKey struct {
	fact id.ID
	limit.Key
}

// Read reads what facts hold; what was read or changed before is forgotten.
func (l *Ledger) Read(tx store.Tx, facts []id.ID) error {
	*l = Ledger{entries: map[id.ID][]limit.Entry{}, changed: map[entryKey]limit.Entry{}}
	rows, err := tx.Entries().Of(facts)
	for _, e := range rows {
		l.entries[e.Fact] = append(l.entries[e.Fact], e)
	}
	return err
}

// Of is what a fact holds by now.
func (l *Ledger) Of(fact id.ID) []limit.Entry { return l.entries[fact] }

// Facts names those that hold anything.
func (l *Ledger) Facts() (facts []id.ID) {
	for f := range l.entries {
		facts = append(facts, f)
	}
	return facts
}

// Keys names the counters of all facts.
func (l *Ledger) Keys() (keys []limit.Key) {
	for _, list := range l.entries {
		for _, e := range list {
			keys = append(keys, e.Key)
		}
	}
	return keys
}

// Add notes what a new fact holds.
func (l *Ledger) Add(entries []limit.Entry) { l.added = append(l.added, entries...) }

// Change notes entries of known facts as they shall be.
func (l *Ledger) Change(entries []limit.Entry) {
	for _, e := range entries {
		l.changed[entryKey{e.Fact, e.Key}] = e
		list := l.entries[e.Fact]
		for i := range list {
			if list[i].Key == e.Key {
				list[i] = e
			}
		}
	}
}

// Settle brings what a coupon holds of limits on liability after a change of its
// row, and returns the counters that were moved.
func (l *Ledger) Settle(before, after *coupon.Coupon, counters map[limit.Key]*limit.Counter) ([]limit.Key, error) {
	changed, ok := budget.Settle(l.Of(after.ID), before, after, 0, counters)
	if !ok {
		return nil, fault.New(fault.InternalError, "counter", string(limit.Liability))
	}
	l.Change(changed)
	keys := make([]limit.Key, len(changed))
	for i, e := range changed {
		keys[i] = e.Key
	}
	return keys, nil
}

// HeldKeys names the counters of what coupons hold. They don't change, so that they
// can be locked with the coupons.
func (a *App) HeldKeys(ctx context.Context, coupons []id.ID) (keys []limit.Key, err error) {
	err = a.Store.View(ctx, func(tx store.Tx) error {
		var l Ledger
		err := l.Read(tx, coupons)
		keys = l.Keys()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("app: read entries: %w", err)
	}
	return keys, nil
}

// SettleEnded gives back what coupons that were ended had reserved, given their
// locked rows as they were and as they are. It does nothing where no counter of
// theirs was locked.
func SettleEnded(tx store.Tx, before, after []coupon.Coupon, locked *store.Locked) error {
	if len(locked.Counters) == 0 {
		return nil
	}
	ids := make([]id.ID, len(after))
	for i := range after {
		ids[i] = after[i].ID
	}
	var l Ledger
	if err := l.Read(tx, ids); err != nil {
		return err
	}
	moved := map[limit.Key]bool{}
	for i := range after {
		keys, err := l.Settle(&before[i], &after[i], locked.Counters)
		if err != nil {
			return err
		}
		for _, k := range keys {
			moved[k] = true
		}
	}
	rows := make([]limit.Counter, 0, len(moved))
	for k := range moved {
		rows = append(rows, *locked.Counters[k])
	}
	if err := tx.Counters().Write(rows); err != nil {
		return err
	}
	return l.Write(tx)
}

// Write writes what was added and changed.
func (l *Ledger) Write(tx store.Tx) error {
	if err := tx.Entries().Insert(l.added); err != nil {
		return err
	}
	rows := make([]limit.Entry, 0, len(l.changed))
	for _, e := range l.changed {
		rows = append(rows, e)
	}
	return tx.Entries().Update(rows)
}

// ReadRolling adds to locked counters the rows of the hours that rolling limits
// look back on. The row that orders who takes of them is locked, so they stay.
func ReadRolling(tx store.Tx, rolling []limit.Taking, counters map[limit.Key]*limit.Counter) error {
	if len(rolling) == 0 {
		return nil
	}
	keys := make([]limit.Key, len(rolling))
	for i := range rolling {
		keys[i] = rolling[i].Key
		keys[i].Start = rolling[i].Since()
	}
	rows, err := tx.Counters().Since(keys)
	for i := range rows {
		if counters[rows[i].Key] == nil {
			counters[rows[i].Key] = &rows[i]
		}
	}
	return err
}

// Watched gathers the counters whose limits tell alarms.
type Watched map[limit.Key]limit.Taking

// Note looks at takings.
func (w *Watched) Note(takings []limit.Taking) {
	for i := range takings {
		t := &takings[i]
		if len(t.Limit.Alarms) == 0 || !t.Takes() {
			continue
		}
		if *w == nil {
			*w = Watched{}
		}
		(*w)[t.Key] = *t
	}
}

// Alarms are the changes that tell which thresholds the counters have reached by
// now; each is told once.
func (a *App) Alarms(w Watched, counters map[limit.Key]*limit.Counter, now calendar.Instant) (told []change.Change) {
	for k, t := range w {
		for _, percent := range t.Limit.Told(counters[k]) {
			told = append(told, change.Change{Aggregate: a.IDs.New(k.Template.Slot()), Kind: id.Alarm, Seq: 1, Type: change.LimitAlarm,
				At: now, Actor: access.System("limits").ID, Facts: alarmFacts(&t, percent, counters[k].Taken)})
		}
	}
	return told
}

// alarmFacts say which limit of what has reached how much.
func alarmFacts(t *limit.Taking, percent, taken int64) string {
	on := id.Format(id.Template, t.Key.Template)
	if t.Budget != 0 {
		on = id.Format(id.Budget, t.Budget)
	}
	l := &t.Limit
	return JSON(struct {
		On      string `json:"on"`
		What    string `json:"what"`
		Period  string `json:"period"`
		Per     string `json:"per"`
		Only    string `json:"only,omitempty"`
		Start   int64  `json:"start,omitempty"`
		Percent int64  `json:"percent"`
		Taken   int64  `json:"taken"`
		Cap     int64  `json:"cap"`
	}{on, string(l.What), string(l.Period), string(l.Per), l.Only, int64(t.Key.Start), percent, taken, l.Cap})
}
