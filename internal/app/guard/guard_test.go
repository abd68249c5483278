package guard_test

import (
	"strings"
	"testing"
	"time"

	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/app/guard"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/testkit"
)

var ring = guard.Keys{Member: []byte("the key of tokens, thirty-two by"), Factor: []byte("the key of factors, thirty-two by"), Setup: []byte("setup")}

func TestAuthenticate(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		wall := testkit.NewClock()
		g := guard.New(w.App, ring, wall.Time)
		keys := &admin.Admin{App: w.App}
		made, err := keys.CreateKey(w.Ctx(), w.By, admin.CreateKeyInput{Name: "till", Kind: access.KindClerk})
		w.Must(err)
		p, err := g.Authenticate(w.Ctx(), made.Secret)
		if err != nil || p.Kind != access.KindClerk || p.May(access.CouponUse) != nil || p.May(access.KeyWrite) == nil {
			t.Fatalf("principal = %+v, %v", p, err)
		}
		for _, secret := range []string{"", "quan_", "Bearer " + made.Secret, made.Secret[1:], made.Secret + "a",
			strings.ToUpper(made.Secret), made.Key.SecretHash, access.SecretPrefix + strings.Repeat("0", 32)} {
			if _, err := g.Authenticate(w.Ctx(), secret); !fault.Has(err, fault.Unauthenticated) {
				t.Errorf("secret %q: %v", secret, err)
			}
		}
		_, err = keys.RevokeKey(w.Ctx(), w.By, made.Key.ID, 0, "lost")
		w.Must(err)
		wall.Advance(999 * time.Millisecond)
		if _, err := g.Authenticate(w.Ctx(), made.Secret); err != nil {
			t.Errorf("a remembered key within its second: %v", err)
		}
		wall.Advance(time.Millisecond)
		if _, err := g.Authenticate(w.Ctx(), made.Secret); !fault.Has(err, fault.Unauthenticated) {
			t.Errorf("a revoked key after a second: %v", err)
		}
	})
}

func TestMemberTokens(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		wall := testkit.NewClock()
		g := guard.New(w.App, ring, wall.Time)
		who := w.Members(2)
		browser := access.Principal{Kind: access.KindBrowser, ID: "key_b", Permissions: access.Allowed(access.KindBrowser)}
		token, err := g.MintMemberToken(w.Ctx(), w.By, who[0], time.Hour)
		w.Must(err)
		p, err := g.WithMember(browser, token.Token)
		if err != nil || p.ActsFor(who[0]) != nil || p.ActsFor(who[1]) == nil {
			t.Errorf("principal = %+v, %v", p, err)
		}
		if browser.ActsFor(who[0]) == nil {
			t.Error("a browser without a token acts for a member")
		}
		refused := func(what string, p access.Principal, text string) {
			t.Helper()
			if got, err := g.WithMember(p, text); !fault.Has(err, fault.Unauthenticated) || got.Member != 0 {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
		}
		for i := range token.Token {
			forged := []byte(token.Token)
			if forged[i] ^= 1; forged[i] < 33 || forged[i] > 126 {
				forged[i] = 'A'
			}
			refused("a character off", browser, string(forged))
		}
		refused("nothing", browser, "")
		refused("cut", browser, token.Token[:len(token.Token)-1])
		refused("a server key", w.By, token.Token)
		if _, err := guard.New(w.App, guard.Keys{Member: []byte("another key")}, wall.Time).WithMember(browser, token.Token); err == nil {
			t.Error("a token of another key is taken")
		}
		wall.Advance(time.Hour)
		refused("expired", browser, token.Token)

		for _, ttl := range []time.Duration{0, -1, guard.MostTokenTTL + 1} {
			if _, err := g.MintMemberToken(w.Ctx(), w.By, who[0], ttl); !fault.Has(err, fault.OutOfRange) {
				t.Errorf("ttl %v: %v", ttl, err)
			}
		}
		if _, err := g.MintMemberToken(w.Ctx(), w.By, 77, time.Hour); !fault.Has(err, fault.MemberUnknown) {
			t.Errorf("a token for nobody: %v", err)
		}
		if _, err := g.MintMemberToken(w.Ctx(), browser, who[0], time.Hour); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a token made by a browser: %v", err)
		}
	})
}
