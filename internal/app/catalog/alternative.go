package catalog

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// checkAlternative sees that the template issued instead can stand in for a
// newcomer coupon: another one of the same market, published, and none for
// newcomers itself, so that there is no chain.
func checkAlternative(tx store.Tx, t *store.Template, l *fault.List) error {
	const at = "/draft/claim/alternative"
	wanted := t.Draft.Claim.Alternative
	if wanted == "" || t.Draft.Claim.Instead() == 0 {
		return nil
	}
	rows, err := tx.Templates().Get([]string{wanted})
	if err != nil {
		return err
	}
	if len(rows) == 0 || rows[0].Market != t.Market || rows[0].Status != coupon.StatusPublished || rows[0].ID == t.ID {
		l.Add(fault.New(fault.UnknownReference, "what", "template", "value", wanted).At(at))
		return nil
	}
	versions, err := tx.Versions().Get([]store.VersionKey{{Template: rows[0].ID, Number: rows[0].Version}})
	if err != nil {
		return err
	}
	if len(versions) == 1 && versions[0].Doc.Claim.Newcomer {
		l.Add(fault.New(fault.Conflicting, "a", "alternative", "b", "newcomer").At(at))
	}
	return nil
}
