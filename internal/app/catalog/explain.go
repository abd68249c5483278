package catalog

import (
	"context"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/explanation"
	"quan/internal/domain/rule"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Explanation tells customers what a coupon does.
type Explanation struct {
	Version   int64  // 0: the draft
	Name      string // customer name of the template
	Card      string
	Sentences []explanation.Sentence
	Zone      string // IANA name of its market's time zone
}

// Explain writes about a published version (0: the newest, or the draft of a
// template that has none), with the names of merchants, stores and items.
func (c *Catalog) Explain(ctx context.Context, by access.Principal, template id.ID, version int64, lang i18n.Lang) (Explanation, error) {
	return c.explain(ctx, by, template, version, lang, func(d *coupon.Doc) *coupon.Doc { return d })
}

// ExplainCoupon writes about an issued coupon: its version, and its own amount where
// it has one.
func (c *Catalog) ExplainCoupon(ctx context.Context, by access.Principal, one *coupon.Coupon, lang i18n.Lang) (Explanation, error) {
	return c.explain(ctx, by, one.Template, one.Version, lang, func(d *coupon.Doc) *coupon.Doc {
		own := *d
		own.Terms = *d.Terms.Of(one)
		return &own
	})
}

// explain writes about what own makes of a version's content.
func (c *Catalog) explain(ctx context.Context, by access.Principal, template id.ID, version int64, lang i18n.Lang, own func(*coupon.Doc) *coupon.Doc) (Explanation, error) {
	if err := by.May(access.TemplateRead); err != nil {
		return Explanation{}, err
	}
	var told Explanation
	err := c.Store.View(ctx, func(tx store.Tx) error {
		t, err := templates.must(tx, by, templateKey(template))
		if err != nil {
			return err
		}
		doc, number, err := contentOf(tx, t, version)
		if err != nil {
			return err
		}
		doc = own(doc)
		rows, err := tx.Markets().Get([]string{t.Market})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return absent("market")
		}
		names, err := namesIn(tx, lang, doc, t)
		if err != nil {
			return err
		}
		w := explanation.Writer{Lang: lang, Market: &rows[0], Name: names.of}
		told = Explanation{number, t.CustomerName.In(string(lang)), w.Card(doc), w.Full(doc, t), rows[0].Zone}
		return nil
	})
	return told, templates.wrap(err)
}

// contentOf returns the content that a version number asks for.
func contentOf(tx store.Tx, t *store.Template, number int64) (*coupon.Doc, int64, error) {
	if number == 0 {
		number = t.Version
	}
	if number == 0 && t.Draft != nil {
		return t.Draft, 0, nil
	}
	rows, err := tx.Versions().Get([]store.VersionKey{{Template: t.ID, Number: number}})
	if err != nil {
		return nil, 0, err
	}
	if len(rows) == 0 {
		return nil, 0, absent("version")
	}
	return &rows[0].Doc, number, nil
}

// nameBook holds the names of what a content names by code.
type nameBook map[explanation.Kind]map[string]string

func (b nameBook) of(kind explanation.Kind, code string) string { return b[kind][code] }

func namesIn(tx store.Tx, lang i18n.Lang, d *coupon.Doc, t *store.Template) (nameBook, error) {
	var refs references
	referContent(&refs, d, "")
	switch t.Issuer.Kind {
	case coupon.IssuerMerchant:
		refer(&refs.merchants, t.Issuer.Code, "")
	case coupon.IssuerStore:
		refer(&refs.stores, t.Issuer.Code, "")
	}
	goods := map[string]string{}
	if d.Terms.Gift != nil {
		goods[d.Terms.Gift.SKU] = ""
	}
	scopes := []rule.Scope{d.Terms.Scope}
	for _, contain := range d.Terms.Contains {
		scopes = append(scopes, contain.Scope)
	}
	for _, part := range slices.Concat(d.Terms.Buy, d.Terms.Get) {
		scopes = append(scopes, part.Scope)
	}
	for _, price := range d.Terms.Prices {
		goods[price.SKU] = ""
	}
	for _, s := range scopes {
		for _, sku := range append(append([]string{}, s.Include.SKUs...), s.Exclude.SKUs...) {
			goods[sku] = ""
		}
	}
	merchants, err := tx.Merchants().Get(sorted(refs.merchants))
	if err != nil {
		return nil, err
	}
	stores, err := tx.Stores().Get(sorted(refs.stores))
	if err != nil {
		return nil, err
	}
	items, err := tx.Items().Get(sorted(goods))
	book := nameBook{explanation.KindMerchant: {}, explanation.KindStore: {}, explanation.KindSKU: {}}
	for _, m := range merchants {
		book[explanation.KindMerchant][m.Code] = m.Name
	}
	for _, s := range stores {
		book[explanation.KindStore][s.Code] = s.Name
	}
	for _, i := range items {
		book[explanation.KindSKU][i.SKU] = i.Name
	}
	if err != nil || d.Claim.Alternative == "" {
		return book, err
	}
	rows, err := tx.Templates().Get([]string{d.Claim.Alternative})
	for i := range rows {
		book[explanation.KindTemplate] = map[string]string{d.Claim.Alternative: rows[i].CustomerName.In(string(lang))}
	}
	return book, err
}

// ExplainPack writes about a pack, with the customer names of its templates.
func (c *Catalog) ExplainPack(ctx context.Context, by access.Principal, p id.ID, lang i18n.Lang) (told []explanation.Sentence, err error) {
	if err := by.May(access.TemplateRead); err != nil {
		return nil, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		row, err := packs.must(tx, by, packKey(p))
		if err != nil {
			return err
		}
		rows, err := tx.Markets().Get([]string{row.Market})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return absent("market")
		}
		keys := make([]string, len(row.Parts))
		for i, part := range row.Parts {
			keys[i] = templateKey(part.Template)
		}
		found, err := tx.Templates().Get(keys)
		names := nameBook{explanation.KindTemplate: {}}
		for i := range found {
			names[explanation.KindTemplate][templateKey(found[i].ID)] = found[i].CustomerName.In(string(lang))
		}
		told = explanation.Writer{Lang: lang, Market: &rows[0], Name: names.of}.Pack(row)
		return err
	})
	return told, packs.wrap(err)
}
