package checkout

import (
	"context"
	"slices"
	"strconv"

	"quan/internal/app"
	"quan/internal/domain/coupon"
	"quan/internal/domain/item"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

func orderKey(k order.Key) store.OutsideKey {
	return store.OutsideKey{Kind: "order", Source: k.Source, Ref: k.Ref}
}

func lockKey(k order.Key) store.OutsideKey {
	return store.OutsideKey{Kind: "lock", Source: k.Source, Ref: k.Ref}
}

// look reads in one View what the round's deals speak of, and fills the carts
// from the catalogue.
func (b *batch) look(ctx context.Context) error {
	var items map[string]item.Item
	err := b.Store.View(ctx, func(tx store.Tx) (err error) {
		for _, d := range b.deals {
			d.member, d.lock, d.order, d.err = d.Who.ID, nil, nil, nil
			d.redeemed, d.refunds, d.coupons, d.earlier = nil, nil, map[id.ID]*coupon.Coupon{}, nil
			d.Coupons = append([]id.ID{}, d.asked...)
		}
		if b.ofWallet() {
			items, err = b.glance(tx, b.deals[0])
		} else {
			items, err = b.survey(tx)
		}
		if err != nil {
			return err
		}
		b.seenGen, err = generations(tx, b.doubted())
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range b.deals {
		if d.market, err = b.marketOf(ctx, d); fault.From(err) == nil && err != nil {
			return err
		}
		if d.err = err; err != nil {
			d.market = &market.Market{Zone: "UTC"} // never decided on: the deal is refused
		}
		b.settle(d, items)
	}
	if err := b.learn(ctx); err != nil {
		return err
	}
	if err := b.learnEntries(ctx); err != nil {
		return err
	}
	for _, d := range b.deals {
		if err := b.findPromotions(ctx, d); err != nil {
			return err
		}
	}
	if err := b.measure(ctx); err != nil {
		return err
	}
	return b.know(ctx)
}

// survey reads what deals of all kinds speak of.
func (b *batch) survey(tx store.Tx) (map[string]item.Item, error) {
	for _, read := range []func(store.Tx) error{b.lookMembers, b.lookOrders, b.lookCoupons, b.lookEarlier} {
		if err := read(tx); err != nil {
			return nil, err
		}
	}
	skus := b.skus()
	if len(skus) == 0 {
		return nil, nil
	}
	rows, err := tx.Items().Get(skus)
	return bySKU(rows), err
}

func (b *batch) lookMembers(tx store.Tx) error {
	var keys []member.Key
	for _, d := range b.deals {
		if d.Who.ID == 0 && d.Who.Key.Hash != "" {
			keys = append(keys, d.Who.Key)
		}
	}
	rows, err := tx.Members().Find(keys)
	if err != nil {
		return err
	}
	found := make(map[member.Key]id.ID, len(rows))
	for _, r := range rows {
		found[r.Key] = r.Member
	}
	for _, d := range b.deals {
		if d.Who.ID == 0 && d.Who.Key.Hash != "" {
			d.member = found[d.Who.Key]
		}
	}
	return nil
}

func (b *batch) lookOrders(tx store.Tx) error {
	targets, err := b.outside(tx)
	if err != nil {
		return err
	}
	var orders, locks []id.ID
	for _, d := range b.deals {
		if o := targets[orderKey(d.Order)]; o != 0 {
			orders = append(orders, o)
		}
		if l := targets[lockKey(d.Order)]; l != 0 {
			locks = append(locks, l)
		}
	}
	orderRows, err := tx.Orders().Get(orders)
	if err != nil {
		return err
	}
	lockRows, err := tx.Locks().Get(locks)
	if err != nil {
		return err
	}
	redeemed, err := tx.Redemptions().OfOrders(orders)
	if err != nil {
		return err
	}
	refunds, err := tx.Orders().Refunds(orders)
	if err != nil {
		return err
	}
	for _, d := range b.deals {
		for i := range orderRows {
			if orderRows[i].ID == targets[orderKey(d.Order)] {
				d.order = &orderRows[i]
			}
		}
		for i := range lockRows {
			if lockRows[i].ID == targets[lockKey(d.Order)] {
				d.lock = &lockRows[i]
			}
		}
		if d.order == nil {
			continue
		}
		for _, r := range redeemed {
			if r.Order == d.order.ID {
				d.redeemed = append(d.redeemed, r)
			}
		}
		for _, r := range refunds {
			if r.Order == d.order.ID {
				d.refunds = append(d.refunds, r)
			}
		}
	}
	return nil
}

// lookCoupons reads the coupons that a deal names, its lock holds, or its
// redemptions used.
func (b *batch) lookCoupons(tx store.Tx) error {
	wanted := set[id.ID]{}
	for _, d := range b.deals {
		for _, c := range d.named() {
			wanted.add(c)
		}
	}
	rows, err := tx.Coupons().Get(wanted.list)
	if err != nil {
		return err
	}
	byID := make(map[id.ID]*coupon.Coupon, len(rows))
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
	}
	for _, d := range b.deals {
		for _, i := range d.named() {
			if c := byID[i]; c != nil {
				d.coupons[i] = c
			}
		}
		if d.wallet && d.member != 0 {
			rows, err := tx.Coupons().Live(d.member, d.now(b.Clock()), MostLive)
			if err != nil {
				return err
			}
			d.take(rows)
		}
	}
	return nil
}

// named lists every coupon that the deal has to do with.
func (d *deal) named() []id.ID {
	all := append([]id.ID{}, d.Coupons...)
	if d.lock != nil {
		all = append(all, d.lock.Coupons...)
	}
	for _, r := range d.redeemed {
		all = append(all, r.Coupon)
	}
	return all
}

// skus names the goods of the carts that say less than the catalogue does.
func (b *batch) skus() []string {
	skus := set[string]{}
	for _, d := range b.deals {
		if d.Cart == nil {
			continue
		}
		for _, l := range d.Cart.Lines {
			if l.SKU != "" { // also of whole lines: the least price is the catalogue's to say
				skus.add(l.SKU)
			}
		}
	}
	return skus.list
}

func bySKU(rows []item.Item) map[string]item.Item {
	out := make(map[string]item.Item, len(rows))
	for _, r := range rows {
		out[r.SKU] = r
	}
	return out
}

// settle finds whom and what the deal is about, or its fault: all of it is the
// same for every verb.
func (b *batch) settle(d *deal, items map[string]item.Item) {
	if d.err != nil {
		return
	}
	if d.err = d.hidden(); d.err != nil {
		return
	}
	if d.order != nil && d.order.Market != d.market.Code {
		d.err = fault.New(fault.OrderDiffers).At("/market")
		return
	}
	if !d.Who.None() && d.member == 0 {
		d.err = fault.New(fault.MemberUnknown).At("/member")
		return
	}
	for n, c := range d.Coupons {
		row := d.coupons[c]
		if row == nil || d.member != 0 && row.Member != d.member {
			d.err = fault.New(fault.CouponUnknown).At("/coupons/" + strconv.Itoa(n))
			return
		}
		d.member = row.Member // of a deal that names none: all its coupons are one member's
	}
	if d.member == 0 {
		d.member = d.owner()
	}
	if d.member != 0 {
		if d.err = d.by.ActsFor(d.member); d.err != nil {
			return
		}
	}
	if d.err = d.balanced(); d.err != nil || d.Cart == nil {
		return
	}
	cart, err := fill(d.Cart, d.market, items)
	if err == nil {
		err = fault.Under("/cart", cart.Validate())
	}
	if err == nil {
		err = d.elsewhere(cart)
	}
	if err != nil {
		d.err = err
		return
	}
	d.cart, d.cartHash = cart, cart.Hash()
}

// fill completes a cart's lines from the catalogue: what a line leaves empty, and
// its price where it names none (UnitMinor < 0), and the least price that coupons
// may leave of a unit. Items of another market are unknown.
// A cart in one of the market's further currencies is priced by the catalogue's
// prices in it; naming the market's own says nothing more than leaving it out.
func fill(cart *pricing.Cart, m *market.Market, items map[string]item.Item) (*pricing.Cart, error) {
	full := *cart
	if !m.Takes(full.Currency) {
		return nil, fault.New(fault.CurrencyMismatch, "currency", full.Currency).At("/cart/currency")
	}
	if full.Currency == m.Currency {
		full.Currency = ""
	}
	full.Lines = append([]pricing.Line{}, cart.Lines...)
	for i := range full.Lines {
		l := &full.Lines[i]
		it, known := items[l.SKU]
		known = known && it.Market == m.Code
		if known {
			l.Category, l.Brand, l.Merchant = or(l.Category, it.Category), or(l.Brand, it.Brand), or(l.Merchant, it.Merchant)
		}
		price, priced := it.In(full.Currency)
		switch at := "/cart/lines/" + strconv.Itoa(i); {
		case l.UnitMinor >= 0:
		case !known:
			return nil, fault.New(fault.UnknownReference, "what", "item", "value", l.SKU).At(at + "/sku")
		case !priced:
			return nil, fault.New(fault.CurrencyMismatch, "currency", full.Currency).At(at + "/unit_minor")
		default:
			l.UnitMinor = price.PriceMinor
		}
		if known && l.MinMinor == 0 {
			l.MinMinor = min(price.MinMinor, l.UnitMinor)
		}
	}
	return &full, nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// learn reads templates and versions of the coupons seen.
func (b *batch) learn(ctx context.Context) (err error) {
	templates, versions := set[id.ID]{}, set[store.VersionKey]{}
	for _, d := range b.deals {
		for _, c := range d.coupons {
			templates.add(c.Template)
			versions.add(store.VersionKey{Template: c.Template, Number: c.Version})
		}
	}
	if b.offers, err = b.offersAsOf(ctx, templates.list, b.seenGen); err != nil {
		return err
	}
	b.Cache.Confirm(b.offers, b.seenGen, b.began)
	if b.versions, err = b.Cache.Versions(ctx, versions.list); err != nil {
		return err
	}
	for _, d := range b.deals {
		if d.err == nil {
			d.err = b.inScope(d)
		}
	}
	return nil
}

// offersAsOf returns templates that are remembered no older than the generations
// that were seen: another process may have published one meanwhile.
func (c *Checkout) offersAsOf(ctx context.Context, templates []id.ID, seen map[id.ID]int64) (map[id.ID]*app.Offer, error) {
	offers, err := c.Cache.Offers(ctx, templates)
	if err != nil {
		return nil, err
	}
	old := false
	for t, o := range offers {
		if o.Generation < seen[t] {
			c.Cache.Outdated(t, seen[t])
			old = true
		}
	}
	if !old {
		return offers, nil
	}
	return c.Cache.Offers(ctx, templates)
}

// inScope hides coupons of other merchants from a merchant's principal, and
// coupons of another market from an order of this one: those that a deal names
// are its fault, those of a whole wallet are passed over.
func (b *batch) inScope(d *deal) error {
	own := make([]id.ID, 0, len(d.Coupons))
	for n, c := range d.Coupons {
		switch f := b.foreign(d, d.coupons[c].Template); {
		case f == nil:
			own = append(own, c)
		case !d.wallet:
			return f.At("/coupons/" + strconv.Itoa(n))
		case d.lock == nil || !slices.Contains(d.lock.Coupons, c):
			delete(d.coupons, c)
		}
	}
	d.Coupons = own
	return nil
}

// foreign is the fault of a template's coupon on the deal's order, nil for none.
func (b *batch) foreign(d *deal, template id.ID) *fault.Fault {
	o := b.offers[template]
	switch {
	case o == nil || o.Template.Merchant() != "" && !d.by.Scope.Merchant(o.Template.Merchant()):
		return fault.New(fault.CouponUnknown)
	case o.Template.Market != d.market.Code:
		return fault.New(fault.CurrencyMismatch)
	}
	return nil
}

// candidates joins the named coupons with their terms for pricing.
func (b *batch) candidates(d *deal, ids []id.ID) []pricing.Candidate {
	held := b.held(d, ids)
	out := make([]pricing.Candidate, len(held))
	for i, h := range held {
		out[i] = pricing.Candidate{Coupon: h.Coupon, Terms: h.Terms, Use: h.Use, Home: d.market.Currency,
			BalanceMinor: d.Balances[h.Coupon.ID]}
		if d.lock != nil && d.lock.State == redemption.LockActive {
			out[i].ForLock = d.lock.ID
		}
		out[i] = b.conditioned(out[i])
	}
	return out
}
