package checkout_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/redemption"
	"quan/internal/domain/showing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

func atCounter(name string, stores ...string) access.Principal {
	return access.Principal{Kind: access.KindClerk, ID: name, Permissions: access.Allowed(access.KindClerk), Scope: access.Scope{Stores: stores}}
}

func inStore(code string) checkout.Basis {
	b := checkout.Basis{Cart: cart()}
	b.Cart.Store = code
	return b
}

// A scan without network is recorded with its moment and judged by the state on its
// arrival; what waited too long, and what somebody else was in touch for, is refused.
func TestARedemptionScannedWithoutNetwork(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := held(t, w, testkit.Doc())
		ada, bob := atCounter("psn_ada"), atCounter("psn_bob")
		contact, err := w.Checkout.Contact(w.Ctx(), ada, "")
		w.Must(err)
		in := checkout.RedeemInput{Basis: inStore("a1"), Away: &showing.Away{Contact: contact.Text, Elapsed: 10 * time.Minute}}
		in.Once, in.Order, in.Coupons = once("a"), key("till-1-1"), ids(c)
		redeemed := func(by access.Principal) checkout.RedeemOutcome {
			out, err := w.Checkout.Redeem(w.Ctx(), by, []checkout.RedeemInput{in})
			w.Must(err)
			return out[0]
		}
		if out := redeemed(ada); !fault.Has(out.Err, fault.InvalidValue) || fault.From(out.Err).Pointer != "/away/elapsed_ms" {
			t.Errorf("a scan to come: %v", out.Err)
		}
		w.Time.Advance(10*time.Minute + showing.Late)
		if out := redeemed(ada); !fault.Has(out.Err, fault.ScanTooOld) || state(w, c.ID) != coupon.Usable {
			t.Errorf("four hours later: %v", out.Err)
		}
		w.Time.Advance(-time.Minute)
		if out := redeemed(bob); !fault.Has(out.Err, fault.InvalidValue) || fault.From(out.Err).Pointer != "/away/contact" {
			t.Errorf("by another clerk: %v", out.Err)
		}
		out := redeemed(ada)
		w.Must(out.Err)
		if r := out.Redemptions[0]; r.ScannedAt != testkit.Start.Add(10*time.Minute) || r.At != w.Clock() || r.Operator != "psn_ada" {
			t.Errorf("recorded as %+v", r)
		}
		w.Time.Advance(time.Hour) // its answer was lost, and it is sent again too late to be a new one
		if again := redeemed(ada); again.Err != nil || !again.Replayed || again.Redemptions[0].ID != out.Redemptions[0].ID {
			t.Errorf("sent again: %+v", again)
		}
		in.Once = once("b")
		if again := redeemed(ada); again.Err != nil || !again.Replayed {
			t.Errorf("the same order under another key: %+v", again)
		}
		w.Clean()
	})
}

func ids(c coupon.Coupon) []id.ID { return []id.ID{c.ID} }

// What a shift redeemed and gave back is told by store and clerk, to whoever may see it.
func TestCounterTotals(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.UsesPerCoupon = 9
		_, c := held(t, w, doc)
		ada, bob := atCounter("psn_ada", "a1", "a2"), atCounter("psn_bob", "a2")
		for i, use := range []struct {
			by    access.Principal
			store string
		}{{ada, "a1"}, {ada, "a1"}, {ada, "a2"}, {bob, "a2"}, {w.By, ""}} {
			in := checkout.RedeemInput{Basis: inStore(use.store)}
			in.Once, in.Order, in.Coupons = once(string(rune('a'+i))), key(string(rune('1'+i))), ids(c)
			out, err := w.Checkout.Redeem(w.Ctx(), use.by, []checkout.RedeemInput{in})
			w.Must(err)
			w.Must(out[0].Err)
			w.Time.Advance(time.Minute)
		}
		back, err := w.Checkout.Refund(w.Ctx(), bob, []checkout.RefundInput{{Basis: checkout.Basis{Once: once("r"), Order: key("3")}, Ref: "r", Full: true}})
		w.Must(err)
		w.Must(back[0].Err)
		off := doc.Terms.AmountMinor
		total := func(shop, who string, used, returned int64) redemption.CounterTotal {
			return redemption.CounterTotal{Store: shop, Clerk: who, Redeemed: used, DiscountMinor: used * off, Returned: returned, ReturnedMinor: returned * off}
		}
		a1, a2, theirs := total("a1", "psn_ada", 2, 0), total("a2", "psn_ada", 1, 0), total("a2", "psn_bob", 1, 1)
		day := w.Market.Day(w.Clock())
		for name, q := range map[string]struct {
			by   access.Principal
			q    checkout.TotalQuery
			want []redemption.CounterTotal
		}{
			"everything":         {w.By, checkout.TotalQuery{}, []redemption.CounterTotal{a1, a2, theirs}},
			"in scope":           {bob, checkout.TotalQuery{}, []redemption.CounterTotal{a2, theirs}},
			"a store":            {ada, checkout.TotalQuery{Store: "a1"}, []redemption.CounterTotal{a1}},
			"mine":               {ada, checkout.TotalQuery{Clerk: "psn_ada", From: day}, []redemption.CounterTotal{a1, a2}},
			"a store of others'": {bob, checkout.TotalQuery{Store: "a1"}, nil},
			"yesterday":          {w.By, checkout.TotalQuery{From: day.AddDays(-1), To: day.AddDays(-1)}, nil},
		} {
			got, err := w.Checkout.Totals(w.Ctx(), q.by, q.q)
			w.Must(err)
			if diff := cmp.Diff(q.want, got.Rows); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		_, err = w.Checkout.Totals(w.Ctx(), w.By, checkout.TotalQuery{From: day, To: day.AddDays(31)})
		if !fault.Has(err, fault.OutOfRange) {
			t.Errorf("32 days: %v", err)
		}
		_, err = w.Checkout.Totals(w.Ctx(), w.By, checkout.TotalQuery{Market: "mars"})
		if !fault.Has(err, fault.Absent) {
			t.Errorf("mars: %v", err)
		}
		if _, err := w.Checkout.Totals(w.Ctx(), access.Principal{Kind: access.KindBrowser, Permissions: access.Allowed(access.KindBrowser)}, checkout.TotalQuery{}); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("a member's page: %v", err)
		}
		w.Clean()
	})
}
