package issuing

import (
	"cmp"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/desk"
	"quan/internal/domain/limit"
	"quan/internal/domain/link"
	"quan/internal/domain/metric"
	"quan/internal/store"
)

// writes gathers the rows of all acts of a batch.
type writes struct {
	coupons []coupon.Coupon
	changes []change.Change
	outside []store.OutsideRow
	replies []store.Reply
	deltas  []metric.Delta
	uses    []store.CodeUse
	packs   givenPacks
	desk    []desk.Act
	amended []access.Principal // who did each
	links   []link.Issue
	touched map[limit.Key]bool
	ledger  app.Ledger
	watched app.Watched
}

// newWrites has room for the rows of as many acts, of one coupon each.
func newWrites(acts int) writes {
	return writes{coupons: make([]coupon.Coupon, 0, acts), changes: make([]change.Change, 0, acts), deltas: make([]metric.Delta, 0, acts),
		touched: make(map[limit.Key]bool, acts)}
}

// write puts the gathered rows into the store, set-based.
func (b *batch) write(tx store.Tx, locked *store.Locked) error {
	if len(b.out.coupons) == 0 {
		return nil
	}
	b.out.changes = append(b.out.changes, b.Alarms(b.out.watched, locked.Counters, b.Clock())...)
	counters := make([]limit.Counter, 0, len(b.out.touched))
	for k := range b.out.touched {
		if _, later := b.late[k]; !later {
			counters = append(counters, *locked.Counters[k])
		}
	}
	// Along the table: neighbours lie in one page.
	slices.SortFunc(counters, func(a, b limit.Counter) int {
		return cmp.Or(cmp.Compare(a.Template, b.Template), cmp.Compare(a.Subject, b.Subject))
	})
	for _, step := range []func() error{
		func() error { return tx.Coupons().Insert(b.out.coupons) },
		func() error { return tx.Counters().Write(counters) },
		func() error { return b.out.ledger.Write(tx) },
		func() error { return tx.Codes().Use(b.out.uses) },
		func() error { return b.out.packs.write(tx) },
		func() error { return tx.Links().Note(b.out.links) },
		func() error { return tx.Packets().Open(b.opening.fresh) },
		func() error { return b.writeDesk(tx) },
		func() error { return tx.Outside().Insert(b.out.outside) },
		func() error { return tx.Replies().Insert(b.out.replies) },
		func() error { return tx.Changes().Append(b.out.changes) },
		func() error { return tx.Metrics().Append(b.Deltas(b.out.deltas)) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
