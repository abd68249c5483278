package coupon_test

import (
	"testing"

	"pgregory.net/rapid"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

const end = calendar.Instant(1000)

func fresh(uses int64) coupon.Coupon {
	return coupon.Coupon{ID: 1, State: coupon.Usable, Uses: uses, NextUse: 1, ValidFrom: 1, ValidTo: end, Rev: 1}
}

// verbs are all steps of a coupon; now and lock are drawn.
var verbs = map[string]func(c *coupon.Coupon, now calendar.Instant, lock id.ID) error{
	"lock":     func(c *coupon.Coupon, _ calendar.Instant, l id.ID) error { return c.LockBy(l, 0) },
	"relock":   func(c *coupon.Coupon, _ calendar.Instant, l id.ID) error { return c.LockBy(l, l%3+1) },
	"release":  func(c *coupon.Coupon, _ calendar.Instant, l id.ID) error { return c.Release(l) },
	"redeem":   func(c *coupon.Coupon, _ calendar.Instant, l id.ID) error { _, err := c.Redeem(l, 20260310); return err },
	"pay":      func(c *coupon.Coupon, _ calendar.Instant, _ id.ID) error { _, err := c.Redeem(0, 20260310); return err },
	"return":   func(c *coupon.Coupon, now calendar.Instant, _ id.ID) error { return c.ReturnUse(now, now, 20260310) },
	"grace":    func(c *coupon.Coupon, now calendar.Instant, _ id.ID) error { return c.ReturnUse(now, now+50, 20260310) },
	"expire":   func(c *coupon.Coupon, now calendar.Instant, _ id.ID) error { return c.Expire(now, 20260310) },
	"withdraw": func(c *coupon.Coupon, now calendar.Instant, _ id.ID) error { return c.Withdraw(now, 20260310) },
}

func TestEveryStepKeepsTheTable(t *testing.T) {
	names := []string{"lock", "relock", "release", "redeem", "pay", "return", "grace", "expire", "withdraw"}
	rapid.Check(t, func(t *rapid.T) {
		c := fresh(rapid.Int64Range(1, 3).Draw(t, "uses"))
		for range 30 {
			before := c
			name := rapid.SampledFrom(names).Draw(t, "verb")
			now := calendar.Instant(rapid.Int64Range(900, 1100).Draw(t, "now"))
			err := verbs[name](&c, now, id.ID(rapid.Int64Range(1, 3).Draw(t, "lock")))
			if err != nil {
				if c != before {
					t.Fatalf("%s refused (%v) but changed %+v into %+v", name, err, before, c)
				}
				if fault.From(err) == nil {
					t.Fatalf("%s: %v is no fault", name, err)
				}
				continue
			}
			if !coupon.Allowed(before.State, c.State) || c.Rev != before.Rev+1 {
				t.Fatalf("%s: %v rev %d → %v rev %d", name, before.State, before.Rev, c.State, c.Rev)
			}
			if c.Used < 0 || c.Used > c.Uses || c.NextUse < before.NextUse || (c.State == coupon.Locked) != (c.Lock != 0) ||
				(c.State == coupon.Used) != (c.Used == c.Uses && c.State != coupon.Expired && c.State != coupon.Withdrawn) {
				t.Fatalf("%s: %+v", name, c)
			}
		}
	})
}

func TestUsesAndReturns(t *testing.T) {
	c := fresh(2)
	for want := int64(1); want <= 2; want++ {
		use, err := c.Redeem(0, 20260310)
		if err != nil || use != want {
			t.Fatalf("use %d: %d %v", want, use, err)
		}
	}
	if c.State != coupon.Used || c.EndedDay != 20260310 {
		t.Fatalf("%+v", c)
	}
	if _, err := c.Redeem(0, 20260310); !fault.Has(err, fault.CouponUsedUp) {
		t.Fatal(err)
	}
	if err := c.ReturnUse(end-1, end+100, 20260311); err != nil || c.State != coupon.Usable || c.ValidTo != end || c.EndedDay != 0 {
		t.Fatalf("before its end a coupon comes back as it was: %v %+v", err, c)
	}
	if use, _ := c.Redeem(0, 20260312); use != 3 {
		t.Fatalf("a use number came back: %d", use)
	}
	late := c
	if err := late.ReturnUse(end, end, 20260313); err != nil || late.State != coupon.Expired || late.EndedDay != 20260313 {
		t.Fatalf("past its end it is expired at once: %v %+v", err, late)
	}
	if err := c.ReturnUse(end, end+100, 20260313); err != nil || c.State != coupon.Usable || c.ValidTo != end+100 {
		t.Fatalf("or gets the grace: %v %+v", err, c)
	}
}

func TestOnlyItsOwnLockReleases(t *testing.T) {
	c := fresh(1)
	if err := c.LockBy(5, 0); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"another lock": c.LockBy(6, 0), "another release": c.Release(6), "withdrawal": c.Withdraw(10, 20260310),
	} {
		if !fault.Has(err, fault.CouponLocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.Redeem(0, 20260310); !fault.Has(err, fault.CouponLocked) {
		t.Errorf("a use without the lock: %v", err)
	}
	if err := c.LockBy(6, 5); err != nil || c.Lock != 6 {
		t.Errorf("its replacement: %v", err)
	}
}

func TestStateAtItsEnd(t *testing.T) {
	for stored, after := range map[coupon.State]coupon.State{coupon.Usable: coupon.Expired, coupon.Locked: coupon.Expired,
		coupon.Used: coupon.Used, coupon.Withdrawn: coupon.Withdrawn, coupon.Expired: coupon.Expired} {
		c := coupon.Coupon{State: stored, ValidTo: 1000}
		if got := c.At(999); got != stored {
			t.Errorf("%v is %v before its end", stored, got)
		}
		if got := c.At(1000); got != after {
			t.Errorf("%v is %v at its end, want %v", stored, got, after)
		}
	}
}
