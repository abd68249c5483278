package sqlrepo

import (
	"quan/internal/domain/link"
	"quan/internal/domain/page"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

var links = newNoun("links", byMerchant,
	func(l *store.Link) face {
		return face{key: id.Format(id.Link, l.ID), id: l.ID, code: l.Code, parent: id.Format(id.Placement, l.Placement), market: l.Market, merchant: l.Merchant, name: l.Name}
	},
	func(l *store.Link) meta { return meta{&l.ID, &l.Rev, &l.CreatedAt, &l.UpdatedAt, &l.ArchivedAt} })

var pages = newNoun("pages", byMerchant,
	func(p *page.Page) face {
		return face{key: id.Format(id.Placement, p.Placement), id: p.Placement, market: p.Market, merchant: p.Merchant}
	},
	func(p *page.Page) meta {
		return meta{&p.Placement, &p.Rev, &p.CreatedAt, &p.UpdatedAt, &p.ArchivedAt}
	})

var (
	linkCouponsInsert = insertOf("link_coupons", "link coupon origin slot")
	linkCouponsSum    = newStatement("link_coupons.sum",
		"SELECT count(DISTINCT l.origin), count(*), COALESCE(SUM(CASE WHEN c.used > 0 THEN 1 ELSE 0 END), 0) FROM link_coupons AS l JOIN coupons AS c ON c.id = l.coupon AND c.slot = l.slot WHERE l.link = $1",
		"SELECT count(DISTINCT l.origin), count(*), CAST(COALESCE(SUM(CASE WHEN c.used > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM link_coupons AS l JOIN coupons AS c ON c.id = l.coupon AND c.slot = l.slot WHERE l.link = $1")
	linkDaysAdd = upsertOf("link_days.add", "link_days", "link day", "link day views sign_ins", true)
	linkDaysSum = newStatement("link_days.sum",
		"SELECT COALESCE(SUM(views), 0), COALESCE(SUM(sign_ins), 0) FROM link_days WHERE link = $1",
		"SELECT CAST(COALESCE(SUM(views), 0) AS BIGINT), CAST(COALESCE(SUM(sign_ins), 0) AS BIGINT) FROM link_days WHERE link = $1")
	picturesGet = newStatement("pictures.get",
		"SELECT name, width, height, data, created_at FROM pictures WHERE name IN (SELECT value FROM json_each($1))",
		"SELECT name, width, height, data, created_at FROM pictures WHERE name = ANY($1::text[])")
	picturesPut = upsertOf("pictures.put", "pictures", "name", "name:t width height data:t created_at", false)
)

type linkRows struct{ *reference[store.Link] }

func (r linkRows) Note(rows []link.Issue) error {
	return r.tx.bulk(linkCouponsInsert, len(rows), func(i int) []any {
		one := &rows[i]
		return []any{int64(one.Link), int64(one.Coupon), int64(one.Origin), one.Coupon.Slot()}
	})
}

func (r linkRows) AddDays(rows []link.Day) error {
	return r.tx.bulk(linkDaysAdd, len(rows), func(i int) []any {
		d := &rows[i]
		return []any{int64(d.Link), int64(d.Day), d.Views, d.SignIns}
	})
}

func (r linkRows) Figures(of id.ID) (f link.Figures, err error) {
	err = r.tx.query(linkDaysSum, []any{int64(of)}, func(row Scanner) error { return row.Scan(&f.Views, &f.SignIns) })
	if err != nil {
		return f, err
	}
	err = r.tx.query(linkCouponsSum, []any{int64(of)}, func(row Scanner) error { return row.Scan(&f.Claims, &f.Coupons, &f.Used) })
	return f, err
}

type pictureRows struct{ tx *Tx }

func (r pictureRows) Get(names []string) ([]store.Picture, error) {
	return collect(r.tx, picturesGet, func(row Scanner) (p store.Picture, err error) {
		err = row.Scan(&p.Name, &p.Width, &p.Height, &p.Data, &p.CreatedAt)
		return p, err
	}, words(names))
}

func (r pictureRows) Put(p store.Picture) error {
	return r.tx.bulk(picturesPut, 1, func(int) []any {
		return []any{p.Name, p.Width, p.Height, p.Data, int64(p.CreatedAt)}
	})
}
