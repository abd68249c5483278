package store

import (
	"quan/internal/domain/condition"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Reference nouns that conditions read, under the names that Tx uses.
type (
	List = member.List
	Day  = market.Day
	Fact = market.Fact
)

// Facts answer what conditions ask of stored members. Orders that were given
// back whole do not count, and a merged member is counted as the one it became.
type Facts interface {
	// Members returns, for each id but zero, what needs names of a member;
	// windows end at the moment. Of an id without a row no attributes and no tags
	// are known. It takes at most eight statements, however many members.
	Members(ids []id.ID, needs condition.Needs, at condition.Moment) (map[id.ID]condition.Member, error)
	// Held returns the templates, with their versions, of which the members hold
	// coupons that are stored as usable or locked and do not end at or before now,
	// each once.
	Held(members []id.ID, now calendar.Instant) ([]HeldTemplate, error)
	// Count says of how many members the predicate holds at the moment. It reads
	// every member: use Snapshot.
	Count(p condition.Predicate, at condition.Moment) (int64, error)
	// Page returns members of whom the predicate holds, by id, after an id and up to
	// another.
	Page(p condition.Predicate, at condition.Moment, after, through id.ID, limit int) ([]id.ID, error)
}

// HeldTemplate is a template of which a member holds a live coupon.
type HeldTemplate struct {
	Member   id.ID
	Template id.ID
	Version  int64
}

// ListMembers holds who is in the uploaded lists; a list is named by its code.
type ListMembers interface {
	Add(list string, members []id.ID) (added int64, err error)      // who is in it already stays
	Remove(list string, members []id.ID) (removed int64, err error) // who is not in it is no error
	Among(list string, members []id.ID) ([]id.ID, error)            // who of these is in it
	Page(list string, after id.ID, limit int) ([]id.ID, error)      // by id
	Sizes(lists []string) (map[string]int64, error)                 // an absent one is empty
}
