package issuing

import (
	"context"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/pack"
	"quan/internal/domain/packet"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// PackInput is one member's pack: several coupons by one act, under one origin.
type PackInput struct {
	Once      app.Once
	Pack      id.ID
	Member    member.Key
	MemberID  id.ID // instead of Member, when known
	Placement id.ID // one that offers the pack; zero for none
	Link      id.ID // through which it is claimed; zero for none
	Channel   string
	City      string
	Actor     limit.Actor // by whom and through what, as far as it is known
}

// ClaimPack gives each member the pack it asks for, or says why not: pack_closed and
// the other refusals of pack.Order, then those of its coupons with the part that they
// stand at. Errors as Claim. A pack that is asked for alone shares a transaction with
// those that want it at the same time (package gather).
func (s *Issuing) ClaimPack(ctx context.Context, by access.Principal, inputs []PackInput) ([]Outcome, error) {
	return s.givePacks(ctx, by, access.CouponClaim, coupon.FormClaim, inputs)
}

// GrantPack gives packs without the members' act.
func (s *Issuing) GrantPack(ctx context.Context, by access.Principal, inputs []PackInput) ([]Outcome, error) {
	return s.givePacks(ctx, by, access.CouponGrant, coupon.FormGrant, inputs)
}

func (s *Issuing) givePacks(ctx context.Context, by access.Principal, may access.Permission, form coupon.Form, inputs []PackInput) ([]Outcome, error) {
	if err := by.May(may); err != nil {
		return nil, err
	}
	acts := make([]act, len(inputs))
	for i, in := range inputs {
		acts[i] = in.act(by, form)
	}
	if len(acts) == 1 {
		one, err := s.gathered(ctx, acts[0])
		return []Outcome{one}, err
	}
	return s.issue(ctx, acts)
}

func (in *PackInput) act(by access.Principal, form coupon.Form) act {
	return act{by: by, once: in.Once, pack: in.Pack, member: in.Member, memberID: in.MemberID, placement: in.Placement, link: in.Link,
		form: form, claimed: form == coupon.FormClaim, channel: in.Channel, city: in.City, actor: in.Actor}
}

// learnPacks reads the packs of the batch and names the templates of their acts.
func (b *batch) learnPacks(ctx context.Context) error {
	b.packs = nil
	for i := range b.acts {
		p := b.acts[i].pack
		if p == 0 {
			continue
		}
		o, err := b.Cache.Pack(ctx, p)
		if err != nil {
			return err
		}
		if o == nil {
			continue
		}
		if b.packs == nil {
			b.packs = map[id.ID]*app.Offering[pack.Pack]{}
		}
		b.packs[p], b.acts[i].templates = o, o.Row.Templates()
	}
	return nil
}

// seesPack returns not_found for the pack of an act that isn't there for the
// principal. The coupons of a pack that is are.
func (b *batch) seesPack(a act) error {
	if a.pack == 0 {
		return nil
	}
	if o := b.packs[a.pack]; o == nil || !a.gives(o.Row.Merchant) {
		return fault.New(fault.Absent, "what", "pack").At("/pack")
	}
	return nil
}

// packRequest is what package pack decides of an act.
func (b *batch) packRequest(a act, who *member.Member, now calendar.Instant) *pack.Request {
	o := b.packs[a.pack]
	return &pack.Request{Pack: o.Row, Market: b.markets[o.Row.Market], Placement: b.placements[a.placement], Member: who, Form: a.form, Now: now}
}

// packKeys names the counters of an act's pack or packet.
func (b *batch) packKeys(i int, now calendar.Instant) []limit.Key {
	if p := b.acts[i].packet; p != 0 {
		return []limit.Key{packet.Key(p)}
	}
	if b.acts[i].pack == 0 {
		return nil
	}
	return pack.Keys(b.packRequest(b.acts[i], &member.Member{ID: b.members[i]}, now))
}

// packsChanged forgets the packs whose stock row, locked now, is of another generation.
func (b *batch) packsChanged(locked *store.Locked) (changed bool) {
	for p, o := range b.packs {
		if c := locked.Counters[pack.StockKey(p)]; c != nil && c.Rev != o.Generation {
			b.Cache.ForgetPack(p)
			changed = true
		}
	}
	return changed
}

// newcomerPack reports whether an act asks for a newcomer pack.
func (b *batch) newcomerPack(a act) bool {
	o := b.packs[a.pack]
	return o != nil && o.Row.Newcomer
}

// decidePack takes an act's pack of the pack's own counters, before its coupons.
func (b *batch) decidePack(i int, locked *store.Locked, now calendar.Instant) ([]limit.Taking, *fault.Fault) {
	a, who := b.acts[i], b.members[i]
	if a.pack == 0 {
		return nil, nil
	}
	takings, refusal := pack.Decide(b.packRequest(a, locked.Members[who], now), b.held[who], locked.Counters)
	if refusal != nil {
		return nil, refusal.At("/pack")
	}
	pack.Take(takings, locked.Counters)
	return takings, nil
}

// leftOut are the coupons of an act that were refused where it takes what can be had.
type leftOut struct {
	gaps  []pack.Gap
	first *fault.Fault
}

// leave notes the n-th coupon of a partial pack as missing; ok is false where the
// refusal is the whole act's.
func (l *leftOut) leave(b *batch, a act, n int, why *fault.Fault) (ok bool) {
	if a.pack == 0 || !b.packs[a.pack].Row.Partial {
		return false
	}
	if l.first == nil {
		l.first = why
	}
	l.gaps = pack.AddGap(l.gaps, a.templates[n], why.Code)
	return true
}

// pointer says which of several coupons a refusal is about.
func (b *batch) pointer(a act, n int) string {
	if a.pack == 0 {
		return templatePointer(a, n)
	}
	return fmt.Sprintf("/parts/%d", b.packs[a.pack].Row.PartOf(n))
}

// givenPacks are the rows of packs that were given.
type givenPacks struct {
	issues         []store.PackIssue
	packs, coupons []id.ID // parallel
}

// givePack notes the pack of an act that was decided.
func (b *batch) givePack(i int, receipt *Receipt) {
	a := b.acts[i]
	if a.pack == 0 {
		return
	}
	receipt.Pack = a.pack
	p, first := b.packs[a.pack].Row, receipt.Coupons[0]
	b.out.packs.issues = append(b.out.packs.issues, store.PackIssue{Origin: receipt.Origin, Pack: p.ID, PackRev: p.Rev, Member: receipt.Member,
		Placement: a.placement, Day: first.IssuedDay, At: first.IssuedAt, Wanted: p.Coupons(), Coupons: int64(len(receipt.Coupons)),
		Missing: pack.WriteGaps(receipt.Missing)})
	for _, c := range receipt.Coupons {
		b.out.packs.packs = append(b.out.packs.packs, p.ID)
		b.out.packs.coupons = append(b.out.packs.coupons, c.ID)
	}
}

func (g *givenPacks) write(tx store.Tx) error {
	if len(g.issues) == 0 {
		return nil
	}
	if err := tx.PackIssues().Insert(g.issues); err != nil {
		return err
	}
	return tx.PackIssues().Add(g.packs, g.coupons)
}
