package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/explanation"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// CheckInput is a content that nobody has saved.
type CheckInput struct {
	Template id.ID  // whose draft it shall be, 0 for none yet
	Market   string // exists
	Issuer   coupon.Issuer
	Doc      coupon.Doc
}

// Checked is what a content would do and why it could not be published.
type Checked struct {
	Explanation
	Refusals []*fault.Fault // what Publish would refuse, with pointers from /draft
}

// Check tells about a content what Explain and Publish would, and writes nothing. A
// content that is not whole is told as far as it goes. Faults: not_found (template),
// unknown_reference (market).
func (c *Catalog) Check(ctx context.Context, by access.Principal, in CheckInput, lang i18n.Lang) (Checked, error) {
	if err := by.May(access.TemplateWrite); err != nil {
		return Checked{}, err
	}
	if !text.Clean(in.Market) {
		return Checked{}, fault.New(fault.UnknownReference, "what", "market").At("/market")
	}
	var told Checked
	err := c.Store.View(ctx, func(tx store.Tx) error {
		if in.Template != 0 {
			if _, err := templates.must(tx, by, templateKey(in.Template)); err != nil {
				return err
			}
		}
		rows, err := tx.Markets().Get([]string{in.Market})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return fault.New(fault.UnknownReference, "what", "market").At("/market")
		}
		t := &store.Template{ID: in.Template, Market: in.Market, Issuer: in.Issuer, Draft: &in.Doc}
		if err := checkContent(tx, by, t); err != nil {
			f := fault.From(err)
			if f == nil || f.Class() >= fault.Internal {
				return err
			}
			told.Refusals = append([]*fault.Fault{f}, f.Also...)
		}
		names, err := namesIn(tx, lang, &in.Doc, t)
		if err != nil {
			return err
		}
		w := explanation.Writer{Lang: lang, Market: &rows[0], Name: names.of}
		told.Card, told.Sentences = w.Card(&in.Doc), w.Full(&in.Doc, t)
		return nil
	})
	return told, templates.wrap(err)
}
