package guard_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/app/guard"
	"quan/internal/domain/access"
	"quan/internal/domain/person"
	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/testkit"
)

const secret = "apples under the old bridge"

// office is a world with a first administrator who signed in.
type office struct {
	*apptest.World
	*guard.Guard
	wall  *testkit.Clock
	ada   access.Principal
	token string
}

func newOffice(w *apptest.World) *office {
	o := &office{World: w, wall: testkit.NewClock()}
	o.Guard = guard.New(w.App, ring, o.wall.Time)
	in, err := o.Setup(w.Ctx(), guard.SetupInput{Token: o.SetupToken(), Name: "Ada", SignInInput: guard.SignInInput{Login: "Ada@Example.com ", Password: secret}})
	w.Must(err)
	o.token = in.Token
	o.ada, err = o.Session(w.Ctx(), in.Token)
	w.Must(err)
	return o
}

func (o *office) signIn(login, password, code string) (guard.SignedIn, error) {
	return o.SignIn(o.Ctx(), guard.SignInInput{Login: login, Password: password, Code: code, Agent: "Test\x00er", Address: "192.0.2.7"})
}

func (o *office) wants(what string, err error, code fault.Code) {
	o.Helper()
	if code == "" && err != nil || code != "" && !fault.Has(err, code) {
		o.Errorf("%s: got %v, want %q", what, err, code)
	}
}

func TestSetupMakesOneAdministrator(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		g := guard.New(w.App, ring, testkit.NewClock().Time)
		if needed, err := g.SetupNeeded(w.Ctx()); err != nil || !needed {
			t.Fatalf("an empty installation: %v, %v", needed, err)
		}
		in := guard.SetupInput{Token: "guess", Name: "Eve", SignInInput: guard.SignInInput{Login: "eve", Password: secret}}
		if _, err := g.Setup(w.Ctx(), in); !fault.Has(err, fault.SignInFailed) {
			t.Errorf("a wrong token: %v", err)
		}
		in.Token, in.Password = g.SetupToken(), "short"
		if _, err := g.Setup(w.Ctx(), in); !fault.Has(err, fault.PasswordWeak) {
			t.Errorf("a weak password: %v", err)
		}
		in.Password = secret
		var made, refused atomic.Int64
		var wg sync.WaitGroup
		for _, login := range []string{"a", "b", "c"} {
			one := in
			one.Login = login
			wg.Go(func() {
				switch _, err := g.Setup(w.Ctx(), one); {
				case err == nil:
					made.Add(1)
				case fault.Has(err, fault.WrongState):
					refused.Add(1)
				default:
					t.Errorf("%s: %v", login, err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 || refused.Load() != 2 {
			t.Errorf("%d administrators made, %d refused", made.Load(), refused.Load())
		}
		if needed, err := g.SetupNeeded(w.Ctx()); err != nil || needed {
			t.Errorf("afterwards: %v, %v", needed, err)
		}
	})
}

func TestSignIn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(w)
		if o.ada.Kind != access.KindPerson || o.ada.May(access.PersonWrite) != nil || o.ada.Session == 0 {
			t.Fatalf("principal: %+v", o.ada)
		}
		in, err := o.signIn(" ADA@example.com", secret, "") // full width and case don't matter
		o.wants("again", err, "")
		if in.Session.Agent != "Tester" || in.Token == o.token {
			t.Errorf("session: %+v", in.Session)
		}
		for _, c := range [][2]string{{"ada@example.com", secret + " "}, {"ada@example.com", ""}, {"nobody", secret}, {"", secret}, {strings.Repeat("a", 9999), secret}, {"ada@example.com", strings.Repeat("a", 9999)}} {
			_, err := o.signIn(c[0], c[1], "")
			o.wants("wrong", err, fault.SignInFailed)
		}
		for _, token := range []string{"", "qses_", in.Token[1:], in.Token + "a", strings.ToUpper(in.Token), in.Session.Hash, "qses_" + strings.Repeat("a", 32)} {
			if _, err := o.Session(w.Ctx(), token); !fault.Has(err, fault.Unauthenticated) {
				t.Errorf("token %q: %v", token, err)
			}
		}
	})
}

// Guesses run out, for the right password too, and come back with time.
func TestGuessesRunOut(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(w)
		for range 8 {
			_, err := o.signIn("ada@example.com", "wrong", "")
			o.wants("a guess", err, fault.SignInFailed)
		}
		_, err := o.signIn("ada@example.com", secret, "")
		o.wants("the right one after too many", err, fault.RateLimited)
		if seconds, _ := fault.From(err).Param("retry_after_seconds").(int64); seconds < 1 || seconds > 60 {
			t.Errorf("wait %d s", seconds)
		}
		_, err = o.signIn("nobody", secret, "")
		o.wants("another login", err, fault.SignInFailed)
		o.wall.Advance(time.Minute)
		_, err = o.signIn("ada@example.com", secret, "")
		o.wants("a minute later", err, "")
	})
}

func TestSessionsEnd(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(w)
		ask := func(what, token string, code fault.Code) {
			t.Helper()
			_, err := o.Session(w.Ctx(), token)
			o.wants(what, err, code)
		}
		other, err := o.signIn("ada@example.com", secret, "")
		w.Must(err)
		for range 13 { // used each twelve hours less a minute, it lives for its whole life
			o.wall.Advance(person.Idle - time.Minute)
			ask("used in time", o.token, "")
		}
		ask("not used", other.Token, fault.Unauthenticated)
		o.wall.Advance(person.Life - 13*(person.Idle-time.Minute))
		ask("its life is over", o.token, fault.Unauthenticated)

		in, err := o.signIn("ada@example.com", secret, "")
		w.Must(err)
		by, err := o.Session(w.Ctx(), in.Token)
		w.Must(err)
		second, err := o.signIn("ada@example.com", secret, "")
		w.Must(err)
		account, err := o.Account(w.Ctx(), by)
		w.Must(err)
		if len(account.Sessions) != 2 || account.Sessions[0].ID != second.Session.ID {
			t.Errorf("sessions that live: %+v", account.Sessions)
		}
		w.Must(o.SetPassword(w.Ctx(), by, secret, "pears beside the bridge"))
		ask("another session after a change of the password", second.Token, fault.Unauthenticated)
		ask("the one that changed it", in.Token, "")
		_, err = o.signIn("ada@example.com", secret, "")
		o.wants("the old password", err, fault.SignInFailed)
		w.Must(o.EndSession(w.Ctx(), by, 0))
		ask("signed out", in.Token, fault.Unauthenticated)
	})
}

// A second factor counts from its first code on, no code is good twice, and recovery
// codes stand in for the phone once each.
func TestSecondFactor(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(w)
		_, err := o.BeginFactor(w.Ctx(), o.ada, "wrong")
		o.wants("without the password", err, fault.SignInFailed)
		_, err = o.ConfirmFactor(w.Ctx(), o.ada, "123456")
		o.wants("none is waiting", err, fault.WrongState)
		f, err := o.BeginFactor(w.Ctx(), o.ada, secret)
		w.Must(err)
		code := func() string {
			c, err := totp.GenerateCode(f.Secret, o.wall.Time())
			w.Must(err)
			return c
		}
		if !strings.HasPrefix(f.Address, "otpauth://totp/quan:ada@example.com?") {
			t.Errorf("address %s", f.Address)
		}
		_, err = o.signIn("ada@example.com", secret, "")
		o.wants("before its first code", err, "")
		_, err = o.ConfirmFactor(w.Ctx(), o.ada, "000000")
		o.wants("a wrong code", err, fault.SignInFailed)
		recovery, err := o.ConfirmFactor(w.Ctx(), o.ada, code())
		w.Must(err)
		if len(recovery) != 10 {
			t.Errorf("recovery codes: %v", recovery)
		}
		_, err = o.signIn("ada@example.com", secret, "")
		o.wants("without a code", err, fault.FactorRequired)
		_, err = o.signIn("ada@example.com", "wrong", code())
		o.wants("with a code alone", err, fault.SignInFailed)
		_, err = o.signIn("ada@example.com", secret, code())
		o.wants("the code that confirmed it", err, fault.SignInFailed)
		o.wall.Advance(30 * time.Second)
		var right atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := o.signIn("ada@example.com", secret, code()); err == nil {
					right.Add(1)
				} else if !fault.Has(err, fault.SignInFailed) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if right.Load() != 1 {
			t.Errorf("one code let in %d", right.Load())
		}
		o.wall.Advance(time.Hour)
		for i, want := range []fault.Code{"", fault.SignInFailed} {
			_, err = o.signIn("ada@example.com", secret, strings.ToUpper(recovery[3]))
			o.wants("a recovery code, time "+string(rune('1'+i)), err, want)
		}
		var stored []store.Person
		w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) (err error) {
			stored, err = tx.People().ByCode([]string{"ada@example.com"})
			return err
		}))
		if p := stored[0]; strings.Contains(p.Factor, f.Secret) || len(p.Recovery) != 9 || strings.Contains(p.Password, secret) {
			t.Errorf("what is stored: %+v", p)
		}
		w.Must(o.EndFactor(w.Ctx(), o.ada, secret))
		_, err = o.signIn("ada@example.com", secret, "")
		o.wants("without a factor again", err, "")
	})
}

// Who got a password from somebody else changes it before anything else.
func TestFirstPasswordIsChanged(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(w)
		a := &admin.Admin{App: w.App}
		made, err := a.CreatePerson(w.Ctx(), o.ada, admin.CreatePersonInput{Login: "grace", Name: "Grace", Roles: []access.Role{access.Operator}, Password: "first password"})
		w.Must(err)
		in, err := o.signIn("grace", "first password", "")
		w.Must(err)
		by, err := o.Session(w.Ctx(), in.Token)
		w.Must(err)
		o.wants("before", by.May(access.TemplateRead), fault.PasswordInitial)
		o.wants("the same again", o.SetPassword(w.Ctx(), by, "first password", "grace"), fault.PasswordWeak)
		w.Must(o.SetPassword(w.Ctx(), by, "first password", secret))
		by, err = o.Session(w.Ctx(), in.Token)
		w.Must(err)
		o.wants("afterwards", by.May(access.TemplateRead), "")
		o.wants("what the role has not", by.May(access.KeyWrite), fault.PermissionDeny)
		_, err = a.ArchivePerson(w.Ctx(), o.ada, made.Person.ID, 0)
		o.wants("without a revision", err, fault.IfMatchMissing)
		_, err = a.ArchivePerson(w.Ctx(), o.ada, made.Person.ID, 2)
		w.Must(err)
		o.wall.Advance(time.Second)
		_, err = o.Session(w.Ctx(), in.Token)
		o.wants("gone", err, fault.Unauthenticated)
		_, err = o.signIn("grace", secret, "")
		o.wants("signs in no more", err, fault.SignInFailed)
		_, err = a.CreatePerson(w.Ctx(), o.ada, admin.CreatePersonInput{Login: "Grace", Name: "Other", Roles: []access.Role{access.Analyst}, Password: secret})
		o.wants("the login stays reserved", err, fault.NameTaken)
	})
}

func TestPeopleKeepTheirBounds(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(w)
		a := &admin.Admin{App: w.App}
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
			return tx.Merchants().Insert([]store.Merchant{testkit.Merchant("m1"), testkit.Merchant("m2")})
		}))
		create := func(by access.Principal, login string, role access.Role, merchants ...string) (store.Person, error) {
			made, err := a.CreatePerson(w.Ctx(), by, admin.CreatePersonInput{Login: login, Name: login, Roles: []access.Role{role}, Scope: access.Scope{Merchants: merchants}, Password: secret})
			return made.Person, err
		}
		_, err := create(o.ada, "shop", access.MerchantRole)
		o.wants("a merchant without a scope", err, fault.MissingValue)
		shop, err := create(o.ada, "shop", access.MerchantRole, "m1")
		w.Must(err)
		_, err = create(o.ada, "x", "emperor")
		o.wants("a role that nobody knows", err, fault.InvalidValue)
		_, err = create(o.ada, "x", access.Partner, "m9")
		o.wants("a merchant that nobody knows", err, fault.UnknownReference)
		lead := access.Principal{Kind: access.KindPerson, ID: o.ada.ID, Permissions: []access.Permission{access.PersonRead, access.PersonWrite, access.MarketRead, access.ReferenceRead, access.TemplateRead, access.CodeRead, access.StatisticsRead},
			Scope: access.Scope{Merchants: []string{"m2"}}}
		_, err = create(lead, "y", access.Operator, "m2")
		o.wants("who may do more than its maker", err, fault.PermissionDeny)
		_, err = create(lead, "y", access.Partner, "m1")
		o.wants("who sees more than its maker", err, fault.Absent)
		_, err = create(lead, "y", access.Partner)
		o.wants("whose scope becomes the maker's", err, "")
		_, err = a.GetPerson(w.Ctx(), lead, shop.ID)
		o.wants("somebody of another merchant", err, fault.Absent)
		rows, err := a.ListPeople(w.Ctx(), lead, store.Filter{})
		w.Must(err)
		if len(rows) != 1 || rows[0].Login != "y" {
			t.Errorf("people in the scope: %+v", rows)
		}
		adaRow, err := a.ListPeople(w.Ctx(), o.ada, store.Filter{Limit: 1})
		w.Must(err)
		ada := adaRow[0]
		_, err = a.UpdatePerson(w.Ctx(), o.ada, admin.UpdatePersonInput{Person: ada.ID, IfRev: ada.Rev, Name: "Ada", Roles: []access.Role{access.Analyst}})
		o.wants("the last administrator", err, fault.WrongState)
		_, err = a.ArchivePerson(w.Ctx(), o.ada, ada.ID, ada.Rev)
		o.wants("the last administrator goes", err, fault.WrongState)
		_, err = create(o.ada, "second", access.Administrator)
		w.Must(err)
		_, err = a.ArchivePerson(w.Ctx(), o.ada, ada.ID, ada.Rev)
		o.wants("one of two", err, "")
		entries, err := a.ListAudit(w.Ctx(), w.By, store.AuditFilter{Limit: 100})
		w.Must(err)
		for _, e := range entries {
			if strings.Contains(e.Before+e.After, "argon2id") {
				t.Errorf("a hash in the audit log: %+v", e)
			}
		}
	})
}
