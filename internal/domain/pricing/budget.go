package pricing

import (
	"quan/internal/domain/limit"
	"quan/internal/kernel/money"
)

// Budget is an amount that one or several candidates take from: those that hold
// the same pointer share it. Where budgets overlap (two coupons that have a limit of
// their own each, and one together), Draws say of what; LeftMinor is then the least
// that one of them leaves (Drawing).
type Budget struct {
	LeftMinor int64
	Over      limit.Over // what it does to a coupon that would take more; "": as the profile says
	Draws     []Draw
}

// Draw takes a part of each discount from a pool. LeftMinor is what its own limit
// leaves of it: limits of one counter may differ in their caps, and in the hours that
// they look back on.
type Draw struct {
	Pool      *Pool
	LeftMinor int64
	ShareBps  int64
}

// Pool is what several budgets take from; it is known by its address.
type Pool struct{ _ byte }

// Drawing is a budget on some pools.
func Drawing(over limit.Over, draws []Draw) *Budget {
	b := &Budget{Over: over, Draws: draws}
	b.LeftMinor = b.left(func(*Pool) int64 { return 0 })
	return b
}

// left is the largest discount that no pool refuses, after what was spent of each.
func (b *Budget) left(spent func(*Pool) int64) int64 {
	least := int64(money.MaxMinor)
	for _, d := range b.Draws {
		rest := max(d.LeftMinor-spent(d.Pool), 0)
		if d.ShareBps < money.BpsWhole {
			rest, _ = money.MulDivFloor(rest, money.BpsWhole, d.ShareBps)
		}
		least = min(least, rest)
	}
	return least
}

// spends is what a discount takes of a pool: of a part no less than its share.
func (b *Budget) spends(p *Pool, off int64) (minor int64) {
	for _, d := range b.Draws {
		if d.Pool == p {
			part, rest := money.MulDivFloor(off, d.ShareBps, money.BpsWhole)
			minor += part + min(rest, 1)
		}
	}
	return minor
}

// spentOf is what some coupons took of a budget: how much less than LeftMinor is
// left. each tells the budgets and discounts of the coupons.
func spentOf(budget *Budget, each func(yield func(*Budget, int64))) (minor int64) {
	if budget == nil {
		return 0
	}
	if budget.Draws == nil {
		each(func(b *Budget, off int64) {
			if b == budget {
				minor += off
			}
		})
		return minor
	}
	return budget.LeftMinor - budget.left(func(p *Pool) (spent int64) {
		each(func(b *Budget, off int64) {
			if b != nil {
				spent += b.spends(p, off)
			}
		})
		return spent
	})
}

// over is what the effect's budget does to it.
func (e *effect) over(b *basket) OverPolicy {
	switch e.Budget.Over {
	case limit.OverRefuse:
		return OverRefuse
	case limit.OverTruncate:
		return OverTruncate
	}
	return b.rules.Profile.Over
}
