package issuing

import (
	"context"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/limit"
	"quan/internal/domain/packet"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// ClosePackets ends packets whose time is over, at most limit, gives what was not
// opened of them back to the budgets of their plans, and returns how many were due. A
// packet is over by its time, whether or not this has been there.
func (s *Issuing) ClosePackets(ctx context.Context, most int) (int, error) {
	now := s.Clock()
	var due []packet.Packet
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.Packets().Due(now, most)
		return err
	})
	if err != nil || len(due) == 0 {
		return 0, err
	}
	if err := s.Store.Update(ctx, store.Background, func(tx store.Tx) error { return s.closePackets(tx, due) }); err != nil {
		return 0, fmt.Errorf("issuing: close packets: %w", err)
	}
	return len(due), nil
}

func (s *Issuing) closePackets(tx store.Tx, due []packet.Packet) error {
	var set store.LockSet
	budgets := map[id.ID]bool{}
	ids := make([]id.ID, len(due))
	for i, p := range due {
		ids[i] = p.ID
		set.Counters = append(set.Counters, packet.Key(p.ID))
		if !budgets[p.Plan] {
			budgets[p.Plan] = true
			set.Counters = append(set.Counters, packet.BudgetKey(p.Plan))
		}
	}
	locked, err := tx.Lock(set)
	if err != nil {
		return err
	}
	rows, err := tx.Packets().Get(ids)
	if err != nil {
		return err
	}
	now := s.Clock()
	var closed []packet.Packet
	var changes []change.Change
	for _, p := range rows {
		if p.ClosedAt != 0 || now < p.ExpiresAt {
			continue
		}
		p.Close(locked.Counters[packet.Key(p.ID)].Taken, now)
		limit.Give(locked.Counters[packet.BudgetKey(p.Plan)], p.ReturnedMinor)
		closed, changes = append(closed, p), append(changes, packetChange(&p, change.PacketClosed, access.System("packets").ID))
	}
	var counters []limit.Counter
	for plan := range budgets {
		counters = append(counters, *locked.Counters[packet.BudgetKey(plan)])
	}
	for _, step := range []func() error{
		func() error { return tx.Packets().Close(closed) },
		func() error { return tx.Counters().Write(counters) },
		func() error { return tx.Changes().Append(changes) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
