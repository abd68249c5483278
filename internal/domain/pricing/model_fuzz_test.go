package pricing_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"quan/internal/domain/pricing"
)

// FuzzQuote makes a world of bytes and sees that its result holds together, that
// the order of the request decides nothing and that Apply prices the chosen set
// alike.
func FuzzQuote(f *testing.F) {
	for seed := range byte(32) {
		f.Add([]byte{seed, 1, 2, 3, 4, 5, 6, seed})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var seed [32]byte
		copy(seed[:], data)
		d := dice{rand.New(rand.NewPCG(binary.BigEndian.Uint64(seed[:8]), binary.BigEndian.Uint64(seed[8:16])))}
		w := d.anyWorld(8, 6)
		r := pricing.Quote(&w.cart, w.all, w.rules)
		modelHolds(t, &w, &r)
		if w.rules.Profile.Order != pricing.OrderRequest {
			d.shuffled(t, &w.cart, w.all, w.rules, r)
		}
	})
}

// modelHolds sees that cells, lines, uses and bounds speak of the same money.
func modelHolds(t *testing.T, w *world, r *pricing.Result) {
	t.Helper()
	sums(t, &w.cart, *r, w.rules)
	floor, most := w.rules.FloorMinor, r.ListMinor
	for _, u := range r.Uses {
		for _, c := range w.all {
			if c.Coupon.ID == u.Coupon && c.Terms.AllowZero {
				floor = 0
			}
			if in, _ := c.Terms.In(w.cart.Currency, homeOf(w, c)); c.Coupon.ID == u.Coupon && in.CapMinor > 0 && u.DiscountMinor > in.CapMinor {
				t.Fatalf("coupon %d takes %d over its cap\n%s", u.Coupon, u.DiscountMinor, w.print())
			}
		}
		for _, k := range u.Units {
			if k.Quantity < 1 || k.Quantity > w.cart.Lines[k.Line].Quantity {
				t.Fatalf("units %+v\n%s", k, w.print())
			}
		}
	}
	if w.rules.SetCapMinor > 0 {
		most = min(most, w.rules.SetCapMinor)
	}
	if w.rules.SetCapBps > 0 {
		most = min(most, r.ListMinor*w.rules.SetCapBps/10000)
	}
	if r.DiscountMinor > most || r.PayableMinor < min(floor, r.ListMinor) {
		t.Fatalf("discount %d of at most %d, payable %d\n%s", r.DiscountMinor, most, r.PayableMinor, w.print())
	}
	for i, off := range r.Lines {
		if l := w.cart.Lines[i]; off > max(0, listOf(w.rules, l)-l.MinMinor*l.Quantity) {
			t.Fatalf("line %d: %d off below its least price\n%s", i, off, w.print())
		}
	}
}

func homeOf(w *world, c pricing.Candidate) string {
	if c.Home == "" {
		return w.cart.Currency
	}
	return c.Home
}

// Random worlds hold together.
func TestModelHolds(t *testing.T) {
	d := modelSeed(t, 23)
	for range count(t, 5_000) {
		w := d.anyWorld(8, 6)
		d.together(&w)
		r := pricing.Quote(&w.cart, w.all, w.rules)
		modelHolds(t, &w, &r)
		if w.rules.Profile.Order != pricing.OrderRequest {
			d.shuffled(t, &w.cart, w.all, w.rules, r)
		}
	}
}

// The longest cart is priced in a time that a caller waits for.
func TestLongestCart(t *testing.T) {
	d := modelSeed(t, 24)
	w := d.anyWorld(8, 6)
	d.together(&w)
	for len(w.cart.Lines) < pricing.LinesMax {
		w.cart.Lines = append(w.cart.Lines, w.cart.Lines[d.IntN(len(w.cart.Lines))])
	}
	start := time.Now()
	r := pricing.Quote(&w.cart, w.all, w.rules)
	modelHolds(t, &w, &r)
	took := time.Since(start)
	if t.Logf("%d lines, %d coupons: %v", len(w.cart.Lines), len(w.all), took); took > 20*time.Second {
		t.Errorf("%v is too long", took)
	}
}
