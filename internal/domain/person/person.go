package person

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
)

// Person may sign in to the console.
type Person struct {
	ID       id.ID         `json:"-"`
	Login    string        `json:"login"` // a name or an e-mail address, in small letters
	Name     string        `json:"name"`
	Roles    []access.Role `json:"roles"`
	Scope    access.Scope  `json:"scope,omitzero"`
	Password string        `json:"password,omitempty"` // argon2id, in PHC form; "" until one is set
	Initial  bool          `json:"initial,omitempty"`  // somebody else chose the password: it has to be changed
	// Factor is the sealed secret of the second factor. One that was not confirmed
	// with a code yet is Pending and does not count.
	Factor     string           `json:"factor,omitempty"`
	Pending    string           `json:"pending,omitempty"`
	Step       int64            `json:"step,omitempty"`     // time step of the newest code that was taken: none is taken twice
	Recovery   []string         `json:"recovery,omitempty"` // hashes of recovery codes that are left
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"` // may not sign in any more
}

// Bounds of what people choose.
const (
	LoginMost     = 128
	PasswordLeast = 10 // characters
	PasswordMost  = 200
	RolesMost     = 10
)

// CheckPassword adds the fault of a password that is too short, too long, or its
// owner's login.
func CheckPassword(password, login, at string) *fault.Fault {
	n := utf8.RuneCountInString(password)
	switch {
	case password == "":
		return fault.New(fault.MissingValue).At(at)
	case !utf8.ValidString(password):
		return fault.New(fault.InvalidValue).At(at)
	case n < PasswordLeast:
		return fault.New(fault.PasswordWeak, "min", PasswordLeast).At(at)
	case n > PasswordMost:
		return fault.New(fault.TooLong, "max", PasswordMost).At(at)
	case password == login:
		return fault.New(fault.PasswordWeak, "min", PasswordLeast).At(at)
	}
	return nil
}

// Validate adds the faults of what an administrator writes.
func (p *Person) Validate(l *fault.List) {
	l.Add(text.Required(p.Login, LoginMost, "/login"))
	if p.Login != Login(p.Login) {
		l.Add(fault.New(fault.InvalidValue).At("/login"))
	}
	l.Add(text.Name(p.Name, "/name"))
	if len(p.Roles) == 0 {
		l.Add(fault.New(fault.MissingValue).At("/roles"))
	}
	if len(p.Roles) > RolesMost {
		l.Add(fault.New(fault.TooLong, "max", RolesMost).At("/roles"))
		return
	}
	seen := map[access.Role]bool{}
	for i, r := range p.Roles {
		at := "/roles/" + strconv.Itoa(i)
		switch {
		case !r.Known():
			l.Add(fault.New(fault.InvalidValue).At(at))
		case seen[r]:
			l.Add(fault.New(fault.DuplicateValue).At(at))
		case r.Scoped() && len(p.Scope.Merchants) == 0:
			l.Add(fault.New(fault.MissingValue).At("/scope/merchants"))
		}
		seen[r] = true
	}
}

// Login is a login as it is compared: NFKC, trimmed, in small letters.
func Login(typed string) string { return strings.ToLower(strings.TrimSpace(norm.NFKC.String(typed))) }

// Principal is what the person may do and see.
func (p *Person) Principal() access.Principal {
	by := access.Principal{Kind: access.KindPerson, ID: id.Format(id.Person, p.ID), Permissions: access.Permissions(p.Roles), Scope: p.Scope}
	if p.Initial {
		by.Barred = fault.PasswordInitial
	}
	return by
}
