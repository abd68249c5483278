package store

import (
	"quan/internal/domain/packet"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// PacketFilter selects packets of a list; newest first, before Before.
type PacketFilter struct {
	Plan   id.ID // or
	Member id.ID // who sent them
	Before id.ID
	Limit  int
}

// Packets are share packets and the shares that were opened.
type Packets interface {
	Get([]id.ID) ([]packet.Packet, error)
	List(PacketFilter) ([]packet.Packet, error)
	// Due returns packets that have ended at or before now and were not closed, soonest first.
	Due(now calendar.Instant, limit int) ([]packet.Packet, error)
	Insert([]packet.Packet) error
	Close([]packet.Packet) error // compare-and-set on Rev

	Shares(packets []id.ID) ([]packet.Share, error) // by packet and number
	Open([]packet.Share) error                      // a number that is taken, or a second share of a member, is ErrTwin
}
