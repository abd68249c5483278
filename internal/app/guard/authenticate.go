package guard

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const (
	// keyAge is how old a remembered key may be.
	keyAge = time.Second
	// mostKnown bounds the memory; only keys that exist are remembered.
	mostKnown = 10_000
)

// Authenticate returns the principal of a secret, or fault unauthenticated.
// What has not a secret's form costs no look-up. The look-up is by hash, so its
// time says nothing of how much of a guess was right.
func (g *Guard) Authenticate(ctx context.Context, secret string) (access.Principal, error) {
	if len(secret) != access.SecretLength || !strings.HasPrefix(secret, access.SecretPrefix) {
		return access.Principal{}, fault.New(fault.Unauthenticated)
	}
	hash, now := access.HashSecret(secret), g.wall()
	if p, ok := g.recall(g.known, hash, now); ok {
		return p, nil
	}
	var rows []store.Key
	err := g.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Keys().ByCode([]string{hash})
		return err
	})
	if err != nil {
		if fault.From(err) != nil {
			return access.Principal{}, err
		}
		return access.Principal{}, fmt.Errorf("guard: read key: %w", err)
	}
	if len(rows) == 0 || rows[0].ArchivedAt != 0 {
		return access.Principal{}, fault.New(fault.Unauthenticated)
	}
	p := principal(&rows[0])
	g.remember(g.known, hash, p, now)
	return p, nil
}

// principal is what a key may do: what it was given and its kind allows.
func principal(k *store.Key) access.Principal {
	p := access.Principal{Kind: k.Kind, ID: id.Format(id.Key, k.ID), Scope: k.Scope}
	allowed := access.Allowed(k.Kind)
	for _, permission := range k.Permissions {
		if slices.Contains(allowed, permission) {
			p.Permissions = append(p.Permissions, permission)
		}
	}
	return p
}

// recall returns a principal that was read less than keyAge ago, by the moment
// before its read.
func (g *Guard) recall(known map[string]remembered, hash string, now time.Time) (access.Principal, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, ok := known[hash]
	age := now.Sub(r.at)
	return r.principal, ok && age >= 0 && age < keyAge
}

func (g *Guard) remember(known map[string]remembered, hash string, p access.Principal, at time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(known) >= mostKnown {
		clear(known)
	}
	known[hash] = remembered{p, at}
}
