package checkout

import (
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/item"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// MostLive bounds the coupons of one member that a quote looks at, and that a lock
// of the best set chooses from. Who holds more is served those that expire soonest:
// the others become candidates as these are used or run out, and can be named.
const MostLive = 1_000

// ofWallet reports whether the batch is a quote of all that a member holds, or of a
// guest: nearly all quotes are.
func (b *batch) ofWallet() bool { return b.dry && len(b.deals) == 1 && b.deals[0].wallet }

// glance reads what such a quote needs.
func (b *batch) glance(tx store.Tx, d *deal) (map[string]item.Item, error) {
	rows, err := tx.Quotes().Read(store.QuoteRead{Key: d.Who.Key, Member: d.Who.ID, Now: d.now(b.Clock()), Limit: MostLive, SKUs: b.skus()})
	if err != nil {
		return nil, err
	}
	d.member = rows.Member
	d.take(rows.Coupons)
	return bySKU(rows.Items), nil
}

// take makes the member's live coupons those of the deal.
func (d *deal) take(rows []coupon.Coupon) {
	d.Coupons = make([]id.ID, len(rows))
	for i := range rows {
		d.Coupons[i] = rows[i].ID
		d.coupons[rows[i].ID] = &rows[i]
	}
}

// doubted names the templates whose remembered offer is to be compared with the
// stock row: all of them, but for a quote, which may be a second behind
// (semantics 22), only those that were not compared within the last second.
func (b *batch) doubted() []id.ID {
	templates := set[id.ID]{}
	for _, d := range b.deals {
		for _, c := range d.coupons {
			templates.add(c.Template)
		}
	}
	b.began = time.Now()
	if b.dry {
		return b.Cache.Unsure(templates.list)
	}
	return templates.list
}
