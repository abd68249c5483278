package planning

import (
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
	"quan/internal/store"
)

// Planning holds the use cases.
type Planning struct{ *app.App }

// subject is the template that a plan is about.
type subject struct {
	template *store.Template
	doc      *coupon.Doc
	version  int64 // 0: the draft
	market   *market.Market
}

// subjectOf reads a template with one of its contents: the version that is named,
// else the draft, else the newest version. The content is whole.
func subjectOf(tx store.Tx, by access.Principal, template id.ID, version int64) (*subject, error) {
	rows, err := tx.Templates().Get([]string{id.Format(id.Template, template)})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || !by.Scope.Merchant(rows[0].Merchant()) {
		return nil, fault.New(fault.Absent, "what", "template")
	}
	s := &subject{template: &rows[0], version: version}
	markets, err := tx.Markets().Get([]string{s.template.Market})
	if err != nil {
		return nil, err
	}
	if len(markets) == 0 {
		return nil, fault.New(fault.Absent, "what", "market")
	}
	s.market = &markets[0]
	if version == 0 && s.template.Draft != nil {
		s.doc = s.template.Draft
		return s, fault.Under("/draft", s.doc.Validate(s.market, s.template))
	}
	if version == 0 {
		s.version = s.template.Version
	}
	versions, err := tx.Versions().Get([]store.VersionKey{{Template: template, Number: s.version}})
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, fault.New(fault.Absent, "what", "version")
	}
	s.doc = &versions[0].Doc
	return s, nil
}

// rules are the market's, with fewer sets for each of the many carts of a plan.
func rulesOf(m *market.Market, currency string) pricing.Rules {
	const sets = 20_000
	r := pricing.RulesOf(m, currency)
	r.Sets = sets
	return r
}

// speaksOf reports whether terms may discount an item in some store.
func speaksOf(t *coupon.Terms, it *store.Item) bool {
	line := rule.Line{SKU: it.SKU, Category: it.Category, Brand: it.Brand, Merchant: it.Merchant}
	anywhere := func(s rule.Scope) bool {
		s.Include.Stores, s.Exclude.Stores = nil, nil
		return s.Matches(line)
	}
	if t.Gift != nil {
		return t.Gift.SKU == it.SKU
	}
	for _, p := range t.Get {
		if !p.Scope.Everything() && anywhere(p.Scope) || p.Scope.Everything() && anywhere(t.Scope) {
			return true
		}
	}
	return len(t.Get) == 0 && anywhere(t.Scope)
}

// lineOf is a cart's line of an item, of no quantity. The least price that the
// catalogue keeps is left out: a plan tells what would go below it.
func lineOf(it *store.Item) pricing.Line {
	return pricing.Line{SKU: it.SKU, Category: it.Category, Brand: it.Brand, Merchant: it.Merchant, UnitMinor: it.PriceMinor}
}

// floorOf is the price below which a plan warns of an item: its own floor, or a
// share of its list price where that is higher.
func floorOf(it *store.Item, bps int64) int64 {
	share, _ := money.MulDivFloor(it.PriceMinor, bps, money.BpsWhole)
	return max(it.FloorMinor(), share)
}

func wrap(what string, err error) error {
	if err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("planning: %s: %w", what, err)
}
