package issuing

import (
	"context"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/desk"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// CompensateInput gives a member a coupon of a template that is marked for it.
type CompensateInput struct {
	Once     app.Once
	Member   id.ID
	Template id.ID
	Reason   string
}

// Compensate is a grant of one template among those of the desk of its market, under
// the template's own limits and budgets and the desk's quota. Errors as Grant, and
// not_compensating, quota_reached, missing_value at /reason.
func (s *Issuing) Compensate(ctx context.Context, by access.Principal, in CompensateInput) (Outcome, error) {
	if err := agent(by); err != nil {
		return Outcome{}, err
	}
	if f := text.Name(in.Reason, "/reason"); f != nil {
		return Outcome{}, f
	}
	out, err := s.issue(ctx, []act{{by: by, once: in.Once, memberID: in.Member, templates: []id.ID{in.Template}, form: coupon.FormGrant,
		amends: &amends{reason: in.Reason}}})
	if err != nil {
		return Outcome{}, err
	}
	return out[0], nil
}

// amends make an act one of a service desk.
type amends struct{ reason string }

// amendsKeys names the counters of the desk's quota, of an act that is one of a desk.
func (b *batch) amendsKeys(i int, now calendar.Instant) []limit.Key {
	m := b.amendsMarket(i)
	if m == nil {
		return nil
	}
	return desk.Keys(m.Code, desk.Compensate, b.acts[i].by.ID, m.Day(now))
}

// amendsMarket is the market whose desk an act is of; nil for none.
func (b *batch) amendsMarket(i int) *market.Market {
	a := b.acts[i]
	if a.amends == nil || b.offers[a.templates[0]] == nil {
		return nil
	}
	return b.markets[b.offers[a.templates[0]].Template.Market]
}

// readDesks reads the desks of acts, under the locks.
func (b *batch) readDesks(tx store.Tx) (err error) {
	b.desks = nil
	for i := range b.acts {
		m := b.amendsMarket(i)
		if m == nil {
			continue
		}
		if b.desks == nil {
			b.desks = map[string]desk.Desk{}
		}
		if b.desks[m.Code], err = app.DeskOf(tx, m.Code); err != nil {
			return err
		}
	}
	return nil
}

// decideAmends takes an act of its desk's quota; what it took comes back as takings,
// that a refusal gives back.
func (b *batch) decideAmends(i int, locked *store.Locked, now calendar.Instant) ([]limit.Taking, *fault.Fault) {
	m := b.amendsMarket(i)
	if m == nil {
		return nil, nil
	}
	d := b.desks[m.Code]
	if !slices.Contains(d.Templates, b.acts[i].templates[0]) {
		return nil, fault.New(fault.NotCompensating).At("/template")
	}
	keys := b.amendsKeys(i, now)
	if refusal := d.Take(desk.Compensate, keys, locked.Counters); refusal != nil {
		return nil, refusal
	}
	took := make([]limit.Taking, len(keys))
	for n, k := range keys {
		took[n] = limit.Taking{Key: k, Amount: 1}
	}
	return took, nil
}

// amended notes the act of a desk that was decided.
func (b *batch) amended(i int, receipt *Receipt, now calendar.Instant) {
	m := b.amendsMarket(i)
	if m == nil {
		return
	}
	c := &receipt.Coupons[0]
	b.out.desk = append(b.out.desk, desk.Act{ID: b.IDs.New(receipt.Member.Slot()), Member: receipt.Member, Kind: desk.Compensate, Market: m.Code,
		Agent: b.acts[i].by.ID, Day: m.Day(now), At: now, Issued: c.ID, To: c.ValidTo, Reason: b.acts[i].amends.reason})
	b.out.amended = append(b.out.amended, b.acts[i].by)
}

// writeDesk writes the acts of desks, and an audit entry of each.
func (b *batch) writeDesk(tx store.Tx) error {
	for n, a := range b.out.desk {
		if err := b.Audit(tx, b.out.amended[n], "desk."+string(a.Kind), id.Format(id.Coupon, a.Issued), "", app.JSON(a), a.Reason); err != nil {
			return err
		}
	}
	return tx.DeskActs().Insert(b.out.desk)
}
