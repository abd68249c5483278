package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"quan/internal/edge/sheet"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/page"
)

// mostExports is how many lists are written out at the same time by one process:
// each reads page after page for as long as the list is.
const mostExports = 8

// column is a column of a list that goes out as a file: where its value lies in the
// JSON of a row.
type column []string

func (c column) name() string { return strings.Join(c, ".") }

// columnsOf are the columns of a row in the order of its fields; an object within
// it has a column for each of its own fields.
func columnsOf(t reflect.Type, in column) []column {
	var out []column
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		of := f.Type
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		at := append(in[:len(in):len(in)], name)
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && name == "":
			out = append(out, columnsOf(of, in)...)
		case of.Kind() == reflect.Struct && !ownWords(of) && len(at) < 4:
			out = append(out, columnsOf(of, at)...)
		default:
			out = append(out, at)
		}
	}
	return out
}

// ownWords reports whether a type says itself how it looks in JSON.
func ownWords(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Marshaler]()) || p.Implements(reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]())
}

// rowsOf is the type of a list's rows; false for an operation whose input does not say
// that it can be had as a file.
func rowsOf(input, answer reflect.Type) (reflect.Type, bool) {
	format, ok := input.FieldByName("Format")
	if !ok || format.Tag.Get("enum") != "json,csv,xlsx" {
		return nil, false
	}
	body, _ := answer.FieldByName("Body")
	items, _ := body.Type.FieldByName("Items")
	return items.Type.Elem(), items.Type.Elem().Kind() == reflect.Struct
}

// exporting lets a list be asked for as a file: it is read page by page, each as the
// caller's own request for it, and written out as it comes.
func (s *server) exporting(o *operation) func(huma.Context, func(huma.Context)) {
	name := strings.TrimPrefix(strings.TrimPrefix(o.id, "list-"), "get-")
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := unwrap(ctx)
		format := r.URL.Query().Get("format")
		if format == "" || format == "json" {
			next(ctx)
			return
		}
		c := callOf(r.Context())
		select {
		case s.exports <- struct{}{}:
			defer func() { <-s.exports }()
		default:
			c.fail(w, fault.New(fault.Overloaded))
			return
		}
		x := &listExport{server: s, call: c, o: o, next: next, query: r.URL.Query(), name: name, columns: o.columns}
		x.query.Del("format")
		x.query.Set("limit", strconv.Itoa(page.Most))
		first := x.ask(r, x.query.Get("cursor"))
		if first.status != http.StatusOK {
			first.give(w)
			return
		}
		if most := first.cut(); most > 0 {
			c.fail(w, fault.New(fault.TooLong, "max", most))
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8")
		if format == "xlsx" {
			h.Set("Content-Type", excelType)
		}
		h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.%s"`, name, format))
		w.WriteHeader(http.StatusOK)
		if err := x.write(r, patient{w, http.NewResponseController(w)}, format, first); err != nil && r.Context().Err() == nil {
			c.cause = err
			panic(http.ErrAbortHandler) // half a list must not look like one
		}
	}
}

// listExport is one list on its way out.
type listExport struct {
	*server
	call    *call
	o       *operation
	next    func(huma.Context)
	query   url.Values
	name    string
	columns []column
}

// ask asks for the page behind the cursor.
func (x *listExport) ask(r *http.Request, cursor string) *pageAnswer {
	x.query.Set("cursor", cursor)
	if cursor == "" {
		x.query.Del("cursor")
	}
	one := r.Clone(r.Context())
	one.URL.RawQuery = x.query.Encode()
	a := &pageAnswer{header: http.Header{}, status: http.StatusOK}
	x.next(humago.NewContext(x.o.huma, one, a))
	return a
}

func (x *listExport) write(r *http.Request, w patient, format string, a *pageAnswer) error {
	table := sheet.NewCSV(w)
	if format == "xlsx" {
		var err error
		if table, err = sheet.NewExcel(w, x.name, sheet.MostRows); err != nil {
			return err
		}
	}
	cells := make([]string, len(x.columns))
	for i, c := range x.columns {
		cells[i] = c.name()
	}
	if err := table.Row(cells...); err != nil {
		return err
	}
	for {
		cursor, err := x.rows(table, a)
		if err != nil {
			return err
		}
		if cursor == "" {
			return table.Close()
		}
		// Whoever lost the key or the permission meanwhile gets no further page.
		if err := x.allow(x.call, r, x.o.may); err != nil {
			return err
		}
		if a = x.ask(r, cursor); a.status != http.StatusOK {
			return fmt.Errorf("api: export %s: a page answered %d", x.name, a.status)
		}
	}
}

// rows writes the rows of a page and returns the cursor of the next.
func (x *listExport) rows(table sheet.Writer, a *pageAnswer) (cursor string, err error) {
	var p struct {
		Items      []map[string]any `json:"items"`
		NextCursor string           `json:"next_cursor"`
	}
	d := json.NewDecoder(&a.body)
	d.UseNumber()
	if err := d.Decode(&p); err != nil {
		return "", fmt.Errorf("api: export %s: %w", x.name, err)
	}
	for _, row := range p.Items {
		cells := make([]string, len(x.columns))
		for i, c := range x.columns {
			cells[i] = cellOf(c.of(row))
		}
		if err := table.Row(cells...); err != nil {
			return "", err
		}
	}
	return p.NextCursor, nil
}

// of is the column's value in a row, nil where there is none.
func (c column) of(row map[string]any) any {
	var v any = row
	for _, name := range c {
		in, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = in[name]
	}
	return v
}

// cellOf is a value as a cell: texts and numbers as they are, several of them
// divided by "; ", what has a form of its own as JSON.
func cellOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case []any:
		texts := make([]string, len(v))
		for i, e := range v {
			switch e.(type) {
			case map[string]any, []any:
				return jsonCell(v)
			}
			texts[i] = cellOf(e)
		}
		return strings.Join(texts, "; ")
	}
	return jsonCell(v)
}

func jsonCell(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "" // it was JSON a moment ago
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// pageAnswer takes the answer to one page.
type pageAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is that of the page's answer.
func (a *pageAnswer) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *pageAnswer) WriteHeader(status int) { a.status = status }

// Write keeps a part of the page.
func (a *pageAnswer) Write(b []byte) (int, error) { return a.body.Write(b) }

// cut is how many rows an answer shows of which it says that there are more, which no
// cursor reaches: what is only a part must not become a file. 0: it is the whole.
func (a *pageAnswer) cut() int {
	var p struct {
		Items     []json.RawMessage `json:"items"`
		More, Cut bool
	}
	if json.Unmarshal(a.body.Bytes(), &p) != nil || !p.More && !p.Cut {
		return 0
	}
	return max(1, len(p.Items))
}

// give answers with the page's answer as it is: a refusal.
func (a *pageAnswer) give(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // the client is gone: nothing to do
}

// exportable documents that a list may be asked for as a file.
func exportable(o *huma.Operation) {
	done := o.Responses["200"]
	done.Content["text/csv"] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	done.Content[excelType] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
}
