package api

import (
	"context"
	"encoding/base64"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/edge/sheet"
	"quan/internal/kernel/fault"
)

// Trial lets a feed be tried before it is done.
type Trial struct {
	DryRun bool `json:"dry_run,omitempty" doc:"say what would be done, and every fault, and write nothing"`
}

const aboutTrial = "With dry_run nothing is written."

type fed struct{ Body fedBody }

type fedBody struct {
	Created   int64 `json:"created" doc:"new rows"`
	Updated   int64 `json:"updated" doc:"changed rows"`
	Unchanged int64 `json:"unchanged" doc:"rows that were so already"`
}

func fedAnswer(done catalog.Fed, err error) (*fed, error) {
	if err != nil {
		return nil, err
	}
	return &fed{fedBody(done)}, nil
}

type merchantFeed struct {
	Merchants []merchantFeedRow `json:"merchants" minItems:"1" maxItems:"500" doc:"merchants as they shall be" nullable:"false"`
	Trial
}

type merchantFeedRow struct {
	Code string `json:"code" minLength:"1" maxLength:"64" doc:"its identity" example:"acme"`
	MerchantBody
}

type storeFeed struct {
	Stores []storeFeedRow `json:"stores" minItems:"1" maxItems:"500" doc:"stores as they shall be" nullable:"false"`
	Trial
}

type storeFeedRow struct {
	Code string `json:"code" minLength:"1" maxLength:"64" doc:"its identity" example:"nanjing-road"`
	StoreBody
}

type putMerchantsInput struct {
	Keyed
	Body merchantFeed
}

type putStoresInput struct {
	Keyed
	Body storeFeed
}

// Bounds of a table that is read for somebody who will say what its columns mean.
const (
	mostTable      = 8 << 20 // bytes of the request
	mostTableRows  = 20_000
	mostTableWidth = 64
	mostTableText  = 16 << 20 // bytes of its cells: a small workbook can repeat a text very often
)

type tableBody struct {
	File string `json:"file" minLength:"1" maxLength:"8300000" doc:"a CSV file or an Excel workbook, in base64"`
}

type tableInput struct{ Body tableBody }

type tableRow struct {
	Number int64    `json:"number" doc:"line of the file"`
	Cells  []string `json:"cells" doc:"its first 64 cells, without the apostrophe that keeps a spreadsheet from calculating" nullable:"false"`
}

type tableAnswer struct {
	Body struct {
		Rows []tableRow `json:"rows" doc:"rows that are not empty, the heading first" nullable:"false"`
	}
}

func (s *server) importRoutes() {
	add(s, operation{id: "read-table", method: "POST", path: "/v1/tables/read", tag: "catalogue", may: access.ReferenceRead, most: mostTable,
		summary: "Read a table", about: "What stands in a CSV file (UTF-8, UTF-16 or GB 18030) or in the first sheet of a workbook, up to 20,000 rows, for a page on which somebody says what the columns mean. Nothing is kept or calculated.",
		example: tableBody{"Y29kZSxuYW1lCmFjbWUsQWNtZQo="}, faults: []fault.Code{fault.OutOfRange, fault.TooLong}}, readTable)
	about := "Up to 500, whatever their revisions. Bad input of one refuses all. It sets what shall be, so a repetition changes nothing. " + aboutTrial
	faults := []fault.Code{fault.UnknownReference, fault.DuplicateValue, fault.MissingKey, fault.Absent, fault.WrongState}
	add(s, operation{id: "put-merchants", method: "POST", path: "/v1/merchants/batch", tag: "catalogue", may: access.ReferenceWrite,
		summary: "Create or change many merchants", about: about, faults: faults, example: merchantFeed{Merchants: []merchantFeedRow{{"acme", MerchantBody{"Acme"}}}}},
		func(ctx context.Context, c *call, in *putMerchantsInput) (*fed, error) {
			inputs := make([]catalog.PutMerchantInput, len(in.Body.Merchants))
			for i, row := range in.Body.Merchants {
				inputs[i] = catalog.PutMerchantInput{Code: row.Code, Name: row.Name}
			}
			return fedAnswer(s.Catalog.PutMerchants(ctx, c.principal, inputs, in.Body.DryRun))
		})
	add(s, operation{id: "put-stores", method: "POST", path: "/v1/stores/batch", tag: "catalogue", may: access.ReferenceWrite,
		summary: "Create or change many stores", about: about, faults: faults,
		example: storeFeed{Stores: []storeFeedRow{{"nanjing-road", StoreBody{Name: "Nanjing Road", Merchant: "acme", City: "shanghai"}}}}},
		func(ctx context.Context, c *call, in *putStoresInput) (*fed, error) {
			inputs := make([]catalog.PutStoreInput, len(in.Body.Stores))
			for i, row := range in.Body.Stores {
				inputs[i] = row.input(row.Code, 0)
			}
			return fedAnswer(s.Catalog.PutStores(ctx, c.principal, inputs, in.Body.DryRun))
		})
}

func readTable(_ context.Context, _ *call, in *tableInput) (*tableAnswer, error) {
	out := &tableAnswer{}
	out.Body.Rows = []tableRow{}
	file, err := base64.StdEncoding.DecodeString(in.Body.File)
	if err != nil {
		return nil, fault.New(fault.InvalidValue).At("/file")
	}
	size := 0
	err = sheet.Read(file, mostTableRows, mostTableWidth, func(l sheet.Line) error {
		for _, cell := range l.Cells {
			size += len(cell)
		}
		if size > mostTableText {
			return fault.New(fault.TooLong, "max", mostTableText)
		}
		out.Body.Rows = append(out.Body.Rows, tableRow{l.Number, l.Cells})
		return nil
	})
	if f := fault.From(err); f != nil {
		return nil, f.At("/file")
	}
	return out, err
}
