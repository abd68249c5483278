package pricing_test

import (
	"strings"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
)

// breaks makes each refusal hold on a cart of one apple for 5000.
var breaks = map[fault.Code]string{
	fault.CouponWithdrawn:   "state withdrawn",
	fault.CouponUsedUp:      "state used",
	fault.CouponExpired:     "life 1 2",
	fault.CouponNotYetValid: "life 101 200",
	fault.UsedTooRecently:   "used 100 interval 1",
	fault.CouponLocked:      "state locked 9",
	fault.UsePaused:         "use off",
	fault.ChannelNotAllowed: "usechannel app",
	fault.CityNotAllowed:    "usecity shanghai",
	fault.StoreNotAllowed:   "include store s1",
	fault.NothingInScope:    "include sku pear",
	fault.MustContain:       "contain egg 0 1",
	fault.ThresholdNotMet:   "kind amount_off amount 500 threshold 9000",
	fault.NoEffect:          "floor 5000",
}

// exclusive pairs are of one field: only one can hold.
func exclusive(a, b fault.Code) bool {
	states := []fault.Code{fault.CouponWithdrawn, fault.CouponUsedUp, fault.CouponExpired, fault.CouponNotYetValid}
	of := func(c fault.Code, list ...fault.Code) bool {
		for _, x := range list {
			if x == c {
				return true
			}
		}
		return false
	}
	return of(a, states...) && (of(b, states...) || b == fault.CouponLocked && of(a, fault.CouponWithdrawn, fault.CouponUsedUp))
}

func TestPrecedence(t *testing.T) {
	for i, a := range pricing.Order {
		for _, b := range pricing.Order[i+1:] {
			if exclusive(a, b) {
				continue
			}
			s := empty()
			s.read(t, strings.Fields("line apple fresh a m1 1 5000"))
			s.read(t, strings.Fields("kind no_threshold amount 500"))
			other, terms := *s.candidate.Coupon, *s.candidate.Terms
			other.ID, terms.Stacking.Group = 2, "other"
			chosen := 1
			for _, code := range []fault.Code{b, a} {
				switch code {
				case fault.TooManyCoupons:
					s.rules.MaxCoupons, chosen = 1, 2
				case fault.StackingConflict:
					terms.Stacking.Group, chosen = "", 2
				default:
					s.read(t, strings.Fields(breaks[code]))
				}
			}
			all := []pricing.Candidate{s.candidate, {Coupon: &other, Terms: &terms, Use: true}}
			_, refusal := pricing.Apply(&s.cart, all[:chosen], s.rules)
			if refusal == nil || refusal.Code != a {
				t.Errorf("%s and %s: got %v", a, b, refusal)
			}
			found := false
			for _, f := range refusal.Also {
				found = found || f.Code == b
			}
			if !found {
				t.Errorf("%s and %s: the second is not among all reasons %v", a, b, refusal.Also)
			}
		}
	}
}

func TestJudgeGivesTheFirstReasonOrAll(t *testing.T) {
	s := empty()
	s.read(t, strings.Fields("line apple fresh a m1 1 5000"))
	s.read(t, strings.Fields("kind amount_off amount 500 threshold 9000"))
	s.read(t, strings.Fields("use off"))
	first := pricing.Judge(&s.cart, s.candidate, s.rules, false)
	all := pricing.Judge(&s.cart, s.candidate, s.rules, true)
	if len(first.Reasons) != 1 || first.Reasons[0].Code != fault.UsePaused || len(all.Reasons) != 2 || all.Verdict != pricing.Inapplicable {
		t.Errorf("%v, all %v", first.Reasons, all.Reasons)
	}
}

func TestTheSameCouponTwice(t *testing.T) {
	s := empty()
	s.read(t, strings.Fields("line apple fresh a m1 1 5000"))
	s.candidate.Terms.Kind, s.candidate.Terms.AmountMinor = coupon.KindNoThreshold, 1
	_, refusal := pricing.Apply(&s.cart, []pricing.Candidate{s.candidate, s.candidate}, s.rules)
	if refusal == nil || refusal.Code != fault.DuplicateValue || refusal.Pointer != "/coupons/1" {
		t.Error(refusal)
	}
}
