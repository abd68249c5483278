package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/stop"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// SetStopInput is a stop as it shall be; with Claims and Uses false it is lifted.
type SetStopInput struct {
	Scope  stop.Scope
	Key    string
	Claims bool
	Uses   bool
	Reason string
}

// SetStop is the kill switch. Once it returns no claim of what it holds commits, on
// any process, and uses end within a second; the same again changes nothing. It never
// waits for a reader and has no revision. Faults: those of the input,
// unknown_reference, permission_denied (all, by a principal with a scope).
func (c *Catalog) SetStop(ctx context.Context, by access.Principal, in SetStopInput) (out stop.Stop, err error) {
	if err := by.May(access.StopWrite); err != nil {
		return out, err
	}
	if err := in.validate(by); err != nil {
		return out, err
	}
	next := stop.Stop{Scope: in.Scope, Key: in.Key, Claims: in.Claims, Uses: in.Uses, Reason: in.Reason, By: by.ID, At: c.Clock()}
	held, err := c.published(ctx, next.Holds)
	if err != nil {
		return out, err
	}
	err = c.Store.Update(ctx, store.Control, func(tx store.Tx) error {
		out = next
		if err := in.exists(tx, by); err != nil {
			return err
		}
		if err := raiseAll(tx, held); err != nil { // first: it orders twins that hold the same
			return err
		}
		kept, err := tx.Settings().Get([]string{next.Name()})
		if err != nil {
			return err
		}
		old, err := readStop(kept[next.Name()])
		if err != nil {
			return err
		}
		if old.Claims == next.Claims && old.Uses == next.Uses {
			if out.Reason, out.By, out.At = old.Reason, old.By, old.At; old.At == 0 {
				out.By, out.At = "", 0
			}
			return nil
		}
		if err := tx.Settings().Put(map[string]string{next.Name(): app.JSON(next)}); err != nil {
			return err
		}
		return c.Audit(tx, by, "stop.set", next.Name(), kept[next.Name()], app.JSON(next), in.Reason)
	})
	if err == nil {
		err = c.raiseLater(ctx, held, next.Holds)
	}
	if err != nil && fault.From(err) == nil {
		err = fmt.Errorf("catalog: stop: %w", err)
	}
	return out, err
}

func (in *SetStopInput) validate(by access.Principal) error {
	var l fault.List
	if !slices.Contains(stop.Scopes, in.Scope) {
		l.Add(fault.New(fault.InvalidValue).At("/scope"))
	}
	switch {
	case in.Scope == stop.ScopeAll && in.Key != "":
		l.Add(fault.New(fault.Conflicting, "a", "scope", "b", "key").At("/key"))
	case in.Scope != stop.ScopeAll && in.Key == "":
		l.Add(fault.New(fault.MissingValue).At("/key"))
	}
	l.Add(text.Optional(in.Reason, text.MostName, "/reason"))
	if err := l.Err(); err != nil {
		return err
	}
	if in.Scope == stop.ScopeAll && !by.Scope.Everything() {
		return fault.New(fault.PermissionDeny, "permission", string(access.StopWrite))
	}
	return nil
}

// exists sees that the principal sees what is stopped.
func (in *SetStopInput) exists(tx store.Tx, by access.Principal) (err error) {
	found := true
	switch in.Scope {
	case stop.ScopeMerchant:
		row, e := merchants.find(tx, by, in.Key)
		found, err = row != nil, e
	case stop.ScopeBudget:
		row, e := budgets.find(tx, by, in.Key)
		found, err = row != nil, e
	case stop.ScopeTemplate:
		row, e := templates.find(tx, by, in.Key)
		found, err = row != nil, e
	}
	if !found && (err == nil || fault.Has(err, fault.Absent)) {
		return fault.New(fault.UnknownReference, "what", string(in.Scope)).At("/key")
	}
	return err
}

func readStop(kept string) (s stop.Stop, err error) {
	if kept != "" {
		err = json.Unmarshal([]byte(kept), &s)
	}
	return s, err
}

// Stops returns what is stopped and lies in the principal's scope, by scope and key.
func (c *Catalog) Stops(ctx context.Context, by access.Principal) (list []stop.Stop, err error) {
	if err := by.May(access.TemplateRead); err != nil {
		return nil, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		list = nil
		kept, err := tx.Settings().Under(stop.Prefix)
		if err != nil {
			return err
		}
		for _, name := range sorted(kept) {
			s, err := readStop(kept[name])
			if err != nil {
				return err
			}
			in := SetStopInput{Scope: s.Scope, Key: s.Key}
			if seen := in.exists(tx, by); s.Lifted() || fault.Has(seen, fault.UnknownReference) {
				continue
			} else if seen != nil {
				return seen
			}
			list = append(list, s)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("catalog: stops: %w", err)
	}
	return list, nil
}
