package verify

import (
	"fmt"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/limit"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// crowd is 100,000 coupons of 20,000 members, a fifth of them used.
func crowd(b *testing.B, s store.Store) *apptest.World {
	const members, size = 20_000, 250
	w := apptest.New(b, s, 1)
	ids := w.Members(members)
	tpl := w.Publish(apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Week, Per: limit.PerMember, Cap: 5},
		limit.Limit{What: limit.RedeemCount, Period: limit.Day, Per: limit.PerMember, Cap: 5}, limit.Limit{What: limit.RedeemAmount, Period: limit.Month, Per: limit.PerTemplate, Cap: 1 << 50}))
	cart := &pricing.Cart{Channel: "app", City: "shanghai", Lines: []pricing.Line{{SKU: "apple", Category: "fresh/fruit", Quantity: 3, UnitMinor: 1000}}}
	for from := 0; from < 5*members; from += size {
		var claims []issuing.ClaimInput
		for i := from; i < from+size; i++ {
			claims = append(claims, issuing.ClaimInput{Once: app.Once{Key: fmt.Sprint(i), Body: "body"}, Template: tpl, MemberID: ids[i%members], Channel: "app"})
		}
		out, err := w.Issuing.Claim(w.Ctx(), w.By, claims)
		w.Must(err)
		if from >= members {
			continue
		}
		var uses []checkout.RedeemInput
		for i, o := range out {
			w.Must(o.Err)
			uses = append(uses, checkout.RedeemInput{Basis: checkout.Basis{Order: order.Key{Source: "shop", Ref: fmt.Sprint(from + i)}, Cart: cart, Coupons: []id.ID{o.Receipt.Coupons[0].ID}}})
		}
		_, err = w.Checkout.Redeem(w.Ctx(), w.By, uses)
		w.Must(err)
	}
	return w
}

func BenchmarkVerify(b *testing.B) {
	for _, e := range []struct {
		name string
		open func() store.Store
	}{{"sqlite", func() store.Store { return sqlitetest.Open(b) }}, {"postgres", func() store.Store { return pgtest.Open(b) }}} {
		b.Run(e.name, func(b *testing.B) {
			w := crowd(b, e.open())
			for b.Loop() {
				w.Must(w.Store.Snapshot(w.Ctx(), func(tx store.Tx) error {
					for _, name := range tx.Checks().Names() {
						began := time.Now()
						found, err := tx.Checks().Run(name, w.Clock(), 10)
						if err != nil || len(found) > 0 {
							return fmt.Errorf("%s: %v, %w", name, found, err)
						}
						if took := time.Since(began); took > 150*time.Millisecond {
							b.Logf("%-20s %s", name, took.Round(time.Millisecond))
						}
					}
					return nil
				}))
			}
		})
	}
}
