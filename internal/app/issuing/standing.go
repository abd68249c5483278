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
	"quan/internal/domain/link"
	"quan/internal/domain/member"
	"quan/internal/domain/pack"
	"quan/internal/domain/page"
	"quan/internal/domain/placement"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Standing is why nobody can claim at a placement now, nil where somebody may be able
// to. It is told, not decided: a claim decides anew, under its locks.
func (s *Issuing) Standing(ctx context.Context, p *placement.Placement) (*fault.Fault, error) {
	b := &batch{Issuing: s, acts: []act{{by: access.System("page"), templates: []id.ID{p.Template}, pack: p.Pack, placement: p.ID, form: coupon.FormClaim, claimed: true}}}
	if p.Pack != 0 {
		b.acts[0].templates = nil
	}
	if err := b.learn(ctx); err != nil {
		return nil, err
	}
	var first *fault.Fault
	err := s.Store.View(ctx, func(tx store.Tx) error {
		first = nil
		b.outcomes, b.members = make([]Outcome, 1), make([]id.ID, 1)
		now := s.Clock()
		if p.Pack != 0 {
			if b.packs[p.Pack] == nil {
				first = fault.New(fault.PackClosed)
				return nil
			}
			r := b.packRequest(b.acts[0], &member.Member{}, now)
			counters, err := countersOf(tx, pack.Keys(r))
			if err != nil {
				return err
			}
			_, first = pack.Decide(r, nil, counters)
			return nil
		}
		for _, wishes := range b.requests(now) {
			for i := range wishes {
				r := &wishes[i].Request
				r.Member = &member.Member{}
				counters, err := countersOf(tx, issue.Keys(r))
				if err != nil {
					return err
				}
				for _, f := range issue.Reasons(r, nil, counters) {
					if first == nil && page.StateOf(f) != page.Open {
						first = f
					}
				}
			}
		}
		if err := b.outcomes[0].Err; err != nil {
			first = fault.From(err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("issuing: look at a placement: %w", err)
	}
	return first, nil
}

func countersOf(tx store.Tx, keys []limit.Key) (map[limit.Key]*limit.Counter, error) {
	locked, err := glance(tx, store.LockSet{Counters: keys}, nil, map[limit.Key]int64{})
	if err != nil {
		return nil, err
	}
	return locked.Counters, nil
}

// OwnStanding is why a member could not claim at a placement now (nil: they could), and
// what they have claimed there, newest first. It writes nothing.
func (s *Issuing) OwnStanding(ctx context.Context, by access.Principal, p *placement.Placement, city string) (*fault.Fault, []coupon.Coupon, error) {
	if err := by.May(access.CouponClaim); err != nil {
		return nil, nil, err
	}
	a := (&ClaimInput{Template: p.Template, MemberID: by.Member, Placement: p.ID, City: city}).act(by)
	if p.Pack != 0 {
		a = (&PackInput{Pack: p.Pack, MemberID: by.Member, Placement: p.ID, City: city}).act(by, coupon.FormClaim)
	}
	b := &batch{Issuing: s, acts: []act{a}}
	if err := b.learn(ctx); err != nil {
		return nil, nil, err
	}
	decide := func() error {
		return s.Store.View(ctx, func(tx store.Tx) error {
			_, err := b.settle(tx, func(set store.LockSet) (*store.Locked, error) { return glance(tx, set, nil, map[limit.Key]int64{}) })
			return err
		})
	}
	err := decide()
	for tries := 0; errors.Is(err, app.Again()) && tries < 3; tries++ {
		if err = b.refresh(ctx)(); err == nil {
			err = decide()
		}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("issuing: look at a member's claim: %w", err)
	}
	held, err := s.claimedAt(ctx, by, p)
	return fault.From(b.outcomes[0].Err), held, err
}

// mostClaimed bounds the coupons that a page shows as claimed.
const mostClaimed = 20

func (s *Issuing) claimedAt(ctx context.Context, by access.Principal, p *placement.Placement) ([]coupon.Coupon, error) {
	rows, err := s.list(ctx, store.CouponFilter{Member: by.Member, Template: p.Template, Limit: 100})
	rows = slices.DeleteFunc(rows, func(c coupon.Coupon) bool { return c.Placement != p.ID })
	return rows[:min(len(rows), mostClaimed)], err
}

// noteLink gathers what a link brought.
func (b *batch) noteLink(a act, receipt *Receipt) {
	if a.link == 0 {
		return
	}
	for _, c := range receipt.Coupons {
		b.out.links = append(b.out.links, link.Issue{Link: a.link, Coupon: c.ID, Origin: receipt.Origin})
	}
}
