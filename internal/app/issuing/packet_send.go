package issuing

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/domain/packet"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// SendInput is a member's wish to send a share packet.
type SendInput struct {
	Once     app.Once
	Plan     id.ID
	Member   member.Key
	MemberID id.ID     // instead of Member, when known
	Order    order.Key // for which it is sent; zero for none
}

// SentPacket is a packet with what has been opened of it.
type SentPacket struct {
	packet.Packet
	Opened []packet.Share // in the order of opening
}

// seedBytes are the random bits of a draw.
const seedBytes = 16

// sender is what one attempt of sending knows.
type sender struct {
	*Issuing
	by   access.Principal
	in   SendInput
	plan *app.Offering[packet.Plan]
	home *market.Market
	seed string

	out      SentPacket
	replayed bool
}

// SendPacket makes a packet whose shares are drawn now, and reserves what it holds of
// the plan's budget. An order is the reason of one packet for ever: asked again for it,
// the answer is that packet. Refusals: not_found, then those of packet.SendOrder.
func (s *Issuing) SendPacket(ctx context.Context, by access.Principal, in SendInput) (SentPacket, bool, error) {
	if err := by.May(access.CouponClaim); err != nil {
		return SentPacket{}, false, err
	}
	var bits [seedBytes]byte
	if _, err := rand.Read(bits[:]); err != nil {
		return SentPacket{}, false, fmt.Errorf("issuing: random bits: %w", err)
	}
	one := &sender{Issuing: s, by: by, in: in, seed: hex.EncodeToString(bits[:])}
	learn := func() (err error) {
		if one.plan, err = s.Cache.Plan(ctx, in.Plan); err != nil {
			return err
		}
		if one.plan == nil || !by.Scope.Merchant(one.plan.Row.Merchant) && one.plan.Row.Merchant != "" {
			return fault.New(fault.Absent, "what", "packet_plan").At("/plan")
		}
		one.home, err = s.Cache.Market(ctx, one.plan.Row.Market)
		return err
	}
	if err := learn(); err != nil {
		return SentPacket{}, false, err
	}
	if err := s.Update(ctx, store.Issue, learn, one.run); err != nil {
		return SentPacket{}, false, fmt.Errorf("issuing: send packet: %w", err)
	}
	return one.out, one.replayed, nil
}

func (s *sender) run(tx store.Tx) error {
	s.out, s.replayed = SentPacket{}, false
	who, err := s.who(tx)
	if err != nil {
		return err
	}
	bought, err := s.order(tx)
	if err != nil {
		return err
	}
	before := s.Clock()
	sending := &packet.Sending{Plan: s.plan.Row, Market: s.home, Member: &member.Member{ID: who}, Now: before}
	set := store.LockSet{Members: []id.ID{who}, Counters: packet.Keys(sending)}
	if bought != 0 {
		set.Orders = []id.ID{bought}
	}
	locked, err := tx.Lock(set)
	if err != nil {
		return err
	}
	now := s.Clock()
	if locked.Counters[packet.StockKey(s.in.Plan)].Rev != s.plan.Generation || s.home.Day(before) != s.home.Day(now) {
		s.Cache.ForgetPlan(s.in.Plan)
		return app.Again()
	}
	if locked.Members[who] == nil {
		return fault.New(fault.MemberUnknown).At("/member")
	}
	if hit, err := s.known(tx, who); err != nil || hit {
		return err
	}
	sending.Member, sending.Order, sending.Now = locked.Members[who], locked.Orders[bought], now
	takings, refusal := packet.Send(sending, locked.Counters)
	if refusal != nil {
		return refusal
	}
	return s.send(tx, sending, takings, locked)
}

// who finds the member.
func (s *sender) who(tx store.Tx) (id.ID, error) {
	who := s.in.MemberID
	if who == 0 {
		rows, err := tx.Members().Find([]member.Key{s.in.Member})
		if err != nil {
			return 0, err
		}
		if len(rows) > 0 {
			who = rows[0].Member
		}
	}
	if who == 0 {
		return 0, fault.New(fault.MemberUnknown).At("/member")
	}
	return who, s.by.ActsFor(who)
}

// order finds the order that is named; one that isn't there is no reason to send.
func (s *sender) order(tx store.Tx) (id.ID, error) {
	if s.in.Order.Ref == "" {
		return 0, nil
	}
	rows, err := tx.Outside().Find([]store.OutsideKey{{Kind: "order", Source: s.in.Order.Source, Ref: s.in.Order.Ref}})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].Target, nil
}

// reason is the outside identity of the packet of an order.
func (s *sender) reason() store.OutsideKey {
	return store.OutsideKey{Kind: "packet", Source: s.in.Order.Source, Ref: s.in.Order.Ref}
}

// known answers a request that was made before, by its key or its order.
func (s *sender) known(tx store.Tx, who id.ID) (bool, error) {
	reply := s.in.Once.Reply(s.by, who, "")
	replies, err := app.FindReplies(tx, []store.Reply{reply})
	if err != nil {
		return false, err
	}
	var sent id.ID
	answer, hit, err := app.Replayed(replies, reply)
	switch {
	case err != nil:
		return false, err
	case hit:
		if sent, err = id.Parse(id.Packet, answer); err != nil {
			return false, fmt.Errorf("kept answer %q: %w", answer, err)
		}
	case s.in.Order.Ref != "":
		rows, err := tx.Outside().Find([]store.OutsideKey{s.reason()})
		if err != nil || len(rows) == 0 {
			return false, err
		}
		sent = rows[0].Target
	default:
		return false, nil
	}
	rows, err := tx.Packets().Get([]id.ID{sent})
	if err != nil {
		return false, err
	}
	if len(rows) == 0 || rows[0].Member != who || rows[0].Plan != s.in.Plan {
		return false, fault.New(fault.PacketOrder, "least_minor", s.plan.Row.Content.OrderMinor).At("/order")
	}
	s.out.Packet, s.replayed = rows[0], true
	s.out.Opened, err = tx.Packets().Shares([]id.ID{sent})
	return true, err
}

// send writes the packet and all that follows.
func (s *sender) send(tx store.Tx, in *packet.Sending, takings []limit.Taking, locked *store.Locked) error {
	plan, who := in.Plan, in.Member.ID
	p := packet.Packet{ID: s.IDs.New(who.Slot()), Plan: plan.ID, PlanRev: plan.Rev, Member: who, Source: s.in.Order.Source, Ref: s.in.Order.Ref,
		Shares: plan.Content.Shares, TotalMinor: plan.Content.Sum(), Amounts: plan.Content.Amounts(s.seed), Seed: s.seed, Day: s.home.Day(in.Now),
		CreatedAt: in.Now, ExpiresAt: in.Now.Add(time.Duration(plan.Content.LifeHours) * time.Hour), Rev: 1}
	counters := make([]limit.Counter, len(takings))
	for i, t := range takings {
		limit.Take(locked.Counters[t.Key], t.Limit.Cap, t.Amount)
		counters[i] = *locked.Counters[t.Key]
	}
	s.out.Packet = p
	steps := []func() error{
		func() error { return tx.Packets().Insert([]packet.Packet{p}) },
		func() error { return tx.Counters().Write(counters) },
		func() error {
			return tx.Changes().Append([]change.Change{packetChange(&p, change.PacketSent, s.by.ID)})
		},
	}
	if p.Ref != "" {
		steps = append(steps, func() error { return tx.Outside().Insert([]store.OutsideRow{{OutsideKey: s.reason(), Target: p.ID}}) })
	}
	if s.in.Once.Key != "" {
		steps = append(steps, func() error {
			return tx.Replies().Insert([]store.Reply{s.in.Once.Reply(s.by, who, id.Format(id.Packet, p.ID))})
		})
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func packetChange(p *packet.Packet, kind change.Type, actor string) change.Change {
	c := change.Change{Aggregate: p.ID, Kind: id.Packet, Seq: p.Rev, Type: kind, At: p.CreatedAt, Actor: actor,
		Facts: fmt.Sprintf(`{"plan":%q,"shares":%d,"total_minor":%d}`, id.Format(id.PacketPlan, p.Plan), p.Shares, p.TotalMinor)}
	if p.ClosedAt != 0 {
		c.At, c.Facts = p.ClosedAt, fmt.Sprintf(`{"returned_minor":%d}`, p.ReturnedMinor)
	}
	return c
}
