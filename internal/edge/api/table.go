package api

import (
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/edge/sheet"
)

// Exported is the format of a table that is written to a file.
type Exported struct {
	Format string `query:"format" enum:"csv,xlsx" default:"csv" doc:"CSV as it is made, or an Excel workbook"`
}

// table is a file: its columns, of which some hold numbers, and its rows as they are
// found.
type table struct {
	name    string // of the file, without its ending
	columns []string
	numbers []string // columns that Excel may add up
	each    func(row func(cells ...string) error) error
}

// export answers with a table. What may fail for the caller's sake has to fail before:
// a failure while rows are written breaks the connection, as half a file must not look
// like one.
func (s *server) export(format string, t table) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(h huma.Context) {
		r, w := unwrap(h)
		c := callOf(r.Context())
		kind := "text/csv; charset=utf-8"
		if format == "xlsx" {
			kind = excelType
		} else {
			format = "csv"
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s.%s"`, t.name, s.Clock().Time().Format(time.DateOnly), format))
		w.WriteHeader(http.StatusOK)
		if err := t.write(patient{w, http.NewResponseController(w)}, format); err != nil && c.request.Context().Err() == nil {
			c.cause = err
			panic(http.ErrAbortHandler)
		}
	}}
}

func (t *table) write(w patient, format string) error {
	out := sheet.NewCSV(w)
	if format == "xlsx" {
		var err error
		if out, err = sheet.NewExcel(w, t.name, sheet.MostRows, t.numbers...); err != nil {
			return err
		}
	}
	if err := out.Row(append([]string(nil), t.columns...)...); err != nil {
		return err
	}
	if err := t.each(out.Row); err != nil {
		return err
	}
	return out.Close()
}

// exported completes the document of an operation that answers with a table.
func (s *server) exported(method, path, about string) {
	done := s.registered(method, path).Responses["200"]
	done.Description = about
	done.Content = map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}, excelType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
}
