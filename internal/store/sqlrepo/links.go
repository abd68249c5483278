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
	linkCouponsInsert = insertOf("link_coupons", "=link coupon origin slot")
	linkCouponsSum    = newStatement("link_coupons.sum",
		"SELECT l.link, count(DISTINCT l.origin), count(*), SUM(CASE WHEN c.used > 0 THEN 1 ELSE 0 END) FROM link_coupons AS l JOIN coupons AS c ON c.id = l.coupon AND c.slot = l.slot WHERE l.link IN (SELECT value FROM json_each($1)) GROUP BY l.link",
		"SELECT l.link, count(DISTINCT l.origin), count(*), CAST(SUM(CASE WHEN c.used > 0 THEN 1 ELSE 0 END) AS BIGINT) FROM link_coupons AS l JOIN coupons AS c ON c.id = l.coupon AND c.slot = l.slot WHERE l.link = ANY($1::bigint[]) GROUP BY l.link")
	linkDaysAdd = upsertOf("link_days.add", "link_days", "link day", "link day views sign_ins", true)
	linkDaysSum = newStatement("link_days.sum",
		"SELECT link, SUM(views), SUM(sign_ins) FROM link_days WHERE link IN (SELECT value FROM json_each($1)) GROUP BY link",
		"SELECT link, CAST(SUM(views) AS BIGINT), CAST(SUM(sign_ins) AS BIGINT) FROM link_days WHERE link = ANY($1::bigint[]) GROUP BY link")
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

func (r linkRows) Seen(of []id.ID) (map[id.ID]link.Figures, error) {
	all := make(map[id.ID]link.Figures, len(of))
	if len(of) == 0 {
		return all, nil
	}
	err := r.tx.query(linkDaysSum, []any{ints(of)}, func(row Scanner) error {
		var l id.ID
		var f link.Figures
		err := row.Scan(&l, &f.Views, &f.SignIns)
		all[l] = f
		return err
	})
	return all, err
}

func (r linkRows) Figures(of []id.ID) (map[id.ID]link.Figures, error) {
	all, err := r.Seen(of)
	if err != nil || len(of) == 0 {
		return all, err
	}
	err = r.tx.query(linkCouponsSum, []any{ints(of)}, func(row Scanner) error {
		var l id.ID
		var claims, coupons, used int64
		if err := row.Scan(&l, &claims, &coupons, &used); err != nil {
			return err
		}
		f := all[l]
		f.Claims, f.Coupons, f.Used = claims, coupons, used
		all[l] = f
		return nil
	})
	return all, err
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
