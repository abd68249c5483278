package redemption

import (
	"slices"

	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
)

// broken is a redemption whose conditions the kept units no longer meet, with
// what they would still get of its discount.
type broken struct {
	Redeemed
	stays int64
}

// broken finds them in the order of the stack: each is asked in its place, with
// what the coupons in front of it still take off the kept units. A full refund
// breaks none: nothing is kept. What its conditions are depends on the kind:
//
//   - all: the kept units contain what they must and reach the threshold (the
//     first step), in minor units and in units; without it nothing stays. Lines
//     that no coupon sees and lines of shipping don't count, so free shipping falls
//     with the goods that earned it.
//   - steps, repetitions, new_total, nth_item, buy_get, bundle: the discount
//     follows from how much is bought. The kept units are priced anew, alike and in
//     the coupon's place; they keep what that gives. Where stored shares are more
//     by rounding only, nothing is broken.
//   - add_on: its own units don't count for its threshold.
//   - stored_value: the customer's money is not earned by a condition; it goes back
//     with the units it paid for.
//   - all others keep the share of the kept units, whichever of them it was for.
//
// Who, where and when the order was made is not asked again.
func (in *RefundInput) broken(k kept) []broken {
	if k.full {
		return nil
	}
	cart, at := in.rest(k)
	profile := pricing.ProfileOf(in.Market.Policies.Pricing)
	left := make([]int64, len(cart.Lines))
	for i := range cart.Lines {
		left[i] = cart.Lines[i].ListMinor()
	}
	var out []broken
	for _, r := range in.stack(profile) {
		shares := make([]int64, len(in.Order.Lines)) // of its discount, on the kept units
		state := pricing.Kept{Cart: cart, Left: slices.Clone(left), OffMinor: in.left(r.Redemption, k), Profile: profile}
		for i, back := range in.cellsBack(r.Redemption, k) {
			cell := r.Redemption.Cells[i]
			if line := in.lineAt(cell.Line); line >= 0 && cell.Minor > back {
				shares[line] += cell.Minor - back
				state.Slack++
			}
		}
		for i, line := range at {
			left[i] = max(left[i]-shares[line], 0) // shares of kept units are rounded up
		}
		if r.Redemption.ReturnedAt != 0 {
			continue
		}
		if stays, ok := state.Stays(r.asUsed(in.Market)); !ok {
			out = append(out, broken{r, min(stays, state.OffMinor)})
		}
	}
	return out
}

// rest is the order as a cart of its kept units, and which line of the order each
// of its lines is.
func (in *RefundInput) rest(k kept) (*pricing.Cart, []int) {
	o := in.Order
	cart := &pricing.Cart{Currency: o.Currency, Store: o.Store, City: o.City, Channel: o.Channel}
	var at []int
	for i, l := range o.Lines {
		if l.Quantity == k.back[i] {
			continue
		}
		cart.Lines = append(cart.Lines, pricing.Line{SKU: l.SKU, Category: l.Category, Brand: l.Brand, Merchant: l.Merchant,
			Quantity: l.Quantity - k.back[i], UnitMinor: l.UnitMinor, NoCoupons: l.NoCoupons, Shipping: l.Shipping})
		at = append(at, i)
	}
	return cart, at
}

// stack are the redemptions in the order in which their coupons were applied. They
// come in the order in which the coupons were asked for.
func (in *RefundInput) stack(profile pricing.Profile) []Redeemed {
	sorted := slices.Clone(in.Redemptions)
	if profile.Order != pricing.OrderRequest {
		slices.SortStableFunc(sorted, func(a, b Redeemed) int { return profile.Before(a.candidate(), b.candidate()) })
	}
	return sorted
}

func (h Held) candidate() pricing.Candidate {
	return pricing.Candidate{Coupon: h.Coupon, Terms: h.Terms, Use: h.Use}
}

// asUsed is the coupon as it was at its use: chained values go by its number.
func (r Redeemed) asUsed(m *market.Market) pricing.Candidate {
	c := *r.Coupon
	c.NextUse = r.Redemption.Use
	return pricing.Candidate{Coupon: &c, Terms: r.Terms, Use: true, Home: m.Currency}
}
