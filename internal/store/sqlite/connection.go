package sqlite

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// connection is SQLite's own, without a driver between: a statement of a claim
// takes some microseconds, and a driver's names, values, copies and mutexes took
// as many again. One goroutine uses it at a time, so SQLite keeps no mutex for it.
type connection struct {
	tls    *libc.TLS // of the goroutine at hand; libc asks for no more than one at a time
	db     uintptr
	cells  uintptr // scratch: two addresses that SQLite writes
	texts  uintptr // scratch: the text arguments of the statement under way
	room   int     // bytes of texts
	signal *libc.TLS
	closed atomic.Bool
}

// failed is an error of SQLite with its extended result code.
type failed struct {
	code int
	text string
}

func (f *failed) Error() string { return f.text }

// Code is SQLite's extended result code.
func (f *failed) Code() int { return f.code }

// at is what lies at an address of SQLite's memory, which Go's collector neither
// moves nor frees.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

const cell = unsafe.Sizeof(uintptr(0))

// connect opens what a DSN names and gives it the DSN's pragmas.
func connect(dsn string) (*connection, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	asked := u.Query()
	c := &connection{tls: libc.NewTLS(), signal: libc.NewTLS()}
	c.cells = libc.Xcalloc(c.tls, 2, libc.Tsize_t(cell))
	if c.cells == 0 {
		return nil, errors.Join(errNoMemory, c.close())
	}
	if err := c.open(dsn, asked.Get("vfs")); err != nil {
		return nil, errors.Join(fmt.Errorf("connect: %w", err), c.close())
	}
	for _, pragma := range asked["_pragma"] {
		if err := c.pragma(pragma); err != nil {
			return nil, errors.Join(fmt.Errorf("connect: %s: %w", pragma, err), c.close())
		}
	}
	return c, nil
}

var errNoMemory = errors.New("connect: no memory")

func (c *connection) open(dsn, vfs string) error {
	name, err := libc.CString(dsn)
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, name)
	var system uintptr
	if vfs != "" {
		if system, err = libc.CString(vfs); err != nil {
			return err
		}
		defer libc.Xfree(c.tls, system)
	}
	const flags = sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_CREATE | sqlite3.SQLITE_OPEN_NOMUTEX | sqlite3.SQLITE_OPEN_URI
	rc := sqlite3.Xsqlite3_open_v2(c.tls, name, c.cells, flags, system)
	c.db = *at[uintptr](c.cells) // even of one that failed
	if rc != sqlite3.SQLITE_OK {
		return c.failure(rc)
	}
	if rc := sqlite3.Xsqlite3_extended_result_codes(c.tls, c.db, 1); rc != sqlite3.SQLITE_OK {
		return c.failure(rc)
	}
	// "Text" in double quotes is a name, never a text.
	for _, op := range []int32{sqlite3.SQLITE_DBCONFIG_DQS_DDL, sqlite3.SQLITE_DBCONFIG_DQS_DML} {
		if rc := c.configure(op, 0); rc != sqlite3.SQLITE_OK {
			return c.failure(rc)
		}
	}
	return nil
}

// configure calls sqlite3_db_config with a number and no place for the old one.
func (c *connection) configure(op, value int32) int32 {
	const argument = 8 // bytes, on all systems
	list := libc.Xmalloc(c.tls, 2*argument)
	if list == 0 {
		return sqlite3.SQLITE_NOMEM
	}
	defer libc.Xfree(c.tls, list)
	return sqlite3.Xsqlite3_db_config(c.tls, c.db, op, libc.VaList(list, value, uintptr(0)))
}

// keepLog lets the log stay as it is when the connection is closed: whoever opens the
// file next copies all of it anew.
func (c *connection) keepLog() { c.configure(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1) }

func (c *connection) pragma(text string) error {
	p, err := c.prepare("PRAGMA " + text)
	if err != nil {
		return err
	}
	defer p.close(c)
	for {
		if more, err := p.step(c); err != nil || !more {
			return err
		}
	}
}

// prepare makes a statement of a text that holds one.
func (c *connection) prepare(text string) (*prepared, error) {
	sql, err := libc.CString(text)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, sql)
	rc := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, sql, int32(len(text)), sqlite3.SQLITE_PREPARE_PERSISTENT, c.cells, c.cells+cell)
	if rc != sqlite3.SQLITE_OK {
		return nil, c.failure(rc)
	}
	p := &prepared{stmt: *at[uintptr](c.cells)}
	rest := text[*at[uintptr](c.cells + cell)-sql:]
	if p.stmt == 0 || strings.TrimSpace(rest) != "" {
		p.close(c)
		return nil, fmt.Errorf("not one statement: %q", text)
	}
	p.columns = int(sqlite3.Xsqlite3_column_count(c.tls, p.stmt))
	// To SQLite $3 is a name, and its number that of its first place in the text.
	p.params = make([]int, sqlite3.Xsqlite3_bind_parameter_count(c.tls, p.stmt))
	for i := range p.params {
		name := libc.GoString(sqlite3.Xsqlite3_bind_parameter_name(c.tls, p.stmt, int32(i+1)))
		n, err := strconv.Atoi(strings.TrimPrefix(name, "$"))
		if err != nil || n < 1 {
			p.close(c)
			return nil, fmt.Errorf("parameter %q is none of $1, $2 …", name)
		}
		p.params[i], p.args = n-1, max(p.args, n)
	}
	return p, nil
}

// interrupt ends the statement under way, from another goroutine. Whoever calls it
// sees to it that it has returned before the connection is used again.
func (c *connection) interrupt() { sqlite3.Xsqlite3_interrupt(c.signal, c.db) }

// failure is the error of a result code, with what SQLite says about it.
func (c *connection) failure(rc int32) error {
	text := libc.GoString(sqlite3.Xsqlite3_errstr(c.tls, rc))
	if c.db != 0 {
		if said := libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db)); said != text {
			text += ": " + said
		}
	}
	return &failed{int(rc), fmt.Sprintf("%s (%d)", text, rc)}
}

// close ends the connection; its statements were closed before.
func (c *connection) close() (err error) {
	if !c.closed.CompareAndSwap(false, true) {
		return nil
	}
	if c.db != 0 {
		if rc := sqlite3.Xsqlite3_close_v2(c.tls, c.db); rc != sqlite3.SQLITE_OK {
			err = c.failure(rc)
		}
	}
	for _, p := range []uintptr{c.cells, c.texts} {
		if p != 0 {
			libc.Xfree(c.tls, p)
		}
	}
	c.signal.Close()
	c.tls.Close()
	return err
}
