package issuing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// WhyInput asks whether a member would get a coupon of a template by claiming it now.
type WhyInput struct {
	Template  id.ID
	Member    id.ID
	Placement id.ID
	Channel   string
	City      string
}

// Why returns every reason why a claim would be refused now, in issue.Order, none
// where it would be granted. Nothing is written. What only a claim itself tells (device,
// payment account, a place in a waiting room, a code) is not asked. Faults: not_found
// (template), unknown_reference (placement), member_not_found.
func (s *Issuing) Why(ctx context.Context, by access.Principal, in WhyInput) (why []*fault.Fault, err error) {
	if err := by.May(access.MemberRead); err != nil {
		return nil, err
	}
	if by.Kind == access.KindBrowser {
		return nil, fault.New(fault.PermissionDeny, "permission", string(access.MemberRead))
	}
	b := &batch{Issuing: s, acts: []act{{by: by, memberID: in.Member, templates: []id.ID{in.Template}, placement: in.Placement, form: coupon.FormClaim,
		claimed: true, channel: in.Channel, city: in.City}}}
	if err := b.learn(ctx); err != nil {
		return nil, err
	}
	look := func() error {
		return s.Store.View(ctx, func(tx store.Tx) (err error) {
			why, err = b.reasons(tx)
			return err
		})
	}
	err = look()
	for tries := 0; errors.Is(err, app.Again()) && tries < 5; tries++ {
		if err = b.refresh(ctx)(); err == nil {
			err = look()
		}
	}
	if err != nil && fault.From(err) == nil {
		err = fmt.Errorf("issuing: why: %w", err)
	}
	return why, err
}

// reasons asks the one act of the batch for everything that stands in its way.
func (b *batch) reasons(tx store.Tx) ([]*fault.Fault, error) {
	b.outcomes = make([]Outcome, 1)
	for _, step := range []func(store.Tx) error{b.findMembers, b.findPersons} {
		if err := step(tx); err != nil {
			return nil, err
		}
	}
	now := b.Clock()
	requests := b.requests(now)
	if err := b.outcomes[0].Err; err != nil {
		return nil, err
	}
	locked, err := glance(tx, b.lockSet(requests, now), nil, map[limit.Key]int64{})
	if err != nil {
		return nil, err
	}
	who := locked.Members[b.members[0]]
	if who == nil {
		return nil, fault.New(fault.MemberUnknown).At("/member")
	}
	if b.changed(locked) {
		return nil, app.Again()
	}
	if err := b.readRolling(tx, requests, locked); err != nil {
		return nil, err
	}
	if err := b.readHeld(tx); err != nil {
		return nil, err
	}
	if err := b.know(tx, requests, now); err != nil {
		return nil, err
	}
	w := &requests[0][0]
	w.fix(who, 0, b.acts[0], now)
	return slices.DeleteFunc(issue.Reasons(&w.Request, b.held[who.ID], locked.Counters), func(f *fault.Fault) bool {
		return f.Code == fault.MissingValue
	}), nil
}
