package sqlrepo

// Stmt is one statement as each engine wants it. Parameters are $1, $2 … on both.
// Where the texts must differ they stand side by side; Both makes a statement
// that is the same.
type Stmt struct {
	Lite string // SQLite
	Post string // PostgreSQL and what speaks its protocol
}

// Both is a statement with one text for both engines.
func Both(sql string) *Stmt { return &Stmt{Lite: sql, Post: sql} }

// Col is the type of a bulk statement's parameter. Columns are never NULL: zero
// and "" mean none.
type Col int

// The column types.
const (
	Int  Col = iota // BIGINT
	Text            // TEXT
)

// Bulk is a statement that writes many rows at once. Lite is run once per row
// with the row's values as $1…$n; Post is run once with one array per column
// ($1::bigint[], $2::text[] …, spread by unnest). One is PostgreSQL's text of a
// single row, with its values as $1…$n: a list of one costs more.
//
// Even, where there is one, is PostgreSQL's text for rows that agree in the columns
// Same: these are single values then, not arrays.
type Bulk struct {
	Lite string
	Post string
	One  string
	Even string
	Cols []Col
	Same []int
}

// Scanner reads the current row.
type Scanner interface{ Scan(dest ...any) error }

// Read is one of several queries that are sent together.
type Read struct {
	*Stmt
	Args []any
	Row  func(Scanner) error
}

// Executor runs statements of one transaction. Arguments are int64, string,
// []int64 and []string (and named types of those kinds); a list is an array on
// PostgreSQL and the text of a JSON array, for json_each, on SQLite. Any error
// leaves the executor dead: it refuses everything after it.
type Executor interface {
	Query(s *Stmt, args []any, row func(Scanner) error) error
	// Singly runs a query once for each list of arguments, where that is how the engine
	// reads many keys best: SQLite finds a key in a microsecond, and makes a table of
	// its own of every list. done is false, and nothing was asked, where lists are
	// better: on PostgreSQL.
	Singly(s *Stmt, times int, args func(i int) []any, row func(Scanner) error) (done bool, err error)
	// Queries runs reads that don't wait for each other's rows: on PostgreSQL in one
	// round trip.
	Queries(reads []Read) error
	Exec(s *Stmt, args []any) (affected int64, err error)
	Bulk(b *Bulk, rows int, row func(i int) []any) (affected int64, err error)
	// Later is Bulk whose outcome the closure does not look at: PostgreSQL gets it
	// together with the next statement or with COMMIT, in one turn. So its error may
	// be that of a later call, or of the transaction.
	Later(b *Bulk, rows int, row func(i int) []any) error
	// Engine-specific: unique violations come back as errors wrapping store.ErrTwin.
}
