package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var dangerous = []string{"=cmd|'/c calc'!A1", "+1", "-1+1", "@SUM(1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "\x00x"}

func TestCSVHasNoFormulas(t *testing.T) {
	var b bytes.Buffer
	w := NewCSV(&b)
	for _, cell := range append([]string{"number", "券,\"x\""}, dangerous...) {
		if err := w.Row(cell, "1"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	if !strings.HasPrefix(text, "\ufeffnumber,1\r\n\"券,\"\"x\"\"\",1\r\n'=cmd") {
		t.Errorf("%.60q", text)
	}
	for _, cell := range dangerous {
		if !strings.HasPrefix(Plain(cell), "'") {
			t.Errorf("%q is a formula", cell)
		}
	}
	if Plain("") != "" || Plain("A-1") != "A-1" {
		t.Error("a plain text is changed")
	}
}

// What goes out comes back, whatever it begins with, in a file that holds no formula.
func TestWrittenIsRead(t *testing.T) {
	cells := []string{"名称", "=1+1", "'=1+1", "''@x", "+86 138", "-5", "@券", "'quoted'", "＝1", "'－1", "a,\"b\"", "两行\n第二行", "'", "普通", "1-2"}
	var text, book bytes.Buffer
	excel, err := NewExcel(&book, "x", MostRows)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []Writer{NewCSV(&text), excel} {
		for _, c := range cells {
			if err := w.Row(c, "x"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, file := range map[string][]byte{"CSV": text.Bytes(), "Excel": book.Bytes()} {
		var got []string
		if err := Read(file, 100, 2, func(l Line) error {
			got = append(got, l.Cells[0])
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(cells, got); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
	}
	for line := range strings.Lines(text.String()) {
		if cell := strings.TrimLeft(line, "\ufeff\""); strings.ContainsAny(cell[:1], "=+-@") {
			t.Errorf("a formula: %q", line)
		}
	}
}

// Sheets are split, each with the heading, and every cell is a text.
func TestExcelIsSplit(t *testing.T) {
	var b bytes.Buffer
	w, err := NewExcel(&b, "codes", 4)
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{{"number", "code"}}
	for i, cell := range dangerous[:8] {
		rows = append(rows, []string{fmt.Sprint(i), strings.ReplaceAll(cell, "\x00", "")})
	}
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	if got := fmt.Sprint(f.GetSheetList()); got != "[codes codes 2 codes 3]" {
		t.Errorf("sheets %s", got)
	}
	for _, name := range f.GetSheetList() {
		got, err := f.GetRows(name)
		if err != nil || len(got) > 4 || fmt.Sprint(got[0]) != "[number code]" {
			t.Fatalf("%s: %v %v", name, got, err)
		}
		for i := range got[1:] {
			at := fmt.Sprintf("B%d", i+2)
			if formula, _ := f.GetCellFormula(name, at); formula != "" {
				t.Errorf("%s %s is the formula %q", name, at, formula)
			}
			n++
		}
	}
	if n != len(dangerous[:8]) {
		t.Errorf("%d rows of %d", n, len(dangerous[:8]))
	}
}
