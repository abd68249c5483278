package guard

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/person"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// SetupInput makes the first administrator.
type SetupInput struct {
	Token string // that the server's log shows while nobody can sign in
	Name  string
	SignInInput
}

// SetupToken is what the first administrator is made with. It is the same in every
// process of an installation and is worth nothing once a person exists.
func (g *Guard) SetupToken() string {
	m := hmac.New(sha256.New, g.keys.Setup)
	m.Write([]byte("first administrator"))
	return strings.ToLower(base32.StdEncoding.EncodeToString(m.Sum(nil)[:15]))
}

// SetupNeeded reports whether nobody can sign in yet.
func (g *Guard) SetupNeeded(ctx context.Context) (needed bool, err error) {
	err = g.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.People().List(store.Filter{Archived: true, Limit: 1})
		needed = len(rows) == 0
		return err
	})
	return needed, wrap("look for people", err)
}

// Setup makes the first administrator and signs them in. Faults: sign_in_failed (the
// token), wrong_state (there is somebody already), those of the person.
func (g *Guard) Setup(ctx context.Context, in SetupInput) (SignedIn, error) {
	now := calendar.Of(g.wall())
	meters := guesses("setup", in.Address)
	if err := g.guesses.Ask(meters, now); err != nil {
		return SignedIn{}, err
	}
	right := hmac.Equal([]byte(strings.TrimSpace(strings.ToLower(in.Token))), []byte(g.SetupToken()))
	if err := g.guesses.Guess(meters, right, now); err != nil {
		return SignedIn{}, err
	}
	if !right {
		return SignedIn{}, fault.New(fault.SignInFailed).At("/token")
	}
	login := person.Login(in.Login)
	p := store.Person{ID: g.IDs.New(id.SlotOf("person", login)), Login: login, Name: in.Name, Roles: []access.Role{access.Administrator}, Rev: 1}
	var l fault.List
	p.Validate(&l)
	l.Add(person.CheckPassword(in.Password, login, "/password"))
	err := l.Err()
	if err != nil {
		return SignedIn{}, err
	}
	if p.Password, err = g.hash(ctx, in.Password); err != nil {
		return SignedIn{}, err
	}
	p.CreatedAt, p.UpdatedAt = g.Clock(), g.Clock()
	err = g.Update(ctx, store.Admin, func() error { return nil }, func(tx store.Tx) error {
		// One name for all: whoever holds the row until its commit goes first.
		if _, _, err := tx.Leases().Acquire("setup", "setup", calendar.Of(g.wall()), time.Second); err != nil {
			return err
		}
		rows, err := tx.People().List(store.Filter{Archived: true, Limit: 1})
		if err == nil && len(rows) > 0 {
			err = fault.New(fault.WrongState, "state", "done")
		}
		if err == nil {
			err = tx.People().Insert([]store.Person{p})
		}
		if err != nil {
			return err
		}
		by := p.Principal()
		return g.Audit(tx, by, "person.create", by.ID, "", "", "first administrator")
	})
	if err != nil {
		return SignedIn{}, wrap("set up", err)
	}
	return g.begin(ctx, p, in.SignInInput, now)
}
