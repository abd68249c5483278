package member_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quan/internal/domain/member"
)

func vault(t interface{ Fatal(...any) }, fill byte) *member.Vault {
	key := func(n byte) []byte { return bytes.Repeat([]byte{fill + n}, 32) }
	v, err := member.NewVault(key(0), key(1), key(2), 7)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNormalise(t *testing.T) {
	for _, c := range []struct{ kind, in, want string }{
		{"phone", " +86 (138) 0000-0001 ", "+8613800000001"},
		{"phone", "１３８００００００００１", "138000000001"},
		{"phone", "１３８００００００００", "+8613800000000"},
		{"phone", "\u202a138\u200b-0000-0000", "+8613800000000"},
		{"phone", "0086 138 0000 0000", "+8613800000000"},
		{"phone", "8613800000000", "+8613800000000"},
		{"phone", "0912-345-678", "+886912345678"},
		{"phone", "00886 (0)912 345 678", "+886912345678"},
		{"phone", "886912345678", "+886912345678"},
		{"phone", "0044 20 7946 0000", "+442079460000"},
		{"phone", "010-5550123", "0105550123"},
		{"phone", "0012345", "0012345"},
		{"external", "13800000000", "13800000000"},
		{"email", " Ann@Example.COM ", "ann@example.com"},
		{"external", " A-b C ", "A-b C"},
		{"external", "e\u0301", "\u00e9"},
	} {
		if got := member.Normalise(c.kind, member.Secret(c.in)).Reveal(); got != c.want {
			t.Errorf("Normalise(%s, %q) = %q, want %q", c.kind, c.in, got, c.want)
		}
	}
}

func TestVaultOpensWhatItSeals(t *testing.T) {
	v := vault(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"phone", "email", "external"}).Draw(t, "kind")
		value := member.Secret(rapid.String().Draw(t, "value"))
		sealed := v.Seal(kind, value)
		if again := v.Seal(kind, value); again != sealed {
			t.Fatalf("the same value sealed to %q and %q", sealed, again)
		}
		opened, err := v.Open(kind, sealed)
		if err != nil || opened != member.Normalise(kind, value) {
			t.Fatalf("opened %q, %v", opened.Reveal(), err)
		}
		if v.Key(kind, value) != v.Key(kind, opened) {
			t.Fatal("a value and its normal form have different keys")
		}
	})
}

func TestVaultKeepsApart(t *testing.T) {
	v, other := vault(t, 1), vault(t, 100)
	const phone = member.Secret("13800000001")
	sealed := v.Seal("phone", phone)
	if strings.Contains(sealed, phone.Reveal()) {
		t.Error("the sealed value can be read")
	}
	if v.Key("phone", phone).Hash == other.Key("phone", phone).Hash {
		t.Error("another blind key makes the same hash")
	}
	if v.Key("phone", phone).Hash == v.Key("external", phone).Hash {
		t.Error("another kind makes the same hash")
	}
	if v.Seal("external", phone) == sealed {
		t.Error("another kind seals alike")
	}
	broken := []byte(sealed)
	broken[len(broken)-2] ^= 1
	for what, open := range map[string]func() (member.Secret, error){
		"other keys": func() (member.Secret, error) { return other.Open("phone", sealed) },
		"other kind": func() (member.Secret, error) { return v.Open("external", sealed) },
		"a bit off":  func() (member.Secret, error) { return v.Open("phone", string(broken)) },
		"nothing":    func() (member.Secret, error) { return v.Open("phone", "") },
		"no base64":  func() (member.Secret, error) { return v.Open("phone", "*") },
	} {
		if got, err := open(); !errors.Is(err, member.ErrSealed) || got != "" {
			t.Errorf("%s: opened %q, %v", what, got.Reveal(), err)
		}
	}
	if v.Version() != 7 {
		t.Errorf("version = %d", v.Version())
	}
	if _, err := member.NewVault(nil, nil, []byte("short"), 1); err == nil {
		t.Error("a short key is taken")
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	s := struct{ S member.Secret }{"13800000001"}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{fmt.Sprint(s), fmt.Sprintf("%+v %#v %s %q", s, s, s.S, s.S), string(text)} {
		if strings.Contains(out, "138") {
			t.Errorf("a secret prints: %s", out)
		}
	}
}
