package pricing

import (
	"cmp"
	"slices"
	"strings"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/id"
)

// Index finds the promotions that can apply to a cart without looking at the
// others. A promotion is a published version that applies by itself: no member has
// to hold a coupon of it beforehand. A promotion lies under each value of one dimension that has to match for
// it to apply - goods, else shipping, merchant, store, city or channel - and the
// further ones are compared when it is found. So the cost of Find grows with the
// promotions that share a value with the cart, not with those that there are.
//
// It is made once and read by many; With makes a changed one.
type Index struct {
	promotions []*coupon.Version
	under      map[key][]int32
	everywhere []int32 // that nothing narrows
}

// key is a value of a dimension.
type key struct {
	dimension byte
	value     string
}

const (
	bySKU      = 's'
	byBrand    = 'b'
	byCategory = 'c'
	byMerchant = 'm'
	byStore    = 't'
	byCity     = 'y'
	byChannel  = 'h'
	byShipping = 'p'
)

// NewIndex makes an index of promotions.
func NewIndex(promotions []*coupon.Version) *Index {
	x := &Index{under: make(map[key][]int32, len(promotions))}
	for _, p := range promotions {
		x.put(p)
	}
	return x
}

// Len is the number of promotions.
func (x *Index) Len() int { return len(x.promotions) }

func (x *Index) put(p *coupon.Version) {
	at := int32(len(x.promotions))
	x.promotions = append(x.promotions, p)
	keys := keysOf(&p.Doc.Terms)
	if len(keys) == 0 {
		x.everywhere = append(x.everywhere, at)
	}
	for _, k := range keys {
		x.under[k] = append(x.under[k], at)
	}
}

// With is the index with promotions put in (in the place of older versions) and
// templates taken out. The index itself stays as it is; readers may go on with it.
func (x *Index) With(put []*coupon.Version, out []id.ID) *Index {
	changed := map[id.ID]bool{}
	for _, p := range put {
		changed[p.Template] = true
	}
	for _, t := range out {
		changed[t] = true
	}
	all := make([]*coupon.Version, 0, len(x.promotions)+len(put))
	for _, p := range x.promotions {
		if !changed[p.Template] {
			all = append(all, p)
		}
	}
	return NewIndex(append(all, put...))
}

// keysOf are the values of which one has to be in the cart; none where nothing
// narrows the terms.
func keysOf(t *coupon.Terms) []key {
	if t.Kind == coupon.KindShipping {
		if len(t.Methods) > 0 {
			return keys(nil, byShipping, t.Methods)
		}
		return []key{{byShipping, ""}}
	}
	for _, scope := range scopesOf(t) {
		in := scope.Include
		goods := keys(keys(keys(nil, bySKU, in.SKUs), byBrand, in.Brands), byCategory, in.Categories)
		if len(goods) > 0 {
			return goods
		}
	}
	in := rule.Selector{}
	if t.Class() != coupon.ClassUnits {
		in = t.Scope.Include
	}
	for _, d := range []struct {
		dimension byte
		values    []string
	}{{byMerchant, in.Merchants}, {byStore, in.Stores}, {byCity, t.Use.Cities}, {byChannel, t.Use.Channels}} {
		if len(d.values) > 0 {
			return keys(nil, d.dimension, d.values)
		}
	}
	return nil
}

// scopesOf are the scopes of which each has to match some line.
func scopesOf(t *coupon.Terms) (scopes []rule.Scope) {
	own := t.Class() != coupon.ClassUnits || t.ThresholdMinor+t.ThresholdQuantity > 0 || len(t.Steps) > 0
	switch t.Kind {
	case coupon.KindItemOff, coupon.KindFixedPrice, coupon.KindMemberPrice, coupon.KindNthItem:
		own = true
	case coupon.KindBuyGet, coupon.KindBundle:
		for _, p := range slices.Concat(t.Buy, t.Get) {
			own = own || p.Scope.Everything()
			scopes = append(scopes, p.Scope)
		}
	case coupon.KindAddOn: // any one of several is enough
		if len(t.Get) == 1 {
			own = own || t.Get[0].Scope.Everything()
			scopes = append(scopes, t.Get[0].Scope)
		}
	case coupon.KindExchange:
		if t.PriceMinor > 0 && t.Gift != nil {
			scopes = append(scopes, rule.Scope{Include: rule.Selector{SKUs: []string{t.Gift.SKU}}})
		}
	}
	for _, c := range t.Contains {
		scopes = append(scopes, c.Scope)
	}
	if own {
		scopes = append(scopes, t.Scope)
	}
	return scopes
}

func keys(to []key, dimension byte, values []string) []key {
	for _, v := range values {
		to = append(to, key{dimension, v})
	}
	return to
}

// Find returns the promotions that share with the cart what they need to apply,
// in the order of their templates' ids. Those that it leaves out can't apply.
func (x *Index) Find(cart *Cart) []*coupon.Version {
	if len(x.promotions) == 0 {
		return nil
	}
	found := finding{x: x, seen: map[int32]bool{}}
	found.see(x.everywhere)
	asked := map[key]bool{}
	ask := func(dimension byte, value string) {
		k := key{dimension, value}
		if value == "" && dimension != byShipping || asked[k] {
			return
		}
		asked[k] = true
		found.see(x.under[k])
	}
	ask(byStore, cart.Store)
	ask(byCity, cart.City)
	ask(byChannel, cart.Channel)
	for i := range cart.Lines {
		l := &cart.Lines[i]
		if l.Shipping != "" {
			ask(byShipping, l.Shipping)
			ask(byShipping, "")
			continue
		}
		ask(bySKU, l.SKU)
		ask(byBrand, l.Brand)
		ask(byMerchant, l.Merchant)
		for c := l.Category; c != ""; c = above(c) {
			ask(byCategory, c)
		}
	}
	slices.SortFunc(found.all, func(a, b *coupon.Version) int { return cmp.Compare(a.Template, b.Template) })
	return slices.DeleteFunc(found.all, func(p *coupon.Version) bool { return !near(&p.Doc.Terms, cart) })
}

type finding struct {
	x    *Index
	seen map[int32]bool
	all  []*coupon.Version
}

func (f *finding) see(places []int32) {
	for _, at := range places {
		if !f.seen[at] {
			f.seen[at] = true
			f.all = append(f.all, f.x.promotions[at])
		}
	}
}

// above is the category that holds a category, "" for none.
func above(category string) string {
	return category[:max(strings.LastIndexByte(category, '/'), 0)]
}

// near compares what the cart says as a whole.
func near(t *coupon.Terms, cart *Cart) bool {
	in := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	return in(t.Use.Channels, cart.Channel) && in(t.Use.Cities, cart.City) && in(t.Scope.Include.Stores, cart.Store)
}
