package sqlrepo

import (
	"fmt"

	"quan/internal/domain/packet"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const (
	packetColumns = "id, plan, plan_rev, member, source, ref, shares, total_minor, amounts, seed, day, created_at, expires_at, closed_at, returned_minor, rev"
	shareColumns  = "packet, number, member, amount_minor, coupon, at"
)

var (
	packetsGet    = keyedBy("packets.get", packetColumns, "packets")
	packetsOfPlan = same("packets.ofPlan", "SELECT "+packetColumns+" FROM packets WHERE plan = $1 AND id < $2 ORDER BY id DESC LIMIT $3")
	packetsOf     = same("packets.ofMember", "SELECT "+packetColumns+" FROM packets WHERE member = $1 AND id < $2 ORDER BY id DESC LIMIT $3")
	packetsDue    = same("packets.due", "SELECT "+packetColumns+" FROM packets WHERE closed_at = 0 AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2")
	packetsInsert = insertOf("packets", "id slot plan plan_rev member source:t ref:t shares total_minor amounts:t seed:t day created_at expires_at closed_at returned_minor rev")
	packetsClose  = updateOf("packets", "id slot", "id slot closed_at returned_minor rev")

	sharesOfPackets = newStatement("packet_shares.all",
		"SELECT "+shareColumns+" FROM packet_shares WHERE packet IN (SELECT value FROM json_each($1)) ORDER BY packet, number",
		"SELECT "+shareColumns+" FROM unnest($1::bigint[]) AS k(want)"+probe("packet_shares", "packet = want AND slot = "+home)+" ORDER BY packet, number")
	sharesInsert = insertOf("packet_shares", "packet number slot member amount_minor coupon at", "packet", "number")
)

type packetRows struct{ tx *Tx }

func scanPacket(row Scanner) (p packet.Packet, err error) {
	var amounts string
	if err = row.Scan(&p.ID, &p.Plan, &p.PlanRev, &p.Member, &p.Source, &p.Ref, &p.Shares, &p.TotalMinor, &amounts, &p.Seed, &p.Day,
		&p.CreatedAt, &p.ExpiresAt, &p.ClosedAt, &p.ReturnedMinor, &p.Rev); err != nil {
		return p, err
	}
	if p.Amounts, err = packet.ReadAmounts(amounts); err != nil {
		return p, fmt.Errorf("packet %d: amounts: %w", p.ID, err)
	}
	return p, nil
}

func scanShare(row Scanner) (s packet.Share, err error) {
	err = row.Scan(&s.Packet, &s.Number, &s.Member, &s.AmountMinor, &s.Coupon, &s.At)
	return s, err
}

// Get returns packets by id.
func (r packetRows) Get(ids []id.ID) ([]packet.Packet, error) {
	return byID(r.tx, packetsGet, scanPacket, ids)
}

// List returns the packets of a plan or of who sent them.
func (r packetRows) List(f store.PacketFilter) ([]packet.Packet, error) {
	if f.Plan != 0 {
		return collect(r.tx, packetsOfPlan, scanPacket, int64(f.Plan), before(f.Before), int64(f.Limit))
	}
	return collect(r.tx, packetsOf, scanPacket, int64(f.Member), before(f.Before), int64(f.Limit))
}

// Due returns packets that have ended.
func (r packetRows) Due(now calendar.Instant, limit int) ([]packet.Packet, error) {
	return collect(r.tx, packetsDue, scanPacket, int64(now), int64(limit))
}

// Insert writes packets that were sent.
func (r packetRows) Insert(rows []packet.Packet) error {
	return r.tx.bulk(packetsInsert, len(rows), func(i int) []any {
		p := &rows[i]
		return []any{int64(p.ID), p.ID.Slot(), int64(p.Plan), p.PlanRev, int64(p.Member), p.Source, p.Ref, p.Shares, p.TotalMinor, packet.WriteAmounts(p.Amounts),
			p.Seed, int64(p.Day), int64(p.CreatedAt), int64(p.ExpiresAt), int64(p.ClosedAt), p.ReturnedMinor, p.Rev}
	})
}

// Close ends packets.
func (r packetRows) Close(rows []packet.Packet) error {
	return r.tx.update(packetsClose, len(rows), func(i int) []any {
		p := &rows[i]
		return []any{int64(p.ID), p.ID.Slot(), int64(p.ClosedAt), p.ReturnedMinor, p.Rev}
	})
}

// Shares returns all opened shares of packets.
func (r packetRows) Shares(packets []id.ID) ([]packet.Share, error) {
	if len(packets) == 0 {
		return nil, nil
	}
	return collect(r.tx, sharesOfPackets, scanShare, ints(packets))
}

// Open writes shares.
func (r packetRows) Open(rows []packet.Share) error {
	return r.tx.bulk(sharesInsert, len(rows), func(i int) []any {
		s := &rows[i]
		return []any{int64(s.Packet), s.Number, s.Packet.Slot(), int64(s.Member), s.AmountMinor, int64(s.Coupon), int64(s.At)}
	})
}
