package person_test

import (
	"strings"
	"testing"

	"quan/internal/domain/access"
	"quan/internal/domain/person"
	"quan/internal/kernel/fault"
	"quan/internal/testkit"
)

func TestPasswordsMatchTheirHash(t *testing.T) {
	salt := []byte("sixteen bytes of")
	hash := person.Hash("apples under the old bridge", salt)
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", hash)
	}
	if !person.Matches(hash, "apples under the old bridge") {
		t.Error("the password does not match")
	}
	for _, c := range [][2]string{{hash, "apples under the old bridg"}, {hash, ""}, {"", ""}, {"", "x"}, {hash[:len(hash)-1], "apples under the old bridge"},
		{strings.Replace(hash, "t=2", "t=3", 1), "apples under the old bridge"}, {"$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$AAAA", "x"}, {"$argon2id$v=19$m=8,t=0,p=1$c29tZXNhbHQ$AAAA", "x"}, {"$$$$$", ""}} {
		if person.Matches(c[0], c[1]) {
			t.Errorf("%q matches %q", c[1], c[0])
		}
	}
}

func TestPasswordsAreChecked(t *testing.T) {
	for password, want := range map[string]fault.Code{
		"": fault.MissingValue, "short": fault.PasswordWeak, "ada@example.com": fault.PasswordWeak, "十个字十个字十个": fault.PasswordWeak,
		"十个字的密码就算够长": "", "0123456789": "", strings.Repeat("x", 201): fault.TooLong, "0123456789\xff": fault.InvalidValue,
	} {
		f := person.CheckPassword(password, "ada@example.com", "/password")
		if f == nil && want != "" || f != nil && (f.Code != want || f.Pointer != "/password") {
			t.Errorf("%q: %v, want %q", password, f, want)
		}
	}
}

func TestLoginsAreFolded(t *testing.T) {
	for typed, want := range map[string]string{" Ada@Example.COM ": "ada@example.com", "ＡＤＡ": "ada", "张三": "张三", "": ""} {
		if got := person.Login(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func TestPeopleAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*person.Person)
		want string
	}{
		"valid":             {func(*person.Person) {}, ""},
		"no login":          {func(p *person.Person) { p.Login = "" }, "missing_value at /login"},
		"capitals":          {func(p *person.Person) { p.Login = "Ada" }, "invalid_value at /login"},
		"no name":           {func(p *person.Person) { p.Name = " " }, "missing_value at /name"},
		"no role":           {func(p *person.Person) { p.Roles = nil }, "missing_value at /roles"},
		"unknown role":      {func(p *person.Person) { p.Roles = []access.Role{"king"} }, "invalid_value at /roles/0"},
		"a role twice":      {func(p *person.Person) { p.Roles = []access.Role{access.Clerk, access.Clerk} }, "duplicate_value at /roles/1"},
		"unscoped merchant": {func(p *person.Person) { p.Roles = []access.Role{access.MerchantRole} }, "missing_value at /scope/merchants"},
	} {
		p := testkit.Person(1)
		c.edit(&p)
		var l fault.List
		p.Validate(&l)
		got := ""
		if f := fault.From(l.Err()); f != nil {
			got = string(f.Code) + " at " + f.Pointer
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	s := person.Session{CreatedAt: testkit.Start, SeenAt: testkit.Start.Add(person.Life - person.Idle)}
	if s.EndsAt() != testkit.Start.Add(person.Life) {
		t.Errorf("ends %v", s.EndsAt())
	}
	s.SeenAt -= 60_000
	if s.EndsAt() != testkit.Start.Add(person.Life)-60_000 {
		t.Errorf("ends %v", s.EndsAt())
	}
}
