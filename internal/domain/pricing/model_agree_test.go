package pricing_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
)

// modelSeed of a test: fixed, or QUAN_SETS_SEED.
func modelSeed(t *testing.T, fixed uint64) dice {
	t.Helper()
	if text := os.Getenv("QUAN_SETS_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		fixed = n
	}
	t.Logf("seed %d (QUAN_SETS_SEED)", fixed)
	return dice{rand.New(rand.NewPCG(fixed, 12))}
}

// differs says how a result differs from what the model expects, "" for not.
func differs(cart *pricing.Cart, r *pricing.Result, want *outcome) string {
	var order, offs []int64
	for _, u := range r.Uses {
		order, offs = append(order, int64(u.Coupon)), append(offs, u.DiscountMinor)
	}
	if !slices.Equal(order, want.stackOrder) || !slices.Equal(offs, want.perCoupon) {
		return fmt.Sprintf("the model uses %v taking %v, the engine %v taking %v", want.stackOrder, want.perCoupon, order, offs)
	}
	for n, u := range r.Uses {
		lines, units := make([]int64, len(cart.Lines)), make([]int64, len(cart.Lines))
		for _, c := range u.Cells {
			lines[c.Line] += c.Minor
		}
		for _, k := range u.Units {
			units[k.Line] += k.Quantity
		}
		m := want.uses[n]
		for i, part := range m.parts {
			if part == 0 {
				m.units[i] = 0
			}
		}
		if !slices.Equal(lines, m.parts) {
			return fmt.Sprintf("coupon %d: the model takes %v of the lines, the engine %v", u.Coupon, m.parts, lines)
		}
		if !slices.Equal(units, m.units) {
			return fmt.Sprintf("coupon %d: the model discounts %v units, the engine %v", u.Coupon, m.units, units)
		}
		handed := int64(0)
		if u.Gift != nil {
			handed = u.Gift.Quantity
		}
		if u.Benefit != nil && !slices.Equal(u.Benefit.Lines, m.benefit) {
			return fmt.Sprintf("coupon %d: the model spreads %v, the engine %v", u.Coupon, m.benefit, u.Benefit.Lines)
		}
		if handed != m.handed {
			return fmt.Sprintf("coupon %d: the model hands over %d, the engine %d", u.Coupon, m.handed, handed)
		}
	}
	if !slices.Equal(r.Lines, want.perLine) || r.DiscountMinor != want.off {
		return fmt.Sprintf("the model takes %d as %v, the engine %d as %v", want.off, want.perLine, r.DiscountMinor, r.Lines)
	}
	return ""
}

// agreeApply fails where Apply and the model differ about exactly these coupons.
func agreeApply(w *world) (want outcome, difference string) {
	want = modelSet(&w.cart, w.all, w.rules)
	return want, applies(w, &want)
}

// applies says how Apply differs from the outcome of its set, "" for not.
func applies(w *world, want *outcome) string {
	r, refusal := pricing.Apply(&w.cart, w.all, w.rules)
	switch {
	case want.legal != (refusal == nil):
		return fmt.Sprintf("the model says legal %v (%s), the engine %v", want.legal, want.why, refusal)
	case refusal == nil:
		return differs(&w.cart, &r, want)
	}
	return ""
}

// agreeQuote fails where Quote does not find the best of all sets.
func agreeQuote(w *world) (want outcome, r pricing.Result, difference string) {
	want = modelBest(&w.cart, w.all, w.rules)
	r, difference = quotes(w, &want)
	return want, r, difference
}

// quotes says how Quote differs from the outcome of the best set, "" for not.
func quotes(w *world, want *outcome) (r pricing.Result, difference string) {
	r = pricing.Quote(&w.cart, w.all, w.rules)
	if difference = differs(&w.cart, &r, want); difference == "" && (!r.Optimal || r.BoundMinor != r.PayableMinor) {
		difference = fmt.Sprintf("optimal %v, bound %d, payable %d", r.Optimal, r.BoundMinor, r.PayableMinor)
	}
	return r, difference
}

// modelReport collects differences: few are printed, all are counted.
type modelReport struct {
	t      *testing.T
	worlds int
	wrong  int
}

func (m *modelReport) world(w *world, difference string) {
	m.worlds++
	if difference == "" {
		return
	}
	if m.wrong++; m.wrong <= 3 {
		m.t.Errorf("%s\nworld %d\n%s", difference, m.worlds, w.print())
	}
}

func (m *modelReport) end() {
	m.t.Logf("%d worlds compared", m.worlds)
	if m.wrong > 0 {
		m.t.Errorf("%d of %d worlds differ", m.wrong, m.worlds)
	}
}

// Apply prices random sets of coupons of every kind as the model does.
func TestModelApply(t *testing.T) {
	d, m, legal := modelSeed(t, 20), &modelReport{t: t}, 0
	for range count(t, 100_000) {
		w := d.anyWorld(8, pickOf(d, int64(1), 2, 3, 6))
		d.together(&w)
		want, difference := agreeApply(&w)
		if m.world(&w, difference); want.legal {
			legal++
		}
	}
	m.end()
	if t.Logf("%d sets were legal", legal); legal*10 < m.worlds*2 {
		t.Errorf("only %d of %d sets were legal", legal, m.worlds)
	}
}

// together gives most sets groups that may stand together and thresholds that hold.
func (d dice) together(w *world) {
	if d.IntN(8) == 0 {
		return
	}
	for i := range w.all {
		t := *w.all[i].Terms
		t.Stacking.Group, t.Stacking.Excludes = strconv.Itoa(i), nil
		if d.IntN(3) > 0 {
			t.ThresholdQuantity, t.Contains = 0, nil
			if !t.Repeat {
				t.ThresholdMinor = 0
			}
		}
		held := *w.all[i].Coupon
		held.Template = id.ID(1000 + i) // no longer a copy
		w.all[i].Terms, w.all[i].Coupon = &t, &held
	}
}

// Quote finds the best of all subsets.
func TestModelQuote(t *testing.T) {
	d, m, stacked := modelSeed(t, 21), &modelReport{t: t}, map[int]int{}
	for range count(t, 10_000) {
		w := d.anyWorld(6, pickOf(d, int64(2), 4, 6))
		if d.IntN(2) == 0 {
			d.together(&w)
		}
		want, _, difference := agreeQuote(&w)
		m.world(&w, difference)
		stacked[len(want.ids)]++
	}
	m.end()
	if t.Logf("worlds by coupons in the best set: %v", stacked); stacked[3] == 0 || stacked[4] == 0 {
		t.Error("no world stacks coupons")
	}
}
