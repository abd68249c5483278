package bench

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/domain/code"
	"quan/internal/edge/sheet"
	"quan/internal/testkit"
)

// BenchmarkCodes makes and exports generated codes, and stores imported ones.
func BenchmarkCodes(b *testing.B) {
	const generated, excel, imported = 1_000_000, 200_000, 100_000
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			w := apptest.New(b, openStore(b, engine), 1)
			c := &catalog.Catalog{App: w.App}
			batch := code.Batch{Market: "main", Template: w.Publish(testkit.Doc()), Name: "x", Kind: code.Generated, Size: 10_000_000, Format: code.Format{Group: 4}}
			began := time.Now()
			made, _, err := c.CreateCodeBatch(b.Context(), w.By, catalog.CreateCodeBatchInput{Batch: batch})
			must(b, err)
			t := newTable("Exchange codes, "+engine+"; an empty store", "what", "codes", "took", "codes a second")
			row := func(what string, n int64, from time.Time) {
				took := time.Since(from)
				t.row(what, fmt.Sprint(n), took.Round(time.Millisecond).String(), fmt.Sprintf("%.0f", float64(n)/took.Seconds()))
			}
			t.row("a batch is made", fmt.Sprint(batch.Size), time.Since(began).Round(time.Millisecond).String(), "-")
			export := func(n int64, table sheet.Writer) {
				run, err := c.ListCodes(b.Context(), w.By, made.ID, 1, n)
				must(b, err)
				must(b, table.Row("number", "code"))
				must(b, run.Each(func(k catalog.ListedCode) error { return table.Row(strconv.FormatInt(k.Number, 10), k.Code) }))
				must(b, table.Close())
			}
			began = time.Now()
			export(generated, sheet.NewCSV(io.Discard))
			row("exported as CSV", generated, began)
			b.ReportMetric(generated/time.Since(began).Seconds(), "codes/s")
			began = time.Now()
			book, err := sheet.NewExcel(io.Discard, "codes", sheet.MostRows)
			must(b, err)
			export(excel, book)
			row("exported as Excel", excel, began)
			batch.Kind, batch.Size, batch.Format = code.Imported, 0, code.Format{}
			pool, _, err := c.CreateCodeBatch(b.Context(), w.By, catalog.CreateCodeBatchInput{Batch: batch})
			must(b, err)
			var file strings.Builder
			for n := range imported {
				fmt.Fprintf(&file, "OLD-%08d-X\n", n)
			}
			began = time.Now()
			_, _, err = c.ImportCodes(b.Context(), w.By, catalog.ImportCodesInput{Batch: pool.ID, CSV: file.String()})
			must(b, err)
			row("imported", imported, began)
			t.print()
		})
	}
}
