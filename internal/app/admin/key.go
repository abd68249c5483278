package admin

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
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
	return CreatedKey{}, fault.New(fault.InternalError)
}

// GetKey returns a key, revoked or not, or fault not_found.
func (a *Admin) GetKey(ctx context.Context, by access.Principal, key id.ID) (store.Key, error) {
	return store.Key{}, fault.New(fault.InternalError)
}

// ListKeys returns keys by id; f.After is the typed text of one.
func (a *Admin) ListKeys(ctx context.Context, by access.Principal, f store.Filter) ([]store.Key, error) {
	return nil, fault.New(fault.InternalError)
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
func (a *Admin) UpdateKey(ctx context.Context, by access.Principal, in UpdateKeyInput) (store.Key, error) {
	return store.Key{}, fault.New(fault.InternalError)
}

// RevokeKey ends a key for ever, within a second. ifRev zero takes it as it is;
// revoking a revoked key changes nothing.
func (a *Admin) RevokeKey(ctx context.Context, by access.Principal, key id.ID, ifRev int64, reason string) (store.Key, error) {
	return store.Key{}, fault.New(fault.InternalError)
}
