package store

import (
	"quan/internal/domain/change"
	"quan/internal/domain/desk"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Reference nouns of the desk, under the names that Tx uses.
type (
	Segment = member.Segment
	Desk    = desk.Desk
)

// Behind is where a list by time, newest first, goes on: behind a moment, and at that
// moment behind an id and sequence. The zero Behind is the beginning.
type Behind struct {
	At  calendar.Instant
	ID  id.ID
	Seq int64
}

// HistoryQuery asks for what happened to a member and to its coupons and orders.
type HistoryQuery struct {
	Member  id.ID
	Scope   Scope // merchants of templates; merchants, stores and cities of orders
	Self    bool  // what happened to the member's own row
	Coupons bool
	Orders  bool
	Most    int // coupons, and orders, that are looked at: the newest
	Behind  Behind
	Limit   int
}

// History is what happened, newest first.
type History struct {
	Changes []change.Change
	Cut     bool // there are more coupons or orders than were looked at
}

// Histories read across a member's rows.
type Histories interface {
	Of(HistoryQuery) (History, error)
}

// Notes about members; never changed.
type Notes interface {
	Insert([]member.Note) error
	OfMember(member id.ID, behind Behind, limit int) ([]member.Note, error) // newest first
}

// Refusals of members, one row for a template and reason.
type Refused interface {
	Add([]member.Refused) error                                                // counts are added, the rest is the newest's; a key once in a call
	OfMember(member id.ID, behind Behind, limit int) ([]member.Refused, error) // by LastAt and id, newest first
	Purge(before calendar.Instant, limit int) (int64, error)                   // whose LastAt is before
}

// DeskActs are what agents did; never changed.
type DeskActs interface {
	Insert([]desk.Act) error // a second reissue of a coupon is ErrTwin
	OfMember(member id.ID, behind Behind, limit int) ([]desk.Act, error)
	OfCoupons(coupons []id.ID) ([]desk.Act, error) // whose Coupon is one of these, oldest first
}
