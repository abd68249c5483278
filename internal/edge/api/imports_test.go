package api

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

// A feed of merchants and one of stores: a trial writes nothing, a bad row refuses
// all and says which it is, a repetition changes nothing.
func TestPlacesAreFed(t *testing.T) {
	w := newWeb(t)
	merchants := func(dry bool, names ...string) map[string]any {
		var rows []any
		for _, n := range names {
			rows = append(rows, map[string]any{"code": "m-" + n, "name": n})
		}
		return map[string]any{"merchants": rows, "dry_run": dry}
	}
	counts := func(a answer) string { return a.text("created") + a.text("updated") + a.text("unchanged") }
	for _, c := range []struct {
		body map[string]any
		want string
	}{{merchants(true, "a", "b"), "200"}, {merchants(false, "a", "b"), "200"}, {merchants(true, "a", "b"), "002"}, {merchants(false, "a", "c"), "101"}} {
		if got := counts(w.ok(200, "POST", "/v1/merchants/batch", c.body)); got != c.want {
			t.Errorf("%v: created, updated, unchanged %s, want %s", c.body, got, c.want)
		}
	}
	store := func(code, merchant, name string) map[string]any {
		return map[string]any{"code": code, "merchant": merchant, "name": name, "city": "shanghai"}
	}
	feed := func(rows ...any) map[string]any { return map[string]any{"stores": rows} }
	w.refused(fault.UnknownReference, "/stores/1/merchant", "POST", "/v1/stores/batch", feed(store("s1", "m-a", "One"), store("s2", "nobody", "Two")))
	w.refused(fault.DuplicateValue, "/stores/1/code", "POST", "/v1/stores/batch", feed(store("s1", "m-a", "One"), store("s1", "m-a", "Two")))
	w.refused(fault.Absent, "", "GET", "/v1/stores/s1", nil)
	if got := counts(w.ok(200, "POST", "/v1/stores/batch", feed(store("s1", "m-a", "One"), store("s2", "m-b", "Two")))); got != "200" {
		t.Errorf("two stores: %s", got)
	}
	w.refused(fault.WrongState, "/stores/0/merchant", "POST", "/v1/stores/batch", feed(store("s1", "m-b", "One")))
	small := "Authorization: Bearer " + w.makeKey(access.KindServer, nil, access.Scope{Merchants: []string{"m-a"}})
	w.refused(fault.Absent, "/stores/0/code", "POST", "/v1/stores/batch", feed(store("s2", "m-b", "Mine now")), small)
	w.refused(fault.Absent, "/stores/0/merchant", "POST", "/v1/stores/batch", feed(store("s3", "m-b", "Mine")), small)
	w.refused(fault.Absent, "/merchants/0/code", "POST", "/v1/merchants/batch", merchants(false, "z"), small)
	if got := w.ok(200, "GET", "/v1/audit?object=s1", nil).text("items", 0, "action"); got != "store.create" {
		t.Errorf("the log says %s of s1", got)
	}
}

// A table comes back as it is, without the apostrophes that an export puts in front
// of what looks like a formula; what is no table is refused.
func TestReadTable(t *testing.T) {
	w := newWeb(t)
	read := func(file string) map[string]any {
		return map[string]any{"file": base64.StdEncoding.EncodeToString([]byte(file))}
	}
	a := w.ok(200, "POST", "/v1/tables/read", read("\ufeffcode;name\r\n\r\nx;'=1+1\r\ny;'quoted\r\n"))
	if a.text("rows", 0, "cells") != "[code name]" || a.text("rows", 1, "cells") != "[x =1+1]" || a.text("rows", 2, "cells") != "[y 'quoted]" || a.text("rows", 1, "number") != "3" {
		t.Errorf("the table is %s", a.body)
	}
	w.refused(fault.InvalidValue, "/file", "POST", "/v1/tables/read", read("\x89PNG\r\n\x1a\n\x00\x00\x00"))
	w.refused(fault.InvalidValue, "/file", "POST", "/v1/tables/read", map[string]any{"file": "not base 64!"})
	w.refused(fault.TooLong, "/file", "POST", "/v1/tables/read", read(bomb(t)))
}

// bomb is a small workbook that says one text very often.
func bomb(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	row := make([]any, mostTableWidth)
	for i := range row {
		row[i] = strings.Repeat("x", 500)
	}
	if err := f.SetSheetRow("Sheet1", "A1", &row); err != nil {
		t.Fatal(err)
	}
	for n := range mostTableText/(500*mostTableWidth) + 1 {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", n+2), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	if b.Len() > mostTable/8 {
		t.Fatalf("the workbook has %d bytes", b.Len())
	}
	return b.String()
}
