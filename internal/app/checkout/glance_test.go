package checkout_test

import (
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// pause turns off the use of a template as another process does it: in the store alone.
func pause(w *apptest.World, template id.ID) {
	w.Helper()
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
		key := limit.StockKey(template)
		locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{key}})
		if err != nil {
			return err
		}
		stock := *locked.Counters[key]
		stock.Rev++
		rows, err := tx.Templates().Get([]string{id.Format(id.Template, template)})
		if err != nil {
			return err
		}
		rows[0].Rev, rows[0].Use, rows[0].UpdatedAt = rows[0].Rev+1, false, rows[0].UpdatedAt+1
		if err := tx.Counters().Write([]limit.Counter{stock}); err != nil {
			return err
		}
		return tx.Templates().Update(rows)
	}))
}

// A quote may be a second behind another process's switch, for held coupons and for
// promotions that apply by themselves; lock and redeem see it at once.
func TestSwitchOfAnotherProcess(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		tpl, c := held(t, w, testkit.Doc())
		doc := testkit.Doc()
		doc.Claim.Automatic, doc.Terms.Stacking.Group = true, "other"
		promotion := w.Publish(doc, func(t *coupon.Template) { t.Automatic, t.UpdatedAt = true, testkit.Start })
		far := w.Beside()
		quote := func(who checkout.Who) int {
			q, err := far.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Market: "main", Who: who, Cart: *cart()})
			w.Must(err)
			return len(q.Result.Uses)
		}
		mine := checkout.Who{Key: w.Key(0)}
		if got := quote(mine); got != 2 {
			t.Fatalf("%d uses before the switch, instead of 2", got)
		}
		till := w.Beside()
		basis := checkout.Basis{Once: once("a"), Order: key("1"), Who: mine, Cart: cart(), Coupons: []id.ID{c.ID}}
		w.Must(lock(till, checkout.LockInput{Basis: basis}).Err)
		w.Must(release(till, checkout.ReleaseInput{Basis: checkout.Basis{Once: once("b"), Order: key("1")}}).Err)
		pause(w, tpl)
		pause(w, promotion)
		switched := time.Now()
		basis.Once, basis.Order = once("c"), key("2")
		if got := lock(till, checkout.LockInput{Basis: basis}); !fault.Has(got.Err, fault.UsePaused) {
			t.Errorf("lock right behind the switch: %v", got.Err)
		}
		basis.Once = once("d")
		if got := redeem(till, checkout.RedeemInput{Basis: basis}); !fault.Has(got.Err, fault.UsePaused) {
			t.Errorf("redeem right behind the switch: %v", got.Err)
		}
		for quote(mine) != 0 {
			if time.Since(switched) > 2*time.Second {
				t.Fatal("quotes don't see the switch")
			}
		}
		if quote(checkout.Who{}) != 0 {
			t.Error("the promotion is still quoted to a guest")
		}
		w.Clean()
	})
}

// Of a wallet with more coupons than a quote looks at, those that expire soonest
// count; the others can be named.
func TestLongWallet(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(1)
		tpl := w.Publish(testkit.Doc())
		rows := make([]coupon.Coupon, checkout.MostLive+10)
		for i := range rows { // the later issued, the sooner over
			rows[i] = testkit.Coupon(w.IDs.New(members[0].Slot()), members[0], tpl)
			rows[i].ValidTo -= calendar.Instant(i)
		}
		w.Must(w.Store.Update(w.Ctx(), store.Background, func(tx store.Tx) error { return tx.Coupons().Insert(rows) }))
		ask := func(coupons ...id.ID) *checkout.Quote {
			q, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Market: "main", Who: checkout.Who{Key: w.Key(0)}, Cart: *cart(), Coupons: coupons})
			w.Must(err)
			return q
		}
		all := ask().Result
		if len(all.Coupons) != checkout.MostLive || all.Coupons[0].Coupon != rows[10].ID || all.Uses[0].Coupon != rows[len(rows)-1].ID {
			t.Errorf("%d coupons from %d, used %d", len(all.Coupons), all.Coupons[0].Coupon, all.Uses[0].Coupon)
		}
		if named := ask(rows[0].ID).Result; len(named.Uses) != 1 {
			t.Errorf("named: %+v", named.Coupons)
		}
	})
}
