package issuing

import (
	"context"
	"fmt"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/packet"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Packet returns a packet with what was opened of it, or not_found. A member sees its
// own packets, and those of which it has a share.
func (s *Issuing) Packet(ctx context.Context, by access.Principal, p id.ID) (out SentPacket, err error) {
	if err := by.May(access.CouponRead); err != nil {
		return out, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Packets().Get([]id.ID{p})
		if err != nil || len(rows) == 0 {
			return err
		}
		out.Packet = rows[0]
		out.Opened, err = tx.Packets().Shares([]id.ID{p})
		return err
	})
	if err != nil {
		return out, fmt.Errorf("issuing: read packet: %w", err)
	}
	seen := out.ID != 0 && (by.ActsFor(out.Member) == nil || slices.ContainsFunc(out.Opened, func(s packet.Share) bool { return by.ActsFor(s.Member) == nil }))
	if seen {
		plan, err := s.Cache.Plan(ctx, out.Plan)
		if err != nil {
			return SentPacket{}, err
		}
		seen = plan != nil && (plan.Row.Merchant == "" || by.Scope.Merchant(plan.Row.Merchant))
	}
	if !seen {
		return SentPacket{}, fault.New(fault.Absent, "what", "packet")
	}
	return out, nil
}

// Packets lists the packets of a plan, newest first, without their shares.
func (s *Issuing) Packets(ctx context.Context, by access.Principal, f store.PacketFilter) (rows []packet.Packet, err error) {
	if err := by.May(access.CouponRead); err != nil {
		return nil, err
	}
	if by.Kind == access.KindBrowser {
		return nil, fault.New(fault.PermissionDeny, "permission", string(access.CouponRead))
	}
	plan, err := s.Cache.Plan(ctx, f.Plan)
	if err != nil {
		return nil, err
	}
	if plan == nil || plan.Row.Merchant != "" && !by.Scope.Merchant(plan.Row.Merchant) {
		return nil, fault.New(fault.Absent, "what", "packet_plan")
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Packets().List(f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("issuing: list packets: %w", err)
	}
	return rows, nil
}
