package issuing

import (
	"context"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/budget"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/desk"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/domain/metric"
	"quan/internal/domain/stock"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Reissue gives a coupon again that was withdrawn or has expired, once. The new one has
// the terms of the old one, and takes its place in all limits on issuing; what limits
// on liability hold is reserved anew. Faults: quota_reached, those of desk.Replace,
// budget_exhausted, coupon_not_found, missing_value at /reason.
func (s *Issuing) Reissue(ctx context.Context, by access.Principal, in DeskInput) (DeskOutcome, error) {
	w, err := s.begin(ctx, by, desk.Reissue, in)
	if err != nil {
		return DeskOutcome{}, err
	}
	key := store.VersionKey{Template: w.seen.Template, Number: w.seen.Version}
	versions, err := s.Cache.Versions(ctx, []store.VersionKey{key})
	if err != nil {
		return DeskOutcome{}, err
	}
	if versions[key] == nil {
		return DeskOutcome{}, fmt.Errorf("issuing: version %d of %s is gone", key.Number, id.Format(id.Template, key.Template))
	}
	a := again{counterWork: w, request: issue.Request{Template: w.offer.Template, Version: versions[key], Market: w.market,
		Channel: w.seen.Channel, City: w.seen.City, Form: coupon.FormReissue, FaceMinor: w.seen.FaceMinor}}
	if b := w.offer.Batch(w.seen.Batch); b != nil { // with the dates of its batch
		a.dates = []*stock.Batch{b}
	}
	return w.run(ctx, a.hold, a.give)
}

// again is one reissue.
type again struct {
	*counterWork
	request issue.Request
	dates   []*stock.Batch
	held    []limit.Taking
}

// hold names the counters of limits on liability that the new coupon takes of.
func (a *again) hold(tx store.Tx) (keys []limit.Key, err error) {
	members, err := tx.Members().Get([]id.ID{a.seen.Member})
	if err != nil || len(members) == 0 {
		return nil, err
	}
	r := &a.request
	r.Member, r.Actor.Person, r.Now = &members[0], members[0].Person, a.Clock()
	if r.Budgets, err = budgetsOf(tx, r.Version); err != nil {
		return nil, err
	}
	if a.seen.Placement != 0 {
		places, err := tx.Placements().Get([]string{id.Format(id.Placement, a.seen.Placement)})
		if err != nil {
			return nil, err
		}
		if len(places) > 0 {
			r.Placement = &places[0]
		}
	}
	a.held = issue.Reserved(r)
	for i := range a.held {
		keys = a.held[i].Locks(keys)
	}
	return keys, nil
}

// budgetsOf reads the budgets that a version draws on, which need not be those of
// today's version.
func budgetsOf(tx store.Tx, v *coupon.Version) (draws []*budget.Budget, err error) {
	var keys []string
	for _, b := range v.Doc.Claim.Draws() {
		keys = append(keys, id.Format(id.Budget, b))
	}
	rows, err := tx.Budgets().Get(keys)
	for i := range rows {
		draws = append(draws, &rows[i])
	}
	return draws, err
}

// give decides under the locks, and writes the new coupon.
func (a *again) give(tx store.Tx, row *coupon.Coupon) error {
	who := a.locked.Members[a.seen.Member]
	held, err := tx.Coupons().Newcomers([]id.ID{who.ID})
	if err != nil {
		return err
	}
	r := a.request
	r.Now, r.Batches = a.now, a.dates
	day := a.market.Day(a.now)
	c, refusal := a.desk.Replace(&desk.Replacing{Old: *row, Before: a.before, Span: r.Span(), To: a.in.To, Held: held, Blocked: who.Blocked, Day: day, Now: a.now})
	if refusal != nil {
		return refusal
	}
	if err := app.ReadRolling(tx, a.held, a.locked.Counters); err != nil {
		return err
	}
	if refusal := issue.Reserve(a.held, a.locked.Counters); refusal != nil {
		return refusal
	}
	c.ID, c.Origin = a.IDs.New(who.Slot), a.IDs.New(who.Slot)
	c.Facts = issue.Facts{Version: c.Version, Policy: a.market.Rev, Placement: c.Placement, Channel: c.Channel, City: c.City}.Encode()
	a.out.Coupon = c
	var ledger app.Ledger
	ledger.Add(limit.Entries(c.ID, a.held))
	for i := range a.held {
		if t := &a.held[i]; t.Takes() {
			a.touched = append(a.touched, t.Key)
		}
	}
	if err := tx.Coupons().Insert([]coupon.Coupon{c}); err != nil {
		return err
	}
	if err := ledger.Write(tx); err != nil {
		return err
	}
	if err := tx.Changes().Append([]change.Change{{Aggregate: c.ID, Kind: id.Coupon, Seq: c.Rev, Type: change.CouponGranted, At: a.now, Actor: a.by.ID,
		Facts: fmt.Sprintf(`{"replaces":%q}`, id.Format(id.Coupon, row.ID))}}); err != nil {
		return err
	}
	return tx.Metrics().Append(a.Deltas([]metric.Delta{{Slot: c.Slot(), Values: metric.Values{Issued: 1}, Dims: metric.Dims{Market: a.market.Code, Day: day,
		Template: c.Template, Placement: c.Placement, Form: c.Form, Channel: c.Channel, City: c.City}}}))
}
