package checkout_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// tier is the condition that a member is of one of these tiers.
func tier(names ...string) condition.Tree {
	return condition.Tree{Leaf: &condition.MemberTier{In: names}}
}

// rise gives the n-th member a tier.
func rise(w *apptest.World, n int, to string) {
	w.Helper()
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
		rows, err := tx.Members().Find([]member.Key{w.Key(n)})
		if err != nil {
			return err
		}
		locked, err := tx.Lock(store.LockSet{Members: []id.ID{rows[0].Member}})
		if err != nil {
			return err
		}
		m := *locked.Members[rows[0].Member]
		m.Rev++
		m.Attributes = map[string]string{condition.AttributeTier: to}
		return tx.Members().Update([]member.Member{m})
	}))
}

func TestConditionsOfClaimAndUse(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(2)
		doc := testkit.Doc()
		doc.Claim.When, doc.Terms.When = tier("silver", "gold"), tier("gold")
		template := w.Publish(doc)
		claim := func(n int) issuing.Outcome {
			return w.Claim(issuing.ClaimInput{Template: template, Member: w.Key(n), Channel: "app", City: "shanghai"})
		}
		if got := fault.From(claim(0).Err); got == nil || got.Code != fault.ConditionNotMet || got.Param("rule") != "/claim/when" {
			t.Fatalf("a member without a tier: %v", got)
		}
		rise(w, 0, "silver")
		w.Must(claim(0).Err)
		quote := func() fault.Code {
			q, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: checkout.Who{Key: w.Key(0)}, Cart: *cart()})
			w.Must(err)
			if len(q.Result.Uses) > 0 {
				return "used"
			}
			return q.Result.Coupons[0].Reasons[0].Code
		}
		if got := quote(); got != fault.ConditionNotMet {
			t.Errorf("silver uses what gold may: %s", got)
		}
		rise(w, 0, "gold")
		if got := quote(); got != "used" {
			t.Errorf("gold: %s", got)
		}
		w.Clean()
	})
}

// A promotion that applies by itself is quoted to everybody, issued and held by a
// lock of the best set, and gone when its limits are.
func TestAutomaticPromotion(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(3)
		doc := apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 1})
		doc.Claim.Automatic, doc.Claim.Place = true, testkit.Doc().Claim.Place
		template := w.Publish(doc, func(t *coupon.Template) { t.Automatic, t.UpdatedAt = true, testkit.Start })
		quote := func(who checkout.Who) *checkout.Quote {
			q, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Market: "main", Who: who, Cart: *cart()})
			w.Must(err)
			return q
		}
		for name, who := range map[string]checkout.Who{"guest": {}, "member": {Key: w.Key(0)}} {
			if r := quote(who).Result; len(r.Uses) != 1 || r.Uses[0].Template != template || r.PayableMinor != 2500 {
				t.Errorf("%s: %+v", name, r)
			}
		}
		held := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("a"), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart()}})
		if held.Err != nil || len(held.Lock.Coupons) != 1 || held.Lock.PayableMinor != 2500 {
			t.Fatalf("lock: %+v", held)
		}
		paid := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("b"), Order: key("1")}})
		if paid.Err != nil || paid.Redemptions[0].Template != template || paid.Redemptions[0].Form != coupon.FormAutomatic {
			t.Fatalf("redeem: %+v", paid)
		}
		late := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("c"), Order: key("2"), Who: checkout.Who{Key: w.Key(1)}, Cart: cart()}})
		if late.Err != nil || len(late.Lock.Coupons) != 0 || late.Lock.PayableMinor != 3000 {
			t.Errorf("lock behind the limit: %+v", late)
		}
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
			rows, err := tx.Templates().Get([]string{id.Format(id.Template, template)})
			if err != nil {
				return err
			}
			rows[0].Rev, rows[0].Use, rows[0].UpdatedAt = rows[0].Rev+1, false, testkit.Start+1
			return tx.Templates().Update(rows)
		}))
		w.Cache.Forget(template)
		if r := quote(checkout.Who{}).Result; len(r.Uses) != 0 {
			t.Errorf("paused: %+v", r)
		}
		w.Clean()
	})
}
