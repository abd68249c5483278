package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quan/internal/app"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// mostIdle bounds the rounds in which something moved meanwhile under a deal that
// no other stood in front of. Deals that wait for each other (twenty uses of one
// coupon) take a round each, however many they are.
const mostIdle = 8

// batch is one round of deals in one transaction.
type batch struct {
	*Checkout
	deals    []*deal // undone ones
	offers   map[id.ID]*app.Offer
	versions map[store.VersionKey]*coupon.Version
	locked   *store.Locked
	dry      bool                      // a quote: nothing is written, and offers may be a second old
	began    time.Time                 // when the generations were read, by the process's own clock
	seenGen  map[id.ID]int64           // generations in the View
	moved    map[id.ID]bool            // rows that an earlier deal of this batch has changed
	numbers  map[store.OutsideKey]bool // refunds that are known, of whichever order
	entries  bool                      // a template of the round keeps entries
	out      writes
}

// serve takes deals through rounds until each has its fate.
func (c *Checkout) serve(ctx context.Context, deals []*deal) error {
	for len(deals) > 0 {
		if err := c.round(ctx, deals); err != nil {
			return err
		}
		var undone []*deal
		for _, d := range deals {
			if !d.done {
				undone = append(undone, d)
			}
		}
		deals = undone
	}
	return nil
}

// round looks, prices and commits once. Deals that are not done afterwards need
// another one; those that were outrun too often are given up.
func (c *Checkout) round(ctx context.Context, deals []*deal) error {
	b := &batch{Checkout: c, deals: deals}
	for _, d := range deals {
		d.done, d.err = false, nil
	}
	if err := b.try(ctx); err != nil {
		return fmt.Errorf("checkout: %w", err)
	}
	for _, d := range deals {
		if d.done {
			break // those behind it may have waited for it
		}
		if d.idle++; d.idle == mostIdle {
			d.done, d.err = true, fault.New(fault.Overloaded)
		}
	}
	return nil
}

func (b *batch) try(ctx context.Context) error {
	if err := b.look(ctx); err != nil {
		return err
	}
	if err := b.issuePromotions(ctx); err != nil {
		return fmt.Errorf("promotions: %w", err)
	}
	for _, d := range b.deals {
		if d.err == nil {
			if d.err = d.verb.prepare(b, d); fault.From(d.err) == nil && d.err != nil {
				return d.err
			}
		}
	}
	return b.commit(ctx)
}

// commit runs the round's transaction. A deal refused before the locks still
// looks up its key: its twin may have been accepted before (the coupon is used
// now, because this very request used it).
func (b *batch) commit(ctx context.Context) error {
	prepared := make([]error, len(b.deals))
	for i, d := range b.deals {
		prepared[i] = d.err
	}
	if b.nothingToDo() {
		for _, d := range b.deals {
			d.done = true
		}
		return nil
	}
	err := b.Store.Update(ctx, store.Use, func(tx store.Tx) error {
		b.out = writes{counters: map[limit.Key]bool{}, ledger: b.out.ledger}
		b.moved = map[id.ID]bool{}
		for i, d := range b.deals {
			d.done, d.replayed, d.err = false, false, prepared[i]
		}
		err := b.run(tx)
		if errors.Is(err, store.ErrStale) {
			return app.Again()
		}
		return err
	})
	if err != nil {
		for _, d := range b.deals {
			d.done = false
		}
	}
	if errors.Is(err, app.Again()) {
		return nil
	}
	return err
}

// nothingToDo holds when every deal is refused and none has a key to look up.
func (b *batch) nothingToDo() bool {
	for _, d := range b.deals {
		if d.err == nil || d.Once.Key != "" && d.member != 0 || d.Slip.Ref != "" {
			return false
		}
	}
	return true
}

// run is the closure under the locks.
func (b *batch) run(tx store.Tx) (err error) {
	before := b.Clock()
	rows, err := b.lockSet(before)
	if err != nil {
		return err
	}
	if b.locked, err = tx.Lock(rows); err != nil {
		return err
	}
	read := b.Clock()
	if err := b.readLimits(tx, before); err != nil {
		return err
	}
	replies, err := b.replies(tx)
	if err != nil {
		return err
	}
	slips, err := b.slips(tx)
	if err != nil {
		return err
	}
	if err := b.lookNumbers(tx); err != nil {
		return err
	}
	fresh, err := b.fresh(tx)
	if err != nil {
		return err
	}
	for i, d := range b.deals {
		answer, hit, err := app.Replayed(replies, d.reply(""))
		if err != nil {
			d.err, d.done = err, true
			continue
		}
		if !hit && d.Slip.Ref != "" {
			answer, hit = slips[d.Slip]
		}
		if hit {
			if err := d.verb.recall(tx, d, answer); err != nil {
				return err
			}
			d.replayed, d.done, d.err = true, true, nil
			continue
		}
		if d.err != nil {
			d.done = !b.crossed(d) // what stood in its way may be gone by an earlier deal
			continue
		}
		if !fresh[i] || b.turned(d, before, read) || b.crossed(d) {
			continue
		}
		err = d.verb.decide(b, d, d.now(read))
		switch {
		case errors.Is(err, app.Again()):
			continue
		case fault.From(err) != nil:
			d.err = err
		case err != nil:
			return err
		}
		d.done = true
	}
	return b.write(tx)
}

// blocked refuses a use of a member who is blocked now, also of what is locked.
func (b *batch) blocked(d *deal) error {
	if m := b.locked.Members[d.member]; m != nil && m.Blocked {
		return fault.New(fault.MemberBlocked).At("/member")
	}
	return nil
}

// crossed reports whether an earlier deal of this round has changed a row of this
// one, or has its key or its slip.
func (b *batch) crossed(d *deal) bool {
	if b.out.has(d.reply(""), d.Slip) {
		return true
	}
	for c := range d.coupons { // of a wallet all: another might be the best now
		if b.moved[c] {
			return true
		}
	}
	return d.order != nil && b.moved[d.order.ID] || d.lock != nil && b.moved[d.lock.ID] || b.out.orderKey(d.Order)
}

// turned reports whether a day, or for rolling limits an hour, has turned since the
// counters were chosen or the promise was made.
func (b *batch) turned(d *deal, before, read calendar.Instant) bool {
	if d.At != 0 || d.market == nil {
		return false
	}
	if d.priced != nil && len(d.priced.Kept) > 0 && d.promised != 0 && (d.market.Day(d.promised) != d.market.Day(read) || !limit.SameHour(d.promised, read)) {
		return true
	}
	return d.market.Day(before) != d.market.Day(read) || b.entries && !limit.SameHour(before, read)
}

// lockSet names the rows of all deals of the round.
func (b *batch) lockSet(now calendar.Instant) (store.LockSet, error) {
	callers, members, orders, coupons := set[id.ID]{}, set[id.ID]{}, set[id.ID]{}, set[id.ID]{}
	counters := set[limit.Key]{}
	for _, d := range b.deals {
		if d.member != 0 {
			members.add(d.member)
		} else if caller := app.CallerID(d.by); caller != 0 {
			callers.add(caller)
		}
		if d.err != nil {
			continue
		}
		if d.order != nil {
			orders.add(d.order.ID)
		}
		for _, c := range d.verb.holds(d) {
			coupons.add(c)
		}
		keys, err := b.keys(d, d.now(now))
		if err != nil {
			return store.LockSet{}, err
		}
		for _, k := range keys {
			counters.add(k)
		}
	}
	return store.LockSet{Callers: callers.list, Members: members.list, Orders: orders.list,
		Coupons: coupons.list, Counters: counters.list}, nil
}

// keys names the counters of a deal: of its own day, of the day its lock was
// made on, and of the days its redemptions were made on.
func (b *batch) keys(d *deal, now calendar.Instant) ([]limit.Key, error) {
	held := b.held(d, d.verb.holds(d))
	keys := redemption.Keys(d.scene(now), held...)
	if d.lock != nil {
		lock, err := b.standing(d)
		if err != nil {
			return nil, err
		}
		keys = append(keys, redemption.KeysOfLock(d.market, lock)...)
	}
	for _, r := range b.redeemed(d) {
		keys = append(keys, redemption.KeysOfUse(d.market, r)...)
	}
	return keys, nil
}

// standing is the deal's lock with what it holds.
func (b *batch) standing(d *deal) (*redemption.Standing, error) {
	if d.lockOf != d.lock {
		priced, err := redemption.DecodePriced(d.lock.Priced)
		if err != nil {
			return nil, err
		}
		d.lockOf, d.lockPriced = d.lock, priced
	}
	return &redemption.Standing{Lock: d.lock, Priced: d.lockPriced, Held: b.held(d, d.lock.Coupons)}, nil
}

// held joins coupons with their terms; the rows are those under the lock once
// there is one.
func (b *batch) held(d *deal, ids []id.ID) []redemption.Held {
	out := make([]redemption.Held, 0, len(ids))
	for _, i := range ids {
		c := d.coupons[i]
		if c == nil {
			continue
		}
		if b.locked != nil && b.locked.Coupons[i] != nil {
			c = b.locked.Coupons[i]
		}
		h := redemption.Held{Coupon: c, Entries: b.out.ledger.Of(i)}
		v, o := b.versions[store.VersionKey{Template: c.Template, Number: c.Version}], b.offers[c.Template]
		if v != nil {
			h.Terms, h.Limits = v.Doc.Terms.Of(c), v.Doc.Claim.Limits
		}
		if o != nil {
			h.Use, h.Budgets = o.Template.Use, o.Draws(v)
		}
		out = append(out, h)
	}
	return out
}

// fresh reports per deal whether everything it was priced on is as the View saw it.
func (b *batch) fresh(tx store.Tx) ([]bool, error) {
	generations, err := generations(tx, b.doubted())
	if err != nil {
		return nil, err
	}
	outside, err := b.outside(tx)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(b.deals))
	for i, d := range b.deals {
		out[i] = b.asSeen(d, generations, outside)
	}
	return out, nil
}

func (b *batch) asSeen(d *deal, generations map[id.ID]int64, outside map[store.OutsideKey]id.ID) bool {
	if d.err != nil {
		return true // a refusal rests on the View, which was true when it was read
	}
	for _, i := range d.verb.holds(d) {
		seen, now := d.coupons[i], b.locked.Coupons[i]
		if seen == nil || now == nil || seen.Rev != now.Rev {
			return false
		}
		if o := b.offers[seen.Template]; o == nil || o.Generation != generations[seen.Template] {
			return false
		}
	}
	if d.Order.Ref == "" {
		return true
	}
	var lock, ord id.ID
	if d.lock != nil {
		lock = d.lock.ID
	}
	if d.order != nil {
		ord = d.order.ID
		if now := b.locked.Orders[ord]; now == nil || now.Rev != d.order.Rev {
			return false
		}
	}
	return outside[lockKey(d.Order)] == lock && outside[orderKey(d.Order)] == ord
}

// generations of templates, as their stock rows say.
func generations(tx store.Tx, templates []id.ID) (map[id.ID]int64, error) {
	keys := make([]limit.Key, len(templates))
	for i, t := range templates {
		keys[i] = limit.StockKey(t)
	}
	rows, err := tx.Counters().Get(keys)
	out := make(map[id.ID]int64, len(rows))
	for _, r := range rows {
		out[r.Template] = r.Rev
	}
	return out, err
}

func (b *batch) outside(tx store.Tx) (map[store.OutsideKey]id.ID, error) {
	var keys []store.OutsideKey
	for _, d := range b.deals {
		if d.Order.Ref != "" {
			keys = append(keys, lockKey(d.Order), orderKey(d.Order))
		}
	}
	rows, err := tx.Outside().Find(keys)
	out := make(map[store.OutsideKey]id.ID, len(rows))
	for _, r := range rows {
		out[r.OutsideKey] = r.Target
	}
	return out, err
}

func (b *batch) replies(tx store.Tx) (map[app.ReplyKey]store.Reply, error) {
	var asked []store.Reply
	for _, d := range b.deals {
		asked = append(asked, d.reply(""))
	}
	return app.FindReplies(tx, asked)
}

// slips looks up the rows that imports have brought in before.
func (b *batch) slips(tx store.Tx) (map[store.OutsideKey]string, error) {
	var keys []store.OutsideKey
	for _, d := range b.deals {
		if d.Slip.Ref != "" {
			keys = append(keys, d.Slip)
		}
	}
	rows, err := tx.Outside().Find(keys)
	out := make(map[store.OutsideKey]string, len(rows))
	for _, r := range rows {
		out[r.OutsideKey] = id.Format(id.Order, r.Target)
	}
	return out, err
}

// marketOf is the market that the deal names, that of its order or lock, or the
// default one.
func (c *Checkout) marketOf(ctx context.Context, d *deal) (*market.Market, error) {
	code := d.Market
	switch {
	case code != "":
	case d.order != nil:
		code = d.order.Market
	case d.lock != nil:
		priced, err := redemption.DecodePriced(d.lock.Priced)
		if err != nil {
			return nil, err
		}
		code = priced.Market
	default:
		code = market.DefaultCode
	}
	m, err := c.Cache.Market(ctx, code)
	if fault.Has(err, fault.Absent) {
		return nil, fault.New(fault.UnknownReference, "what", "market").At("/market")
	}
	return m, err
}

// set keeps the first sight of each value, in order.
type set[T comparable] struct {
	seen map[T]bool
	list []T
}

func (s *set[T]) add(v T) {
	if s.seen[v] {
		return
	}
	if s.seen == nil {
		s.seen = map[T]bool{}
	}
	s.seen[v] = true
	s.list = append(s.list, v)
}
