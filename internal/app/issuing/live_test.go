package issuing_test

import (
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// switches turns a template's switches in one process.
func switches(w *apptest.World, tpl id.ID, claiming, use bool) {
	w.Helper()
	c := catalog.Catalog{App: w.App}
	_, err := c.SetSwitches(w.Ctx(), w.By, catalog.SetSwitchesInput{Template: tpl, Claiming: &claiming, Use: &use})
	w.Must(err)
}

// TestSwitchesActAtOnce is hot-path P9: what one process stops, another does not
// give out any more, though it remembers the template as it was.
func TestSwitchesActAtOnce(t *testing.T) {
	here := apptest.Postgres(t)
	there := here.Twin()
	here.Members(3)
	tpl := here.Publish(apptest.Limits(testkit.Doc()))
	first := there.Claim(issuing.ClaimInput{Template: tpl, Member: there.Key(0)})
	there.Must(first.Err)
	switches(here, tpl, false, false)
	if got := there.Claim(issuing.ClaimInput{Template: tpl, Member: there.Key(1)}); !fault.Has(got.Err, fault.ClaimingStopped) {
		t.Errorf("a claim after the stop: %v", got.Err)
	}
	use := []checkout.RedeemInput{{Basis: checkout.Basis{Order: order.Key{Source: "shop", Ref: "1"}, Coupons: []id.ID{first.Receipt.Coupons[0].ID},
		Cart: &pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 5000}}}}}}
	out, err := there.Checkout.Redeem(there.Ctx(), there.By, use)
	there.Must(err)
	if !fault.Has(out[0].Err, fault.UsePaused) {
		t.Errorf("a use after the pause: %v", out[0].Err)
	}
	switches(here, tpl, true, true)
	if got := there.Claim(issuing.ClaimInput{Template: tpl, Member: there.Key(1)}); got.Err != nil {
		t.Errorf("a claim after claiming was opened again: %v", got.Err)
	}
	out, err = there.Checkout.Redeem(there.Ctx(), there.By, use)
	there.Must(err)
	if out[0].Err != nil {
		t.Errorf("a use after the pause ended: %v", out[0].Err)
	}
	here.Clean()
}

// TestDayLimitStartsAnewAtLocalMidnight claims to the millisecond around midnight.
func TestDayLimitStartsAnewAtLocalMidnight(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(4)
		tpl := w.Publish(apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Day, Per: limit.PerTemplate, Cap: 1}))
		midnight := testkit.Today.AddDays(1).Start(w.Market.Location())
		claim := func(n int) error { return w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(n)}).Err }
		w.Time.Set(midnight - 1)
		w.Must(claim(0))
		if err := claim(1); !fault.Has(err, fault.PeriodLimit) {
			t.Errorf("the second of a day: %v", err)
		}
		w.Time.Set(midnight)
		if err := claim(2); err != nil {
			t.Errorf("at 00:00:00.000 the day is new: %v", err)
		}
		if err := claim(3); !fault.Has(err, fault.PeriodLimit) {
			t.Errorf("the second of the new day: %v", err)
		}
		w.Clean()
	})
}

// TestLoweredLimit: lowering a limit below what is taken only stops more.
func TestLoweredLimit(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(4)
		doc := apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, 3))
		tpl := w.Publish(doc)
		for n := range 2 {
			w.Must(w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(n)}).Err)
		}
		c := catalog.Catalog{App: w.App}
		publish := func(most int64) {
			doc := apptest.Limits(testkit.Doc(), issueLimit(limit.PerTemplate, most))
			row, err := c.GetTemplate(w.Ctx(), w.By, tpl)
			w.Must(err)
			row, err = c.UpdateDraft(w.Ctx(), w.By, catalog.UpdateDraftInput{Template: tpl, IfRev: row.Rev, InternalName: row.InternalName,
				CustomerName: row.CustomerName, Issuer: row.Issuer, Doc: doc})
			w.Must(err)
			_, err = c.Publish(w.Ctx(), w.By, tpl, row.Rev)
			w.Must(err)
		}
		publish(1)
		if got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(2)}); !fault.Has(got.Err, fault.SoldOut) {
			t.Errorf("below what is taken: %v", got.Err)
		}
		w.Clean()
		publish(3)
		got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(2)})
		if got.Err != nil || got.Receipt.Coupons[0].Version != 3 {
			t.Errorf("after it was raised again: %+v", got)
		}
		w.Clean()
	})
}

// TestValidityAtItsEdges uses a same-day coupon in its last millisecond and after.
func TestValidityAtItsEdges(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		doc := apptest.Limits(testkit.Doc())
		doc.Terms.Validity.Kind, doc.Terms.Validity.Days = "same_day", 0
		doc.Terms.UsesPerCoupon = 2
		tpl := w.Publish(doc)
		got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)})
		w.Must(got.Err)
		c := got.Receipt.Coupons[0]
		midnight := testkit.Today.AddDays(1).Start(w.Market.Location())
		if c.ValidTo != midnight {
			t.Fatalf("ends %s, want %s", c.ValidTo, midnight)
		}
		redeem := func(ref string) error {
			out, err := w.Checkout.Redeem(w.Ctx(), w.By, []checkout.RedeemInput{{Basis: checkout.Basis{Order: order.Key{Source: "shop", Ref: ref},
				Coupons: []id.ID{c.ID}, Cart: &pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 5000}}}}}})
			w.Must(err)
			return out[0].Err
		}
		w.Time.Set(midnight - 1)
		w.Must(redeem("1"))
		w.Time.Set(midnight)
		if err := redeem("2"); !fault.Has(err, fault.CouponExpired) {
			t.Errorf("at midnight: %v", err)
		}
		if _, err := w.Checkout.ExpireCoupons(w.Ctx(), 10); err != nil {
			t.Error(err)
		}
		row, _, err := w.Issuing.Get(w.Ctx(), w.By, c.ID)
		w.Must(err)
		if row.State != coupon.Expired || row.Used != 1 {
			t.Errorf("after the job: %s, used %d", row.State, row.Used)
		}
		w.Clean()
	})
}

// TestRefusalsAreCounted sees that a refusal is counted by its reason, in memory.
func TestRefusalsAreCounted(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		tpl := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1)))
		for range 3 {
			w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0), Channel: "app"})
		}
		w.Time.Advance(time.Second)
		rows := w.Refusals.Take()
		if len(rows) != 1 || rows[0].Count != 2 || rows[0].Code != string(fault.MemberLimit) || rows[0].Template != tpl || rows[0].Channel != "app" {
			t.Errorf("refusals: %+v", rows)
		}
		if again := w.Refusals.Take(); len(again) != 0 {
			t.Errorf("taken twice: %+v", again)
		}
	})
}

// TestAlternativeForHoldersOfANewcomerIssue is the second half of semantics 8.
func TestAlternativeForHoldersOfANewcomerIssue(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(2)
		other := w.Publish(apptest.Limits(testkit.Doc(), issueLimit(limit.PerMember, 1)))
		doc := apptest.Limits(testkit.Doc())
		doc.Claim.Newcomer, doc.Claim.Alternative = true, id.Format(id.Template, other)
		newcomer := w.Publish(doc)
		for n, want := range []struct {
			template id.ID
			refusal  fault.Code
		}{{newcomer, ""}, {other, ""}, {0, fault.NewcomerHeld}} {
			got := w.Claim(issuing.ClaimInput{Template: newcomer, Member: w.Key(0), Channel: "app"})
			switch {
			case want.refusal != "" && !fault.Has(got.Err, want.refusal):
				t.Errorf("claim %d: %v, want %s", n+1, got.Err, want.refusal)
			case want.refusal == "" && (got.Err != nil || got.Receipt.Coupons[0].Template != want.template):
				t.Errorf("claim %d: %+v, want template %d", n+1, got, want.template)
			}
		}
		out, err := w.Issuing.Claim(w.Ctx(), w.By, []issuing.ClaimInput{{Template: newcomer, Member: w.Key(1)}, {Template: newcomer, Member: w.Key(1)}})
		w.Must(err)
		if out[0].Err != nil || out[1].Err != nil || out[0].Receipt.Coupons[0].Template != newcomer || out[1].Receipt.Coupons[0].Template != other {
			t.Errorf("two in one slice: %+v", out)
		}
		w.Clean()
	})
}
