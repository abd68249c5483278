package guard_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/app/guard"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/store"
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
		p, err := g.WithMember(w.Ctx(), browser, token.Token)
		if err != nil || p.ActsFor(who[0]) != nil || p.ActsFor(who[1]) == nil {
			t.Errorf("principal = %+v, %v", p, err)
		}
		if browser.ActsFor(who[0]) == nil {
			t.Error("a browser without a token acts for a member")
		}
		refused := func(what string, p access.Principal, text string) {
			t.Helper()
			if got, err := g.WithMember(w.Ctx(), p, text); !fault.Has(err, fault.Unauthenticated) || got.Member != 0 {
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
		if _, err := guard.New(w.App, guard.Keys{Member: []byte("another key")}, wall.Time).WithMember(w.Ctx(), browser, token.Token); err == nil {
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

// A merchant's key speaks for its customers in what is the merchant's, not in what is
// everybody's; and for nobody once it is revoked.
func TestAMemberTokenIsWorthWhatItsKeyIs(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		wall := testkit.NewClock()
		g := guard.New(w.App, ring, wall.Time)
		keys := &admin.Admin{App: w.App}
		who := w.Members(1)[0]
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
			return tx.Merchants().Insert([]store.Merchant{{Code: "farm", Name: "Farm", Rev: 1}, {Code: "mill", Name: "Mill", Rev: 1}})
		}))
		farm := access.Scope{Merchants: []string{"farm", "mill"}}
		made, err := keys.CreateKey(w.Ctx(), w.By, admin.CreateKeyInput{Name: "farm", Kind: access.KindServer, Scope: farm})
		w.Must(err)
		by, err := g.Authenticate(w.Ctx(), made.Secret)
		w.Must(err)
		token, err := g.MintMemberToken(w.Ctx(), by, who, time.Hour)
		w.Must(err)
		visit, err := g.Visit(w.Ctx(), guard.VisitInput{Token: token.Token})
		w.Must(err)
		browser := access.Principal{Kind: access.KindBrowser, ID: "key_b", Permissions: access.Allowed(access.KindBrowser)}
		asks := map[string]func() (access.Principal, error){
			"token":   func() (access.Principal, error) { return g.Visitor(w.Ctx(), token.Token) },
			"visit":   func() (access.Principal, error) { return g.Visitor(w.Ctx(), visit.Token) },
			"browser": func() (access.Principal, error) { return g.WithMember(w.Ctx(), browser, token.Token) },
		}
		for name, ask := range asks {
			p, err := ask()
			if err != nil || p.Member != who || cmp.Diff(farm, p.Scope) != "" {
				t.Errorf("%s: %+v, %v", name, p, err)
			}
		}
		mill, mine := browser, access.Scope{Merchants: []string{"mill"}}
		mill.Scope = mine
		if p, err := g.WithMember(w.Ctx(), mill, token.Token); err != nil || cmp.Diff(mine, p.Scope) != "" {
			t.Errorf("what both see: %+v, %v", p.Scope, err)
		}
		mill.Scope.Merchants = []string{"pier"}
		if _, err := g.WithMember(w.Ctx(), mill, token.Token); !fault.Has(err, fault.Unauthenticated) {
			t.Errorf("another merchant's page: %v", err)
		}
		person := access.Principal{Kind: access.KindPerson, ID: "psn_1", Permissions: access.All, Scope: farm}
		if _, err := g.MintMemberToken(w.Ctx(), person, who, time.Hour); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("made by a person of a merchant: %v", err)
		}
		_, err = keys.RevokeKey(w.Ctx(), w.By, made.Key.ID, 0, "lost")
		w.Must(err)
		wall.Advance(time.Second)
		for name, ask := range asks {
			if p, err := ask(); !fault.Has(err, fault.Unauthenticated) {
				t.Errorf("%s after its key: %+v, %v", name, p, err)
			}
		}
		if _, err := g.Visit(w.Ctx(), guard.VisitInput{Token: token.Token}); !fault.Has(err, fault.Unauthenticated) {
			t.Errorf("a visit after the key: %v", err)
		}
	})
}
