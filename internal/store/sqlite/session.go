package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"

	driversqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// connector opens sessions. database/sql pools them for Views; the writer and
// the checkpointer hold one each.
type connector struct{ dsn string }

// Driver serves database/sql.
func (c connector) Driver() driver.Driver { return &driversqlite.Driver{} }

// Connect serves database/sql.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.open() }

func (c connector) open() (*session, error) {
	made, err := connect(c.dsn)
	if err != nil {
		return nil, err
	}
	return &session{connection: made, prepared: make(map[string]*prepared)}, nil
}

// session is one connection with its prepared statements. database/sql pools it
// and is asked for nothing else: Views take it out (sql.Conn.Raw).
type session struct {
	*connection
	prepared map[string]*prepared
	args     []bound
	list     []byte // scratch for list arguments
}

var errPooled = errors.New("sqlite: a session is used through Raw")

// Prepare serves database/sql, which is not asked for it.
func (s *session) Prepare(string) (driver.Stmt, error) { return nil, errPooled }

// Begin serves database/sql, which is not asked for it.
func (s *session) Begin() (driver.Tx, error) { return nil, errPooled }

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
	p, err := s.connection.prepare(text)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	s.prepared[text] = p
	return p, nil
}

func (s *session) forget() {
	for text, p := range s.prepared {
		p.close(s.connection)
		delete(s.prepared, text)
	}
}

// Close ends the statements, then the connection.
func (s *session) Close() error {
	s.forget()
	return s.connection.close()
}

// exec runs a statement with bound arguments and returns the rows it changed.
func (s *session) exec(text string, args []any) (int64, error) {
	p, err := s.prepare(text)
	if err != nil {
		return 0, err
	}
	return s.execute(p, args)
}

func (s *session) execute(p *prepared, args []any) (int64, error) {
	if err := s.bind(p, args); err != nil {
		return 0, err
	}
	defer p.reset(s.connection)
	for {
		switch more, err := p.step(s.connection); {
		case err != nil:
			return 0, err
		case !more:
			return sqlite3.Xsqlite3_changes64(s.tls, s.db), nil
		}
	}
}

// run is exec for the engine's own statements.
func (s *session) run(text string) error {
	_, err := s.exec(text, nil)
	return err
}

// query runs a statement and calls row for each row it returns, until ctx ends.
func (s *session) query(ctx context.Context, text string, args []any, row func(*scanner) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p, err := s.prepare(text)
	if err != nil {
		return err
	}
	return s.read(ctx, p, args, row)
}

func (s *session) read(ctx context.Context, p *prepared, args []any, row func(*scanner) error) error {
	if err := s.bind(p, args); err != nil {
		return err
	}
	defer p.reset(s.connection)
	here := scanner{s.connection, p}
	for n := 0; ; n++ {
		if n%64 == 63 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		more, err := p.step(s.connection)
		if err != nil && primary(err) == codeInterrupt && ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || !more {
			return err
		}
		if err := row(&here); err != nil {
			return err
		}
	}
}

// number returns the number that a query yields first.
func (s *session) number(text string) (n int64, err error) {
	err = s.query(context.Background(), text, nil, func(row *scanner) error { return row.column(0, &n) })
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
