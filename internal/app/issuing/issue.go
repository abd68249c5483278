package issuing

import (
	"cmp"
	"context"
	"fmt"

	"quan/internal/app"
	"quan/internal/app/gather"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/domain/desk"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/metric"
	"quan/internal/domain/pack"
	"quan/internal/domain/placement"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Issuing holds the use cases; it must not be copied once it is in use.
type Issuing struct {
	*app.App
	gather  gather.Gatherer[id.ID, act, Outcome] // lanes by template or pack
	guesses app.Throttle
	ahead   readAhead
	strides strides
	rooms   rooms
}

// act is one request as all use cases bring it: some templates for one member,
// all or nothing. Acts of several principals share a batch.
type act struct {
	by        access.Principal
	once      app.Once
	member    member.Key
	memberID  id.ID // instead of member, when known
	templates []id.ID
	placement id.ID
	link      id.ID // through which it was claimed; zero: none
	batch     id.ID // of stock; zero: by placement and order
	form      coupon.Form
	claimed   bool // the member acts
	channel   string
	city      string
	at        calendar.Instant // zero: now
	slip      store.OutsideKey // zero: none
	code      *entered         // nil: none
	place     string           // token of a waiting room
	pack      id.ID            // whose templates are given; zero: none
	packet    id.ID            // a share packet that is opened; zero: none
	actor     limit.Actor
	amends    *amends // an agent's compensation; nil: none
}

// batch is what one attempt knows and makes.
type batch struct {
	*Issuing
	acts       []act
	offers     map[id.ID]*app.Offer
	markets    map[string]*market.Market
	placements map[id.ID]*placement.Placement
	outdated   map[id.ID]int64 // templates that changed after they were read, with their generation now
	packs      map[id.ID]*app.Offering[pack.Pack]
	opening    opening // of share packets

	members  []id.ID // per act, zero where unknown
	outcomes []Outcome
	held     map[id.ID][]coupon.Coupon
	batches  map[id.ID]*code.Batch // of codes, as they are under the locks
	used     map[store.CodePlace]bool
	usedBy   map[store.CodeUser]int64
	again    []bool               // bulk grants: the act's member had its turn already; nil for none
	late     counters             // bulk grants: rows that are locked behind all that is written
	persons  map[id.ID]id.ID      // of members, where limits ask for them
	desks    map[string]desk.Desk // by market, of the acts of agents
	out      writes
	byKey    map[actKey]int           // acts with a receipt, the first of each key
	bySlip   map[store.OutsideKey]int // and of each slip
}

// issue runs the acts in one transaction.
func (s *Issuing) issue(ctx context.Context, acts []act) ([]Outcome, error) {
	return s.issueAndLeave(ctx, acts, func() {})
}

// issueAndLeave calls leave when the acts are decided and only the commit is to come.
func (s *Issuing) issueAndLeave(ctx context.Context, acts []act, leave func()) ([]Outcome, error) {
	b := &batch{Issuing: s, acts: acts}
	if err := b.learn(ctx); err != nil {
		return nil, err
	}
	decided := func(tx store.Tx) error {
		err := b.run(tx)
		if err == nil && s.Store.Overlaps() {
			leave()
		}
		return err
	}
	if err := s.Update(ctx, store.Issue, b.refresh(ctx), decided); err != nil {
		return nil, fmt.Errorf("issuing: %w", err)
	}
	b.countRefusals()
	return b.outcomes, nil
}

// refresh forgets the templates that have changed and reads anew.
func (b *batch) refresh(ctx context.Context) func() error {
	return func() error {
		for t, generation := range b.outdated {
			b.Cache.Outdated(t, generation)
		}
		return b.learn(ctx)
	}
}

func (b *batch) templateIDs() []id.ID {
	seen := map[id.ID]bool{}
	var ids []id.ID
	for _, a := range b.acts {
		for _, t := range a.templates {
			if !seen[t] {
				seen[t] = true
				ids = append(ids, t)
			}
		}
	}
	return ids
}

// learn reads the reference rows that the decisions need, before the transaction.
func (b *batch) learn(ctx context.Context) (err error) {
	if err := b.learnPacks(ctx); err != nil {
		return err
	}
	if err := b.learnPackets(ctx); err != nil {
		return err
	}
	if b.offers, err = b.Cache.Offers(ctx, b.templateIDs()); err != nil {
		return err
	}
	if err := b.learnAlternatives(ctx); err != nil {
		return err
	}
	b.markets = map[string]*market.Market{}
	for _, o := range b.offers {
		if b.markets[o.Template.Market], err = b.Cache.Market(ctx, o.Template.Market); err != nil {
			return err
		}
	}
	var places []id.ID
	for _, a := range b.acts {
		if a.placement != 0 {
			places = append(places, a.placement)
		}
	}
	b.placements, err = b.Cache.Placements(ctx, places)
	return err
}

// run is the closure: it may run again and starts from nothing.
func (b *batch) run(tx store.Tx) error {
	locked, err := b.settle(tx, tx.Lock)
	if err != nil {
		return err
	}
	return b.write(tx, locked)
}

// settle decides the acts on what lock returns. Where it does not lock, in a view,
// nothing that was decided may be written.
func (b *batch) settle(tx store.Tx, lock func(store.LockSet) (*store.Locked, error)) (*store.Locked, error) {
	b.outcomes = make([]Outcome, len(b.acts))
	b.out = newWrites(len(b.acts))
	if err := b.findMembers(tx); err != nil {
		return nil, err
	}
	if err := b.findPersons(tx); err != nil {
		return nil, err
	}
	before := b.Clock()
	requests := b.requests(before)
	locked, err := lock(b.lockSet(requests, before))
	if err != nil {
		return nil, err
	}
	now := b.Clock()
	if b.changed(locked) || b.dayTurned(before, now) || b.becameOther(locked) {
		return nil, app.Again()
	}
	if err := b.readRolling(tx, requests, locked); err != nil {
		return nil, err
	}
	if err := b.remembered(tx, locked); err != nil {
		return nil, err
	}
	if err := b.readCodes(tx); err != nil {
		return nil, err
	}
	if err := b.readShares(tx); err != nil {
		return nil, err
	}
	if err := b.readHeld(tx); err != nil {
		return nil, err
	}
	if err := b.readDesks(tx); err != nil {
		return nil, err
	}
	if err := b.know(tx, requests, now); err != nil {
		return nil, err
	}
	b.byKey, b.bySlip = make(map[actKey]int, len(b.acts)), map[store.OutsideKey]int{}
	for i := range b.acts {
		if b.outcomes[i].Err == nil && b.outcomes[i].Receipt == nil {
			b.decide(i, requests[i], locked, now)
		}
		if b.outcomes[i].Receipt != nil {
			b.received(i)
		}
	}
	return locked, nil
}

// findMembers resolves identities; an unknown member is a fault of its own act.
func (b *batch) findMembers(tx store.Tx) error {
	b.members = make([]id.ID, len(b.acts))
	var keys []member.Key
	for i, a := range b.acts {
		b.members[i] = a.memberID
		if a.memberID == 0 {
			keys = append(keys, a.member)
		}
	}
	if len(keys) > 0 {
		found, err := tx.Members().Named(keys)
		if err != nil {
			return err
		}
		for i, a := range b.acts {
			if a.memberID == 0 {
				b.members[i] = found[a.member]
			}
		}
	}
	for i, m := range b.members {
		if b.again != nil && b.again[i] {
			b.outcomes[i].Err = fault.New(fault.DuplicateValue)
		} else if m == 0 {
			b.outcomes[i].Err = fault.New(fault.MemberUnknown).At("/member")
		} else if err := b.acts[i].by.ActsFor(m); err != nil {
			b.outcomes[i].Err = err
		}
	}
	return nil
}

func (b *batch) lockSet(requests [][]wish, now calendar.Instant) store.LockSet {
	set := store.LockSet{Members: make([]id.ID, 0, len(requests)), Counters: make([]limit.Key, 0, 2*len(requests))}
	members := make(map[id.ID]bool, len(requests))
	counters := make(map[limit.Key]bool, 2*len(requests))
	for i, list := range requests {
		if b.outcomes[i].Err != nil {
			continue
		}
		if m := b.members[i]; !members[m] {
			members[m] = true
			set.Members = append(set.Members, m)
		}
		for _, k := range append(b.packKeys(i, now), b.amendsKeys(i, now)...) {
			if !counters[k] {
				counters[k] = true
				set.Counters = append(set.Counters, k)
			}
		}
		for n := range list {
			for _, k := range list[n].keys(&member.Member{ID: b.members[i]}) {
				if !counters[k] {
					counters[k] = true
					set.Counters = append(set.Counters, k)
				}
			}
		}
	}
	return set
}

// changed notes the templates whose stock row, locked now, is of another
// generation than the offer that the requests were built from.
func (b *batch) changed(locked *store.Locked) bool {
	b.outdated = map[id.ID]int64{}
	for t, o := range b.offers {
		if c := locked.Counters[limit.StockKey(t)]; c != nil && c.Rev != o.Generation {
			b.outdated[t] = c.Rev
		}
	}
	return b.packsChanged(locked) || len(b.outdated) > 0
}

// readHeld reads the newcomer coupons of members that ask for one.
func (b *batch) readHeld(tx store.Tx) error {
	b.held = map[id.ID][]coupon.Coupon{}
	var ask []id.ID
	for i, a := range b.acts {
		if b.outcomes[i].Err != nil || b.outcomes[i].Receipt != nil {
			continue
		}
		for _, t := range a.templates {
			if o := b.offers[t]; b.newcomerPack(a) || o.Version != nil && o.Version.Doc.Claim.Newcomer {
				ask = append(ask, b.members[i])
				break
			}
		}
	}
	if len(ask) == 0 {
		return nil
	}
	rows, err := tx.Coupons().Newcomers(ask)
	for _, c := range rows {
		b.held[c.Member] = append(b.held[c.Member], c)
	}
	return err
}

// decide issues one act whole, or refuses it and gives back what it took.
func (b *batch) decide(i int, requests []wish, locked *store.Locked, now calendar.Instant) {
	a, who := b.acts[i], b.members[i]
	// Twins in one batch: the first one's effect answers the second.
	if j, ok := b.twin(i); ok {
		if a.once.Body != b.acts[j].once.Body || b.members[j] != who {
			b.outcomes[i].Err = fault.New(fault.KeyReusedBody).At("header:Idempotency-Key")
			return
		}
		b.outcomes[i] = Outcome{Receipt: b.outcomes[j].Receipt, Replayed: true}
		return
	}
	if refusal := cmp.Or(b.refuseCode(i), b.refusePlace(a, now)); refusal != nil {
		b.outcomes[i].Err = refusal
		return
	}
	if !b.knowsBatch(a) {
		b.outcomes[i].Err = fault.New(fault.UnknownReference, "what", "batch").At("/batch")
		return
	}
	origin := b.IDs.New(who.Slot())
	receipt := &Receipt{Origin: origin, Member: who}
	took, refusal := b.decidePack(i, locked, now)
	if refusal != nil {
		b.outcomes[i].Err = refusal
		return
	}
	counted, refusal := b.decideAmends(i, locked, now) // no pack has any
	if refusal != nil {
		b.outcomes[i].Err = refusal
		return
	}
	took = append(took, counted...)
	share, taken, twin, refusal := b.decideShare(i, requests, locked, now)
	switch took = append(took, taken...); {
	case refusal != nil:
		b.outcomes[i].Err = refusal
		return
	case twin != nil:
		b.outcomes[i] = Outcome{Receipt: twin, Replayed: true}
		return
	}
	var missing leftOut
	var entries []limit.Entry
	for n := range requests {
		w := &requests[n]
		w.fix(locked.Members[who], origin, a, now)
		decision, refusal := w.decide(append(b.held[who], receipt.Coupons...), locked.Counters)
		if refusal != nil {
			if len(requests) > 1 || a.pack != 0 {
				refusal.Pointer = b.pointer(a, n)
			}
			if missing.leave(b, a, n, refusal) {
				continue
			}
			b.refuse(i, refusal, took, locked)
			return
		}
		if took == nil {
			took = decision.Takings // mostly
		} else {
			took = append(took, decision.Takings...)
		}
		c := decision.Coupon
		c.ID = b.IDs.New(who.Slot())
		receipt.Coupons = append(receipt.Coupons, c)
		entries = append(entries, limit.Entries(c.ID, decision.Takings)...)
	}
	if receipt.Missing = missing.gaps; len(receipt.Coupons) == 0 {
		b.refuse(i, missing.first, took, locked)
		return
	}
	b.out.ledger.Add(entries)
	b.accept(i, a, receipt, took)
	b.useCode(i, receipt, locked)
	b.givePack(i, receipt)
	b.noteLink(a, receipt)
	b.giveShare(share, receipt)
	b.amended(i, receipt, now)
}

// twin is the first act that has a receipt and the same key, which is a member's by
// one caller, or the same slip, which is nobody's.
func (b *batch) twin(i int) (first int, ok bool) {
	a := &b.acts[i]
	key, keyed := b.byKey[actKey{b.members[i], a.by.ID, a.once.Key}]
	slip, slipped := b.bySlip[a.slip]
	switch {
	case !keyed || a.once.Key == "":
		return slip, slipped && a.slip.Ref != ""
	case !slipped || a.slip.Ref == "":
		return key, true
	}
	return min(key, slip), true
}

// received notes who has a receipt, for its twins.
func (b *batch) received(i int) {
	a := &b.acts[i]
	if k := (actKey{b.members[i], a.by.ID, a.once.Key}); k.key != "" {
		if _, known := b.byKey[k]; !known {
			b.byKey[k] = i
		}
	}
	if a.slip.Ref != "" {
		if _, known := b.bySlip[a.slip]; !known {
			b.bySlip[a.slip] = i
		}
	}
}

// actKey is a key of one caller and member.
type actKey struct {
	member id.ID
	by     string
	key    string
}

// accept gathers the rows of an act that was decided.
func (b *batch) accept(i int, a act, receipt *Receipt, took []limit.Taking) {
	kind := change.CouponClaimed
	if a.form != coupon.FormClaim && a.form != coupon.FormCode && a.form != coupon.FormPacket {
		kind = change.CouponGranted
	}
	for i := range took {
		if t := &took[i]; t.Takes() {
			b.out.touched[t.Key] = true
		}
	}
	b.out.watched.Note(took)
	// The coupons remember the key; only an answer that tells of more needs a reply.
	var request coupon.Request
	if reply := a.once.Reply(a.by, receipt.Member, ""); a.once.Key != "" && len(receipt.Missing) > 0 {
		reply.Answer = receipt.answer()
		b.out.replies = append(b.out.replies, reply)
	} else {
		request = reply.Request()
	}
	for n := range receipt.Coupons {
		c := &receipt.Coupons[n]
		c.Request = request
		b.out.coupons = append(b.out.coupons, *c)
		b.out.changes = append(b.out.changes, change.Change{Aggregate: c.ID, Kind: id.Coupon, Seq: c.Rev, Type: kind,
			At: c.IssuedAt, Actor: a.by.ID, Facts: c.Facts})
		b.out.deltas = append(b.out.deltas, metric.Delta{Slot: receipt.Member.Slot(), Dims: metric.Dims{
			Market: b.offers[c.Template].Template.Market, Day: c.IssuedDay, Template: c.Template,
			Placement: c.Placement, Form: c.Form, Channel: c.Channel, City: c.City}, Values: metric.Values{Issued: 1}})
		if c.Newcomer {
			b.held[receipt.Member] = append(b.held[receipt.Member], *c)
		}
	}
	if a.slip.Ref != "" {
		b.out.outside = append(b.out.outside, store.OutsideRow{OutsideKey: a.slip, Target: receipt.Coupons[0].ID})
	}
	b.outcomes[i] = Outcome{Receipt: receipt}
}
