package rule

import "strings"

// Selector names goods and places. Categories match themselves and everything
// below them in the tree ("fresh" holds "fresh/vegetable").
type Selector struct {
	Categories []string `json:"categories,omitempty"`
	Brands     []string `json:"brands,omitempty"`
	SKUs       []string `json:"skus,omitempty"`
	Merchants  []string `json:"merchants,omitempty"`
	Stores     []string `json:"stores,omitempty"`
}

// Scope says which cart lines a rule speaks of. A line is in scope when
//   - no category, brand or SKU is included, or one of them matches, and
//   - no merchant is included, or its merchant is, and
//   - no store is included, or the order's store is, and
//   - nothing of Exclude matches (any one kind is enough).
type Scope struct {
	Include Selector `json:"include,omitzero"`
	Exclude Selector `json:"exclude,omitzero"`
}

// Line is what a scope asks of a cart line.
type Line struct {
	SKU, Category, Brand, Merchant, Store string
}

// Everything reports whether the scope leaves nothing out.
func (s *Scope) Everything() bool { return s.Include.Empty() && s.Exclude.Empty() }

// Empty reports whether the selector names nothing.
func (s *Selector) Empty() bool {
	return len(s.Categories)+len(s.Brands)+len(s.SKUs)+len(s.Merchants)+len(s.Stores) == 0
}

// Matches reports whether the line is in scope.
func (s *Scope) Matches(l Line) bool {
	in, out := &s.Include, &s.Exclude
	if len(in.Categories)+len(in.Brands)+len(in.SKUs) > 0 && !in.goods(l) {
		return false
	}
	if len(in.Merchants) > 0 && !has(in.Merchants, l.Merchant) {
		return false
	}
	if len(in.Stores) > 0 && !has(in.Stores, l.Store) {
		return false
	}
	return !out.goods(l) && !has(out.Merchants, l.Merchant) && !has(out.Stores, l.Store)
}

func (s *Selector) goods(l Line) bool {
	if has(s.SKUs, l.SKU) || has(s.Brands, l.Brand) {
		return true
	}
	for _, c := range s.Categories {
		if within(l.Category, c) {
			return true
		}
	}
	return false
}

// within reports whether category lies at or below root.
func within(category, root string) bool {
	return strings.HasPrefix(category, root) && (len(category) == len(root) || category[len(root)] == '/')
}

func has(list []string, value string) bool {
	if value == "" {
		return false
	}
	for _, v := range list {
		if v == value {
			return true
		}
	}
	return false
}

// Contain is a "must contain" condition, apart from what is discounted: the
// lines in Scope have to reach MinMinor (list amount) and MinQuantity units.
type Contain struct {
	Scope       Scope `json:"scope"`
	MinMinor    int64 `json:"min_minor,omitempty"`
	MinQuantity int64 `json:"min_quantity,omitempty"`
}

// Place is an allow-list of cities and channels; an empty list allows all.
type Place struct {
	Cities   []string `json:"cities,omitempty"`
	Channels []string `json:"channels,omitempty"`
}
