package checkout

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// LockInput asks to hold coupons for an order until it is paid. Best lets quan
// choose among the member's coupons.
type LockInput struct {
	Basis
	Best bool
}

// LockOutcome is the fate of one request: the lock with what it promises, or Err.
type LockOutcome struct {
	Lock     *redemption.Lock
	Priced   *redemption.Priced
	Market   *market.Market
	Err      error
	Replayed bool
}

type lockVerb struct {
	best bool
	out  redemption.Lock
}

// Lock holds coupons for orders. Locking an order again replaces its lock.
func (c *Checkout) Lock(ctx context.Context, by access.Principal, inputs []LockInput) ([]LockOutcome, error) {
	return each(ctx, c, by, locking, inputs)
}

// LockGathered is Lock for one request among many (package gather).
func (c *Checkout) LockGathered(ctx context.Context, by access.Principal, in LockInput) (LockOutcome, error) {
	return gathered(ctx, c, by, locking, in)
}

var locking = asking[LockInput, LockOutcome]{may: access.CouponUse, counts: true,
	begin: func(in *LockInput) *deal {
		return &deal{Basis: in.Basis, wallet: in.Best, verb: &lockVerb{best: in.Best}}
	},
	tell: func(d *deal) (out LockOutcome, err error) {
		out = LockOutcome{Market: d.market, Err: d.err, Replayed: d.replayed}
		if d.err == nil {
			lock := d.verb.(*lockVerb).out
			out.Lock = &lock
			out.Priced, err = redemption.DecodePriced(lock.Priced)
		}
		return out, err
	}}

// promise keeps a pricing as what the deal commits to.
func (b *batch) promise(d *deal, result pricing.Result) {
	d.priced, d.promised = nil, d.now(b.Clock())
	scene := d.scene(d.promised)
	d.priced = redemption.PricedOf(d.cart, result)
	d.priced.Market = d.market.Code
	d.priced.Promise(scene, b.held(d, d.Coupons))
	d.encoded = d.priced.Encode()
}

func (v *lockVerb) prepare(b *batch, d *deal) error {
	if d.member == 0 {
		return fault.New(fault.MissingValue).At("/member")
	}
	if err := b.price(d, v.best); err != nil {
		return err
	}
	if len(d.Coupons) == 0 && d.lock == nil && !v.best {
		return fault.New(fault.MissingValue).At("/coupons")
	}
	return nil
}

func (v *lockVerb) holds(d *deal) []id.ID {
	all := set[id.ID]{}
	for _, c := range d.Coupons {
		all.add(c)
	}
	if d.lock != nil {
		for _, c := range d.lock.Coupons {
			all.add(c)
		}
	}
	return all.list
}

func (v *lockVerb) decide(b *batch, d *deal, now calendar.Instant) error {
	if err := b.blocked(d); err != nil {
		return err
	}
	in := &redemption.LockInput{ID: b.IDs.New(d.member.Slot()), Key: d.Order, Member: d.member, Market: d.market,
		Priced: d.priced, Held: b.held(d, d.Coupons), Order: d.order, Redeemed: len(d.redeemed) > 0, CartHash: d.cartHash,
		Encoded: d.encoded, Counters: b.locked.Counters, Now: now}
	if d.lock != nil {
		var err error
		if in.Old, err = b.standing(d); err != nil {
			return err
		}
		if d.byLock() && in.Old.Priced.Market != d.market.Code {
			return fault.New(fault.OrderDiffers).At("/market")
		}
	}
	decision, refusal := redemption.DecideLock(in)
	if refusal != nil && b.outrun(d, refusal) {
		return app.Again()
	}
	if refusal != nil {
		return refusal
	}
	v.out = decision.Lock
	b.out.use(d.Order)
	b.out.newLocks = append(b.out.newLocks, decision.Lock)
	row := store.OutsideRow{OutsideKey: lockKey(d.Order), Target: decision.Lock.ID}
	if d.lock == nil {
		b.out.outside = append(b.out.outside, row)
	} else {
		b.out.pointed = append(b.out.pointed, row)
		b.moved[d.lock.ID] = true
	}
	if decision.Replaced != nil {
		b.out.locks = append(b.out.locks, *decision.Replaced)
	}
	facts := lockFacts(decision.Lock.ID)
	for _, c := range decision.Locked {
		b.couponChanged(d.by, c, change.CouponLocked, now, facts)
	}
	for _, c := range decision.Released {
		b.couponChanged(d.by, c, change.CouponReleased, now, `{"by":"replace"}`)
	}
	b.touched(decision.Taken, decision.Given)
	b.remember(d, id.Format(id.Lock, decision.Lock.ID))
	return nil
}

func lockFacts(lock id.ID) string { return `{"lock":"` + id.Format(id.Lock, lock) + `"}` }

func (v *lockVerb) recall(tx store.Tx, _ *deal, answer string) error {
	lock, err := id.Parse(id.Lock, answer)
	if err != nil {
		return err
	}
	rows, err := tx.Locks().Get([]id.ID{lock})
	if err != nil {
		return err
	}
	if len(rows) == 1 {
		v.out = rows[0]
		v.out.State, v.out.ResolvedAt, v.out.Rev = redemption.LockActive, 0, 1 // as it was answered first
	}
	return nil
}

// ReleaseInput ends the lock of an order without a payment.
type ReleaseInput struct{ Basis }

// ReleaseOutcome is the fate of one release.
type ReleaseOutcome struct {
	Lock     *redemption.Lock
	Err      error
	Replayed bool
}

type releaseVerb struct {
	expire bool // by the job, after the lock's time
	out    redemption.Lock
}

// Release gives locked coupons free. Releasing what is released already is
// refused as lock_resolved; the same key gets the first answer.
func (c *Checkout) Release(ctx context.Context, by access.Principal, inputs []ReleaseInput) ([]ReleaseOutcome, error) {
	return each(ctx, c, by, releasing(false), inputs)
}

// ReleaseGathered is Release for one request among many (package gather).
func (c *Checkout) ReleaseGathered(ctx context.Context, by access.Principal, in ReleaseInput) (ReleaseOutcome, error) {
	return gathered(ctx, c, by, releasing(false), in)
}

func releasing(expire bool) asking[ReleaseInput, ReleaseOutcome] {
	return asking[ReleaseInput, ReleaseOutcome]{may: access.CouponUse,
		begin: func(in *ReleaseInput) *deal { return &deal{Basis: in.Basis, verb: &releaseVerb{expire: expire}} },
		tell: func(d *deal) (ReleaseOutcome, error) {
			lock := d.verb.(*releaseVerb).out
			return ReleaseOutcome{Lock: &lock, Err: d.err, Replayed: d.replayed}, nil
		}}
}

func (v *releaseVerb) prepare(_ *batch, d *deal) error {
	if d.lock == nil || !d.Who.None() && d.lock.Member != d.member {
		return fault.New(fault.LockNotFound).At("/order")
	}
	return nil
}

func (v *releaseVerb) holds(d *deal) []id.ID {
	if d.lock == nil {
		return nil
	}
	return d.lock.Coupons
}

func (v *releaseVerb) decide(b *batch, d *deal, now calendar.Instant) error {
	lock, err := b.standing(d)
	if err != nil {
		return err
	}
	in := &redemption.ResolveInput{Standing: *lock, Market: d.market, Counters: b.locked.Counters, Now: now}
	decide, facts := redemption.DecideRelease, `{"by":"release"}`
	if v.expire {
		decide, facts = redemption.DecideExpireLock, `{"by":"expiry"}`
	}
	decision, refusal := decide(in)
	if refusal != nil {
		return refusal
	}
	v.out = decision.Lock
	b.out.use(d.Order)
	b.moved[d.lock.ID] = true
	b.out.locks = append(b.out.locks, decision.Lock)
	for _, c := range decision.Released {
		b.couponChanged(d.by, c, change.CouponReleased, now, facts)
	}
	b.touched(decision.Given)
	b.remember(d, id.Format(id.Lock, decision.Lock.ID))
	return nil
}

func (v *releaseVerb) recall(tx store.Tx, _ *deal, answer string) error {
	lock, err := id.Parse(id.Lock, answer)
	if err != nil {
		return err
	}
	rows, err := tx.Locks().Get([]id.ID{lock}) // a release is final
	if err == nil && len(rows) == 1 {
		v.out = rows[0]
	}
	return err
}

// ExpireLocks ends locks whose time has passed, at most limit, and returns how
// many it looked at; the worker calls it until that is zero.
func (c *Checkout) ExpireLocks(ctx context.Context, limit int) (int, error) {
	var due []redemption.Lock
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.Locks().Due(c.Clock(), limit)
		return err
	})
	if err != nil || len(due) == 0 {
		return 0, err
	}
	inputs := make([]ReleaseInput, len(due))
	for i, l := range due {
		inputs[i].Basis = Basis{Order: l.Key, Who: Who{ID: l.Member}, Once: app.Once{}}
	}
	_, err = each(ctx, c, access.System("expiry"), releasing(true), inputs)
	return len(due), err
}
