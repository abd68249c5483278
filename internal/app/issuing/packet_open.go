package issuing

import (
	"context"
	"fmt"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/packet"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// OpenInput is a member's wish for a share of a packet.
type OpenInput struct {
	Once     app.Once
	Packet   id.ID
	Member   member.Key
	MemberID id.ID // instead of Member, when known
	Channel  string
	City     string
}

// OpenPacket gives the member the next share of a packet as a coupon, by the same
// decision as a claim of the plan's template. A member who has a share gets the same
// answer again, under whatever key. Refusals: not_found, those of packet.OpenOrder, then
// those of a claim; a share whose coupon is refused stays in the packet. Openings of
// one packet that come at the same time share a transaction (package gather).
func (s *Issuing) OpenPacket(ctx context.Context, by access.Principal, in OpenInput) (Outcome, error) {
	if err := by.May(access.CouponClaim); err != nil {
		return Outcome{}, err
	}
	return s.gathered(ctx, act{by: by, once: in.Once, packet: in.Packet, member: in.Member, memberID: in.MemberID,
		form: coupon.FormPacket, claimed: true, channel: in.Channel, city: in.City})
}

// opening is what a batch knows of the packets that its acts open.
type opening struct {
	rows   map[id.ID]*packet.Packet
	plans  map[id.ID]*packet.Plan // by packet
	opened map[id.ID][]packet.Share
	fresh  []packet.Share // to be written
}

// learnPackets reads the packets of the batch and names the templates of their acts.
func (b *batch) learnPackets(ctx context.Context) error {
	b.opening = opening{}
	ids := b.packetIDs()
	if len(ids) == 0 {
		return nil
	}
	b.opening.plans = map[id.ID]*packet.Plan{}
	if err := b.Store.View(ctx, func(tx store.Tx) error { return b.readPackets(tx, ids) }); err != nil {
		return fmt.Errorf("issuing: read packets: %w", err)
	}
	for _, p := range b.opening.rows {
		o, err := b.Cache.Plan(ctx, p.Plan)
		if err != nil {
			return err
		}
		if o != nil {
			b.opening.plans[p.ID] = o.Row
		}
	}
	for i := range b.acts {
		if plan := b.opening.plans[b.acts[i].packet]; plan != nil {
			b.acts[i].templates = []id.ID{plan.Content.Template}
		}
	}
	return nil
}

func (b *batch) packetIDs() (ids []id.ID) {
	for _, a := range b.acts {
		if a.packet != 0 && !slices.Contains(ids, a.packet) {
			ids = append(ids, a.packet)
		}
	}
	return ids
}

func (b *batch) readPackets(tx store.Tx, ids []id.ID) error {
	b.opening.rows = map[id.ID]*packet.Packet{}
	rows, err := tx.Packets().Get(ids)
	for i := range rows {
		b.opening.rows[rows[i].ID] = &rows[i]
	}
	return err
}

// readShares reads, under the locks, the packets and what was opened of them, and
// answers the acts of members who have a share.
func (b *batch) readShares(tx store.Tx) error {
	ids := b.packetIDs()
	if len(ids) == 0 {
		return nil
	}
	if err := b.readPackets(tx, ids); err != nil {
		return err
	}
	shares, err := tx.Packets().Shares(ids)
	if err != nil {
		return err
	}
	b.opening.opened, b.opening.fresh = map[id.ID][]packet.Share{}, nil
	var known []id.ID
	had := map[int]packet.Share{}
	for _, s := range shares {
		b.opening.opened[s.Packet] = append(b.opening.opened[s.Packet], s)
	}
	for i, a := range b.acts {
		if a.packet == 0 || b.outcomes[i].Err != nil {
			continue
		}
		for _, s := range b.opening.opened[a.packet] {
			if s.Member == b.members[i] {
				had[i], known = s, append(known, s.Coupon)
			}
		}
	}
	return b.answerShares(tx, had, known)
}

// answerShares fills the receipts of acts whose member has a share.
func (b *batch) answerShares(tx store.Tx, had map[int]packet.Share, coupons []id.ID) error {
	if len(had) == 0 {
		return nil
	}
	rows, err := tx.Coupons().Get(coupons)
	for i, s := range had {
		at := slices.IndexFunc(rows, func(c coupon.Coupon) bool { return c.ID == s.Coupon })
		if at >= 0 {
			b.outcomes[i] = Outcome{Receipt: &Receipt{Origin: rows[at].Origin, Member: s.Member, Coupons: rows[at : at+1 : at+1], Share: &s}, Replayed: true}
		}
	}
	return err
}

// seesPacket returns not_found for the packet of an act that isn't there for the principal.
func (b *batch) seesPacket(a act) error {
	if a.packet == 0 {
		return nil
	}
	if plan := b.opening.plans[a.packet]; plan == nil || !a.gives(plan.Merchant) {
		return fault.New(fault.Absent, "what", "packet").At("/link")
	}
	return nil
}

// decideShare takes the next share of an act's packet. It is the answer of an earlier
// act of the batch where that was the same member's.
func (b *batch) decideShare(i int, w []wish, locked *store.Locked, now calendar.Instant) (share *packet.Share, took []limit.Taking, twin *Receipt, why *fault.Fault) {
	a, who := b.acts[i], b.members[i]
	if a.packet == 0 {
		return nil, nil, nil, nil
	}
	for j := range b.acts[:i] {
		if r := b.outcomes[j].Receipt; r != nil && b.acts[j].packet == a.packet && r.Member == who {
			return nil, nil, r, nil
		}
	}
	p, content := b.opening.rows[a.packet], &b.opening.plans[a.packet].Content
	counter := locked.Counters[packet.Key(p.ID)]
	number, minor, why := packet.Open(p, content, who, counter.Taken, now)
	if why != nil {
		return nil, nil, nil, why.At("/link")
	}
	w[0].FaceMinor, w[0].instead = minor, nil
	if v := w[0].Version; minor > 0 && v != nil && !v.Doc.Terms.Faced() {
		return nil, nil, nil, fault.New(fault.PacketClosed, "state", "template").At("/link")
	}
	took = []limit.Taking{{Limit: limit.Limit{What: limit.ShareCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: p.Shares}, Key: packet.Key(p.ID), Amount: 1}}
	limit.Take(counter, p.Shares, 1)
	return &packet.Share{Packet: p.ID, Number: number, Member: who, AmountMinor: minor, At: now}, took, nil, nil
}

// giveShare notes the share of an act that was decided.
func (b *batch) giveShare(share *packet.Share, receipt *Receipt) {
	if share == nil {
		return
	}
	share.Coupon = receipt.Coupons[0].ID
	receipt.Share = share
	b.opening.fresh = append(b.opening.fresh, *share)
}
