package replay

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mostLine bounds one line of a file, in bytes.
const mostLine = 1 << 20

// Malformed is a row that could not be read.
type Malformed struct {
	File   string
	Line   int
	Reason string
}

func (m Malformed) String() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Reason) }

// row is one line of a file, its fields by column name.
type row struct {
	line   int
	fields map[string]string
}

// file is a gzip-compressed CSV file with a header line.
type file struct {
	name string // as messages show it
	path string
	hash string // of the decompressed content: half of each row's identity
	rows int
}

// openFile reads the file once for its hash and its number of lines; a file that
// is missing or broken in its compression fails here, before anything is written.
func openFile(dir, name string) (*file, error) {
	f := &file{name: name, path: filepath.Join(dir, name)}
	in, err := f.open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	sum := sha256.New()
	buffer := make([]byte, 64<<10)
	last := byte('\n')
	for {
		n, err := in.Read(buffer)
		sum.Write(buffer[:n])
		f.rows += bytes.Count(buffer[:n], []byte{'\n'})
		if n > 0 {
			last = buffer[n-1]
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("replay: %s is cut off or broken: %w", f.path, err)
		}
	}
	if last != '\n' {
		f.rows++
	}
	f.rows = max(f.rows-1, 0) // without the header
	f.hash = hex.EncodeToString(sum.Sum(nil))
	return f, nil
}

// content closes both the decompressor and the file.
type content struct {
	*gzip.Reader
	under *os.File
}

func (c content) Close() error { return errors.Join(c.Reader.Close(), c.under.Close()) }

func (f *file) open() (io.ReadCloser, error) {
	under, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("replay: %s is missing: name the folder that holds the data set", f.path)
	}
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	z, err := gzip.NewReader(under)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("replay: %s is no gzip file: %w", f.path, err), under.Close())
	}
	return content{z, under}, nil
}

// each calls use for every row in order and bad for every line that is none.
func (f *file) each(columns []string, use func(row) error, bad func(Malformed)) error {
	in, err := f.open()
	if err != nil {
		return err
	}
	defer in.Close()
	lines := bufio.NewReaderSize(in, 64<<10)
	var header []string
	for n := 1; ; n++ {
		text, tooLong, err := readLine(lines)
		if errors.Is(err, io.EOF) && n > 1 {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("replay: %s: %w", f.path, err)
		}
		if n == 1 {
			if header, err = f.header(text, columns); err != nil {
				return err
			}
			continue
		}
		if tooLong {
			bad(Malformed{f.name, n, fmt.Sprintf("longer than %d bytes", mostLine)})
			continue
		}
		r, reason := parse(text, header, n)
		if reason != "" {
			bad(Malformed{f.name, n, reason})
			continue
		}
		if err := use(r); err != nil {
			return err
		}
	}
}

func (f *file) header(text string, columns []string) ([]string, error) {
	header, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).Read()
	if err != nil {
		return nil, fmt.Errorf("replay: %s has no header line: %w", f.path, err)
	}
	for _, c := range columns {
		if !slices.Contains(header, c) {
			return nil, fmt.Errorf("replay: %s has no column %q: its header is %q. Is it the file of this data set?", f.path, c, text)
		}
	}
	return header, nil
}

// readLine returns a line without its end, cut at mostLine.
func readLine(in *bufio.Reader) (text string, tooLong bool, err error) {
	var b []byte
	for {
		part, more, err := in.ReadLine()
		if err != nil {
			return "", false, err
		}
		if len(b)+len(part) > mostLine {
			tooLong = true
		} else {
			b = append(b, part...)
		}
		if !more {
			return string(b), tooLong, nil
		}
	}
}

func parse(text string, header []string, line int) (row, string) {
	switch {
	case text == "":
		return row{}, "empty line"
	case !utf8.ValidString(text):
		return row{}, "not UTF-8"
	case strings.ContainsRune(text, 0):
		return row{}, "a NUL byte"
	}
	fields, err := csv.NewReader(strings.NewReader(text)).Read()
	if err != nil {
		var p *csv.ParseError
		if errors.As(err, &p) {
			err = p.Err
		}
		return row{}, err.Error()
	}
	if len(fields) != len(header) {
		return row{}, fmt.Sprintf("%d fields, the header has %d", len(fields), len(header))
	}
	r := row{line: line, fields: make(map[string]string, len(fields))}
	for i, h := range header {
		r.fields[h] = fields[i]
	}
	return r, ""
}

// word returns a field that must not be empty, of at most 64 bytes without spaces.
func (r row) word(column string) (string, error) {
	v := r.fields[column]
	if v == "" || len(v) > 64 || strings.ContainsAny(v, " \t") {
		return "", fmt.Errorf("%s %q is no identifier", column, v)
	}
	return v, nil
}

// number returns a whole number within bounds.
func (r row) number(column string, least, most int64) (int64, error) {
	n, err := strconv.ParseInt(r.fields[column], 10, 64)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s %q is no whole number from %d to %d", column, r.fields[column], least, most)
	}
	return n, nil
}
