package api

import (
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"quan/internal/domain/access"
	"quan/internal/edge/sheet"
	"quan/internal/kernel/fault"
)

// items fills the catalogue with so many items, one of which is called like a formula.
func (w *web) items(n int) {
	w.TB.Helper()
	for from := 0; from < n; from += 500 {
		var rows []map[string]any
		for i := from; i < min(n, from+500); i++ {
			rows = append(rows, map[string]any{"sku": fmt.Sprintf("sku-%05d", i), "name": fmt.Sprintf("Äpfel, %d", i), "price_minor": i, "market": "main"})
		}
		w.ok(200, "POST", "/v1/items/batch", map[string]any{"items": rows})
	}
	w.ok(201, "PUT", "/v1/items/formula", map[string]any{"name": `=HYPERLINK("http://evil.test")`, "price_minor": 1, "market": "main"})
}

// A list goes out whole, in its order, whatever its pages, and no cell is a formula.
func TestListAsFile(t *testing.T) {
	w := newWeb(t)
	const n = 1200
	w.items(n)
	a := w.ok(200, "GET", "/v1/items?format=csv", nil)
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="items.csv"` {
		t.Errorf("it is called %s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(a.body), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != n+2 {
		t.Fatalf("%d rows, %v, want %d", len(rows), err, n+2)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	if rows[1][at["sku"]] != "formula" || rows[1][at["name"]] != `'=HYPERLINK("http://evil.test")` {
		t.Errorf("the formula is %q", rows[1])
	}
	for i, row := range rows[2:] {
		if row[at["sku"]] != fmt.Sprintf("sku-%05d", i) || row[at["name"]] != fmt.Sprintf("Äpfel, %d", i) || row[at["price_minor"]] != fmt.Sprint(i) {
			t.Fatalf("row %d is %q", i, row)
		}
	}
	book := w.ok(200, "GET", "/v1/items?format=xlsx&limit=3", nil)
	read := 0
	if err := sheet.Read(book.body, n+2, 64, func(l sheet.Line) error {
		if want := rows[read][at["sku"]]; l.Cells[at["sku"]] != want {
			t.Errorf("line %d of the workbook is %q, want %s", read, l.Cells, want)
		}
		read++
		return nil
	}); err != nil || read != n+2 {
		t.Errorf("%d rows in the workbook, %v", read, err)
	}
	// From a cursor on, as the list itself.
	cursor := w.ok(200, "GET", "/v1/items?limit=500", nil).text("next_cursor")
	tail := w.ok(200, "GET", "/v1/items?format=csv&cursor="+cursor, nil)
	if got := strings.Count(string(tail.body), "\r\n"); got != n+1-500+1 {
		t.Errorf("%d lines from the second page on", got)
	}
}

// Who may not read the list gets no file, and a wrong filter is a problem, no file.
func TestListAsFileRefusals(t *testing.T) {
	w := newWeb(t)
	w.items(1)
	w.refused(fault.InvalidValue, "query:format", "GET", "/v1/items?format=pdf", nil)
	w.refused(fault.InvalidCursor, "query:cursor", "GET", "/v1/items?format=csv&cursor=abc", nil)
	clerk := "Authorization: Bearer " + w.makeKey(access.KindClerk, nil, access.Scope{})
	w.refused(fault.PermissionDeny, "", "GET", "/v1/people?format=csv", nil, clerk)
	for range mostExports {
		w.server.exports <- struct{}{}
	}
	w.refused(fault.Overloaded, "", "GET", "/v1/items?format=csv", nil)
	<-w.server.exports
	w.ok(200, "GET", "/v1/items?format=csv", nil)
	w.ok(200, "GET", "/v1/items?format=json", nil)
}

// firstBytes does something with the first bytes that go out.
type firstBytes struct {
	*httptest.ResponseRecorder
	do func()
}

func (o *firstBytes) Write(b []byte) (int, error) {
	if o.do != nil {
		do := o.do
		o.do = nil
		do()
	}
	return o.ResponseRecorder.Write(b)
}

// Whoever loses the key while a list goes out gets no further page, and half a list
// does not look like one.
func TestListAsFileEndsWithTheKey(t *testing.T) {
	w := newWeb(t)
	w.items(2600)
	small := w.makeKey(access.KindServer, []access.Permission{access.ReferenceRead}, access.Scope{})
	keys := w.ok(200, "GET", "/v1/keys", nil) // by id: the newest is the last
	id, rev := keys.text("items", 1, "id"), keys.text("items", 1, "rev")
	out := &firstBytes{httptest.NewRecorder(), func() {
		w.ok(200, "DELETE", "/v1/keys/"+id, nil, `If-Match: "`+rev+`"`)
		w.Time.Advance(time.Minute)
	}}
	defer func() {
		if p, _ := recover().(error); !errors.Is(p, http.ErrAbortHandler) {
			t.Errorf("it ended with %v, want the connection to break", p)
		}
		if lines := strings.Count(out.Body.String(), "\r\n"); lines == 0 || lines > 2000 {
			t.Errorf("%d lines went out", lines)
		}
	}()
	w.server.ServeHTTP(out, w.request("GET", "/v1/items?format=csv", nil, "Authorization: Bearer "+small))
}

// Every list has columns, each with a name that says where it lies.
func TestListColumns(t *testing.T) {
	lists := 0
	for _, o := range newWeb(t).server.operations {
		csv := o.huma.Responses["200"] != nil && o.huma.Responses["200"].Content["text/csv"] != nil
		if strings.HasPrefix(o.id, "list-") && csv {
			lists++
		}
	}
	if lists < 20 {
		t.Errorf("%d lists can be files", lists)
	}
	want := "sku name category brand merchant price_minor cost_minor min_minor market prices rev created_at updated_at archived_at"
	var names []string
	for _, c := range columnsOf(reflect.TypeFor[itemRow](), nil) {
		names = append(names, c.name())
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("an item has the columns\n%s, want\n%s", got, want)
	}
}
