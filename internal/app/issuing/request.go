package issuing

import (
	"cmp"
	"fmt"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// requests builds what issue.Decide asks, per act and template. Acts that name
// an unknown template or placement are refused here.
func (b *batch) requests(now calendar.Instant) [][]wish {
	all := make([][]wish, len(b.acts))
	for i, a := range b.acts {
		if b.outcomes[i].Err != nil {
			continue
		}
		place := b.placements[a.placement]
		if a.placement != 0 && place == nil {
			b.outcomes[i].Err = fault.New(fault.UnknownReference, "what", "placement").At("/placement")
			continue
		}
		if a.batch != 0 && a.by.Kind == access.KindBrowser { // pages take what is offered
			b.outcomes[i].Err = fault.New(fault.PermissionDeny, "permission", string(access.CouponGrant)).At("/batch")
			continue
		}
		if b.outcomes[i].Err = cmp.Or(b.seesPack(a), b.seesPacket(a)); b.outcomes[i].Err != nil {
			continue
		}
		for n, t := range a.templates {
			o := b.offers[t]
			if o == nil || a.pack+a.packet == 0 && !a.gives(o.Template.Merchant()) {
				b.outcomes[i].Err = fault.New(fault.Absent, "what", "template").At(b.pointer(a, n))
				break
			}
			r := issue.Request{Template: o.Template, Version: o.Version, Market: b.markets[o.Template.Market],
				Placement: place, Channel: a.channel, City: a.city, Form: a.form, Now: now, Batches: o.Batches}
			r.Actor, r.Budgets = a.actor, o.Draws(o.Version)
			if p := b.persons[b.members[i]]; p != 0 {
				r.Actor.Person = p
			}
			if len(a.templates) == 1 || o.Batch(a.batch) != nil {
				r.Batch = a.batch
			}
			if a.code != nil {
				r.Code = a.code.take()
			}
			if a.pack != 0 {
				r.Pack, r.Newcomer = a.pack, b.packs[a.pack].Row.Newcomer
			}
			if a.at != 0 {
				r.Now = a.at
			}
			all[i] = append(all[i], b.wish(r))
		}
	}
	return all
}

// knowsBatch reports whether the batch that an act names is one of its templates,
// asked under the locks: those who read the templates before may not know it yet.
func (b *batch) knowsBatch(a act) bool {
	return a.batch == 0 || slices.ContainsFunc(a.templates, func(t id.ID) bool { return b.offers[t].Batch(a.batch) != nil })
}

// gives reports whether the principal may issue a merchant's template: one that
// is limited to merchants gives out their coupons, and its members claim the
// platform's ("") through it.
func (a *act) gives(merchant string) bool {
	return a.by.Scope.Merchant(merchant) || a.claimed && merchant == ""
}

func templatePointer(a act, n int) string {
	switch a.form {
	case coupon.FormClaim:
		return "/template"
	case coupon.FormCode:
		return "/code"
	}
	return fmt.Sprintf("/templates/%d", n)
}
