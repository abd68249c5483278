package sheet

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// MostRows is how many rows a sheet of a workbook has, its heading included.
const MostRows = excelize.TotalRows

// Writer takes the rows of a table, the heading first. Close ends the table; what
// was written before it may not have gone out yet.
type Writer interface {
	Row(cells ...string) error
	Close() error
}

// NewCSV writes CSV with a byte order mark and lines that end in CR LF.
func NewCSV(w io.Writer) Writer {
	buffered := bufio.NewWriterSize(w, 1<<16)
	c := csv.NewWriter(buffered)
	c.UseCRLF = true
	_, _ = buffered.WriteString("\ufeff") // an error stays in the writer
	return &csvWriter{buffered, c}
}

// Continue writes CSV behind rows that are there already.
func Continue(w io.Writer) Writer {
	buffered := bufio.NewWriterSize(w, 1<<16)
	c := csv.NewWriter(buffered)
	c.UseCRLF = true
	return &csvWriter{buffered, c}
}

type csvWriter struct {
	out *bufio.Writer
	csv *csv.Writer
}

// Row writes a row.
func (w *csvWriter) Row(cells ...string) error {
	for i, c := range cells {
		cells[i] = Plain(c)
	}
	return w.csv.Write(cells)
}

// Close sends what is left.
func (w *csvWriter) Close() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return err
	}
	return w.out.Flush()
}

// Plain is a text that no spreadsheet takes for a formula: one that begins like a
// formula, in any width, gets an apostrophe in front; one that has some already gets
// one more, so that Bare gives back what was there.
func Plain(cell string) string {
	if formula(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

func formula(cell string) bool {
	return cell != "" && strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠", []rune(cell)[0])
}

// Bare is the text that Plain was given.
func Bare(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && formula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

// NewExcel writes a workbook whose sheets are called name, name 2 and so on; each
// begins with the heading. most bounds the rows of a sheet: MostRows, or fewer. Cells of
// the columns named in numbers are numbers where they read as such and Excel holds all
// their digits, so that it can add them up; all other cells are texts.
func NewExcel(w io.Writer, name string, most int, numbers ...string) (Writer, error) {
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, fmt.Errorf("sheet: %w", err)
	}
	return &excelWriter{out: w, file: f, name: name, most: most, numbers: numbers}, nil
}

// figure is what becomes a number in Excel, which keeps fifteen digits.
var figure = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

const mostDigits = 15

type excelWriter struct {
	out     io.Writer
	file    *excelize.File
	name    string
	most    int
	stream  *excelize.StreamWriter
	head    []any
	numbers []string
	number  []bool // by column
	sheets  int
	row     int // of the sheet
}

// Row writes a row; the first is the heading.
func (w *excelWriter) Row(cells ...string) error {
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = c // a text cell is no formula, whatever it begins with
		if i < len(w.number) && w.number[i] && figure.MatchString(c) && len(c) <= mostDigits {
			if n, err := strconv.ParseFloat(c, 64); err == nil {
				row[i] = n
			}
		}
	}
	if w.head == nil {
		w.head, w.number = row, make([]bool, len(cells))
		for i, c := range cells {
			w.number[i] = slices.Contains(w.numbers, c)
		}
		return w.next()
	}
	if w.row >= w.most {
		if err := w.next(); err != nil {
			return err
		}
	}
	return w.write(row)
}

// next begins a sheet with the heading.
func (w *excelWriter) next() error {
	if err := w.flush(); err != nil {
		return err
	}
	name := w.name
	if w.sheets++; w.sheets > 1 {
		name = fmt.Sprintf("%s %d", w.name, w.sheets)
		if _, err := w.file.NewSheet(name); err != nil {
			return fmt.Errorf("sheet: %w", err)
		}
	}
	var err error
	if w.stream, err = w.file.NewStreamWriter(name); err != nil {
		return fmt.Errorf("sheet: %w", err)
	}
	w.row = 0
	return w.write(w.head)
}

func (w *excelWriter) write(row []any) error {
	w.row++
	if err := w.stream.SetRow(fmt.Sprintf("A%d", w.row), row); err != nil {
		return fmt.Errorf("sheet: row %d: %w", w.row, err)
	}
	return nil
}

func (w *excelWriter) flush() error {
	if w.stream == nil {
		return nil
	}
	if err := w.stream.Flush(); err != nil {
		return fmt.Errorf("sheet: %w", err)
	}
	return nil
}

// Close writes the workbook out and removes its temporary files.
func (w *excelWriter) Close() error {
	err := w.flush()
	if err == nil {
		_, err = w.file.WriteTo(w.out)
	}
	if closing := w.file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("sheet: write workbook: %w", err)
	}
	return nil
}
