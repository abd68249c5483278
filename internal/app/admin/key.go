package admin

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// CreateKeyInput is a new API key.
type CreateKeyInput struct {
	Once        app.Once
	Name        string
	Kind        access.Kind         // server, browser or clerk
	Permissions []access.Permission // empty: all that the kind allows and the creator has
	Scope       access.Scope        // an empty list becomes the creator's
}

// CreatedKey is a new key with its secret, which nothing shows again.
type CreatedKey struct {
	Key      store.Key
	Secret   string // "" in a replay
	Replayed bool
}

// CreateKey makes a key. Faults: those of the input, permission_denied (a
// permission that the creator lacks), not_found at /scope/… (outside the
// creator's), unknown_reference, idempotency_key_reused.
func (a *Admin) CreateKey(ctx context.Context, by access.Principal, in CreateKeyInput) (CreatedKey, error) {
	var made CreatedKey
	if err := by.May(access.KeyWrite); err != nil {
		return made, err
	}
	key := store.Key{ID: a.IDs.New(id.SlotOf("key", in.Name)), Name: in.Name, Kind: in.Kind,
		Permissions: in.Permissions, Scope: in.Scope.Under(by.Scope), Rev: 1}
	if len(key.Permissions) == 0 {
		key.Permissions = common(access.Allowed(in.Kind), by.Permissions)
	}
	if err := judge(&key, by); err != nil {
		return made, err
	}
	secret := newSecret()
	key.SecretHash = access.HashSecret(secret)
	err := a.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		made = CreatedKey{}
		kept, hit, err := app.Remembered(tx, by, in.Once)
		if err != nil {
			return err
		}
		if hit {
			made.Replayed = true
			made.Key, err = keptKey(tx, kept)
			return err
		}
		if err := scopeExists(tx, key.Scope); err != nil {
			return err
		}
		if err := a.insert(tx, by, &key); err != nil {
			return err
		}
		made.Key, made.Secret = key, secret
		return app.Remember(tx, by, in.Once, keyText(key.ID))
	})
	return made, wrap("create key", err)
}

func keyText(key id.ID) string { return id.Format(id.Key, key) }

func (a *Admin) insert(tx store.Tx, by access.Principal, key *store.Key) error {
	now := a.Clock()
	key.CreatedAt, key.UpdatedAt = now, now
	if err := tx.Keys().Insert([]store.Key{*key}); err != nil {
		return err
	}
	return a.Audit(tx, by, "key.create", keyText(key.ID), "", printed(*key), "")
}

func keptKey(tx store.Tx, text string) (store.Key, error) {
	rows, err := tx.Keys().Get([]string{text})
	if err != nil || len(rows) == 0 {
		return store.Key{}, err
	}
	return rows[0], nil
}

// find returns a key whose scope lies inside the principal's: others are not
// there for it.
func find(tx store.Tx, by access.Principal, key id.ID) (store.Key, error) {
	row, err := keptKey(tx, keyText(key))
	if err == nil && (row.ID == 0 || row.Scope.Within(by.Scope) != nil) {
		err = fault.New(fault.Absent, "what", "key")
	}
	return row, err
}

// GetKey returns a key, revoked or not, or fault not_found.
func (a *Admin) GetKey(ctx context.Context, by access.Principal, key id.ID) (row store.Key, err error) {
	if err := by.May(access.KeyRead); err != nil {
		return row, err
	}
	err = a.Store.View(ctx, func(tx store.Tx) (err error) {
		row, err = find(tx, by, key)
		return err
	})
	return row, wrap("get key", err)
}

// ListKeys returns keys by id; f.After is the typed text of one.
func (a *Admin) ListKeys(ctx context.Context, by access.Principal, f store.Filter) (rows []store.Key, err error) {
	if err := by.May(access.KeyRead); err != nil {
		return nil, err
	}
	if !text.Clean(f.Search) {
		return nil, fault.New(fault.InvalidValue).At("query:search")
	}
	page := store.Filter{Archived: f.Archived, Newest: f.Newest, Search: f.Search, After: f.After, Limit: app.ListSize(f.Limit)}
	err = a.Store.View(ctx, func(tx store.Tx) error {
		rows = nil
		from := page
		for {
			read, err := tx.Keys().List(from)
			if err != nil || len(read) == 0 {
				return err
			}
			for _, k := range read {
				if k.Scope.Within(by.Scope) == nil {
					rows = append(rows, k)
				}
				if len(rows) == page.Limit {
					return nil
				}
			}
			from.After = keyText(read[len(read)-1].ID)
		}
	})
	return rows, wrap("list keys", err)
}

// UpdateKeyInput is a key as it shall be, whole; its kind can't change.
type UpdateKeyInput struct {
	Key         id.ID
	IfRev       int64 // required
	Name        string
	Permissions []access.Permission
	Scope       access.Scope
}

// UpdateKey changes a key; it acts within a second. Faults as CreateKey, and
// if_match_required, stale_revision, wrong_state (revoked).
func (a *Admin) UpdateKey(ctx context.Context, by access.Principal, in UpdateKeyInput) (row store.Key, err error) {
	if err := by.May(access.KeyWrite); err != nil {
		return row, err
	}
	err = a.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		old, err := find(tx, by, in.Key)
		switch {
		case err != nil:
			return err
		case in.IfRev == 0:
			return fault.New(fault.IfMatchMissing)
		case in.IfRev != old.Rev:
			return fault.New(fault.StaleRevision, "rev", old.Rev)
		case old.ArchivedAt != 0:
			return fault.New(fault.WrongState, "state", "archived")
		}
		row = old
		row.Name, row.Permissions, row.Scope = in.Name, in.Permissions, in.Scope.Under(by.Scope)
		if err := judge(&row, by); err != nil {
			return err
		}
		if err := scopeExists(tx, row.Scope); err != nil {
			return err
		}
		return a.update(tx, by, "key.update", old, &row, "")
	})
	return row, wrap("update key", err)
}

func (a *Admin) update(tx store.Tx, by access.Principal, action string, old store.Key, row *store.Key, reason string) error {
	row.Rev, row.UpdatedAt = old.Rev+1, a.Clock()
	if err := tx.Keys().Update([]store.Key{*row}); err != nil {
		return err
	}
	return a.Audit(tx, by, action, keyText(row.ID), printed(old), printed(*row), reason)
}

// RevokeKey ends a key for ever, within a second. ifRev zero takes it as it is;
// revoking a revoked key changes nothing.
func (a *Admin) RevokeKey(ctx context.Context, by access.Principal, key id.ID, ifRev int64, reason string) (row store.Key, err error) {
	if err := by.May(access.KeyWrite); err != nil {
		return row, err
	}
	if err := checkReason(reason); err != nil {
		return row, err
	}
	again := func() error { return nil }
	err = a.Update(ctx, store.Control, again, func(tx store.Tx) error {
		old, err := find(tx, by, key)
		switch {
		case err != nil:
			return err
		case ifRev != 0 && ifRev != old.Rev:
			return fault.New(fault.StaleRevision, "rev", old.Rev)
		}
		row = old
		if old.ArchivedAt != 0 {
			return nil
		}
		row.ArchivedAt = a.Clock()
		return lost(a.update(tx, by, "key.revoke", old, &row, reason), ifRev)
	})
	return row, wrap("revoke key", err)
}
