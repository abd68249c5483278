package issuing

import (
	"quan/internal/app"
	"quan/internal/domain/condition"
	"quan/internal/domain/issue"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// place is where and through what acts happen whose facts are loaded together.
type place struct {
	market        *market.Market
	channel, city string
}

// know loads, in the transaction, what the conditions of the claim rules read of
// the members, and gives each request its facts.
func (b *batch) know(tx store.Tx, requests [][]wish, now calendar.Instant) error {
	needs := map[place]*condition.Needs{}
	members := map[place][]id.ID{}
	b.each(requests, func(i int, r *issue.Request, at place) {
		c := b.Cache.Conditions(r.Version)
		if r.When = c.Claim; c.Claim == nil {
			return
		}
		if needs[at] == nil {
			needs[at] = &condition.Needs{}
		}
		needs[at].Join(c.ClaimNeeds)
		members[at] = append(members[at], b.members[i])
	})
	known := map[place]map[id.ID]*condition.Facts{}
	for at, n := range needs {
		facts, err := b.Facts(tx, app.Asking{Members: unique(members[at]), Needs: *n, Market: at.market, At: now, City: at.city, Channel: at.channel})
		if err != nil {
			return err
		}
		known[at] = facts
	}
	b.each(requests, func(i int, r *issue.Request, at place) {
		if r.When != nil {
			r.Facts = known[at][b.members[i]]
		}
	})
	return nil
}

// each visits all requests of acts that may still be decided.
func (b *batch) each(requests [][]wish, visit func(i int, r *issue.Request, at place)) {
	for i := range requests {
		if b.outcomes[i].Err != nil || b.outcomes[i].Receipt != nil {
			continue
		}
		for n := range requests[i] {
			w := &requests[i][n]
			for _, r := range []*issue.Request{&w.Request, w.instead} {
				if r != nil && r.Version != nil {
					visit(i, r, place{r.Market, r.Channel, r.City})
				}
			}
		}
	}
}

func unique(ids []id.ID) []id.ID {
	seen := make(map[id.ID]bool, len(ids))
	var out []id.ID
	for _, v := range ids {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}
