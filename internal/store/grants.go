package store

import (
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// GrantRow is a row of a list that a bulk grant was uploaded with: whom it names,
// or why it names nobody.
type GrantRow struct {
	Job    id.ID
	Number int64 // line of the file
	Member id.ID
	Given  string // as given, masked
	Code   fault.Code
}

// GrantOutcome is what a bulk grant did for a member: coupons, or why none.
type GrantOutcome struct {
	Job     id.ID
	Member  id.ID
	Number  int64 // row of the list, zero for none
	Coupons []id.ID
	Code    fault.Code
}

// Grants are what stands beside the jobs of bulk grants.
type Grants interface {
	Gives(job id.ID, templates []id.ID) error // notes which templates a bulk grant gives
	AddRows([]GrantRow) error
	Rows(job id.ID, after int64, limit int) ([]GrantRow, error)   // by number
	Insert([]GrantOutcome) error                                  // a second one of a member is ErrTwin
	Outcomes(job, after id.ID, limit int) ([]GrantOutcome, error) // by member
	OutcomesOf(job id.ID, members []id.ID) ([]GrantOutcome, error)
}
