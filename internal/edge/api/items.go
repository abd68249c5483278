package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/item"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

type ItemBody struct {
	Name       string `json:"name" minLength:"1" maxLength:"200" doc:"as customers know it" example:"Apple"`
	Category   string `json:"category,omitempty" maxLength:"256" doc:"path in the category tree, parts divided by /" example:"fresh/fruit"`
	Brand      string `json:"brand,omitempty" maxLength:"64" doc:"brand" example:"orchard"`
	Merchant   string `json:"merchant,omitempty" maxLength:"64" doc:"code of the merchant who sells it; absent: the platform" example:"green"`
	PriceMinor int64  `json:"price_minor" minimum:"0" maximum:"1000000000000000" doc:"list price, minor units of the market's currency" example:"1000"`
	CostMinor  int64  `json:"cost_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"what a unit costs the business; 0: not known" example:"600"`
	MinMinor   int64  `json:"min_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"least price wanted for a unit, of which plans warn; 0: none" example:"700"`
	Market     string `json:"market" minLength:"1" maxLength:"64" doc:"code of the market; can't change" example:"main"`

	Prices map[string]item.Price `json:"prices,omitempty" doc:"prices in further currencies of the market, by ISO 4217 code"`
}

type itemRow struct {
	SKU string `json:"sku" doc:"its identity"`
	ItemBody
	Stamps
}

func showItem(i store.Item) itemRow {
	return itemRow{i.SKU, ItemBody{i.Name, i.Category, i.Brand, i.Merchant, i.PriceMinor, i.CostMinor, i.MinMinor, i.Market, i.Prices},
		Stamps{i.Rev, i.CreatedAt, i.UpdatedAt, i.ArchivedAt}}
}

type SkuPath struct {
	SKU string `path:"sku" minLength:"1" maxLength:"64" doc:"the stock keeping unit, which never changes" example:"apple"`
}

type putItemInput struct {
	SkuPath
	Creating
	Body ItemBody
}

type archiveItemInput struct {
	SkuPath
	Matched
}

type itemFeed struct {
	Items []itemFeedRow `json:"items" minItems:"1" maxItems:"500" doc:"items as they shall be" nullable:"false"`
	Trial
}

type itemFeedRow struct {
	SKU string `json:"sku" minLength:"1" maxLength:"64" doc:"its identity" example:"apple"`
	ItemBody
}

type putItemsInput struct {
	Keyed
	Body itemFeed
}

func (s *server) itemRoutes() {
	const path = "/v1/items/{sku}"
	add(s, operation{id: "get-item", method: "GET", path: path, tag: "catalogue", may: access.ReferenceRead,
		summary: "Get an item", about: "Archived ones too.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *SkuPath) (*row[itemRow], error) {
			i, err := s.Catalog.GetItem(ctx, c.principal, in.SKU)
			if err != nil {
				return nil, err
			}
			return rowOf(showItem(i), i.Rev, false), nil
		})
	add(s, operation{id: "list-items", method: "GET", path: "/v1/items", tag: "catalogue", may: access.ReferenceRead,
		summary: "List items", about: "By SKU.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *ListInput) (*list[itemRow], error) {
			f, err := in.filter("items")
			if err != nil {
				return nil, err
			}
			rows, err := s.Catalog.ListItems(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[itemRow]{pageOf("items", f.Limit, rows, func(i store.Item) string { return i.SKU }, showItem)}, nil
		})
	add(s, operation{id: "archive-item", method: "DELETE", path: path, tag: "catalogue", may: access.ReferenceWrite,
		summary: "Archive an item", about: "It stays, keeps its SKU and takes no further change.",
		faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *archiveItemInput) (*row[itemRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			i, err := s.Catalog.ArchiveItem(ctx, c.principal, in.SKU, rev)
			if err != nil {
				return nil, err
			}
			return rowOf(showItem(i), i.Rev, false), nil
		})
	s.writeItemRoutes(path)
}

func (s *server) writeItemRoutes(path string) {
	example := ItemBody{"Apple", "fresh/fruit", "orchard", "", 1000, 600, 700, "main", nil}
	add(s, put("item", path, access.ReferenceWrite, example),
		func(ctx context.Context, c *call, in *putItemInput) (*row[itemRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			i, created, err := s.Catalog.PutItem(ctx, c.principal, in.Body.input(in.SKU, rev))
			if err != nil {
				return nil, in.refused(err)
			}
			return rowOf(showItem(i), i.Rev, created), nil
		})
	add(s, operation{id: "put-items", method: "POST", path: "/v1/items/batch", tag: "catalogue", may: access.ReferenceWrite,
		summary: "Create or change many items", example: itemFeed{Items: []itemFeedRow{{"apple", example}}},
		about: "A catalogue feed: up to 500 items, whatever their revisions. Bad input of one refuses all. " +
			"It sets what shall be, so a repetition changes nothing. " + aboutTrial,
		faults: []fault.Code{fault.UnknownReference, fault.DuplicateValue, fault.MissingKey}},
		func(ctx context.Context, c *call, in *putItemsInput) (*fed, error) {
			inputs := make([]catalog.PutItemInput, len(in.Body.Items))
			for i, row := range in.Body.Items {
				inputs[i] = row.input(row.SKU, 0)
			}
			return fedAnswer(s.Catalog.PutItems(ctx, c.principal, inputs, in.Body.DryRun))
		})
}

func (b ItemBody) input(sku string, rev int64) catalog.PutItemInput {
	return catalog.PutItemInput{SKU: sku, Name: b.Name, Category: b.Category, Brand: b.Brand, Merchant: b.Merchant,
		PriceMinor: b.PriceMinor, CostMinor: b.CostMinor, MinMinor: b.MinMinor, Prices: b.Prices, Market: b.Market, IfRev: rev}
}
