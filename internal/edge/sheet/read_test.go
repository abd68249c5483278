package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"quan/internal/kernel/fault"
)

func lines(file []byte, most int64, width int) (string, error) {
	var out []string
	err := Read(file, most, width, func(l Line) error {
		out = append(out, fmt.Sprintf("%d:%s", l.Number, strings.Join(l.Cells, "|")))
		return nil
	})
	return strings.Join(out, " "), err
}

func book(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewExcel(&b, "x", MostRows)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRead(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("手机,名\n138,张三\n")
	if err != nil {
		t.Fatal(err)
	}
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune("电话\tx\r\n139\t券\r\n")) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, c := range map[string]struct {
		file string
		want string
	}{
		"plain":        {"a,b\n1,2\n", "1:a|b 2:1|2"},
		"mark, CR LF":  {"\ufeffa,b\r\n1,2\r\n", "1:a|b 2:1|2"},
		"semicolons":   {"a;b\n1;2\n", "1:a|b 2:1|2"},
		"tabs":         {"a\tb\n1\t2\n", "1:a|b 2:1|2"},
		"quotes":       {"\"a\nb\",c\n1,2\n", "1:a\nb|c 3:1|2"},
		"empty rows":   {"\n,\n 1 ,\u3000\n\n2\n", "3:1| 5:2"},
		"wide rows":    {"1,2,3,4\n", "1:1|2"},
		"GB 18030":     {gbk, "1:手机|名 2:138|张三"},
		"UTF-16":       {string(wide), "1:电话|x 2:139|券"},
		"nothing":      {"", ""},
		"a workbook":   {string(book(t, []string{"phone", "n"}, []string{"138", "=1+1"}, nil, []string{"139"})), "1:phone|n 2:138|=1+1 4:139"},
		"ragged":       {"1\n1,2\n", "1:1 2:1|2"},
		"formula text": {"=cmd\n", "1:=cmd"},
	} {
		if got, err := lines([]byte(c.file), 10, 2); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
	for name, file := range map[string]string{
		"unbalanced quotes": "\"a\n1,2\n", "NUL": "a\x00b\n", "half of UTF-16": "\xff\xfea", "a torn workbook": "PK\x03\x04xx", "binary": "\x89PNG\r\n\x1a\n\x00\xff\xff\xff",
	} {
		if got, err := lines([]byte(file), 10, 2); !fault.Has(err, fault.InvalidValue) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := lines([]byte("1\n2\n3\n"), 2, 1); !fault.Has(err, fault.OutOfRange) {
		t.Errorf("too many rows: %v", err)
	}
	if got, err := lines([]byte(strings.Repeat("x", 5000)), 2, 1); err != nil || len(got) > 600 {
		t.Errorf("a long cell: %d, %v", len(got), err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a;b\n1;2"))
	f.Add([]byte("\xfe\xff\x00a"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\"\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		last := int64(0)
		_ = Read(file, 100, 3, func(l Line) error {
			if l.Number <= last || len(l.Cells) > 3 {
				t.Fatalf("line %d behind %d, %d cells", l.Number, last, len(l.Cells))
			}
			last = l.Number
			return nil
		})
	})
}
