package issuing_test

import (
	"strings"
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/showing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// counter is a clerk, a server's key and a page that acts for one member.
func counter(member id.ID) (clerk, back, page access.Principal) {
	of := func(k access.Kind) access.Principal {
		return access.Principal{Kind: k, ID: "key_" + string(k), Permissions: access.Allowed(k)}
	}
	page = of(access.KindBrowser)
	page.Member = member
	return of(access.KindClerk), of(access.KindServer), page
}

func TestACounterSeesWhatIsShown(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(2)
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		clerk, back, page := counter(members[0])
		out := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)})
		w.Must(out.Err)
		c := out.Receipt.Coupons[0].ID
		_, _, stranger := counter(members[1])
		for name, by := range map[string]access.Principal{"a clerk": clerk, "quan itself": w.By} {
			if _, err := w.Issuing.Show(w.Ctx(), by, c); !fault.Has(err, fault.PermissionDeny) {
				t.Errorf("%s shows a coupon: %v", name, err)
			}
		}
		if _, err := w.Issuing.Show(w.Ctx(), stranger, c); !fault.Has(err, fault.CouponUnknown) {
			t.Errorf("another member shows it: %v", err)
		}
		if _, err := w.Issuing.Scan(w.Ctx(), page, w.Numbers.Of(c), nil); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a member looks as a clerk does: %v", err)
		}
		for _, by := range []access.Principal{back, page} {
			shown, err := w.Issuing.Show(w.Ctx(), by, c)
			w.Must(err)
			seen, err := w.Issuing.Scan(w.Ctx(), clerk, strings.ToLower(shown.Code), nil)
			w.Must(err)
			if seen.Coupon.ID != c || !seen.Dynamic || seen.Refusal != nil || seen.Template.ID != tpl {
				t.Errorf("shown by %s: %+v", by.Kind, seen)
			}
		}
		seen, err := w.Issuing.Scan(w.Ctx(), clerk, " "+strings.ToLower(w.Numbers.Of(c)), nil)
		w.Must(err)
		if seen.Coupon.ID != c || seen.Dynamic || seen.Refusal != nil {
			t.Errorf("by its number: %+v", seen)
		}
		shown, err := w.Issuing.Show(w.Ctx(), page, c)
		w.Must(err)
		forged, _ := showing.NewKeys([]byte("not ours")).Sign(c, members[0], w.Clock())
		lent, _ := w.Showings.Sign(c, members[1], w.Clock())
		for _, text := range []string{forged, lent, "", "Q1.", "7K3M-92QX", w.Numbers.Of(id.ID(12345)), shown.Code + "0"} {
			if _, err := w.Issuing.Scan(w.Ctx(), clerk, text, nil); !fault.Has(err, fault.CouponUnknown) || fault.From(err).Pointer != "/scan" {
				t.Errorf("%q: %v", text, err)
			}
		}
		w.Time.Advance(showing.Life)
		if _, err := w.Issuing.Scan(w.Ctx(), clerk, shown.Code, nil); !fault.Has(err, fault.QRExpired) {
			t.Errorf("a minute later: %v", err)
		}
		far := clerk
		far.Scope.Merchants = []string{"red"}
		own := w.Publish(apptest.Limits(testkit.Doc()), func(t *coupon.Template) {
			t.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "green"}
		})
		out = w.Claim(issuing.ClaimInput{Template: own, Member: w.Key(0)})
		w.Must(out.Err)
		if _, err := w.Issuing.Scan(w.Ctx(), far, w.Numbers.Of(out.Receipt.Coupons[0].ID), nil); !fault.Has(err, fault.CouponUnknown) {
			t.Errorf("another merchant's clerk: %v", err)
		}
	})
}

// What speaks against a coupon whatever the cart is is told before it is redeemed, also
// what another process has switched a moment ago.
func TestACounterIsToldWhyNot(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(1)
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		clerk, _, _ := counter(members[0])
		out := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)})
		w.Must(out.Err)
		c := out.Receipt.Coupons[0]
		look := func(what string, want fault.Code) {
			t.Helper()
			seen, err := w.Issuing.Scan(w.Ctx(), clerk, w.Numbers.Of(c.ID), nil)
			w.Must(err)
			if want == "" && seen.Refusal != nil || want != "" && (seen.Refusal == nil || seen.Refusal.Code != want) {
				t.Errorf("%s: %v", what, seen.Refusal)
			}
		}
		look("as issued", "")
		there := w.Beside()
		switches(there, tpl, true, false)
		look("use was paused elsewhere", fault.UsePaused)
		switches(there, tpl, true, true)
		block := func(on bool) {
			_, err := (&membership.Membership{App: w.App}).SetBlocked(w.Ctx(), w.By, membership.SetBlockedInput{Member: members[0], Blocked: on, Reason: "test"})
			w.Must(err)
		}
		block(true)
		look("its member is blocked", fault.MemberBlocked)
		block(false)
		w.Time.Set(c.ValidTo - 1)
		look("in its last millisecond", "")
		w.Time.Set(c.ValidTo)
		look("at its end", fault.CouponExpired)
	})
}
