package pricing

import (
	"quan/internal/kernel/fault"
)

// Profile is what the trade does in different ways. The zero Profile is quan's own
// (semantics 2, 9 and 11); each field changes one thing.
type Profile struct {
	Split    SplitPolicy    `json:"split,omitempty"`
	Rounding RoundingPolicy `json:"rounding,omitempty"`
	Round    RoundPlace     `json:"round,omitempty"`
	Order    OrderPolicy    `json:"order,omitempty"`
	Base     BasePolicy     `json:"base,omitempty"`
	Tax      TaxPolicy      `json:"tax,omitempty"`
	Over     OverPolicy     `json:"over_budget,omitempty"`
	NoEffect EffectPolicy   `json:"no_effect,omitempty"`
	Units    UnitPolicy     `json:"units,omitempty"`
	Together TogetherPolicy `json:"together,omitempty"`
	Patterns PatternPolicy  `json:"patterns,omitempty"`
}

// SplitPolicy divides a sum over lines.
type SplitPolicy string

// The divisions.
const (
	SplitLargest SplitPolicy = ""           // largest remainder, ties to the earlier line
	SplitLast    SplitPolicy = "last_line"  // floors, the last line takes the rest
	SplitFirst   SplitPolicy = "first_unit" // floors, the rest one by one from the first line on
)

// RoundingPolicy rounds a percentage to the minor unit.
type RoundingPolicy string

// The roundings.
const (
	RoundHalfUp   RoundingPolicy = ""
	RoundHalfEven RoundingPolicy = "half_even"
	RoundDown     RoundingPolicy = "down"
	RoundUp       RoundingPolicy = "up"
	RoundHalfDown RoundingPolicy = "half_down"
)

// RoundPlace says how often a percentage is rounded.
type RoundPlace string

// The places.
const (
	RoundOnce RoundPlace = ""     // once a coupon
	RoundLine RoundPlace = "line" // on every line
)

// OrderPolicy orders a set into its stack.
type OrderPolicy string

// The orders.
const (
	OrderStack   OrderPolicy = ""        // semantics 9
	OrderRequest OrderPolicy = "request" // as the request names them
	OrderValue   OrderPolicy = "value"   // the highest amount or percentage of the terms first
)

// BasePolicy is what percentages are taken of where the terms don't say.
type BasePolicy string

// The bases.
const (
	PercentLeft BasePolicy = ""     // what earlier coupons leave
	PercentList BasePolicy = "list" // list amounts
	PercentLine BasePolicy = "line" // what is left of the line, in proportion to the units: n of m units have n/m of it
)

// TaxPolicy says whether the amounts of coupons are with tax. Prices of the cart
// are always without, where lines have a TaxBps.
type TaxPolicy string

// The policies.
const (
	TaxOut TaxPolicy = ""   // amounts off are without tax, as the prices are
	TaxIn  TaxPolicy = "in" // amounts off are with tax: a coupon sees prices with tax
)

// OverPolicy says what a budget does that holds less than a coupon would take.
type OverPolicy string

// The policies.
const (
	OverRefuse   OverPolicy = ""         // the coupon is refused
	OverTruncate OverPolicy = "truncate" // it takes what is left
	// OverPiece measures what it takes of each line alone against the budget as it
	// was before the order: a line that would take more is left out.
	OverPiece OverPolicy = "piece"
)

// EffectPolicy says what Apply does with a chosen coupon that brings nothing.
type EffectPolicy string

// The policies.
const (
	EffectRefuse EffectPolicy = ""     // the request is refused
	EffectDrop   EffectPolicy = "drop" // the coupon is left out and not consumed
)

// UnitPolicy says how often kinds by units may discount a unit.
type UnitPolicy string

// The policies.
const (
	UnitsOnce  UnitPolicy = ""      // once, unless terms say Stacking.Again
	UnitsAgain UnitPolicy = "again" // each of them may
	// UnitsList does not tell the units of a line apart: n of them cost what they do
	// at list price, at most what is left of the line, and none is ever touched.
	UnitsList UnitPolicy = "list"
)

// TogetherPolicy says which coupons may stand on one order.
type TogetherPolicy string

// The policies.
const (
	TogetherGroups TogetherPolicy = ""    // stacking groups and exclusions
	TogetherAll    TogetherPolicy = "all" // any
)

// PatternPolicy says how the sets of a pattern are made.
type PatternPolicy string

// The policies.
const (
	PatternsMost PatternPolicy = "" // as many as there can be, the rewarded units first (ADR 0012)
	// PatternsEach makes sets one after the other: triggers first, of lines that
	// don't fit the reward before those that do, then the rewarded units. Over the
	// coupons of an order a unit may be a trigger once and be rewarded once.
	PatternsEach PatternPolicy = "each"
)

// Profiles are the named profiles: how well-known engines choose. docs/guides/conformance.md
// says what each means and how far it is checked.
var Profiles = map[string]Profile{
	"quan": {},
	// Medusa sorts promotions itself, by kind and bare value; who asks hands them over in that order.
	"medusa": {Order: OrderRequest, Over: OverPiece, Patterns: PatternsEach, NoEffect: EffectDrop, Units: UnitsList, Together: TogetherAll},
	// WooCommerce, as it is installed. With "calculate coupon discounts sequentially" Base is PercentLine.
	"woocommerce": {Split: SplitFirst, Rounding: RoundHalfDown, Order: OrderRequest, Base: PercentList, NoEffect: EffectDrop, Units: UnitsList, Together: TogetherAll},
	// A coupon of ruoyi leaves the floor of a percentage to pay; 限时折扣 is rounded with RoundHalfDown.
	"ruoyi": {Split: SplitLast, Rounding: RoundUp, Order: OrderRequest, NoEffect: EffectDrop, Units: UnitsAgain},
}

// Validate adds the faults of words that no policy has, at pointers below pointer.
func (p Profile) Validate(pointer string, l *fault.List) {
	check := func(name, value string, known ...string) {
		for _, k := range known {
			if value == k {
				return
			}
		}
		l.Add(fault.New(fault.InvalidValue).At(pointer + "/" + name))
	}
	check("split", string(p.Split), "", string(SplitLast), string(SplitFirst))
	check("rounding", string(p.Rounding), "", string(RoundHalfEven), string(RoundDown), string(RoundUp), string(RoundHalfDown))
	check("round", string(p.Round), "", string(RoundLine))
	check("order", string(p.Order), "", string(OrderRequest), string(OrderValue))
	check("base", string(p.Base), "", string(PercentList), string(PercentLine))
	check("tax", string(p.Tax), "", string(TaxIn))
	check("over_budget", string(p.Over), "", string(OverTruncate), string(OverPiece))
	check("no_effect", string(p.NoEffect), "", string(EffectDrop))
	check("units", string(p.Units), "", string(UnitsAgain), string(UnitsList))
	check("patterns", string(p.Patterns), "", string(PatternsEach))
	check("together", string(p.Together), "", string(TogetherAll))
}
