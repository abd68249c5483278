package sqlrepo

import (
	"maps"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

var markets = newNoun("markets", unscoped,
	func(m *store.Market) face { return face{key: m.Code, market: m.Code, name: m.Name} },
	func(m *store.Market) meta { return meta{nil, &m.Rev, &m.CreatedAt, &m.UpdatedAt, &m.ArchivedAt} })

var merchants = newNoun("merchants", byMerchant,
	func(m *store.Merchant) face { return face{key: m.Code, merchant: m.Code, name: m.Name} },
	func(m *store.Merchant) meta { return meta{nil, &m.Rev, &m.CreatedAt, &m.UpdatedAt, &m.ArchivedAt} })

var places = newNoun("stores", byPlace,
	func(s *store.Place) face {
		return face{key: s.Code, parent: s.Merchant, merchant: s.Merchant, store: s.Code, city: s.City, name: s.Name}
	},
	func(s *store.Place) meta { return meta{nil, &s.Rev, &s.CreatedAt, &s.UpdatedAt, &s.ArchivedAt} })

var items = newNoun("items", byMerchant,
	func(i *store.Item) face {
		return face{key: i.SKU, market: i.Market, merchant: i.Merchant, name: i.Name}
	},
	func(i *store.Item) meta { return meta{nil, &i.Rev, &i.CreatedAt, &i.UpdatedAt, &i.ArchivedAt} })

var templates = newNoun("templates", byMerchant,
	func(t *store.Template) face {
		f := face{key: id.Format(id.Template, t.ID), id: t.ID, code: t.Code, market: t.Market, merchant: t.Merchant(),
			status: string(t.Status), name: t.InternalName, also: called(t.CustomerName)}
		if t.Automatic {
			f.parent = automatic
		}
		return f
	},
	func(t *store.Template) meta { return meta{&t.ID, &t.Rev, &t.CreatedAt, &t.UpdatedAt, &t.ArchivedAt} })

var placements = newNoun("placements", byOffer,
	func(p *store.Placement) face {
		return face{key: id.Format(id.Placement, p.ID), id: p.ID, code: p.Code, parent: offered(p), market: p.Market, name: p.Name}
	},
	func(p *store.Placement) meta { return meta{&p.ID, &p.Rev, &p.CreatedAt, &p.UpdatedAt, &p.ArchivedAt} })

var budgets = newNoun("budgets", byMerchant,
	func(b *store.Budget) face {
		return face{key: id.Format(id.Budget, b.ID), id: b.ID, code: b.Code, market: b.Market, merchant: b.Merchant, name: b.Name}
	},
	func(b *store.Budget) meta { return meta{&b.ID, &b.Rev, &b.CreatedAt, &b.UpdatedAt, &b.ArchivedAt} })

var codeBatches = newNoun("code_batches", byOffer,
	func(b *store.CodeBatch) face {
		return face{key: id.Format(id.CodeBatch, b.ID), id: b.ID, code: b.Unique(), parent: id.Format(id.Template, b.Template),
			market: b.Market, status: string(b.Kind), name: b.Name}
	},
	func(b *store.CodeBatch) meta { return meta{&b.ID, &b.Rev, &b.CreatedAt, &b.UpdatedAt, &b.ArchivedAt} })

var packs = newNoun("packs", byMerchant,
	func(p *store.Pack) face {
		return face{key: id.Format(id.Pack, p.ID), id: p.ID, code: p.Code, market: p.Market, merchant: p.Merchant, status: string(p.Status), name: p.InternalName, also: called(p.CustomerName)}
	},
	func(p *store.Pack) meta { return meta{&p.ID, &p.Rev, &p.CreatedAt, &p.UpdatedAt, &p.ArchivedAt} })

var batches = newNoun("stock_batches", byOffer,
	func(b *store.Batch) face {
		return face{key: id.Format(id.Batch, b.ID), id: b.ID, code: b.Code, parent: id.Format(id.Template, b.Template),
			market: b.Market, name: b.Name}
	},
	func(b *store.Batch) meta { return meta{&b.ID, &b.Rev, &b.CreatedAt, &b.UpdatedAt, &b.ArchivedAt} })
var plans = newNoun("packet_plans", byMerchant,
	func(p *store.Plan) face {
		return face{key: id.Format(id.PacketPlan, p.ID), id: p.ID, code: p.Code, market: p.Market, merchant: p.Merchant, status: string(p.Status),
			parent: id.Format(id.Template, p.Content.Template), name: p.InternalName, also: called(p.CustomerName)}
	},
	func(p *store.Plan) meta { return meta{&p.ID, &p.Rev, &p.CreatedAt, &p.UpdatedAt, &p.ArchivedAt} })

var keys = secretly(newNoun("api_keys", unscoped,
	func(k *store.Key) face {
		return face{key: id.Format(id.Key, k.ID), id: k.ID, code: k.SecretHash, name: k.Name}
	},
	func(k *store.Key) meta { return meta{&k.ID, &k.Rev, &k.CreatedAt, &k.UpdatedAt, &k.ArchivedAt} }))

// secretly is a noun whose second code nobody searches by.
func secretly[T any](n *noun[T]) *noun[T] {
	n.secret = true
	return n
}

var people = newNoun("people", unscoped,
	func(p *store.Person) face {
		return face{key: id.Format(id.Person, p.ID), id: p.ID, code: p.Login, name: p.Name}
	},
	func(p *store.Person) meta { return meta{&p.ID, &p.Rev, &p.CreatedAt, &p.UpdatedAt, &p.ArchivedAt} })

var lists = newNoun("lists", unscoped,
	func(l *store.List) face { return face{key: l.Code, name: l.Name} },
	func(l *store.List) meta { return meta{nil, &l.Rev, &l.CreatedAt, &l.UpdatedAt, &l.ArchivedAt} })

var segments = newNoun("segments", unscoped,
	func(s *store.Segment) face { return face{key: s.Code, market: s.Market, name: s.Name} },
	func(s *store.Segment) meta { return meta{nil, &s.Rev, &s.CreatedAt, &s.UpdatedAt, &s.ArchivedAt} })

var desks = newNoun("desks", unscoped,
	func(d *store.Desk) face { return face{key: d.Market, market: d.Market} },
	func(d *store.Desk) meta { return meta{nil, &d.Rev, &d.CreatedAt, &d.UpdatedAt, &d.ArchivedAt} })

var days = newNoun("market_days", unscoped,
	func(d *store.Day) face { return face{key: market.DayKey(d.Market, d.Date), market: d.Market} },
	func(d *store.Day) meta { return meta{nil, &d.Rev, &d.CreatedAt, &d.UpdatedAt, &d.ArchivedAt} })

var outerFacts = newNoun("outer_facts", unscoped,
	func(f *store.Fact) face { return face{key: f.Name} },
	func(f *store.Fact) meta { return meta{nil, &f.Rev, &f.CreatedAt, &f.UpdatedAt, &f.ArchivedAt} })

// called is how customers see a row, in all languages.
func called(names coupon.Names) []string { return slices.Collect(maps.Values(names)) }

// offered is what a placement offers, as its lists name it.
func offered(p *store.Placement) string {
	if p.Pack != 0 {
		return id.Format(id.Pack, p.Pack)
	}
	return id.Format(id.Template, p.Template)
}
