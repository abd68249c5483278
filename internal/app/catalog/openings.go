package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// MostOpenings is how many openings one look tells.
const MostOpenings = 50

// Openings are when a template can be claimed, as a countdown needs it.
type Openings struct {
	Now      calendar.Instant // what the openings were reckoned from
	Open     bool             // the first of them holds Now
	Claiming bool             // the switch
	Items    []schedule.Interval
}

// Openings returns the opening that holds now and those that follow, at most so
// many, of the newest published version: the window itself where it has no sessions.
// A draft has none. Faults: not_found.
func (c *Catalog) Openings(ctx context.Context, by access.Principal, template id.ID, most int) (out Openings, err error) {
	if err := by.May(access.TemplateRead); err != nil {
		return out, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		out = Openings{Now: c.Clock()}
		t, err := templates.must(tx, by, templateKey(template))
		if err != nil || t.Version == 0 {
			return err
		}
		markets, err := tx.Markets().Get([]string{t.Market})
		if err != nil {
			return err
		}
		versions, err := tx.Versions().Get([]store.VersionKey{{Template: t.ID, Number: t.Version}})
		if err != nil {
			return err
		}
		if len(markets) == 0 || len(versions) == 0 {
			return absent("version")
		}
		claim := versions[0].Doc.Claim
		out.Claiming = t.Claiming
		out.Items = claim.Window.Openings(claim.Sessions, out.Now, markets[0].Location(), min(most, MostOpenings))
		out.Open = len(out.Items) > 0 && out.Items[0].From <= out.Now
		return nil
	})
	return out, templates.wrap(err)
}
