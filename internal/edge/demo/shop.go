package demo

import (
	"context"
	"fmt"
	"time"

	"quan/internal/app/catalog"
	"quan/internal/app/membership"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// zoneName and currency are those of the shop's market.
const (
	zoneName = "Asia/Shanghai"
	currency = "CNY"
)

// open makes the market, merchants, stores, goods and templates that are not there.
func (p *player) open(ctx context.Context) error {
	m, err := p.Catalog.EnsureMarket(ctx, p.by, catalog.PutMarketInput{Code: market.DefaultCode, Name: "鲜邻", Currency: currency,
		Zone: zoneName, WeekStart: int64(time.Monday)})
	if err != nil {
		return err
	}
	if m.Currency != currency || m.Zone != zoneName {
		return fmt.Errorf("demo: market %s has %s and %s; the shop needs %s and %s", m.Code, m.Currency, m.Zone, currency, zoneName)
	}
	if err := p.Catalog.EnsureMerchants(ctx, p.by, merchants); err != nil {
		return err
	}
	for _, s := range places {
		if _, err := p.Catalog.EnsureStore(ctx, p.by, catalog.PutStoreInput{Code: s[0], Name: s[1], Merchant: "xianlin", City: s[2]}); err != nil {
			return err
		}
	}
	var goods []catalog.PutItemInput
	for k := range kinds {
		for _, g := range p.sim.goods[k] {
			goods = append(goods, catalog.PutItemInput{SKU: g.sku, Name: g.name, Category: categories[k], Brand: g.brand,
				Merchant: g.merchant(), PriceMinor: g.minor, Market: market.DefaultCode})
		}
	}
	if _, err := p.Catalog.PutItems(ctx, p.by, goods, false); err != nil {
		return err
	}
	if err := p.publish(ctx); err != nil {
		return err
	}
	return p.openFair(ctx)
}

// publish makes the templates; each can be claimed from the run's first day on.
func (p *player) publish(ctx context.Context) error {
	for n := range p.sim.offers {
		o := &p.sim.offers[n]
		doc := o.doc(n)
		doc.Claim.Window = schedule.Window{From: p.set.First().Start(p.sim.zone)}
		t, err := p.Catalog.EnsureTemplate(ctx, p.by, catalog.CreateTemplateInput{Code: o.code, Market: market.DefaultCode,
			InternalName: o.name, CustomerName: coupon.Names{"zh-CN": o.name}, Line: "fresh",
			Issuer: coupon.Issuer{Kind: coupon.IssuerSelf}, Doc: doc})
		if err != nil {
			return fmt.Errorf("demo: template %s: %w", o.code, err)
		}
		p.templates[n] = t.ID
	}
	return nil
}

// pin makes the day's places: 今日福利 for those who see a coupon pinned with a
// countdown of 24 hours, and at weekends the one that opens at 20:00.
func (p *player) pin(ctx context.Context) error {
	start := p.sim.date.Start(p.sim.zone)
	for _, n := range []int{offerMeat, offerDormantVeg, offerDormantAll, offerWeekend} {
		from := start
		if n == offerWeekend {
			if !p.sim.weekend {
				p.places[n] = 0
				continue
			}
			from = p.sim.at(eight, 0)
		}
		o := &p.sim.offers[n]
		row, err := p.Catalog.EnsurePlacement(ctx, p.by, catalog.CreatePlacementInput{Code: fmt.Sprintf("%s-%s", o.code, p.sim.date),
			Market: market.DefaultCode, Name: "今日福利 " + o.name, Template: p.templates[n], Channel: "app",
			From: from, To: from.Add(24 * time.Hour), Open: true})
		if err != nil {
			return fmt.Errorf("demo: placement of %s: %w", o.code, err)
		}
		p.places[n] = row.ID
	}
	return nil
}

// enrol makes members, or finds them again; whole says that their attributes
// are written too.
func (p *player) enrol(ctx context.Context, people []*person, whole bool) error {
	piece := p.set.piece()
	for from := 0; from < len(people); from += piece {
		part := people[from:min(from+piece, len(people))]
		if err := p.alive(ctx); err != nil {
			return err
		}
		inputs := make([]membership.EnsureInput, len(part))
		for i, who := range part {
			p.identify(who)
			inputs[i] = membership.EnsureInput{Key: who.key, Sealed: who.sealed, At: p.joinedAt(who)}
			if whole {
				inputs[i].Attributes = attributes(who)
			}
		}
		ids, err := p.Membership.Ensure(ctx, p.by, inputs)
		if err != nil {
			return err
		}
		for i, who := range part {
			who.id = ids[i]
		}
	}
	return nil
}

func (p *player) identify(who *person) {
	if who.sealed != "" {
		return
	}
	name := member.Secret(fmt.Sprintf("demo-%06d", who.no+1))
	who.key, who.sealed = p.Vault.Key("external", name), p.Vault.Seal("external", name)
}

// joinedAt is when the member signed up; a change of attributes is now.
func (p *player) joinedAt(who *person) calendar.Instant {
	if who.id != 0 {
		return 0
	}
	return p.set.First().AddDays(who.joined).Start(p.sim.zone).Add(time.Duration(hours[morning]) * time.Hour)
}

func attributes(who *person) map[string]string {
	side := "plan"
	if who.control {
		side = "control"
	}
	return map[string]string{"channel": channels[who.via], "group": groupNames[who.told], "city": places[who.place][2],
		"store": places[who.place][0], "side": side}
}

// placeOf is where a member takes the coupon: the home block of the app; those
// on the official account or with an SMS follow its link, which is no placement.
func (p *player) placeOf(who *person, h *holding) id.ID {
	if who.via != 0 {
		return 0
	}
	return p.places[h.offer]
}
