package admin

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/person"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// CreatePersonInput is a new person with a first password, which they have to change.
type CreatePersonInput struct {
	Once     app.Once
	Login    string
	Name     string
	Roles    []access.Role
	Scope    access.Scope // an empty list becomes the creator's
	Password string
}

// CreatedPerson is a person as made.
type CreatedPerson struct {
	Person   store.Person
	Replayed bool
}

// CreatePerson makes a person who may sign in. Faults: those of the input,
// password_weak, name_taken (the login, also of somebody who has gone),
// permission_denied (a role that may do more than the creator), not_found at
// /scope/… (outside the creator's), unknown_reference, idempotency_key_reused.
func (a *Admin) CreatePerson(ctx context.Context, by access.Principal, in CreatePersonInput) (CreatedPerson, error) {
	var made CreatedPerson
	if err := by.May(access.PersonWrite); err != nil {
		return made, err
	}
	login := person.Login(in.Login)
	p := store.Person{ID: a.IDs.New(id.SlotOf("person", login)), Login: login, Name: in.Name, Roles: in.Roles, Scope: in.Scope.Under(by.Scope), Initial: true, Rev: 1}
	if err := judgePerson(&p, by, person.CheckPassword(in.Password, login, "/password")); err != nil {
		return made, err
	}
	p.Password = hashed(in.Password)
	err := a.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		made = CreatedPerson{}
		kept, hit, err := app.Remembered(tx, by, in.Once)
		if err != nil {
			return err
		}
		if hit {
			made.Replayed = true
			made.Person, err = keptPerson(tx, kept)
			return err
		}
		if err := scopeExists(tx, p.Scope); err != nil {
			return err
		}
		p.CreatedAt, p.UpdatedAt = a.Clock(), a.Clock()
		if err := tx.People().Insert([]store.Person{p}); err != nil {
			return err
		}
		made.Person = p
		if err := a.Audit(tx, by, "person.create", personText(p.ID), "", shown(p), ""); err != nil {
			return err
		}
		return app.Remember(tx, by, in.Once, personText(p.ID))
	})
	return made, wrap("create person", err)
}

// hashed is what is stored of a password that an administrator chose.
func hashed(password string) string {
	salt := make([]byte, person.SaltLength)
	rand.Read(salt) // never fails
	return person.Hash(password, salt)
}

// judgePerson checks a person, and against who makes or edits them: nobody hands out
// more than he has.
func judgePerson(p *store.Person, by access.Principal, more ...*fault.Fault) error {
	var l fault.List
	p.Validate(&l)
	judgeScope(&l, p.Scope)
	for _, f := range more {
		l.Add(f)
	}
	if err := l.Err(); err != nil {
		return err
	}
	for i, r := range p.Roles {
		for _, permission := range access.Permissions([]access.Role{r}) {
			if err := by.May(permission); err != nil {
				return fault.From(err).At("/roles/" + strconv.Itoa(i))
			}
		}
	}
	if err := p.Scope.Within(by.Scope); err != nil {
		f := fault.From(err)
		return f.At("/scope" + f.Pointer)
	}
	return nil
}

func personText(p id.ID) string { return id.Format(id.Person, p) }

// shown is a person for the audit log, without secrets.
func shown(p store.Person) string {
	p.Password, p.Factor, p.Pending, p.Recovery, p.Step = "", "", "", nil, 0
	return app.JSON(p)
}

func keptPerson(tx store.Tx, text string) (store.Person, error) {
	rows, err := tx.People().Get([]string{text})
	if err != nil || len(rows) == 0 {
		return store.Person{}, err
	}
	return rows[0], nil
}

// findPerson returns a person whose scope lies inside the principal's: others are not
// there for it.
func findPerson(tx store.Tx, by access.Principal, who id.ID) (store.Person, error) {
	row, err := keptPerson(tx, personText(who))
	if err == nil && (row.ID == 0 || row.Scope.Within(by.Scope) != nil) {
		err = fault.New(fault.Absent, "what", "person")
	}
	return row, err
}

// GetPerson returns a person, gone or not, or fault not_found.
func (a *Admin) GetPerson(ctx context.Context, by access.Principal, who id.ID) (row store.Person, err error) {
	if err := by.May(access.PersonRead); err != nil {
		return row, err
	}
	err = a.Store.View(ctx, func(tx store.Tx) (err error) {
		row, err = findPerson(tx, by, who)
		return err
	})
	return row, wrap("get person", err)
}

// ListPeople returns people by id, those in the principal's scope; f.After is the
// typed text of one.
func (a *Admin) ListPeople(ctx context.Context, by access.Principal, f store.Filter) (rows []store.Person, err error) {
	if err := by.May(access.PersonRead); err != nil {
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
			read, err := tx.People().List(from)
			if err != nil || len(read) == 0 {
				return err
			}
			for _, p := range read {
				if p.Scope.Within(by.Scope) == nil {
					rows = append(rows, p)
				}
				if len(rows) == page.Limit {
					return nil
				}
			}
			from.After = personText(read[len(read)-1].ID)
		}
	})
	return rows, wrap("list people", err)
}

// UpdatePersonInput is a person as they shall be, whole; the login can't change.
type UpdatePersonInput struct {
	Person id.ID
	IfRev  int64 // required
	Name   string
	Roles  []access.Role
	Scope  access.Scope
}

// UpdatePerson changes a person; it acts within a second. Faults as CreatePerson, and
// if_match_required, stale_revision, wrong_state (gone; the last administrator).
func (a *Admin) UpdatePerson(ctx context.Context, by access.Principal, in UpdatePersonInput) (row store.Person, err error) {
	return a.editPerson(ctx, by, in.Person, in.IfRev, "person.update", "", func(_ store.Tx, p *store.Person) error {
		p.Name, p.Roles, p.Scope = in.Name, in.Roles, in.Scope.Under(by.Scope)
		return judgePerson(p, by)
	})
}

// ArchivePerson lets somebody sign in no more and ends their sessions. Archiving again
// changes nothing. Faults: not_found, if_match_required, stale_revision, wrong_state
// (the last administrator).
func (a *Admin) ArchivePerson(ctx context.Context, by access.Principal, who id.ID, ifRev int64) (store.Person, error) {
	return a.editPerson(ctx, by, who, ifRev, "person.archive", "", func(tx store.Tx, p *store.Person) error {
		p.ArchivedAt = a.Clock()
		_, err := tx.Sessions().End(p.ID, nil)
		return err
	})
}

// ResetPersonInput gives somebody a first password again.
type ResetPersonInput struct {
	Person   id.ID
	IfRev    int64 // required
	Password string
	Factor   bool // takes the second factor away too: the phone is lost
}

// ResetPerson sets a password that has to be changed, and ends all sessions. Faults as
// UpdatePerson, and password_weak.
func (a *Admin) ResetPerson(ctx context.Context, by access.Principal, in ResetPersonInput) (store.Person, error) {
	hash := ""
	if by.May(access.PersonWrite) == nil {
		hash = hashed(in.Password)
	}
	return a.editPerson(ctx, by, in.Person, in.IfRev, "person.reset", "", func(tx store.Tx, p *store.Person) error {
		if f := person.CheckPassword(in.Password, p.Login, "/password"); f != nil {
			return f
		}
		p.Password, p.Initial = hash, true
		if in.Factor {
			p.Factor, p.Pending, p.Recovery = "", "", nil
		}
		_, err := tx.Sessions().End(p.ID, nil)
		return err
	})
}

// editPerson changes a person under their revision. Who may do more than the editor,
// or sees more, is nobody that the editor can change.
func (a *Admin) editPerson(ctx context.Context, by access.Principal, who id.ID, ifRev int64, action, reason string, edit func(store.Tx, *store.Person) error) (row store.Person, err error) {
	if err := by.May(access.PersonWrite); err != nil {
		return row, err
	}
	err = a.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		// One at a time, so that two administrators can't archive each other at once.
		if _, _, err := tx.Leases().Acquire("people", "people", calendar.Of(time.Now()), time.Second); err != nil {
			return err
		}
		old, err := findPerson(tx, by, who)
		switch {
		case err != nil:
			return err
		case ifRev == 0:
			return fault.New(fault.IfMatchMissing)
		case ifRev != old.Rev:
			return fault.New(fault.StaleRevision, "rev", old.Rev)
		}
		if row = old; old.ArchivedAt != 0 {
			if action == "person.archive" {
				return nil
			}
			return fault.New(fault.WrongState, "state", "archived")
		}
		if err := judgePerson(&old, by); err != nil {
			return fault.New(fault.PermissionDeny, "permission", string(access.PersonWrite))
		}
		if err := edit(tx, &row); err != nil {
			return err
		}
		if err := scopeExists(tx, row.Scope); err != nil {
			return err
		}
		row.Rev, row.UpdatedAt = old.Rev+1, a.Clock()
		if err := tx.People().Update([]store.Person{row}); err != nil {
			return err
		}
		if err := leaves(tx, &old); err != nil {
			return err
		}
		return a.Audit(tx, by, action, personText(who), shown(old), shown(row), reason)
	})
	if err != nil {
		return store.Person{}, wrap(action, err)
	}
	return row, nil
}

// leaves refuses a change after which no administrator of everything is left.
func leaves(tx store.Tx, old *store.Person) error {
	if !rules(old) {
		return nil
	}
	f := store.Filter{Limit: 500}
	for {
		rows, err := tx.People().List(f)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(rows, func(p store.Person) bool { return rules(&p) }) {
			return nil
		}
		if len(rows) < f.Limit {
			return fault.New(fault.WrongState, "state", "last_administrator")
		}
		f.After = personText(rows[len(rows)-1].ID)
	}
}

// rules reports whether somebody is an administrator of everything.
func rules(p *store.Person) bool {
	return p.ArchivedAt == 0 && p.Scope.Everything() && slices.Contains(p.Roles, access.Administrator)
}
