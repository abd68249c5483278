package checkout

import (
	"context"
	"fmt"
	"strconv"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Rehearsal is what testers may say beside a quote: another moment, and templates
// whose draft counts as if the member held a coupon of it. Nothing is written.
type Rehearsal struct {
	At     calendar.Instant // zero: now
	Drafts []id.ID
}

// None reports whether nothing is rehearsed.
func (r Rehearsal) None() bool { return r.At == 0 && len(r.Drafts) == 0 }

// may refuses a rehearsal to who may not write templates.
func (r Rehearsal) may(by access.Principal) error {
	if r.None() {
		return nil
	}
	return by.May(access.TemplateWrite)
}

// rehearsed are the candidates of a rehearsal, in the order of the request: the draft of
// each template, or its newest version where it has none. Their coupons have the
// numbers of their templates, and version 0 for a draft; what is valid later than
// the moment is taken to be valid already.
func (b *batch) rehearsed(ctx context.Context, d *deal, r Rehearsal) ([]pricing.Candidate, error) {
	if len(r.Drafts) == 0 {
		return nil, nil
	}
	var out []pricing.Candidate
	err := b.Store.View(ctx, func(tx store.Tx) error {
		out = make([]pricing.Candidate, 0, len(r.Drafts))
		for i, t := range r.Drafts {
			doc, version, err := b.draftOf(tx, d, t)
			if f := fault.From(err); f != nil {
				return f.At("/drafts/" + strconv.Itoa(i))
			}
			if err != nil {
				return err
			}
			now := d.now(b.Clock())
			valid := doc.Terms.Validity.For(now, d.market.Location(), doc.Claim.Window.To)
			if doc.Terms.Validity.Delayed() {
				valid.From = now
			}
			out = append(out, pricing.Held(t, version, &doc.Terms, d.market.Currency, valid))
		}
		return nil
	})
	if err != nil && fault.From(err) == nil {
		return nil, fmt.Errorf("checkout: read drafts: %w", err)
	}
	return out, err
}

// draftOf reads the draft of a template, or its newest version.
func (b *batch) draftOf(tx store.Tx, d *deal, template id.ID) (*coupon.Doc, int64, error) {
	rows, err := tx.Templates().Get([]string{id.Format(id.Template, template)})
	if err != nil {
		return nil, 0, err
	}
	if len(rows) == 0 || !d.by.Scope.Merchant(rows[0].Merchant()) || rows[0].Market != d.market.Code {
		return nil, 0, fault.New(fault.UnknownReference, "what", "template", "value", id.Format(id.Template, template))
	}
	t := &rows[0]
	if t.Draft != nil {
		if err := t.Draft.Validate(d.market, t); err != nil {
			return nil, 0, fault.New(fault.WrongState, "state", "draft_not_whole")
		}
		return t.Draft, 0, nil
	}
	versions, err := tx.Versions().Get([]store.VersionKey{{Template: t.ID, Number: t.Version}})
	if err != nil || len(versions) == 0 {
		return nil, 0, err
	}
	return &versions[0].Doc, t.Version, nil
}
