package replay

import (
	"context"
	"fmt"
	"time"

	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// dayOne is the date of the set's day 1.
var dayOne = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

const mostDay = 3650

// dayStart is the first instant of a day of the set.
func dayStart(day int64) calendar.Instant { return calendar.Of(dayOne.AddDate(0, 0, int(day)-1)) }

// usesPerSend is how often a household may use what one send brought it: the set
// has no limit, and no household uses one more than 17 times.
const usesPerSend = 1000

type grocer struct {
	*replay
	desc, sends, redeems, households *file

	campaigns map[string]campaign
	rows      []send
	uses      []use
	people    map[string]person
}

type campaign struct {
	kind       string
	start, end int64
	template   id.ID
}

type send struct {
	line                int
	household, campaign string
}

type use struct {
	send
	day     int64
	product string
}

// Dunnhumby brings in a grocery chain's campaigns: a gift template for each, a
// coupon of many uses for each household that it was sent to, and every
// redemption with its product code. Day 1 is 2000-01-01.
func (d Deps) Dunnhumby(ctx context.Context, dir string, progress Progress) (*Result, error) {
	g := &grocer{replay: d.start("dunnhumby", progress), campaigns: map[string]campaign{}, people: map[string]person{}}
	if err := g.read(dir); err != nil {
		return nil, err
	}
	market := catalog.PutMarketInput{Code: "dunnhumby", Name: "Dunnhumby grocery", Currency: "USD", Zone: "UTC", WeekStart: int64(time.Sunday)}
	if _, err := g.Catalog.EnsureMarket(ctx, g.by, market); err != nil {
		return nil, err
	}
	if err := g.Catalog.EnsureMerchants(ctx, g.by, map[string]string{"dunnhumby": "Dunnhumby grocery"}); err != nil {
		return nil, err
	}
	if err := g.templates(ctx); err != nil {
		return nil, err
	}
	members, err := g.members(ctx, "dunnhumby", g.people)
	if err != nil {
		return nil, err
	}
	coupons, err := g.grant(ctx, members)
	if err != nil {
		return nil, err
	}
	if err := g.redeem(ctx, coupons); err != nil {
		return nil, err
	}
	return g.finish(ctx)
}

// read takes in all files before anything is written.
func (g *grocer) read(dir string) (err error) {
	for _, f := range []struct {
		into *(*file)
		name string
	}{{&g.desc, "campaign_desc.csv.gz"}, {&g.sends, "campaign_table.csv.gz"}, {&g.redeems, "coupon_redempt.csv.gz"}, {&g.households, "hh_demographic.csv.gz"}} {
		if *f.into, err = openFile(dir, f.name); err != nil {
			return err
		}
	}
	for _, step := range []func() error{g.readCampaigns, g.readSends, g.readUses, g.readHouseholds} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf reads one file; take returns why a row is none.
func (g *grocer) rowsOf(f *file, columns []string, take func(row) error) error {
	return f.each(columns, func(in row) error {
		if err := take(in); err != nil {
			g.bad(Malformed{f.name, in.line, err.Error()})
		}
		return nil
	}, g.bad)
}

func (g *grocer) readCampaigns() error {
	return g.rowsOf(g.desc, []string{"DESCRIPTION", "CAMPAIGN", "START_DAY", "END_DAY"}, func(in row) (err error) {
		c := campaign{kind: in.fields["DESCRIPTION"]}
		name, err := in.word("CAMPAIGN")
		if err != nil {
			return err
		}
		if c.start, err = in.number("START_DAY", 1, mostDay); err != nil {
			return err
		}
		if c.end, err = in.number("END_DAY", c.start, mostDay); err != nil {
			return err
		}
		if _, twice := g.campaigns[name]; twice {
			return fmt.Errorf("campaign %s is described twice", name)
		}
		g.campaigns[name] = c
		return nil
	})
}

func (g *grocer) readSend(in row) (s send, err error) {
	s.line = in.line
	if s.household, err = in.word("household_key"); err != nil {
		return s, err
	}
	if s.campaign, err = in.word("CAMPAIGN"); err != nil {
		return s, err
	}
	if _, ok := g.campaigns[s.campaign]; !ok {
		return s, fmt.Errorf("campaign %s has no description", s.campaign)
	}
	return s, nil
}

func (g *grocer) readSends() error {
	return g.rowsOf(g.sends, []string{"household_key", "CAMPAIGN"}, func(in row) error {
		s, err := g.readSend(in)
		if err != nil {
			return err
		}
		g.rows = append(g.rows, s)
		at := dayStart(g.campaigns[s.campaign].start)
		if p, ok := g.people[s.household]; !ok || at < p.at {
			g.people[s.household] = person{at: at}
		}
		return nil
	})
}

func (g *grocer) readUses() error {
	return g.rowsOf(g.redeems, []string{"household_key", "DAY", "COUPON_UPC", "CAMPAIGN"}, func(in row) (err error) {
		var u use
		if u.send, err = g.readSend(in); err != nil {
			return err
		}
		if u.day, err = in.number("DAY", 1, mostDay); err != nil {
			return err
		}
		if u.product, err = in.word("COUPON_UPC"); err != nil {
			return err
		}
		g.uses = append(g.uses, u)
		return nil
	})
}

// readHouseholds adds the demographics of households that were sent something.
func (g *grocer) readHouseholds() error {
	columns := map[string]string{"AGE_DESC": "age", "MARITAL_STATUS_CODE": "marital_status", "INCOME_DESC": "income",
		"HOMEOWNER_DESC": "homeowner", "HH_COMP_DESC": "composition", "HOUSEHOLD_SIZE_DESC": "size", "KID_CATEGORY_DESC": "kids"}
	needed := append(sortedKeys(columns), "household_key")
	return g.rowsOf(g.households, needed, func(in row) error {
		name, err := in.word("household_key")
		if err != nil {
			return err
		}
		p, sent := g.people[name]
		if !sent {
			return nil
		}
		p.attributes = map[string]string{}
		for column, attribute := range columns {
			p.attributes[attribute] = in.fields[column]
		}
		g.people[name] = p
		return nil
	})
}

func (g *grocer) templates(ctx context.Context) error {
	for _, name := range sortedKeys(g.campaigns) {
		c := g.campaigns[name]
		terms := coupon.Terms{Kind: coupon.KindGift, Gift: &coupon.Gift{SKU: "campaign-" + name, Quantity: 1}, UsesPerCoupon: usesPerSend,
			Funders: platform(), AllowZero: true,
			Validity: schedule.Validity{Kind: schedule.ValidityFixed, From: dayStart(c.start), To: dayStart(c.end + 1)}}
		t, err := g.Catalog.EnsureTemplate(ctx, g.by, catalog.CreateTemplateInput{Code: "dunnhumby-" + name, Market: "dunnhumby",
			InternalName: "Campaign " + name + " (" + c.kind + ")", CustomerName: coupon.Names{"en": "Campaign " + name},
			Issuer: coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "dunnhumby"}, Doc: coupon.Doc{Terms: terms}})
		if err != nil {
			return err
		}
		c.template = t.ID
		g.campaigns[name] = c
	}
	return nil
}

// grant issues a coupon for each send on its campaign's first day, and returns
// them by household and campaign.
func (g *grocer) grant(ctx context.Context, members map[string]id.ID) (map[send]id.ID, error) {
	coupons := make(map[send]id.ID, len(g.rows))
	done := 0
	b := &bulk[send]{ctx: ctx, write: func(part []send) error {
		inputs := make([]issuing.GrantInput, len(part))
		for i, s := range part {
			c := g.campaigns[s.campaign]
			inputs[i] = issuing.GrantInput{Templates: []id.ID{c.template}, MemberID: members[s.household], Channel: "mail",
				At: dayStart(c.start), Slip: slip(g.sends, s.line)}
		}
		out, err := g.Issuing.Grant(ctx, g.by, inputs)
		if err != nil {
			return err
		}
		for i, o := range out {
			if err := g.fate(g.sends, part[i].line, o.Err); err != nil {
				return err
			}
			if o.Err == nil {
				coupons[send{0, part[i].household, part[i].campaign}] = o.Receipt.Coupons[0].ID
			}
		}
		done += len(part)
		g.progress("sends", done, len(g.rows))
		return nil
	}}
	for _, s := range g.rows {
		if err := b.add(s); err != nil {
			return nil, err
		}
	}
	return coupons, b.flush()
}

// redeem makes the uses; the product code is the order's one line. A use of what
// was never sent is a row that can't be right, and is listed.
func (g *grocer) redeem(ctx context.Context, coupons map[send]id.ID) error {
	done := 0
	b := &bulk[use]{ctx: ctx, write: func(part []use) error {
		inputs := make([]checkout.RedeemInput, len(part))
		for i, u := range part {
			s := slip(g.redeems, u.line)
			inputs[i] = checkout.RedeemInput{Product: u.product, Merchant: "dunnhumby", Basis: checkout.Basis{Market: "dunnhumby",
				Order: order.Key{Source: s.Source, Ref: s.Ref}, Coupons: []id.ID{coupons[send{0, u.household, u.campaign}]},
				Cart: &pricing.Cart{Lines: []pricing.Line{{SKU: u.product, Quantity: 1}}, Channel: "till"},
				At:   dayStart(u.day), Slip: s}}
		}
		out, err := g.Checkout.Redeem(ctx, g.by, inputs)
		if err != nil {
			return err
		}
		for i, o := range out {
			if err := g.fate(g.redeems, part[i].line, o.Err); err != nil {
				return err
			}
		}
		done += len(part)
		g.progress("redemptions", done, len(g.uses))
		return nil
	}}
	for _, u := range g.uses {
		if coupons[send{0, u.household, u.campaign}] == 0 {
			g.bad(Malformed{g.redeems.name, u.line, fmt.Sprintf("household %s was not sent campaign %s", u.household, u.campaign)})
			continue
		}
		if err := b.add(u); err != nil {
			return err
		}
	}
	return b.flush()
}
