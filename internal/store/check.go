package store

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Finding is a violated invariant.
type Finding struct {
	Invariant string `json:"invariant"` // id in docs/invariants.md
	Subject   string `json:"subject"`   // typed id or key of the row
	Detail    string `json:"detail"`
}

// Subject names the rows that some checks can be asked of one by one.
type Subject string

// The subjects.
const (
	SubjectCoupons     Subject = "coupons"
	SubjectOrders      Subject = "orders"
	SubjectRedemptions Subject = "redemptions"
	SubjectLocks       Subject = "locks"
)

// Later is a change of a row after the one that made it.
type Later struct {
	At        calendar.Instant // business time
	Aggregate id.ID
	Kind      string // the prefix of its id
}

// Checks ask the database whether the invariants hold.
type Checks interface {
	// Names lists the checks in the order in which they should run.
	Names() []string
	// Of names those that can be asked of a subject's rows one by one; of "" those
	// that count everything.
	Of(Subject) []string
	// Run returns at most limit findings of one check.
	Run(name string, now calendar.Instant, limit int) ([]Finding, error)
	// RunOn is Run of these rows of the check's subject.
	RunOn(name string, now calendar.Instant, ids []id.ID, limit int) ([]Finding, error)

	// Page returns a subject's ids behind one, in their order.
	Page(subject Subject, after id.ID, limit int) ([]id.ID, error)
	// Later returns what happened to rows after they were made, by time and
	// aggregate, behind those.
	Later(after calendar.Instant, behind id.ID, limit int) ([]Later, error)
	// RedemptionsOf returns the ids of the redemptions of orders.
	RedemptionsOf(orders []id.ID) ([]id.ID, error)
}
