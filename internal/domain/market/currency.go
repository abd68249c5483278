package market

// CurrenciesMax bounds the further currencies of a market.
const CurrenciesMax = 20

// Further is what a market says of a currency beside its own: its policies that
// are amounts. Nothing is converted.
type Further struct {
	FloorMinor       int64 `json:"floor_minor"`                  // least payable, unless the template allows zero
	MaxDiscountMinor int64 `json:"max_discount_minor,omitempty"` // most that all coupons of an order take off; 0: no cap
}

// Takes reports whether orders may be paid in a currency; "" is the market's own.
func (m *Market) Takes(currency string) bool {
	_, further := m.Currencies[currency]
	return further || currency == "" || currency == m.Currency
}

// Paying names the currency of amounts that are kept with "" for the market's own.
func (m *Market) Paying(currency string) string {
	if currency == "" {
		return m.Currency
	}
	return currency
}

// PoliciesIn are the policies with their amounts in a currency that the market takes.
func (m *Market) PoliciesIn(currency string) Policies {
	p := m.Policies
	if further, ok := m.Currencies[currency]; ok {
		p.FloorMinor, p.MaxDiscountMinor = further.FloorMinor, further.MaxDiscountMinor
	}
	return p
}
