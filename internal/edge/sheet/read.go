package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"quan/internal/kernel/fault"
)

// Bounds of a workbook that is read: of its archive unpacked, and of the part that
// is kept in memory.
const (
	mostUnpacked = 512 << 20
	mostInMemory = 16 << 20
	mostCell     = 512
)

// space is what stands around cells and says nothing.
const space = " \t\u00a0\u3000"

// Line is a row that was read: its number in the file, from 1, and its first cells.
type Line struct {
	Number int64
	Cells  []string
}

// Read hands over the rows of a file, CSV or Excel by its content, at most so many,
// each with at most width cells, without spaces around them; empty rows are left
// out. A CSV file is in UTF-8, with or without its mark, UTF-16 with its mark, or
// GB 18030; semicolons or tabs separate where the first line has no comma; an
// apostrophe that Plain put in front is gone. Of a workbook the first sheet is read that is not hidden; a formula is read as the
// value that was stored with it. Faults: invalid_value, out_of_range (rows).
func Read(file []byte, most int64, width int, each func(Line) error) error {
	r := reading{most: most, width: width, each: each}
	if bytes.HasPrefix(file, []byte("PK\x03\x04")) {
		return r.excel(file)
	}
	text, err := decoded(file)
	if err != nil {
		return err
	}
	return r.csv(text)
}

type reading struct {
	most, rows int64
	width      int
	each       func(Line) error
}

func bad() *fault.Fault { return fault.New(fault.InvalidValue) }

func (r *reading) row(number int64, cells []string) error {
	out := make([]string, min(len(cells), r.width))
	empty := true
	for i := range out {
		out[i] = cells[i]
		if len(out[i]) > mostCell {
			out[i] = out[i][:mostCell+1] // too long for anything: the caller says so
		}
		empty = empty && out[i] == ""
	}
	if empty {
		return nil
	}
	if r.rows++; r.rows > r.most {
		return fault.New(fault.OutOfRange, "min", 1, "max", r.most)
	}
	return r.each(Line{number, out})
}

// decoded is the text of a CSV file.
func decoded(file []byte) (string, error) {
	switch {
	case bytes.HasPrefix(file, []byte{0xef, 0xbb, 0xbf}):
		file = file[3:]
	case bytes.HasPrefix(file, []byte{0xff, 0xfe}), bytes.HasPrefix(file, []byte{0xfe, 0xff}):
		return wide(file)
	}
	if utf8.Valid(file) {
		if bytes.IndexByte(file, 0) >= 0 {
			return "", bad()
		}
		return string(file), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(file)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) || bytes.IndexByte(text, 0) >= 0 {
		return "", bad()
	}
	return string(text), nil
}

// wide reads UTF-16 behind its mark.
func wide(file []byte) (string, error) {
	if len(file)%2 != 0 {
		return "", bad()
	}
	high, low := 1, 0
	if file[0] == 0xfe {
		high, low = 0, 1
	}
	units := make([]uint16, 0, len(file)/2-1)
	for i := 2; i < len(file); i += 2 {
		units = append(units, uint16(file[i+high])<<8|uint16(file[i+low]))
	}
	text := string(utf16.Decode(units))
	if strings.ContainsRune(text, utf8.RuneError) || strings.ContainsRune(text, 0) {
		return "", bad()
	}
	return text, nil
}

func (r *reading) csv(text string) error {
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	if first, _, _ := strings.Cut(text, "\n"); !strings.Contains(first, ",") {
		switch {
		case strings.Contains(first, ";"):
			c.Comma = ';'
		case strings.Contains(first, "\t"):
			c.Comma = '\t'
		}
	}
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return bad()
		}
		line, _ := c.FieldPos(0)
		for i, cell := range cells {
			cells[i] = Bare(strings.Trim(cell, space))
		}
		if err := r.row(int64(line), cells); err != nil {
			return err
		}
	}
}

func (r *reading) excel(file []byte) error {
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostInMemory, RawCellValue: true})
	if err != nil {
		return bad() // not a workbook, or one that unpacks to too much
	}
	defer func() { _ = book.Close() }() // its temporary files
	name := ""
	for _, sheet := range book.GetSheetList() {
		if seen, err := book.GetSheetVisible(sheet); err == nil && seen {
			name = sheet
			break
		}
	}
	rows, err := book.Rows(name)
	if err != nil {
		return bad()
	}
	defer func() { _ = rows.Close() }()
	for number := int64(1); rows.Next(); number++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return bad()
		}
		for i, cell := range cells {
			cells[i] = strings.Trim(cell, space)
		}
		if err := r.row(number, cells); err != nil {
			return err
		}
	}
	if rows.Error() != nil {
		return fmt.Errorf("sheet: %w", bad())
	}
	return nil
}
