package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/store"
)

type MarketBody struct {
	Name      string           `json:"name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"China"`
	Currency  string           `json:"currency" minLength:"3" maxLength:"3" doc:"ISO 4217 code; can't change once the market has templates" example:"CNY"`
	Zone      string           `json:"zone" minLength:"1" maxLength:"64" doc:"IANA name of the time zone; can't change once the market has templates" example:"Asia/Shanghai"`
	WeekStart int64            `json:"week_start" minimum:"0" maximum:"6" doc:"0 Sunday … 6 Saturday; can't change once the market has templates" example:"1"`
	Policies  *market.Policies `json:"policies,omitempty" doc:"the choices where the trade differs, whole; absent: as they are, or the defaults"`

	Currencies map[string]market.Further `json:"currencies,omitempty" doc:"further currencies in which orders may be paid, by ISO 4217 code, with the policies that are amounts; whole; absent: as they are. None goes away once the market has templates"`
}

type marketRow struct {
	Code string `json:"code" doc:"its identity"`
	MarketBody
	Stamps
}

type putMarketInput struct {
	CodePath
	Creating
	Body MarketBody
}

func (s *server) marketRoutes() {
	r := reference[store.Market, marketRow]{one: "market", many: "markets", path: "/v1/markets/{code}",
		read: access.MarketRead, write: access.MarketWrite, get: s.Catalog.GetMarket, list: s.Catalog.ListMarkets,
		archive: s.Catalog.ArchiveMarket,
		show: func(m store.Market) marketRow {
			return marketRow{m.Code, MarketBody{m.Name, m.Currency, m.Zone, int64(m.WeekStart), &m.Policies, m.Currencies},
				Stamps{m.Rev, m.CreatedAt, m.UpdatedAt, m.ArchivedAt}}
		},
		rev: func(m store.Market) int64 { return m.Rev }, key: func(m store.Market) string { return m.Code }}
	addReference(s, r)
	addList(s, r, "/v1/markets")
	defaults := market.Defaults()
	add(s, put("market", r.path, r.write, MarketBody{"China", "CNY", "Asia/Shanghai", 1, &defaults, map[string]market.Further{"HKD": {FloorMinor: 1}}}),
		func(ctx context.Context, c *call, in *putMarketInput) (*row[marketRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			b := in.Body
			m, created, err := s.Catalog.PutMarket(ctx, c.principal, catalog.PutMarketInput{Code: in.Code, Name: b.Name,
				Currency: b.Currency, Zone: b.Zone, WeekStart: b.WeekStart, Policies: b.Policies, Currencies: b.Currencies, IfRev: rev})
			if err != nil {
				return nil, in.refused(err)
			}
			return rowOf(r.show(m), m.Rev, created), nil
		})
}
