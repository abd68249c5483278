package coupon

import "quan/internal/domain/rule"

// Kind is what a coupon does. Which fields of Terms a kind reads stands beside it;
// all kinds read the conditions, and CapMinor where they take anything off.
type Kind string

// The kinds that take one sum off all goods in scope together.
const (
	KindAmountOff   Kind = "amount_off"   // 满减: AmountMinor off from a threshold, in Steps, or again for every full threshold
	KindPercentOff  Kind = "percent_off"  // 折扣: DiscountBps off, at most CapMinor; in Steps too
	KindNoThreshold Kind = "no_threshold" // 立减: AmountMinor off, whatever the cart
	KindNewTotal    Kind = "new_total"    // what is in scope costs TotalMinor together
	KindStoredValue Kind = "stored_value" // what the caller says is left on it, at most AmountMinor
)

// The kinds that look at units. A unit is discounted once by them, unless
// Stacking.Again says otherwise (semantics 13).
const (
	KindItemOff     Kind = "item_off"     // Reward off the units in scope, an amount divided by Split
	KindFixedPrice  Kind = "fixed_price"  // 特价: a unit in scope costs PriceMinor, or its SKU's price of Prices
	KindMemberPrice Kind = "member_price" // 会员价: a unit costs the line's own member price, or its SKU's price of Prices
	KindNthItem     Kind = "nth_item"     // 第N件: Reward for one of every Nth units in scope
	KindBuyGet      Kind = "buy_get"      // 买X送Y: for every set of Buy units, Reward for the Get units
	KindBundle      Kind = "bundle"       // 套餐: every full set of Get units has the Reward, or costs TotalMinor
	KindAddOn       Kind = "add_on"       // 换购: from a threshold on the scope, Get units cost PriceMinor
	KindExchange    Kind = "exchange"     // 兑换: Gift's units cost PriceMinor, or nothing
	KindShipping    Kind = "shipping"     // 运费: Reward off the shipping lines of Methods
)

// The kinds that take nothing off: they bring something by themselves.
const (
	KindGift     Kind = "gift"     // 赠品: Gift goes with the order, or is handed over at the counter
	KindExternal Kind = "external" // 加息/保险: a value that the caller applies
)

// Kinds are all kinds, in the order in which people are shown them.
var Kinds = []Kind{
	KindAmountOff, KindPercentOff, KindNoThreshold, KindNewTotal, KindItemOff, KindFixedPrice, KindMemberPrice,
	KindNthItem, KindBuyGet, KindBundle, KindAddOn, KindExchange, KindGift, KindShipping, KindStoredValue, KindExternal,
}

// Class says how a kind is priced.
type Class int

// The classes.
const (
	ClassSum     Class = 1 // one sum, split over the lines in scope
	ClassUnits   Class = 2 // by units, chosen one by one
	ClassBenefit Class = 3 // nothing off
)

// Class of the terms. A gift that is found in the cart is priced by its units.
func (t *Terms) Class() Class {
	switch t.Kind {
	case KindAmountOff, KindPercentOff, KindNoThreshold, KindNewTotal, KindStoredValue:
		return ClassSum
	case KindGift:
		if t.Gift == nil || t.Gift.Mode != GiftAddMissing {
			return ClassBenefit
		}
	case KindExternal:
		return ClassBenefit
	}
	return ClassUnits
}

// Reward says what is done to a unit's price.
type Reward string

// The rewards.
const (
	RewardPercent Reward = "percent" // DiscountBps off; 10000 is free
	RewardAmount  Reward = "amount"  // AmountMinor off
	RewardPrice   Reward = "price"   // PriceMinor instead
	RewardTotal   Reward = "total"   // bundles: TotalMinor for all units of one set
)

// Split divides the amount of an item discount.
type Split string

// The divisions of AmountMinor.
const (
	SplitLine     Split = "per_line"    // that much off every line
	SplitUnit     Split = "per_unit"    // that much off every unit (default)
	SplitAmount   Split = "by_amount"   // that much in all, by what the units cost
	SplitQuantity Split = "by_quantity" // that much in all, by the number of units
)

// Select says which units of a scope are taken where not all are.
type Select string

// The selections. Ties go to the earlier line.
const (
	SelectCheapest Select = "cheapest" // by what a unit costs in the coupon's place (default)
	SelectDearest  Select = "dearest"
	SelectFirst    Select = "first" // in the order of the lines
)

// Part is a number of units of a pattern.
type Part struct {
	Scope    rule.Scope `json:"scope,omitzero"` // empty: the scope of the terms
	Quantity int64      `json:"quantity"`
}

// Step is one of several thresholds 阶梯: the last one that is reached counts. A
// step names ThresholdMinor, ThresholdQuantity or both, and what it gives.
type Step struct {
	ThresholdMinor    int64 `json:"threshold_minor,omitempty"`
	ThresholdQuantity int64 `json:"threshold_quantity,omitempty"`
	AmountMinor       int64 `json:"amount_minor,omitempty"`
	DiscountBps       int64 `json:"discount_bps,omitempty"`
}

// SKUPrice is the price of one unit of an SKU.
type SKUPrice struct {
	SKU        string `json:"sku"`
	PriceMinor int64  `json:"price_minor"`
}

// External is a benefit that the caller applies: quan says how much.
type External struct {
	Unit  string `json:"unit"`  // bps, points, days … a word of the caller's
	Value int64  `json:"value"` // in that unit
	// WorstMinor is the most that it can cost, for liabilities; 0: nothing that quan counts.
	WorstMinor int64 `json:"worst_minor,omitempty"`
}

// Amounts are the amounts of the terms in one currency.
type Amounts struct {
	AmountMinor    int64      `json:"amount_minor,omitempty"`
	CapMinor       int64      `json:"cap_minor,omitempty"`
	ItemCapMinor   int64      `json:"item_cap_minor,omitempty"`
	PriceMinor     int64      `json:"price_minor,omitempty"`
	TotalMinor     int64      `json:"total_minor,omitempty"`
	ThresholdMinor int64      `json:"threshold_minor,omitempty"`
	Steps          []Step     `json:"steps,omitempty"`
	Chain          []int64    `json:"chain,omitempty"`
	Prices         []SKUPrice `json:"prices,omitempty"`
}

// In returns the terms with the amounts of a currency; home is the currency of
// the template's market, whose amounts are those of the terms themselves. ok is
// false where the terms have no amount for it: nothing is ever converted.
func (t *Terms) In(currency, home string) (in *Terms, ok bool) {
	if currency == "" || currency == home {
		return t, true
	}
	a, ok := t.Currencies[currency]
	if !ok {
		return nil, false
	}
	c := *t
	c.AmountMinor, c.CapMinor, c.ItemCapMinor, c.PriceMinor = a.AmountMinor, a.CapMinor, a.ItemCapMinor, a.PriceMinor
	c.TotalMinor, c.ThresholdMinor, c.Steps, c.Chain, c.Prices = a.TotalMinor, a.ThresholdMinor, a.Steps, a.Chain, a.Prices
	return &c, true
}

// ForUse returns the terms of a coupon's use by its number (from 1): of chained
// values 递进, the use's own. A use behind the last value has the last one.
func (t *Terms) ForUse(number int64) *Terms {
	if len(t.Chain) == 0 {
		return t
	}
	c := *t
	c.AmountMinor = t.Chain[min(max(number, 1), int64(len(t.Chain)))-1]
	return &c
}
