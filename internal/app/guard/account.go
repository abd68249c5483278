package guard

import (
	"context"
	"crypto/rand"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/person"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Account is what a person sees of the own account.
type Account struct {
	Person   store.Person
	Sessions []person.Session // newest first, those that live
}

// self refuses whoever did not sign in.
func self(by access.Principal) (id.ID, error) {
	owner, err := id.Parse(id.Person, by.ID)
	if by.Kind != access.KindPerson || err != nil {
		return 0, fault.New(fault.PermissionDeny, "permission", "account")
	}
	return owner, nil
}

// Account returns the own account.
func (g *Guard) Account(ctx context.Context, by access.Principal) (a Account, err error) {
	owner, err := self(by)
	if err != nil {
		return a, err
	}
	now := calendar.Of(g.wall())
	err = g.Store.View(ctx, func(tx store.Tx) error {
		a = Account{}
		if a.Person, err = found(tx, owner); err != nil {
			return err
		}
		rows, err := tx.Sessions().OfPerson(owner)
		for _, s := range rows {
			if now < s.EndsAt() {
				a.Sessions = append(a.Sessions, s)
			}
		}
		return err
	})
	return a, wrap("read account", err)
}

func found(tx store.Tx, owner id.ID) (store.Person, error) {
	rows, err := tx.People().Get([]string{id.Format(id.Person, owner)})
	if err == nil && (len(rows) == 0 || rows[0].ArchivedAt != 0) {
		err = fault.New(fault.Unauthenticated)
	}
	if err != nil {
		return store.Person{}, err
	}
	return rows[0], nil
}

// SetPassword changes the own password and ends the other sessions. Faults:
// sign_in_failed (the old one is wrong), rate_limited, password_weak.
func (g *Guard) SetPassword(ctx context.Context, by access.Principal, old, next string) error {
	p, err := g.proved(ctx, by, old)
	if err != nil {
		return err
	}
	if f := person.CheckPassword(next, p.Login, "/password"); f != nil {
		return f
	}
	hash, err := g.hash(ctx, next)
	if err != nil {
		return err
	}
	return g.changed(ctx, by, "account.password", func(tx store.Tx, p *store.Person) error {
		p.Password, p.Initial = hash, false
		rows, err := tx.Sessions().OfPerson(p.ID)
		if err != nil {
			return err
		}
		var others []id.ID
		for _, s := range rows {
			if s.ID != by.Session {
				others = append(others, s.ID)
			}
		}
		if len(others) > 0 {
			_, err = tx.Sessions().End(p.ID, others)
		}
		return err
	})
}

// proved returns the person if the password is theirs: guesses are slowed down as
// those of a sign-in.
func (g *Guard) proved(ctx context.Context, by access.Principal, password string) (store.Person, error) {
	a, err := g.Account(ctx, by)
	if err != nil {
		return store.Person{}, err
	}
	meters, now := guesses(a.Person.Login, ""), calendar.Of(g.wall())
	if err := g.guesses.Ask(meters, now); err != nil {
		return store.Person{}, err
	}
	right, err := g.matches(ctx, a.Person.Password, password)
	if err == nil {
		err = g.guesses.Guess(meters, right, now)
	}
	if err == nil && !right {
		err = fault.New(fault.SignInFailed)
	}
	return a.Person, err
}

// hash makes what is stored of a password, some at a time.
func (g *Guard) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, person.SaltLength)
	rand.Read(salt) // never fails
	select {
	case g.hashing <- struct{}{}:
		defer func() { <-g.hashing }()
		return person.Hash(password, salt), nil
	case <-ctx.Done():
		return "", fault.New(fault.Overloaded)
	}
}

// changed writes the own row; secrets are not in the audit entry.
func (g *Guard) changed(ctx context.Context, by access.Principal, action string, edit func(store.Tx, *store.Person) error) error {
	owner, err := self(by)
	if err != nil {
		return err
	}
	err = g.Update(ctx, store.Admin, func() error { return nil }, func(tx store.Tx) error {
		p, err := found(tx, owner)
		if err != nil {
			return err
		}
		if err := edit(tx, &p); err != nil {
			return err
		}
		p.Rev, p.UpdatedAt = p.Rev+1, g.Clock()
		if err := tx.People().Update([]store.Person{p}); err != nil {
			return app.Stale(err)
		}
		return g.Audit(tx, by, action, by.ID, "", "", "")
	})
	g.forget()
	return wrap(action, err)
}

// forget makes this process read every session anew.
func (g *Guard) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	clear(g.sessions)
}

// NewFactor is a second factor that is not confirmed yet.
type NewFactor struct {
	Secret  string // base 32, to be typed
	Address string // otpauth://, to be shown as a QR code
}

// BeginFactor makes a second factor for the own account; it counts from its first
// code on (ConfirmFactor). Faults: sign_in_failed, rate_limited.
func (g *Guard) BeginFactor(ctx context.Context, by access.Principal, password string) (out NewFactor, err error) {
	p, err := g.proved(ctx, by, password)
	if err != nil {
		return out, err
	}
	if out.Secret, out.Address, err = newFactor(p.Login); err != nil {
		return out, wrap("make a second factor", err)
	}
	sealed, err := g.seal(p.ID, out.Secret)
	if err != nil {
		return NewFactor{}, wrap("seal a second factor", err)
	}
	return out, g.changed(ctx, by, "account.factor.begin", func(_ store.Tx, p *store.Person) error {
		p.Pending = sealed
		return nil
	})
}

// ConfirmFactor makes the new second factor count and returns recovery codes, which
// nothing shows again. Faults: wrong_state (none is waiting), sign_in_failed.
func (g *Guard) ConfirmFactor(ctx context.Context, by access.Principal, code string) ([]string, error) {
	codes, hashes := recoveryCodes()
	now := calendar.Of(g.wall())
	if owner, err := self(by); err != nil {
		return nil, err
	} else if err := g.guesses.Ask(guesses(id.Format(id.Person, owner), ""), now); err != nil {
		return nil, err
	}
	err := g.changed(ctx, by, "account.factor.confirm", func(_ store.Tx, p *store.Person) error {
		if p.Pending == "" {
			return fault.New(fault.WrongState, "state", "none")
		}
		fresh := *p
		fresh.Step = 0
		step, ok := g.step(&fresh, p.Pending, code, now)
		if !ok {
			return fault.New(fault.SignInFailed)
		}
		p.Factor, p.Pending, p.Step, p.Recovery = p.Pending, "", step, hashes
		return nil
	})
	if guessed := g.guesses.Guess(guesses(by.ID, ""), err == nil, now); err != nil || guessed != nil {
		if err == nil {
			err = guessed
		}
		return nil, err
	}
	return codes, nil
}

// EndFactor takes the second factor away. Faults: sign_in_failed, rate_limited.
func (g *Guard) EndFactor(ctx context.Context, by access.Principal, password string) error {
	if _, err := g.proved(ctx, by, password); err != nil {
		return err
	}
	return g.changed(ctx, by, "account.factor.end", func(_ store.Tx, p *store.Person) error {
		p.Factor, p.Pending, p.Recovery = "", "", nil
		return nil
	})
}

// EndSession ends one of the own sessions, 0: the one that asks. It is ended here at
// once and in other processes within a second; one that has ended is no fault.
func (g *Guard) EndSession(ctx context.Context, by access.Principal, session id.ID) error {
	owner, err := self(by)
	if err != nil {
		return err
	}
	if session == 0 {
		session = by.Session
	}
	err = g.Store.Update(ctx, store.Control, func(tx store.Tx) error {
		n, err := tx.Sessions().End(owner, []id.ID{session})
		if err != nil || n == 0 {
			return err
		}
		return g.Audit(tx, by, "session.end", id.Format(id.Session, session), "", "", "")
	})
	g.forget()
	return wrap("end a session", err)
}
