package checkout

import (
	"context"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/limit"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// learnEntries reads what the round's coupons and redemptions hold of counters, where
// their templates keep it: which counters, so that they can be locked; how much is
// read again under the locks. It also reads whose person a member is.
func (b *batch) learnEntries(ctx context.Context) error {
	b.out.ledger, b.entries = app.Ledger{}, false
	persons, facts := set[id.ID]{}, set[id.ID]{}
	for _, d := range b.deals {
		if d.err != nil {
			continue
		}
		for i, c := range d.coupons {
			o := b.offers[c.Template]
			if o == nil || !o.Template.Entries {
				continue
			}
			b.entries = true
			facts.add(i)
			if o.Persons {
				persons.add(d.member)
			}
		}
		for _, r := range d.redeemed {
			facts.add(r.ID)
		}
	}
	if !b.entries {
		return nil
	}
	err := b.Store.View(ctx, func(tx store.Tx) error {
		if err := b.out.ledger.Read(tx, facts.list); err != nil {
			return err
		}
		rows, err := tx.Members().Get(persons.list)
		for _, d := range b.deals {
			for i := range rows {
				if rows[i].ID == d.member && rows[i].Person != 0 {
					d.Actor.Person = rows[i].Person
				}
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("checkout: read entries: %w", err)
	}
	return nil
}

// readLimits reads under the locks what coupons and redemptions hold by now, and
// what limits over the last hours look back on.
func (b *batch) readLimits(tx store.Tx, before calendar.Instant) error {
	if !b.entries {
		return nil
	}
	if err := b.out.ledger.Read(tx, b.out.ledger.Facts()); err != nil {
		return err
	}
	return app.ReadRolling(tx, b.rolling(before), b.locked.Counters)
}

func (b *batch) rolling(now calendar.Instant) (rolling []limit.Taking) {
	for _, d := range b.deals {
		if d.err == nil && d.verb != nil {
			rolling = append(rolling, redemption.Rolling(d.scene(d.now(now)), b.held(d, d.verb.holds(d))...)...)
		}
	}
	return rolling
}

// keep notes what the decision left: entries of new redemptions, and those of facts
// that changed.
func (b *batch) keep(decision *redemption.RedeemDecision) {
	for i, entries := range decision.Kept {
		for n := range entries {
			entries[n].Fact = decision.Redemptions[i].ID
		}
		b.out.ledger.Add(entries)
	}
	b.out.ledger.Change(decision.Settled)
}
