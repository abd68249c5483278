package sqlite

import (
	"fmt"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// prepared is a statement of a connection, made once and run often.
type prepared struct {
	stmt    uintptr
	params  []int // the argument that each parameter takes: $3 takes the third, wherever it stands
	args    int   // how many it asks for
	columns int
}

// bound is an argument as SQLite takes it.
type bound struct {
	text   string
	number int64
	isText bool
}

// bind gives the statement its arguments. Texts are copied into the connection's
// scratch and lie there until the next bind: the statement has ended by then.
func (p *prepared) bind(c *connection, args []bound) error {
	if len(args) < p.args { // PostgreSQL's text may ask for more
		return fmt.Errorf("%d arguments where %d are asked for", len(args), p.args)
	}
	size := 1
	for _, n := range p.params {
		size += len(args[n].text)
	}
	if err := c.grow(size); err != nil {
		return err
	}
	to := c.texts
	for i, n := range p.params {
		a := &args[n]
		var rc int32
		if a.isText {
			copy(unsafe.Slice(at[byte](to), len(a.text)), a.text)
			rc = sqlite3.Xsqlite3_bind_text(c.tls, p.stmt, int32(i+1), to, int32(len(a.text)), 0)
			to += uintptr(len(a.text))
		} else {
			rc = sqlite3.Xsqlite3_bind_int64(c.tls, p.stmt, int32(i+1), a.number)
		}
		if rc != sqlite3.SQLITE_OK {
			return c.failure(rc)
		}
	}
	return nil
}

// grow makes room for the texts of a statement.
func (c *connection) grow(size int) error {
	if size <= c.room {
		return nil
	}
	size += size / 2
	made := libc.Xmalloc(c.tls, libc.Tsize_t(size))
	if made == 0 {
		return errNoMemory
	}
	if c.texts != 0 {
		libc.Xfree(c.tls, c.texts)
	}
	c.texts, c.room = made, size
	return nil
}

// step goes to the next row, if there is one.
func (p *prepared) step(c *connection) (more bool, err error) {
	switch rc := sqlite3.Xsqlite3_step(c.tls, p.stmt); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, c.failure(rc)
	}
}

// reset ends a run. What it returns step has said before.
func (p *prepared) reset(c *connection) { sqlite3.Xsqlite3_reset(c.tls, p.stmt) }

func (p *prepared) close(c *connection) { sqlite3.Xsqlite3_finalize(c.tls, p.stmt) }

// scanner reads the row at hand into typed destinations.
type scanner struct {
	c *connection
	p *prepared
}

func (s *scanner) Scan(dest ...any) error {
	if len(dest) != s.p.columns {
		return fmt.Errorf("sqlite: scan: %d destinations for %d columns", len(dest), s.p.columns)
	}
	for i, d := range dest {
		if err := s.column(int32(i), d); err != nil {
			return fmt.Errorf("sqlite: scan column %d: %w", i+1, err)
		}
	}
	return nil
}

func (s *scanner) column(i int32, dest any) error {
	tls, stmt := s.c.tls, s.p.stmt
	switch kind := sqlite3.Xsqlite3_column_type(tls, stmt, i); kind {
	case sqlite3.SQLITE_INTEGER:
		return assignNumber(dest, sqlite3.Xsqlite3_column_int64(tls, stmt, i))
	case sqlite3.SQLITE_TEXT:
		text := sqlite3.Xsqlite3_column_text(tls, stmt, i)
		n := sqlite3.Xsqlite3_column_bytes(tls, stmt, i)
		if n == 0 {
			return assignText(dest, nil)
		}
		return assignText(dest, unsafe.Slice(at[byte](text), int(n)))
	default:
		return fmt.Errorf("type %d is neither number nor text", kind)
	}
}
