package planning

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
	"quan/internal/store"
)

// Bounds of one call of Lowest.
const (
	LowestItems  = 200       // items of the catalogue that a call looks at
	LowestOthers = 1_000     // other templates, by id
	lowestEvery  = 12        // all quantities up to it are tried
	lowestWork   = 2_000_000 // quantities × candidates × items: with many templates fewer of the others
	LowestUnits  = 200       // and those at which something fills up to it
)

// LowestInput asks for the lowest prices that a template makes possible.
type LowestInput struct {
	Template id.ID
	Version  int64  // 0: the draft, or the newest version of a template without one
	After    string // SKU of the last item that was looked at; "" for the start
	FloorBps int64  // warn below this share of the list price too; 0: only below the items' own floors
}

// Warning 破价预警 is an item whose unit can cost less than its floor.
type Warning struct {
	Item       store.Item
	FloorMinor int64
	pricing.Lowest
	ShortBps int64 // of the floor, what is missing to it
	Involved bool  // the template is in the set; without it the price is as low already
}

// LowestPrices are the warnings of one piece of the catalogue, worst first.
type LowestPrices struct {
	Market   *market.Market
	Version  int64
	Looked   int64 // items of the piece
	InScope  int64 // of them, in the template's scope
	Floored  int64 // of those, with a floor
	Others   int64 // templates that can stand beside it
	Some     bool  // there are more templates than LowestOthers: those were left out
	Warnings []Warning
	Next     string // where to go on; "" at the end of the catalogue
}

// Lowest looks for the lowest price of every item in a template's scope, with all
// published templates of its market that can stand beside it, each held by the same
// member, in carts of one SKU. See pricing.LowestOf for the quantities that are
// tried and what is proved. Conditions and places are taken to hold; templates with
// fixed dates that don't overlap are left out, and so are those switched off.
func (p *Planning) Lowest(ctx context.Context, by access.Principal, in LowestInput) (*LowestPrices, error) {
	if err := by.May(access.TemplateWrite); err != nil {
		return nil, err
	}
	out := &LowestPrices{}
	var items []store.Item
	var candidates []pricing.Candidate
	var tries int64
	err := p.Store.View(ctx, func(tx store.Tx) error {
		s, err := subjectOf(tx, by, in.Template, in.Version)
		if err != nil {
			return err
		}
		*out = LowestPrices{Market: s.market, Version: s.version}
		candidates = []pricing.Candidate{anyones(s.template.ID, s.version, s.doc, s.market)}
		if err := beside(tx, by, s, p.Clock(), out, &candidates); err != nil {
			return err
		}
		try, limit := piece(len(candidates))
		tries = try
		rows, err := tx.Items().List(store.Filter{Market: s.market.Code, After: in.After, Limit: limit,
			Scope: access.Scope{Merchants: by.Scope.Merchants}})
		if out.Looked = int64(len(rows)); len(rows) == limit {
			out.Next = rows[len(rows)-1].SKU
		}
		items = items[:0]
		for _, it := range rows {
			if it.PriceMinor > 0 && speaksOf(&s.doc.Terms, &it) {
				out.InScope++
				if floorOf(&it, in.FloorBps) > 0 {
					items = append(items, it)
				}
			}
		}
		return err
	})
	if err != nil {
		return nil, wrap("lowest prices", err)
	}
	out.Floored = int64(len(items))
	for i := range items {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found := pricing.LowestOfAll(&pricing.Cart{}, []pricing.Line{lineOf(&items[i])}, candidates, rulesOf(out.Market, ""),
			pricing.Quantities{Every: lowestEvery, Most: LowestUnits, Tries: tries})[0]
		floor := floorOf(&items[i], in.FloorBps)
		if !found.Below(floor) {
			continue
		}
		out.Warnings = append(out.Warnings, Warning{Item: items[i], FloorMinor: floor, Lowest: found, ShortBps: shortOf(&found, floor),
			Involved: slices.ContainsFunc(found.Uses, func(u pricing.Use) bool { return u.Template == in.Template })})
	}
	slices.SortFunc(out.Warnings, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(b.ShortBps, a.ShortBps), strings.Compare(a.Item.SKU, b.Item.SKU))
	})
	return out, nil
}

// piece is how many quantities beyond lowestEvery, and how many items, a call looks
// at, so that its work is bounded whatever is published.
func piece(candidates int) (tries int64, items int) {
	tries = int64(min(max(8_000/candidates, 24), 256))
	return tries, min(max(lowestWork/(candidates*int(tries+lowestEvery)), 10), LowestItems)
}

// shortOf is what is missing to the floor, in basis points of it, rounded down.
func shortOf(l *pricing.Lowest, floor int64) int64 {
	reached, _ := money.MulDivFloor(min(l.UnitMinor(), floor), money.BpsWhole, floor)
	return money.BpsWhole - reached
}

// anyones is a coupon of a content, held by somebody somewhere.
func anyones(template id.ID, version int64, d *coupon.Doc, m *market.Market) pricing.Candidate {
	return pricing.Held(template, version, pricing.Anywhere(&d.Terms), m.Currency, schedule.Interval{})
}

// beside adds the published templates of the market that can stand beside the
// subject: of those that the principal may know of, the platform's among them.
func beside(tx store.Tx, by access.Principal, s *subject, now calendar.Instant, out *LowestPrices, candidates *[]pricing.Candidate) error {
	rows, err := tx.Templates().List(store.Filter{Market: s.market.Code, Status: string(coupon.StatusPublished), Limit: LowestOthers + 1})
	if err != nil {
		return err
	}
	if len(rows) > LowestOthers {
		rows, out.Some = rows[:LowestOthers], true
	}
	keys := make([]store.VersionKey, 0, len(rows))
	for _, t := range rows {
		if t.ID != s.template.ID && t.Use && (t.Merchant() == "" || by.Scope.Merchant(t.Merchant())) {
			keys = append(keys, store.VersionKey{Template: t.ID, Number: t.Version})
		}
	}
	versions, err := tx.Versions().Get(keys)
	if err != nil {
		return err
	}
	slices.SortFunc(versions, func(a, b coupon.Version) int { return cmp.Compare(a.Template, b.Template) })
	for i := range versions {
		v := &versions[i]
		if s.doc.Terms.Stacking.Beside(&v.Doc.Terms.Stacking) && overlap(s.doc.Terms.Validity, v.Doc.Terms.Validity, now) {
			*candidates = append(*candidates, anyones(v.Template, v.Number, &v.Doc, s.market))
			out.Others++
		}
	}
	return nil
}

// overlap reports whether two validities may hold at one moment from now on.
func overlap(a, b schedule.Validity, now calendar.Instant) bool {
	if b.Kind != schedule.ValidityFixed {
		return true
	}
	return b.To > now && (a.Kind != schedule.ValidityFixed || a.From < b.To && b.From < a.To)
}
