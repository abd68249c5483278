package issuing_test

import (
	"context"
	"testing"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/placement"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// One row of an import is one member's, in a slice and later.
func TestOneSlipForTwoMembers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(3)
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		slip := store.OutsideKey{Kind: "slip", Source: "file", Ref: "row 1"}
		ask := func(n int) issuing.ClaimInput {
			return issuing.ClaimInput{Template: tpl, Member: w.Key(n), At: testkit.Start, Slip: slip}
		}
		out, err := w.Issuing.Claim(w.Ctx(), w.By, []issuing.ClaimInput{ask(0), ask(1), ask(0)})
		w.Must(err)
		later := w.Claim(ask(2))
		if out[0].Err != nil || !out[2].Replayed || !fault.Has(out[1].Err, fault.KeyReusedBody) || !fault.Has(later.Err, fault.KeyReusedBody) {
			t.Errorf("%v, %v, %v, later %v", out[0].Err, out[1].Err, out[2].Err, later.Err)
		}
		w.Clean()
	})
}

// A process that saw a draft gives its coupons out once another has published it.
func TestPublishedByAnotherProcess(t *testing.T) {
	w := apptest.Postgres(t)
	twin := w.Twin()
	w.Members(1)
	c := &catalog.Catalog{App: w.App}
	made, _, err := c.CreateTemplate(w.Ctx(), w.By, catalog.CreateTemplateInput{Once: app.Once{Key: "a", Body: "b"}, Market: w.Market.Code,
		InternalName: "five off", CustomerName: coupon.Names{"en": "5 off"}, Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}, Doc: testkit.Doc()})
	w.Must(err)
	ask := issuing.ClaimInput{Template: made.ID, Member: w.Key(0)}
	if got := twin.Claim(ask); !fault.Has(got.Err, fault.TemplateNotPublished) {
		t.Fatalf("a draft: %v", got.Err)
	}
	_, err = c.Publish(w.Ctx(), w.By, made.ID, made.Rev)
	w.Must(err)
	if got := twin.Claim(ask); got.Err != nil {
		t.Errorf("published since: %v", got.Err)
	}
}

// slow runs a function once between the next View's read and its return.
type slow struct {
	store.Store
	between func()
}

func (s *slow) View(ctx context.Context, fn func(store.Tx) error) error {
	err := s.Store.View(ctx, fn)
	if run := s.between; run != nil {
		s.between = nil
		run()
	}
	return err
}

// What was read before a change does not outlive it in the memory.
func TestPlacementChangedWhileItWasRead(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		tpl := w.Publish(apptest.Limits(testkit.Doc()))
		row := testkit.Placement(w.IDs.New(tpl.Slot()), tpl)
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Placements().Insert([]placement.Placement{row}) }))
		s := &slow{Store: w.Store}
		a := app.New(s, w.Clock, w.IDs, w.Numbers, w.Vault, w.App.Log)
		s.between = func() {
			row.Open, row.Rev = false, 2
			w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Placements().Update([]placement.Placement{row}) }))
			a.Cache.Forget(tpl)
		}
		for range 2 {
			if _, err := a.Cache.Placements(w.Ctx(), []id.ID{row.ID}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := a.Cache.Placements(w.Ctx(), []id.ID{row.ID})
		w.Must(err)
		if got[row.ID].Open {
			t.Error("the placement is remembered as it was before its change")
		}
	})
}

// A merchant's principal gives out and takes back its own coupons only; the
// platform's can be claimed through it.
func TestPlatformCouponsAndAMerchant(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		by := access.System("m")
		by.Scope.Merchants = []string{"m"}
		platform := w.Publish(apptest.Limits(testkit.Doc()))
		own := w.Publish(apptest.Limits(testkit.Doc()), func(t *coupon.Template) { t.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "m"} })
		for tpl, want := range map[id.ID]fault.Code{platform: fault.Absent, own: ""} {
			got, err := w.Issuing.Grant(w.Ctx(), by, []issuing.GrantInput{{Templates: []id.ID{tpl}, Member: w.Key(0)}})
			w.Must(err)
			if want == "" && got[0].Err != nil || want != "" && !fault.Has(got[0].Err, want) {
				t.Errorf("grant: %v, want %q", got[0].Err, want)
			}
		}
		got, err := w.Issuing.Claim(w.Ctx(), by, []issuing.ClaimInput{{Template: platform, Member: w.Key(0)}})
		w.Must(err)
		w.Must(got[0].Err)
		in := issuing.WithdrawInput{Coupon: got[0].Receipt.Coupons[0].ID, Reason: "test"}
		if _, _, err := w.Issuing.Withdraw(w.Ctx(), by, in); !fault.Has(err, fault.CouponUnknown) {
			t.Errorf("withdraw: %v", err)
		}
		w.Clean()
	})
}
