package coupon

import "quan/internal/domain/market"

// Validate returns nil, or every fault of the content, with JSON pointers from
// the document's root (/terms/amount_minor). t may be nil. References (merchants,
// stores, items) are not looked up here.
func (d *Doc) Validate(m *market.Market, t *Template) error { return nil }

// Validate returns nil, or every fault of the template's own fields. Its draft
// is Doc.Validate's.
func (t *Template) Validate() error { return nil }
