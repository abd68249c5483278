package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// Engine is a store.Store on PostgreSQL.
type Engine struct {
	ctx     context.Context // of the engine: statements run under it, never under a caller's
	cancel  context.CancelFunc
	write   *pgxpool.Pool
	gate    *gate
	read    *pgxpool.Pool
	alone   *pgx.ConnConfig // for snapshots
	version string
	resolve time.Duration // resolveLimit, save in tests
	glance  time.Duration // viewLimit, save in tests

	mu      sync.RWMutex // guards closed against running.Add
	closed  bool
	running sync.WaitGroup
}

var _ store.Store = (*Engine)(nil)

var errClosed = errors.New("postgres: engine is closed")

// Open migrates the database that the DSN names (URL or keyword form), unless
// the options say otherwise, and opens an engine on it. A schema newer than this
// program is store.ErrSchema.
func Open(ctx context.Context, dsn string, opts Options) (*Engine, error) {
	ready := Migrate
	if opts.ReadOnly || opts.SkipMigrate {
		ready = migrated
	}
	if err := ready(ctx, dsn); err != nil {
		return nil, err
	}
	opts = opts.withDefaults()
	e := &Engine{gate: newGate(opts.WriteConns, opts.MostWait), resolve: resolveLimit, glance: viewLimit}
	e.ctx, e.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := e.open(ctx, dsn, opts); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

func (e *Engine) open(ctx context.Context, dsn string, opts Options) (err error) {
	if e.write, err = e.pool(dsn, opts.WriteConns+controlConns, attemptLimit, opts.ReadOnly); err != nil {
		return err
	}
	if e.read, err = e.pool(dsn, opts.ReadConns, viewLimit, opts.ReadOnly); err != nil {
		return err
	}
	if e.alone, err = pgx.ParseConfig(dsn); err != nil {
		return fmt.Errorf("postgres: settings: %w", err)
	}
	session(e.alone, 0)
	var durable string
	err = e.write.QueryRow(ctx, "SELECT current_setting('server_version'), current_setting('synchronous_commit')").Scan(&e.version, &durable)
	if err != nil {
		return fmt.Errorf("postgres: connect: %w", err)
	}
	if durable == "off" {
		return errors.New("postgres: synchronous_commit is off for this database: a commit would not be durable; set it to on")
	}
	return nil
}

func (e *Engine) pool(dsn string, conns int, statement time.Duration, readOnly bool) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("postgres: settings: %w", err)
	}
	session(c.ConnConfig, statement)
	if readOnly {
		c.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	}
	c.MaxConns = int32(conns)
	c.MaxConnIdleTime = time.Minute
	c.PingTimeout = connectLimit
	pool, err := pgxpool.NewWithConfig(e.ctx, c)
	if err != nil {
		return nil, fmt.Errorf("postgres: pool: %w", err)
	}
	return pool, nil
}

// session sets what every connection of ours starts with; statement bounds one
// statement on the server's side, zero for no bound.
func session(c *pgx.ConnConfig, statement time.Duration) {
	c.ConnectTimeout = connectLimit
	keepalive := net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3}
	c.DialFunc = (&net.Dialer{KeepAliveConfig: keepalive}).DialContext
	p := c.RuntimeParams
	p["application_name"] = "quan"
	p["timezone"] = "UTC"
	p["default_transaction_isolation"] = "read committed"
	p["lock_timeout"] = millis(lockLimit)
	p["statement_timeout"] = millis(statement)
	p["tcp_keepalives_idle"] = "10"
	p["tcp_keepalives_interval"] = "5"
	p["tcp_keepalives_count"] = "3"
	if statement > 0 {
		p["idle_in_transaction_session_timeout"] = millis(idleLimit)
		keyedPlans(p)
	}
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// Engine names the engine and the server's version.
func (e *Engine) Engine() string { return "postgres " + e.version }

// Overlaps is true: the server commits beside our other transactions.
func (e *Engine) Overlaps() bool { return true }

// Ready returns nil while the server takes writes.
func (e *Engine) Ready(ctx context.Context) error {
	if err := e.enter(ctx); err != nil {
		return err
	}
	defer e.running.Done()
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	var readOnly bool
	err := e.write.QueryRow(ctx, "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'").Scan(&readOnly)
	if err != nil {
		return fmt.Errorf("postgres: ready: %w", err)
	}
	if readOnly {
		return fmt.Errorf("postgres: ready: %w", fault.New(fault.ReadOnlyStore))
	}
	return nil
}

// Clock returns the server's clock.
func (e *Engine) Clock(ctx context.Context) (calendar.Instant, error) {
	if err := e.enter(ctx); err != nil {
		return 0, err
	}
	defer e.running.Done()
	var ms int64
	err := e.read.QueryRow(ctx, "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint").Scan(&ms)
	if err != nil {
		return 0, fmt.Errorf("postgres: clock: %w", err)
	}
	return calendar.Instant(ms), nil
}

// enter counts a call in, so that Close waits for it. The caller owes
// running.Done when it returns nil.
func (e *Engine) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return outward(fmt.Errorf("postgres: not started: %w", err))
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closed {
		return errClosed
	}
	e.running.Add(1)
	return nil
}

// Close lets running transactions finish, then closes the connections. Calling
// it again does nothing.
func (e *Engine) Close() error {
	e.mu.Lock()
	again := e.closed
	e.closed = true
	e.mu.Unlock()
	if again {
		return nil
	}
	late := time.AfterFunc(closeLimit, e.cancel)
	e.running.Wait()
	stopped := late.Stop()
	for _, p := range []*pgxpool.Pool{e.write, e.read} {
		if p != nil {
			p.Close()
		}
	}
	e.cancel()
	if !stopped {
		return errors.New("postgres: close: transactions were cut off")
	}
	return nil
}

// keyedPlans makes the planner take the index for the short statements, all of
// which are keyed. Plans are cached per connection: one that was made when a
// table was small would be run for each batch until the statistics are gathered
// anew, and a flash sale on a fresh database was 30 times slower for it. The
// statements help: each names its keys a second time (id = ANY), so that whatever
// the join order no scan reads more than the batch. Nor is an index made into a
// bitmap, which has no order: it holds all that fits before it gives the first row,
// and where the planner took a million due coupons for a hundred (after a bulk load
// there are no statistics) each piece of 256 read and sorted the million. Along the
// index a piece costs a piece. Reports have a pool without this.
func keyedPlans(p map[string]string) {
	p["enable_seqscan"], p["enable_bitmapscan"] = "off", "off"
}
