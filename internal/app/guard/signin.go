package guard

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/person"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// What a login and an address may get wrong. An address is shared by many.
var (
	loginPace   = app.Pace{Burst: 8, Every: 60_000}
	addressPace = app.Pace{Burst: 100, Every: 5_000, Shared: true}
)

// SignInInput is what a person types, and where.
type SignInInput struct {
	Login, Password string
	Code            string // of the second factor, or a recovery code; "" for none
	Agent, Address  string // of the browser
}

// SignedIn is a new session; nothing shows its token again.
type SignedIn struct {
	Token   string
	Session person.Session
	Person  store.Person
}

// SignIn starts a session. Faults: rate_limited, sign_in_failed (whatever of it was
// wrong), second_factor_required (after the right password).
func (g *Guard) SignIn(ctx context.Context, in SignInInput) (SignedIn, error) {
	login, now := person.Login(in.Login), calendar.Of(g.wall())
	meters := guesses(login, in.Address)
	if err := g.guesses.Ask(meters, now); err != nil {
		return SignedIn{}, err
	}
	p, err := g.byLogin(ctx, login)
	if err != nil {
		return SignedIn{}, err
	}
	right, err := g.matches(ctx, p.Password, in.Password)
	if err != nil {
		return SignedIn{}, err
	}
	if right = right && p.ArchivedAt == 0; right && p.Factor != "" && in.Code == "" {
		return SignedIn{}, fault.New(fault.FactorRequired)
	}
	if right && p.Factor != "" {
		right = g.spend(&p, in.Code, now)
	}
	if err := g.guesses.Guess(meters, right, now); err != nil {
		return SignedIn{}, err
	}
	if !right {
		return SignedIn{}, fault.New(fault.SignInFailed)
	}
	out, err := g.begin(ctx, p, in, now)
	if err != nil && fault.Has(err, fault.StaleRevision) {
		err = fault.New(fault.SignInFailed) // the code was spent, or the person changed, meanwhile
	}
	return out, err
}

// guesses are the meters of a sign-in; an empty address has none.
func guesses(login, address string) []app.Meter {
	list := []app.Meter{{Name: "l" + access.HashSecret(login), Pace: loginPace}}
	if address != "" {
		list = append(list, app.Meter{Name: "a" + address, Pace: addressPace})
	}
	return list
}

func (g *Guard) byLogin(ctx context.Context, login string) (p store.Person, err error) {
	if login == "" || len(login) > 4*person.LoginMost {
		return p, nil
	}
	err = g.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.People().ByCode([]string{login})
		if err == nil && len(rows) > 0 {
			p = rows[0]
		}
		return err
	})
	return p, wrap("read person", err)
}

// matches compares a password with a hash, some at a time.
func (g *Guard) matches(ctx context.Context, hash, password string) (bool, error) {
	if len(password) > 4*person.PasswordMost {
		return false, nil
	}
	select {
	case g.hashing <- struct{}{}:
		defer func() { <-g.hashing }()
		return person.Matches(hash, password), nil
	case <-ctx.Done():
		return false, fault.New(fault.Overloaded)
	}
}

// begin writes a session of a person as p now is.
func (g *Guard) begin(ctx context.Context, p store.Person, in SignInInput, now calendar.Instant) (SignedIn, error) {
	token := newToken()
	s := person.Session{ID: g.IDs.New(p.ID.Slot()), Person: p.ID, Hash: access.HashSecret(token), CreatedAt: now, SeenAt: now,
		Agent: cut(in.Agent, 200), Address: cut(in.Address, 64)}
	by := p.Principal()
	err := g.Update(ctx, store.Control, func() error { return nil }, func(tx store.Tx) error {
		rows, err := tx.People().Get([]string{by.ID})
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].Rev != p.Rev {
			return fault.New(fault.StaleRevision)
		}
		if spent := rows[0]; spent.Step != p.Step || len(spent.Recovery) != len(p.Recovery) {
			spent.Step, spent.Recovery = p.Step, p.Recovery
			spent.Rev++
			if err := tx.People().Update([]store.Person{spent}); err != nil {
				return err
			}
		}
		if err := tx.Sessions().Insert([]person.Session{s}); err != nil {
			return err
		}
		return g.Audit(tx, by, "session.begin", by.ID, "", "", "")
	})
	if err != nil {
		return SignedIn{}, wrap("begin a session", app.Stale(err))
	}
	return SignedIn{Token: token, Session: s, Person: p}, nil
}

// sessionPrefix starts every token of a session, so that scanners find a leaked one.
const sessionPrefix = "qses_"

// newToken has 160 random bits.
func newToken() string {
	var b [20]byte
	rand.Read(b[:]) // never fails
	return sessionPrefix + strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// cut keeps the first runes of a text that a browser sent, without control characters.
func cut(text string, most int) string {
	var kept []rune
	for _, r := range strings.ToValidUTF8(text, "") {
		if r < ' ' || r == 0x7f {
			continue
		}
		if len(kept) == most {
			break
		}
		kept = append(kept, r)
	}
	return string(kept)
}

// Session returns the principal of a session's token, or fault unauthenticated. The
// session lives on: its use is written down every few minutes.
func (g *Guard) Session(ctx context.Context, token string) (access.Principal, error) {
	if len(token) != len(sessionPrefix)+32 || !strings.HasPrefix(token, sessionPrefix) {
		return access.Principal{}, fault.New(fault.Unauthenticated)
	}
	hash, wall := access.HashSecret(token), g.wall()
	if p, ok := g.recall(g.sessions, hash, wall); ok {
		return p, nil
	}
	var found []person.Session
	var people []store.Person
	err := g.Store.View(ctx, func(tx store.Tx) (err error) {
		if found, err = tx.Sessions().Get([]string{hash}); err != nil || len(found) == 0 {
			return err
		}
		people, err = tx.People().Get([]string{id.Format(id.Person, found[0].Person)})
		return err
	})
	if err != nil {
		return access.Principal{}, wrap("read session", err)
	}
	now := calendar.Of(wall)
	if len(found) == 0 || len(people) == 0 || people[0].ArchivedAt != 0 || now >= found[0].EndsAt() {
		return access.Principal{}, fault.New(fault.Unauthenticated)
	}
	if now >= found[0].SeenAt.Add(person.Seldom) {
		if err := g.Store.Update(ctx, store.Control, func(tx store.Tx) error { return tx.Sessions().Seen(hash, now) }); err != nil {
			g.Log.Warn("the use of a session was not written down", "error", err) // it is used all the same
		}
	}
	p := people[0].Principal()
	p.Session = found[0].ID
	g.remember(g.sessions, hash, p, wall)
	return p, nil
}

func wrap(what string, err error) error {
	if err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("guard: %s: %w", what, err)
}
