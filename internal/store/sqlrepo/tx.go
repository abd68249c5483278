package sqlrepo

import (
	"fmt"
	"math"
	"slices"

	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Tx is the transaction that an engine hands to a closure.
type Tx struct {
	exec     Executor
	readOnly bool
	locked   class
	members  map[id.ID]bool     // that were locked
	lists    bool               // keys are read as lists (ask)
	missing  map[limit.Key]bool // members' counters that a lock found no row of, where lists are read
	failed   error
	planned  string  // how checks are planned by now
	memory   *Memory // of the store's only writer; nil: none
}

// New makes a transaction over an engine's executor. With readOnly every write,
// and every lock, fails with store.ErrReadOnly.
func New(exec Executor, readOnly bool) store.Tx { return &Tx{exec: exec, readOnly: readOnly} }

// NewRemembering makes a writing transaction of the store's one writer, which
// remembers rows.
func NewRemembering(exec Executor, memory *Memory) store.Tx { return &Tx{exec: exec, memory: memory} }

// Failed returns the first refusal that the executor does not know of: a stale
// revision, a lock out of order, a write in a view. An engine rolls back when it
// is not nil, even if the closure swallowed it.
func (t *Tx) Failed() error { return t.failed }

// refuse remembers and wraps an error that did not come from the executor.
func (t *Tx) refuse(name string, err error) error {
	err = fmt.Errorf("sqlrepo: %s: %w", name, err)
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// usable returns nil, or why this statement may not run.
func (t *Tx) usable(name string, write bool) error {
	if t.failed != nil {
		return fmt.Errorf("sqlrepo: %s: %w", name, store.ErrDead)
	}
	if write && t.readOnly {
		return t.refuse(name, store.ErrReadOnly)
	}
	return nil
}

func (t *Tx) query(s *statement, args []any, row func(Scanner) error) error {
	if err := t.usable(s.name, false); err != nil {
		return err
	}
	if err := t.exec.Query(s.Stmt, args, row); err != nil {
		return fmt.Errorf("sqlrepo: %s: %w", s.name, err)
	}
	return nil
}

// queryWrite runs a statement that writes and returns rows.
func (t *Tx) queryWrite(s *statement, args []any, row func(Scanner) error) error {
	if err := t.usable(s.name, true); err != nil {
		return err
	}
	return t.query(s, args, row)
}

func (t *Tx) write(s *statement, args ...any) (int64, error) {
	if err := t.usable(s.name, true); err != nil {
		return 0, err
	}
	n, err := t.exec.Exec(s.Stmt, args)
	if err != nil {
		return 0, fmt.Errorf("sqlrepo: %s: %w", s.name, err)
	}
	return n, nil
}

// bulk writes rows; none is no statement. Nobody looks at its outcome before the
// next statement or the commit, with which it may be sent.
func (t *Tx) bulk(b *bulk, rows int, row func(i int) []any) error {
	if err := t.usable(b.name, true); err != nil || rows == 0 {
		return err
	}
	if err := t.exec.Later(b.Bulk, rows, row); err != nil {
		return fmt.Errorf("sqlrepo: %s: %w", b.name, err)
	}
	return nil
}

// bulkNow writes rows whose error decides what happens next.
func (t *Tx) bulkNow(b *bulk, rows int, row func(i int) []any) error {
	_, err := t.writeRows(b, rows, row)
	return err
}

// update writes rows by compare-and-set: all of them, or ErrStale.
func (t *Tx) update(b *bulk, rows int, row func(i int) []any) error {
	n, err := t.writeRows(b, rows, row)
	if err == nil && n != int64(rows) {
		return t.refuse(b.name, store.ErrStale)
	}
	return err
}

func (t *Tx) writeRows(b *bulk, rows int, row func(i int) []any) (int64, error) {
	if err := t.usable(b.name, true); err != nil || rows == 0 {
		return 0, err
	}
	n, err := t.exec.Bulk(b.Bulk, rows, row)
	if err != nil {
		return 0, fmt.Errorf("sqlrepo: %s: %w", b.name, err)
	}
	return n, nil
}

// collect gathers the rows of a statement.
func collect[T any](t *Tx, s *statement, scan func(Scanner) (T, error), args ...any) ([]T, error) {
	var out []T
	err := t.query(s, args, func(row Scanner) error {
		v, err := scan(row)
		if err == nil {
			out = append(out, v)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// singly runs a query once for each list of arguments, where the engine likes that
// better than one with lists (Executor.Singly).
func (t *Tx) singly(s *statement, times int, args func(i int) []any, row func(Scanner) error) (done bool, err error) {
	if err := t.usable(s.name, false); err != nil {
		return true, err
	}
	if done, err = t.exec.Singly(s.Stmt, times, args, row); err != nil {
		err = fmt.Errorf("sqlrepo: %s: %w", s.name, err)
	}
	return done, err
}

// collectSingly is collect over singly.
func collectSingly[T any](t *Tx, s *statement, scan func(Scanner) (T, error), times int, args func(i int) []any) (out []T, done bool, err error) {
	done, err = t.singly(s, times, args, func(row Scanner) error {
		v, err := scan(row)
		if err == nil {
			out = append(out, v)
		}
		return err
	})
	return out, done, err
}

// number reads a statement's single figure.
func number(t *Tx, s *statement, args ...any) (n int64, err error) {
	err = t.query(s, args, func(row Scanner) error { return row.Scan(&n) })
	return n, err
}

// ints is a list of ids as an argument: sorted, each once, never nil.
func ints(ids []id.ID) []int64 {
	out := make([]int64, len(ids))
	for i, v := range ids {
		out[i] = int64(v)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// words is a list of texts as an argument: sorted, each once, never nil.
func words(list []string) []string {
	out := append(make([]string, 0, len(list)), list...)
	slices.Sort(out)
	return slices.Compact(out)
}

// flag is a truth as a column.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// before is the bound of a list that runs backwards; zero starts at the newest.
func before(i id.ID) int64 {
	if i == 0 {
		return math.MaxInt64
	}
	return int64(i)
}

// lastDay is the bound of a range of days, inclusive; zero is open.
func lastDay(d calendar.Date) int64 {
	if d == 0 {
		return math.MaxInt32
	}
	return int64(d)
}

// home is the slot of the id in the column want, in PostgreSQL's texts: an id
// carries it (package id), so a list of ids is a list of slots too.
const home = "(want >> 7 & 16383)"

func (t *Tx) Markets() store.Reference[store.Market] { return &reference[store.Market]{t, markets} }
func (t *Tx) Merchants() store.Reference[store.Merchant] {
	return &reference[store.Merchant]{t, merchants}
}
func (t *Tx) Stores() store.Reference[store.Place] { return &reference[store.Place]{t, places} }
func (t *Tx) Items() store.Items                   { return itemRows{&reference[store.Item]{t, items}} }
func (t *Tx) Templates() store.Templates {
	return templateRows{&reference[store.Template]{t, templates}}
}
func (t *Tx) Placements() store.Reference[store.Placement] {
	return &reference[store.Placement]{t, placements}
}
func (t *Tx) Links() store.Links                 { return linkRows{&reference[store.Link]{t, links}} }
func (t *Tx) Pages() store.Reference[store.Page] { return &reference[store.Page]{t, pages} }
func (t *Tx) Pictures() store.Pictures           { return pictureRows{t} }
func (t *Tx) CodeBatches() store.Reference[store.CodeBatch] {
	return &reference[store.CodeBatch]{t, codeBatches}
}
func (t *Tx) Packs() store.Reference[store.Pack] {
	return packRows{&reference[store.Pack]{t, packs}}
}
func (t *Tx) PackIssues() store.PackIssues           { return packIssueRows{t} }
func (t *Tx) Plans() store.Reference[store.Plan]     { return &reference[store.Plan]{t, plans} }
func (t *Tx) Packets() store.Packets                 { return packetRows{t} }
func (t *Tx) Budgets() store.Reference[store.Budget] { return &reference[store.Budget]{t, budgets} }
func (t *Tx) Entries() store.Entries                 { return entryRows{t} }
func (t *Tx) Codes() store.Codes                     { return codeRows{t} }
func (t *Tx) Keys() store.Reference[store.Key]       { return &reference[store.Key]{t, keys} }
func (t *Tx) Lists() store.Reference[store.List]     { return &reference[store.List]{t, lists} }
func (t *Tx) Days() store.Reference[store.Day]       { return &reference[store.Day]{t, days} }
func (t *Tx) Batches() store.Batches                 { return batchRows{&reference[store.Batch]{t, batches}} }
func (t *Tx) People() store.Reference[store.Person] {
	return &reference[store.Person]{t, people}
}
func (t *Tx) Sessions() store.Sessions { return sessionRows{t} }
func (t *Tx) Visits() store.Visits     { return visitRows{t} }
func (t *Tx) OuterFacts() store.Reference[store.Fact] {
	return &reference[store.Fact]{t, outerFacts}
}
func (t *Tx) Segments() store.Reference[store.Segment] {
	return &reference[store.Segment]{t, segments}
}
func (t *Tx) Desks() store.Reference[store.Desk] { return &reference[store.Desk]{t, desks} }
func (t *Tx) DeskActs() store.DeskActs           { return deskRows{t} }
func (t *Tx) Notes() store.Notes                 { return noteRows{t} }
func (t *Tx) Refused() store.Refused             { return refusedRows{t} }
func (t *Tx) Histories() store.Histories         { return historyRows{t} }
func (t *Tx) ListMembers() store.ListMembers     { return listRows{t} }
func (t *Tx) Facts() store.Facts                 { return factRows{t} }
func (t *Tx) Versions() store.Versions           { return versionRows{t} }
func (t *Tx) Members() store.Members             { return memberRows{t} }
func (t *Tx) Coupons() store.Coupons             { return couponRows{t} }
func (t *Tx) Counters() store.Counters           { return counterRows{t} }
func (t *Tx) Quotes() store.Quotes               { return quoteRows{t} }
func (t *Tx) Locks() store.Locks                 { return lockRows{t} }
func (t *Tx) Orders() store.Orders               { return orderRows{t} }
func (t *Tx) Redemptions() store.Redemptions     { return redemptionRows{t} }
func (t *Tx) Outside() store.Outside             { return outsideRows{t} }
func (t *Tx) Replies() store.Replies             { return replyRows{t} }
func (t *Tx) Changes() store.Changes             { return changeRows{t} }
func (t *Tx) Audit() store.Audit                 { return auditRows{t} }
func (t *Tx) Metrics() store.Metrics             { return metricRows{t} }
func (t *Tx) Settlements() store.Settlements     { return settlementRows{t} }
func (t *Tx) Jobs() store.Jobs                   { return jobRows{t} }
func (t *Tx) Grants() store.Grants               { return grantRows{t} }
func (t *Tx) Ways() store.Ways                   { return wayRows{t} }
func (t *Tx) Leases() store.Leases               { return leaseRows{t} }
func (t *Tx) Settings() store.Settings           { return settingRows{t} }
func (t *Tx) Names() store.Names                 { return nameRows{t} }
func (t *Tx) Checks() store.Checks               { return checkRows{t} }
