package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/edge/sheet"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

const (
	// nextHeader says from which number the next export goes on.
	nextHeader = "Quan-Next-From"
	exportTime = 30 * time.Second
)

type exportCodesInput struct {
	CodeBatchPath
	Format string `query:"format" enum:"csv,xlsx" default:"csv" doc:"CSV as it is made, or an Excel workbook, split at the end of a sheet"`
	From   int64  `query:"from" minimum:"1" default:"1" doc:"number of the first code"`
	Limit  int64  `query:"limit" minimum:"1" maximum:"2000000" default:"1000000" doc:"codes at most"`
}

func (s *server) codeExport(path string) {
	o := operation{id: "export-codes", method: "GET", path: path + "/export", tag: "codes", may: access.CodeExport,
		summary: "Export generated codes",
		about: "Columns number and code. Where there are more, the header " + nextHeader + " says from which number to go on; " +
			"an export that broke off is resumed behind its last whole row. Who took which numbers stands in the audit log.",
		faults: []fault.Code{fault.Absent, fault.WrongState, fault.OutcomeUnknown, fault.ReadOnlyStore, fault.StoreFull}}
	add(s, o, func(ctx context.Context, c *call, in *exportCodesInput) (*huma.StreamResponse, error) {
		run, err := s.Catalog.ListCodes(ctx, c.principal, id.ID(in.ID), in.From, in.Limit)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(h huma.Context) {
			r, w := unwrap(h)
			s.stream(callOf(r.Context()), w, in.Format, run)
		}}, nil
	})
	done := s.registered(o.method, o.path).Responses["200"]
	done.Description = "the codes"
	done.Content = map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}, excelType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	done.Headers = map[string]*huma.Param{nextHeader: {Description: "number from which the next export goes on; absent at the end", Schema: &huma.Schema{Type: huma.TypeInteger}}}
}

const excelType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// stream writes the codes. A client that is gone ends it; any other failure breaks
// the connection, as half a file must not look like one.
func (s *server) stream(c *call, w http.ResponseWriter, format string, run *catalog.CodeRun) {
	h := w.Header()
	if run.To < run.Batch.Size {
		h.Set(nextHeader, strconv.FormatInt(run.To+1, 10))
	}
	kind := "text/csv; charset=utf-8"
	if format == "xlsx" {
		kind = excelType
	} else {
		format = "csv"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="codes-%s-%d.%s"`, id.Format(id.CodeBatch, run.Batch.ID), run.From, format))
	w.WriteHeader(http.StatusOK)
	if err := writeCodes(patient{w, http.NewResponseController(w)}, format, run); err != nil && c.request.Context().Err() == nil {
		c.cause = err
		panic(http.ErrAbortHandler)
	}
}

// patient gives the connection more time with each write: the file is as long as
// it is, and a client that takes nothing any more is let go.
type patient struct {
	io.Writer
	connection *http.ResponseController
}

// Write writes within exportTime.
func (p patient) Write(b []byte) (int, error) {
	_ = p.connection.SetWriteDeadline(time.Now().Add(exportTime)) // not every writer has a connection
	return p.Writer.Write(b)
}

func writeCodes(w io.Writer, format string, run *catalog.CodeRun) error {
	table := sheet.NewCSV(w)
	if format == "xlsx" {
		var err error
		if table, err = sheet.NewExcel(w, "codes", sheet.MostRows); err != nil {
			return err
		}
	}
	if err := table.Row("number", "code"); err != nil {
		return err
	}
	if err := run.Each(func(k catalog.ListedCode) error { return table.Row(strconv.FormatInt(k.Number, 10), k.Code) }); err != nil {
		return err
	}
	return table.Close()
}
