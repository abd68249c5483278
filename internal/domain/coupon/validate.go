package coupon

import (
	"fmt"
	"slices"

	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
)

// Bounds of a template's content.
const (
	UsesMax     = 10_000
	FundersMax  = 20
	ContainsMax = 20
	PriorityMax = 1_000
	GiftsMax    = 1_000 // units of a gift
	BudgetsMax  = 8
)

// Validate returns nil, or every fault of the content, with JSON pointers from
// the document's root (/terms/amount_minor). t may be nil. References (merchants,
// stores, items) are not looked up here.
func (d *Doc) Validate(m *market.Market, t *Template) error {
	v := validation{doc: d}
	if v.kind() {
		v.amounts(&d.Terms, "/terms")
		v.figures()
		v.currencies(home(m))
		v.liability()
	}
	v.conditions()
	v.stacking()
	v.funders()
	d.Claim.Window.Validate("/claim/window", &v.list)
	v.sessions(m)
	d.Claim.Place.Validate("/claim/place", &v.list)
	d.Terms.When.Validate("/terms/when", &v.list)
	d.Claim.When.Validate("/claim/when", &v.list)
	limit.Validate(d.Claim.Limits, "/claim/limits", &v.list)
	v.alternative()
	v.budgets()
	v.dates()
	return v.list.Err()
}

// home is the market's currency, "" where no market is given.
func home(m *market.Market) string {
	if m == nil {
		return ""
	}
	return m.Currency
}

type validation struct {
	doc  *Doc
	list fault.List
}

func (v *validation) add(code fault.Code, pointer string, params ...any) {
	v.list.Add(fault.New(code, params...).At(pointer))
}

func (v *validation) between(value, low, high int64, pointer string) bool {
	if value < low || value > high {
		v.add(fault.OutOfRange, pointer, "min", low, "max", high)
		return false
	}
	return true
}

// conflict refuses one of two fields that can't both be read.
func (v *validation) conflict(pointer, a, b string) {
	v.add(fault.Conflicting, pointer, "a", a, "b", b)
}

// absent refuses a field that the kind does not know.
func (v *validation) absent(set bool, pointer string) {
	if set {
		v.conflict(pointer, "kind", string(v.doc.Terms.Kind))
	}
}

// alternative takes the place of a newcomer coupon only.
func (v *validation) alternative() {
	c := &v.doc.Claim
	switch {
	case c.Alternative == "":
	case !c.Newcomer:
		v.add(fault.Conflicting, "/claim/alternative", "a", "alternative", "b", "newcomer")
	case c.Instead() == 0:
		v.add(fault.InvalidValue, "/claim/alternative")
	}
}

// budgets are named once each; whether they exist is asked at publication.
func (v *validation) budgets() {
	list := v.doc.Claim.Budgets
	if len(list) > BudgetsMax {
		v.add(fault.TooLong, "/claim/budgets", "max", BudgetsMax)
		return
	}
	for i, text := range list {
		at := fmt.Sprintf("/claim/budgets/%d", i)
		if _, err := id.Parse(id.Budget, text); err != nil {
			v.add(fault.InvalidValue, at)
		} else if slices.Contains(list[:i], text) {
			v.add(fault.DuplicateValue, at)
		}
	}
}

func (v *validation) conditions() {
	t := &v.doc.Terms
	t.Scope.Validate("/terms/scope", &v.list)
	if len(t.Contains) > ContainsMax {
		v.add(fault.TooLong, "/terms/contains", "max", ContainsMax)
	} else {
		for i, c := range t.Contains {
			c.Validate(fmt.Sprintf("/terms/contains/%d", i), &v.list)
		}
	}
	v.between(t.UsesPerCoupon, 1, UsesMax, "/terms/uses_per_coupon")
	v.between(t.Priority, -PriorityMax, PriorityMax, "/terms/priority")
	t.Validity.Validate("/terms/validity", &v.list)
	t.Use.Validate("/terms/use", &v.list)
}

func (v *validation) funders() {
	funders := v.doc.Terms.Funders
	if len(funders) == 0 {
		v.add(fault.MissingValue, "/terms/funders")
		return
	}
	if len(funders) > FundersMax {
		v.add(fault.TooLong, "/terms/funders", "max", FundersMax)
		return
	}
	type key struct {
		kind FunderKind
		code string
	}
	seen := map[key]bool{}
	var sum int64
	for i, f := range funders {
		at := fmt.Sprintf("/terms/funders/%d", i)
		switch f.Kind {
		case FunderPlatform, FunderMerchant, FunderBrand:
		default:
			v.add(fault.InvalidValue, at+"/kind")
		}
		v.word(f.Code, at+"/code")
		if v.between(f.ShareBps, 1, money.BpsWhole, at+"/share_bps") {
			sum += f.ShareBps
		}
		if k := (key{f.Kind, f.Code}); seen[k] {
			v.add(fault.DuplicateValue, at)
		} else {
			seen[k] = true
		}
	}
	if sum != money.BpsWhole {
		v.add(fault.Conflicting, "/terms/funders", "a", "share_bps", "b", "10000")
	}
}

// liability refuses an amount limit over coupons whose cost nothing bounds, and
// a cost that no amount can hold.
func (v *validation) liability() {
	cost := v.doc.Terms.cost()
	if cost.known && cost.minor > money.MaxMinor {
		v.add(fault.OutOfRange, "/terms/uses_per_coupon", "min", int64(1), "max", int64(money.MaxMinor))
	}
	if cost.known {
		return
	}
	for i, l := range v.doc.Claim.Limits {
		if l.What.Amount() {
			v.add(fault.UnboundedAmount, fmt.Sprintf("/claim/limits/%d", i))
		}
	}
}

// sessions refuses a schedule that never opens.
func (v *validation) sessions(m *market.Market) {
	s := v.doc.Claim.Sessions
	if s == nil {
		return
	}
	before := v.list.Err()
	s.Validate("/claim/sessions", &v.list)
	if m != nil && before == nil && v.list.Err() == nil && v.doc.neverOpens(m.Location(), 0) {
		v.conflict("/claim/sessions", "sessions", "window")
	}
}

// dates refuses coupons that nobody could use: fixed dates that end before the
// claim window starts.
func (v *validation) dates() {
	validity, window := v.doc.Terms.Validity, v.doc.Claim.Window
	if validity.To != 0 && window.From != 0 && validity.To <= window.From {
		v.add(fault.Conflicting, "/terms/validity/to", "a", "validity", "b", "window")
	}
	if validity.CutByWindow && window.To == 0 {
		v.add(fault.Conflicting, "/terms/validity/cut_by_window", "a", "cut_by_window", "b", "window")
	}
}
