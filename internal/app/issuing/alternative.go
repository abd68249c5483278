package issuing

import (
	"context"

	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// wish is one coupon asked for, and what is issued instead to a member who holds
// a newcomer issue already (semantics 8); nil for nothing.
type wish struct {
	issue.Request
	instead *issue.Request
}

// learnAlternatives reads the templates that stand in for newcomer coupons of the batch.
func (b *batch) learnAlternatives(ctx context.Context) error {
	var ids []id.ID
	for _, o := range b.offers {
		if o.Version != nil && o.Version.Doc.Claim.Instead() != 0 {
			ids = append(ids, o.Version.Doc.Claim.Instead())
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := b.Cache.Offers(ctx, ids)
	for t, o := range found {
		b.offers[t] = o
	}
	return err
}

// wish adds the alternative to a request. The placement is the newcomer coupon's
// own: it neither counts nor opens another template, but lends its channel.
func (b *batch) wish(r issue.Request) wish {
	w := wish{Request: r}
	if r.Version == nil {
		return w
	}
	o := b.offers[r.Version.Doc.Claim.Instead()]
	if o == nil {
		return w
	}
	instead := r
	instead.Template, instead.Version, instead.Placement = o.Template, o.Version, nil
	instead.Budgets = o.Draws(o.Version)
	instead.Batches, instead.Batch = o.Batches, 0
	if instead.Channel == "" && r.Placement != nil {
		instead.Channel = r.Placement.Channel
	}
	w.instead = &instead
	return w
}

// keys names the counters of both requests.
func (w *wish) keys(who *member.Member) []limit.Key {
	w.Member = who
	keys := issue.Keys(&w.Request)
	if w.instead != nil {
		w.instead.Member = who
		keys = append(keys, issue.Keys(w.instead)...)
	}
	return keys
}

// fix completes the requests with what is known under the locks.
func (w *wish) fix(who *member.Member, origin id.ID, a act, now calendar.Instant) {
	for _, r := range []*issue.Request{&w.Request, w.instead} {
		if r == nil {
			continue
		}
		r.Member, r.Origin = who, origin
		if a.at == 0 {
			r.Now = now
		}
	}
}

// decide issues what is asked for, or the alternative where a newcomer issue
// stands in the way; the first refusal is the answer when both are refused.
func (w *wish) decide(held []coupon.Coupon, counters map[limit.Key]*limit.Counter) (issue.Decision, *fault.Fault) {
	decision, refusal := issue.Decide(&w.Request, held, counters)
	if refusal == nil || refusal.Code != fault.NewcomerHeld || w.instead == nil {
		return decision, refusal
	}
	if other, no := issue.Decide(w.instead, held, counters); no == nil {
		return other, nil
	}
	return decision, refusal
}
