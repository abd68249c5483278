package storetest

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/packet"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var packetTests = map[string]func(*world){
	"packets/plans":     plansRoundTrip,
	"packets/roundtrip": packetsRoundTrip,
	"packets/shares":    packetShares,
}

func plansRoundTrip(w *world) {
	p := store.Plan{ID: w.id(), Code: "rain", Market: "main", Merchant: "green", InternalName: "Rain", CustomerName: coupon.Names{"en": "Rain"},
		Content: packet.Content{Template: w.id(), Mode: packet.Lucky, Shares: 5, TotalMinor: 1000, LeastMinor: 10, MostMinor: 500, ShareMinor: 7, LifeHours: 24,
			SharerOpens: true, NeedsOrder: true, OrderMinor: 100},
		Window: schedule.Window{From: testkit.Start, To: testkit.Start + 9}, Limits: []packet.Limit{{Period: limit.Day, Per: packet.PerMember, Cap: 1}},
		BudgetMinor: 9000, Status: packet.StatusPublished, Open: true, Rev: 1, CreatedAt: testkit.Start, UpdatedAt: testkit.Start + 1, ArchivedAt: testkit.Start + 2}
	filled(w, p)
	filled(w, p.Content)
	roundTrip(w, store.Tx.Plans, id.Format(id.PacketPlan, p.ID), p.Code, p, func(p *store.Plan) { p.Rev, p.Open, p.ArchivedAt = 2, false, 0 })
}

func (w *world) packet(plan, member id.ID) packet.Packet {
	return packet.Packet{ID: w.id(), Plan: plan, PlanRev: 3, Member: member, Source: "shop", Ref: "x", Shares: 2, TotalMinor: 10, Amounts: []int64{3, 7}, Seed: "abc",
		Day: testkit.Today, CreatedAt: testkit.Start, ExpiresAt: testkit.Start + 1000, ClosedAt: 0, Rev: 1}
}

// packetsRoundTrip: packets are found by id, plan, sender and end, and are closed once.
func packetsRoundTrip(w *world) {
	plan, member := w.id(), w.id()
	one, two := w.packet(plan, member), w.packet(w.id(), member)
	two.ExpiresAt++
	w.do(func(tx store.Tx) error { return tx.Packets().Insert([]packet.Packet{one, two}) })
	full := one
	full.ClosedAt, full.ReturnedMinor, full.Rev = testkit.Start+2000, 7, 2
	filled(w, full)
	w.look(func(tx store.Tx) error {
		got, err := tx.Packets().Get([]id.ID{one.ID, two.ID, plan})
		same(w, got, err, one, two)
		got, err = tx.Packets().List(store.PacketFilter{Plan: plan, Limit: 9})
		ordered(w, got, err, one)
		got, err = tx.Packets().List(store.PacketFilter{Member: member, Before: two.ID, Limit: 9})
		ordered(w, got, err, one)
		got, err = tx.Packets().Due(one.ExpiresAt, 9)
		ordered(w, got, err, one)
		got, err = tx.Packets().Due(two.ExpiresAt, 9)
		ordered(w, got, err, one, two)
		return nil
	})
	w.do(func(tx store.Tx) error { return tx.Packets().Close([]packet.Packet{full}) })
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Packets().Close([]packet.Packet{full}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Packets().Get([]id.ID{one.ID})
		same(w, got, err, full)
		got, err = tx.Packets().Due(two.ExpiresAt, 9)
		ordered(w, got, err, two)
		return nil
	})
}

// packetShares: a number is opened once, and a member has one share.
func packetShares(w *world) {
	p, q := w.id(), w.id()
	share := func(of id.ID, number int64) packet.Share {
		return packet.Share{Packet: of, Number: number, Member: w.id(), AmountMinor: 5, Coupon: w.id(), At: testkit.Start}
	}
	one, two, other := share(p, 1), share(p, 2), share(q, 1)
	filled(w, one)
	w.do(func(tx store.Tx) error { return tx.Packets().Open([]packet.Share{two, one, other}) })
	twin := share(p, 3)
	twin.Member = one.Member
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Packets().Open([]packet.Share{twin}) })
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Packets().Open([]packet.Share{share(p, 2)}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Packets().Shares([]id.ID{p})
		ordered(w, got, err, one, two)
		got, err = tx.Packets().Shares([]id.ID{p, q})
		same(w, got, err, one, two, other)
		return nil
	})
}
