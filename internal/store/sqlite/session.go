package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"

	driversqlite "modernc.org/sqlite"
)

// connector opens sessions. database/sql pools them for Views; the writer and
// the checkpointer hold one each.
type connector struct{ dsn string }

func (c connector) Driver() driver.Driver { return &driversqlite.Driver{} }

// Connect serves database/sql.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.open() }

func (c connector) open() (*session, error) {
	conn, err := c.Driver().Open(c.dsn)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	full, ok := conn.(driverConn)
	if !ok {
		return nil, fmt.Errorf("connect: %T lacks what a session needs", conn)
	}
	return &session{driverConn: full, prepared: make(map[string]*prepared)}, nil
}

type driverConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.SessionResetter
	driver.Validator
}

// driverStmt is what the driver's statements can do.
type driverStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// session is one connection with its prepared statements. It talks to the driver
// without database/sql between them, which would lock and look up for every
// statement what one goroutine holds anyway.
type session struct {
	driverConn
	prepared map[string]*prepared
	args     []driver.NamedValue
	list     []byte // scratch for list arguments
}

type prepared struct {
	driverStmt
	row []driver.Value // scratch for rows; a statement is never run inside its own rows
}

// statements bounds the prepared statements of a session: texts that are put
// together from filters must not pile up.
const statements = 512

func (s *session) prepare(text string) (*prepared, error) {
	if p, ok := s.prepared[text]; ok {
		return p, nil
	}
	if len(s.prepared) >= statements {
		s.forget()
	}
	made, err := s.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	full, ok := made.(driverStmt)
	if !ok {
		return nil, fmt.Errorf("prepare: %T lacks what a statement needs", made)
	}
	p := &prepared{driverStmt: full}
	s.prepared[text] = p
	return p, nil
}

func (s *session) forget() {
	for text, p := range s.prepared {
		p.Close()
		delete(s.prepared, text)
	}
}

// Close ends the statements, then the connection.
func (s *session) Close() error {
	s.forget()
	return s.driverConn.Close()
}

// exec runs a statement with bound arguments and returns the rows it changed.
func (s *session) exec(ctx context.Context, text string, args []any) (int64, error) {
	p, err := s.prepare(text)
	if err != nil {
		return 0, err
	}
	if err := s.bind(args); err != nil {
		return 0, err
	}
	result, err := p.ExecContext(ctx, s.args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// run is exec for the engine's own statements.
func (s *session) run(text string) error {
	_, err := s.exec(context.Background(), text, nil)
	return err
}

// query runs a statement and calls row for each row it returns.
func (s *session) query(ctx context.Context, text string, args []any, row func([]driver.Value) error) (err error) {
	p, err := s.prepare(text)
	if err != nil {
		return err
	}
	if err := s.bind(args); err != nil {
		return err
	}
	rows, err := p.QueryContext(ctx, s.args)
	if err != nil {
		return err
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	if p.row == nil {
		p.row = make([]driver.Value, len(rows.Columns()))
	}
	for n := 0; ; n++ {
		if n%64 == 63 { // the driver looks at ctx before the first row only
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		switch err := rows.Next(p.row); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := row(p.row); err != nil {
			return err
		}
	}
}

// number returns the one number that a query yields.
func (s *session) number(text string) (n int64, err error) {
	err = s.query(context.Background(), text, nil, func(row []driver.Value) error {
		return assign(&n, row[0])
	})
	return n, err
}

// WriterDSN is how the engine's writer opens a file that the engine has opened
// before in this process: for what is measured beside it.
func WriterDSN(path string) string { return writerDSN(path, Options{}) }

func writerDSN(path string, options Options) string {
	cache, synchronous, vfs := options.CacheMB, "FULL", logVFS
	if cache == 0 {
		cache = 64
	}
	if options.Volatile {
		synchronous, vfs = "OFF", ""
	}
	return dsn(path, "rwc", vfs, "busy_timeout(5000)", "journal_mode(WAL)", "synchronous("+synchronous+")",
		"wal_autocheckpoint(0)", fmt.Sprintf("cache_size(-%d)", cache*1024), "temp_store(MEMORY)")
}

func readerDSN(path string) string {
	return dsn(path, "ro", "", "busy_timeout(5000)", "query_only(1)", "cache_size(-16384)", "temp_store(MEMORY)")
}

func checkpointDSN(path string, options Options) string {
	synchronous := "FULL"
	if options.Volatile {
		synchronous = "OFF"
	}
	// It waits little for readers: writers wait behind it.
	return dsn(path, "rw", "", "busy_timeout(100)", "wal_autocheckpoint(0)", "synchronous("+synchronous+")")
}

func dsn(path, mode, vfs string, pragmas ...string) string {
	query := url.Values{"mode": {mode}, "_dqs": {"0"}, "_pragma": pragmas}
	if vfs != "" {
		query.Set("vfs", vfs)
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String()
}
