package helpdesk

import (
	"context"
	"slices"
	"strconv"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/desk"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Desk is the service desk of a market with what was done today.
type Desk struct {
	desk.Desk
	Used map[desk.Kind]desk.Quota // of the caller, and of all
}

// GetDesk returns the desk of a market, which has one whether or not it was set.
// Fault not_found (market).
func (s *Helpdesk) GetDesk(ctx context.Context, by access.Principal, market string) (out Desk, err error) {
	if err := may(by, access.MemberRead); err != nil {
		return out, err
	}
	m, err := s.Cache.Market(ctx, market)
	if err != nil {
		return out, wrap("get desk", err)
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		out = Desk{Used: map[desk.Kind]desk.Quota{}}
		if out.Desk, err = app.DeskOf(tx, m.Code); err != nil {
			return err
		}
		day := m.Day(s.Clock())
		for _, k := range desk.Kinds {
			keys := desk.Keys(m.Code, k, by.ID, day)
			rows, err := tx.Counters().Get(keys)
			if err != nil {
				return err
			}
			counters := map[limit.Key]limit.Counter{}
			for _, row := range rows {
				counters[row.Key] = row
			}
			out.Used[k] = desk.Used(keys, counters)
		}
		return nil
	})
	return out, wrap("get desk", err)
}

// PutDesk sets the desk of a market; IfRev is zero where it was never set. Faults:
// those of the values, not_found (market), unknown_reference (a template that is none
// of the market's), if_match_missing, stale_revision.
func (s *Helpdesk) PutDesk(ctx context.Context, by access.Principal, in desk.Desk, ifRev int64) (out Desk, created bool, err error) {
	if err := may(by, access.DeskWrite); err != nil {
		return out, false, err
	}
	var l fault.List
	in.Validate("", &l)
	if err := l.Err(); err != nil {
		return out, false, err
	}
	in.Templates = slices.Compact(slices.Sorted(slices.Values(in.Templates)))
	if _, err := s.Cache.Market(ctx, in.Market); err != nil {
		return out, false, wrap("put desk", err)
	}
	err = s.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		created = false
		if err := compensating(tx, by, in); err != nil {
			return err
		}
		old, err := app.DeskOf(tx, in.Market)
		switch {
		case err != nil:
			return err
		case old.Rev == 0 && ifRev != 0:
			return fault.New(fault.StaleRevision)
		case old.Rev != 0 && ifRev == 0:
			return fault.New(fault.IfMatchMissing)
		case old.Rev != ifRev:
			return fault.New(fault.StaleRevision, "rev", old.Rev)
		}
		now := s.Clock()
		row := in
		row.Rev, row.CreatedAt, row.UpdatedAt = old.Rev+1, old.CreatedAt, now
		before := ""
		if old.Rev == 0 {
			created, row.CreatedAt = true, now
			err = tx.Desks().Insert([]desk.Desk{row})
		} else {
			before = app.JSON(old)
			err = tx.Desks().Update([]desk.Desk{row})
		}
		if err != nil {
			return err
		}
		return s.Audit(tx, by, "desk.set", in.Market, before, app.JSON(row), "")
	})
	if fault.Has(err, fault.NameTaken) { // a twin set it first
		err = fault.New(fault.IfMatchMissing)
	}
	if err != nil {
		return out, false, wrap("put desk", err)
	}
	out, err = s.GetDesk(ctx, by, in.Market)
	return out, created, err
}

// compensating refuses templates that don't exist, are of another market, or lie
// outside the scope.
func compensating(tx store.Tx, by access.Principal, in desk.Desk) error {
	keys := make([]string, len(in.Templates))
	for i, t := range in.Templates {
		keys[i] = id.Format(id.Template, t)
	}
	rows, err := tx.Templates().Get(keys)
	if err != nil {
		return err
	}
	for i, t := range in.Templates {
		known := slices.ContainsFunc(rows, func(row store.Template) bool {
			return row.ID == t && row.Market == in.Market && by.Scope.Merchant(row.Merchant())
		})
		if !known {
			return fault.New(fault.UnknownReference, "what", "template").At("/templates/" + strconv.Itoa(i))
		}
	}
	return nil
}
