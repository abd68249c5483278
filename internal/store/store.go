package store

import (
	"context"
	"errors"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Class says what a write is, so that an engine can order and shed writes.
type Class int

// The classes, most urgent first.
const (
	Control    Class = iota // switches, keys: never shed
	Use                     // lock, redeem, release, return
	Issue                   // claim, grant
	Admin                   // reference rows; not repeated after an ambiguous commit
	Background              // jobs, folds, imports; pieces of ≤ 256 rows, save where nobody else writes (Urgent)
)

// Store is one engine with a schema in place. It is safe for concurrent use.
//
// Update runs fn in a transaction that is durable when Update returns nil. fn may
// run more than once (SQLite repeats a batch that lost its transaction,
// PostgreSQL a serialisation failure or an ambiguous commit): it resets its
// results at the top and has no effect outside the transaction. fn does SQL and
// pure decisions only. An error from fn, and any failed statement even when fn
// swallows it, rolls back everything fn wrote and nothing else. Update or View
// inside either is an error.
//
// Faults that engines return: storage_full, store_read_only, overloaded,
// outcome_unknown. Other errors are bugs or a broken engine.
type Store interface {
	Update(ctx context.Context, class Class, fn func(Tx) error) error
	// View reads one snapshot; every write in it fails. It lives at most two
	// seconds: longer reads page by key, or use Snapshot.
	View(ctx context.Context, fn func(Tx) error) error
	// Snapshot is a View without the time limit, on a connection of its own, for
	// verification and export.
	Snapshot(ctx context.Context, fn func(Tx) error) error
	// Overlaps reports whether it pays, by now, to begin what contends with a
	// transaction while that is being committed: where commits take long, or run
	// beside others.
	Overlaps() bool
	// Urgent is how many updates of classes more urgent than this one have had their
	// turn in this process: where it stands still, nobody waits behind a long write.
	Urgent(Class) int64
	// Ready returns nil while the store takes writes.
	Ready(ctx context.Context) error
	// Clock returns the engine's own clock, for the check that ours agrees.
	Clock(ctx context.Context) (calendar.Instant, error)
	Engine() string // sqlite or postgres, with its version
	Close() error
}

// Tx is a transaction, or a View's snapshot. It is bound to the goroutine and
// the call that got it, and refuses everything after its closure has returned or
// one of its statements has failed.
//
// Reads return what exists, in no promised order unless they say so; absent rows
// are absent from the result. Writes take rows as they shall be: Rev is the
// revision after the change, and a row whose stored Rev is not Rev-1 fails the
// call with ErrStale.
type Tx interface {
	// Lock is the only way to lock. It takes the classes of the set in the one
	// order (callers, members, orders, coupons, counters, jobs), each sorted, and
	// returns the rows as they are under the lock; rows that don't exist are
	// absent, counters are made. A later call may only take later classes:
	// anything else is ErrLockOrder.
	Lock(LockSet) (*Locked, error)

	Markets() Reference[Market]
	Merchants() Reference[Merchant]
	Stores() Reference[Place]
	Items() Items
	Templates() Templates
	Placements() Reference[Placement]
	Links() Links           // the second code is in the address
	Pages() Reference[Page] // by the placement's id text
	Pictures() Pictures
	CodeBatches() Reference[CodeBatch] // the second code is code.Batch.Unique
	Packs() Reference[Pack]            // the second code is the operator's
	PackIssues() PackIssues
	Budgets() Reference[Budget]
	Batches() Batches
	Plans() Reference[Plan] // of share packets; the second code is the operator's
	Packets() Packets
	Keys() Reference[Key]
	People() Reference[Person] // the second code is the login
	Sessions() Sessions
	Visits() Visits
	Lists() Reference[List]
	Segments() Reference[Segment]
	Desks() Reference[Desk]
	DeskActs() DeskActs
	Notes() Notes
	Refused() Refused
	Histories() Histories
	Days() Reference[Day]
	OuterFacts() Reference[Fact]
	Versions() Versions
	Members() Members
	ListMembers() ListMembers
	Facts() Facts
	Coupons() Coupons
	Codes() Codes
	Counters() Counters
	Entries() Entries
	Quotes() Quotes
	Locks() Locks
	Orders() Orders
	Redemptions() Redemptions
	Outside() Outside
	Replies() Replies
	Changes() Changes
	Audit() Audit
	Metrics() Metrics
	Settlements() Settlements
	Jobs() Jobs
	Grants() Grants
	Ways() Ways
	Leases() Leases
	Settings() Settings
	Names() Names
	Checks() Checks
}

// Errors of the port. They are for the code above, never for callers.
var (
	// ErrStale says that a row was not at the revision it was read at.
	ErrStale = errors.New("store: row changed since it was read")
	// ErrTwin says that a row with this key exists: a unique key held against a
	// concurrent writer. Engines run the closure again before giving up.
	ErrTwin = errors.New("store: a row with this key exists")
	// ErrLockOrder says that a closure locked an earlier class after a later one.
	ErrLockOrder = errors.New("store: locks out of order")
	// ErrReadOnly says that a View tried to write.
	ErrReadOnly = errors.New("store: write in a view")
	// ErrNested says that Update or View was called inside one.
	ErrNested = errors.New("store: nested transaction")
	// ErrDead says that a transaction was used after its end or after a failed statement.
	ErrDead = errors.New("store: transaction is over")
	// ErrSchema says that the database's schema is newer than this program.
	ErrSchema = errors.New("store: schema is newer than this program")
)

// LockSet names the rows to lock. A member's counters lie under the member's row,
// which is locked with them.
type LockSet struct {
	Callers  []id.ID // API keys and people, for POSTs without a member
	Members  []id.ID
	Orders   []id.ID
	Coupons  []id.ID
	Counters []limit.Key
	Jobs     []id.ID
}

// Locked holds the locked rows.
type Locked struct {
	Members  map[id.ID]*member.Member
	Orders   map[id.ID]*order.Order // without lines
	Coupons  map[id.ID]*coupon.Coupon
	Counters map[limit.Key]*limit.Counter
	Jobs     map[id.ID]*Job
}
