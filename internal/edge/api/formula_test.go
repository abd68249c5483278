package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"quan/internal/app"
	"quan/internal/app/issuing"
	"quan/internal/domain/grant"
	jobs "quan/internal/domain/job"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// beginnings are what a spreadsheet takes a cell for a formula by.
var beginnings = []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"}

// tame fails for a file that has a formula in it, and returns how many of its cells
// were kept from being one.
func tame(t *testing.T, what, format string, file []byte) (kept int) {
	t.Helper()
	if format == "csv" {
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(file), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, cell := range slices.Concat(rows...) {
			if slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(cell, b) }) {
				t.Errorf("%s has the formula %q", what, cell)
			}
			if strings.HasPrefix(cell, "'") {
				kept++
			}
		}
		return kept
	}
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for y, row := range rows {
			for x, cell := range row {
				at, _ := excelize.CoordinatesToCellName(x+1, y+1)
				formula, _ := book.GetCellFormula(sheet, at)
				kind, _ := book.GetCellType(sheet, at)
				risky := slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(cell, b) })
				text := kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString
				if formula != "" || risky && !text {
					t.Errorf("%s has the formula %q in %s (type %d)", what, cell+formula, at, kind)
				}
				if risky && text {
					kept++
				}
			}
		}
	}
	return kept
}

// worst is a page of a list whose every cell begins like a formula, in all ways.
func worst(columns []column) []byte {
	var items []any
	for _, b := range beginnings {
		row := map[string]any{}
		for _, c := range columns {
			in := row
			for _, name := range c[:len(c)-1] {
				if in[name] == nil {
					in[name] = map[string]any{}
				}
				in = in[name].(map[string]any)
			}
			in[c[len(c)-1]] = b + "cmd|'/c calc'!A1"
		}
		items = append(items, row)
	}
	page, err := json.Marshal(map[string]any{"items": items})
	if err != nil {
		panic(err)
	}
	return page
}

// No export writes a cell that a spreadsheet would calculate: each operation that
// answers with a file is here, the lists by pages of nothing but formulas, the others on
// a stage whose names and numbers are formulas.
func TestNoExportHasFormulas(t *testing.T) {
	w := newStage(t)
	others := w.formulas()
	lists := 0
	for _, o := range w.server.operations {
		done := o.huma.Responses["200"]
		if done == nil || done.Content["text/csv"] == nil {
			continue
		}
		if done.Content[excelType] == nil {
			t.Errorf("%s writes CSV, but no workbook", o.id)
		}
		for _, format := range []string{"csv", "xlsx"} {
			what := o.id + " as " + format
			if o.columns != nil {
				lists++
				rec := httptest.NewRecorder()
				x := &listExport{server: w.server, o: &o, name: "x", columns: o.columns}
				first := &pageAnswer{header: http.Header{}, status: http.StatusOK}
				first.body.Write(worst(o.columns))
				if err := x.write(nil, patient{rec, http.NewResponseController(rec)}, format, first); err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if kept, want := tame(t, what, format, rec.Body.Bytes()), len(beginnings)*len(o.columns); kept != want {
					t.Errorf("%s: %d cells were kept from being formulas, want %d", what, kept, want)
				}
				continue
			}
			path, ok := others[o.id]
			if !ok {
				t.Errorf("%s is an export that this test does not know: make it write a formula", o.id)
				continue
			}
			kept := tame(t, what, format, w.ok(200, "GET", path+"format="+format, nil).body)
			// Codes are of letters and digits.
			if kept == 0 && o.id != "export-codes" {
				t.Errorf("%s had no formula to write", what)
			}
		}
	}
	if left := slices.Sorted(maps.Keys(others)); lists < 60 || len(left) != 7 {
		t.Errorf("%d lists, and the others %v", lists, left)
	}
}

// formulas makes names and numbers that begin like formulas, and returns where the
// exports that are no lists write them.
func (w *stage) formulas() map[string]string {
	w.ok(200, "PUT", "/v1/merchants/green", map[string]any{"name": "=1+1"}, `If-Match: "1"`)
	w.ok(200, "PUT", "/v1/stores/nanjing-road", map[string]any{"name": "@store", "merchant": "green", "city": "shanghai"}, `If-Match: "1"`)
	use := w.use("=R", w.claimed(w.template, phone).text("coupons", 0, "id"))
	use["order"] = map[string]any{"source": "-shop", "ref": "=R"}
	use["cart"] = w.fullCart()
	w.ok(201, "POST", "/v1/redemptions", use)
	spec := grant.Spec{Name: "n", Templates: []id.ID{parsed(w.template)}, Audience: grant.List, Market: "main", Reason: "r"}
	job := jobs.New(store.Job{ID: w.IDs.New(1), Kind: issuing.GrantJob, State: jobs.Paused, Args: app.JSON(spec), Cursor: app.JSON(grant.Progress{Phase: grant.Ready})}, w.Clock())
	w.Must(w.Store.Update(background, store.Background, func(tx store.Tx) error {
		if err := tx.Jobs().Insert([]store.Job{job}); err != nil {
			return err
		}
		if err := tx.Grants().AddRows([]store.GrantRow{{Job: job.ID, Number: 2, Given: "+861****000", Code: "member_not_found"}}); err != nil {
			return err
		}
		return tx.Metrics().AppendRefusals([]store.Refusal{{Market: "main", Day: testkit.Today, Template: parsed(w.template), Code: "sold_out", Channel: "@app", Count: 1}})
	}))
	return map[string]string{
		"export-codes":             "/v1/code-batches/" + w.codes + "/export?",
		"export-statistics":        "/v1/statistics/export?group_by=store&",
		"export-refusals":          "/v1/statistics/refusals/export?group_by=channel&",
		"export-redemptions":       "/v1/redemptions/export?",
		"export-settlement":        "/v1/settlements/export?group_by=store&",
		"export-settlement-shares": "/v1/settlements/shares/export?",
		"report-bulk-grant":        "/v1/bulk-grants/" + id.Format(id.Job, job.ID) + "/report?",
	}
}
