package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"quan/internal/app"
	"quan/internal/app/admin"
	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/guard"
	"quan/internal/app/helpdesk"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/app/planning"
	"quan/internal/app/reporting"
	"quan/internal/edge/api"
	"quan/internal/edge/web"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/provider/sms"
	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/sqlite"
)

// Version is the program's version, set when it is built.
var Version = "0.1.0-dev"

// Quan is a running installation: the store, the use cases on it, and the
// handler. Close ends it after its requests have ended.
type Quan struct {
	*app.App
	Config     Config
	Catalog    *catalog.Catalog
	Membership *membership.Membership
	Helpdesk   *helpdesk.Helpdesk
	Issuing    *issuing.Issuing
	Checkout   *checkout.Checkout
	Planning   *planning.Planning
	Reporting  *reporting.Reporting
	Board      *reporting.Board
	Admin      *admin.Admin
	Guard      *guard.Guard
	Registry   *prometheus.Registry

	jobMetrics *jobMetrics
	watch      *watch

	number *workerNumber // nil where nothing is written
	end    context.CancelFunc
	ended  chan struct{}
}

// Open puts an installation together. clock is the business clock: the wall
// clock in production, a simulation's elsewhere.
func Open(ctx context.Context, c Config, clock func() calendar.Instant, log *slog.Logger) (*Quan, error) {
	secrets, err := loadSecrets(c)
	if err != nil {
		return nil, err
	}
	vault, err := secrets.vault()
	if err != nil {
		return nil, fmt.Errorf("server: keys: %w", err)
	}
	s, err := OpenStore(ctx, c)
	if err != nil {
		return nil, err
	}
	q := &Quan{Config: c, Registry: prometheus.NewRegistry()}
	guarded, worker := s, int64(0)
	if !c.ReadOnly {
		if q.number, err = hold(ctx, s, log, time.Now); err != nil {
			return nil, errors.Join(fmt.Errorf("server: worker number: %w", err), s.Close())
		}
		guarded, worker = fenced{s, q.number}, q.number.number
	}
	q.App = app.New(guarded, clock, id.NewMaker(worker, time.Now), secrets.numbers(), vault, log)
	q.App.Codes = secrets.codes()
	q.App.Places = secrets.places()
	q.App.Showings = secrets.showings()
	q.Catalog = &catalog.Catalog{App: q.App}
	q.Membership = &membership.Membership{App: q.App}
	q.Helpdesk = &helpdesk.Helpdesk{App: q.App}
	q.Issuing = &issuing.Issuing{App: q.App}
	q.Checkout = &checkout.Checkout{App: q.App, Issue: q.Issuing.Automatic}
	q.Planning = &planning.Planning{App: q.App}
	q.Reporting = &reporting.Reporting{App: q.App}
	q.Board = &reporting.Board{Reporting: q.Reporting}
	q.Admin = &admin.Admin{App: q.App}
	q.Guard = guard.New(q.App, secrets.guard(), time.Now)
	q.Guard.Visitors = guard.Visitors{Enrol: q.Membership.Enrol, Reveal: c.Demo}
	if c.SMS == SMSLog {
		q.Guard.Visitors.Texter = sms.Log{Log: log}
	}
	q.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	q.observe(s)
	if err := q.formPhones(ctx); err != nil {
		q.number.giveBack()
		return nil, errors.Join(err, s.Close())
	}
	q.jobMetrics = newJobMetrics(s, log, q.Registry)
	q.watch = q.newWatch()
	q.keepWorker()
	return q, nil
}

// formPhones brings what an older version wrote into the form in which members are found.
func (q *Quan) formPhones(ctx context.Context) error {
	if q.Config.ReadOnly {
		return nil
	}
	done, err := q.Membership.FormPhones(ctx)
	if err != nil {
		return fmt.Errorf("server: %w", err)
	}
	if done != (membership.Formed{}) {
		q.Log.Info("phone numbers are in one form now", "numbers", done.Done, "of_two_members", done.Twins, "not_opened", done.Shut)
	}
	return nil
}

// At returns the installation on another business clock, sharing store and
// caches: for simulations and imports beside a running server.
func (q *Quan) At(clock func() calendar.Instant) *Quan {
	r := *q
	r.App = q.App.WithClock(clock)
	r.Catalog, r.Membership = &catalog.Catalog{App: r.App}, &membership.Membership{App: r.App}
	r.Helpdesk = &helpdesk.Helpdesk{App: r.App}
	r.Issuing = &issuing.Issuing{App: r.App}
	r.Checkout = &checkout.Checkout{App: r.App, Issue: r.Issuing.Automatic}
	r.Planning = &planning.Planning{App: r.App}
	r.Reporting, r.Admin = &reporting.Reporting{App: r.App}, &admin.Admin{App: r.App}
	r.Board = &reporting.Board{Reporting: r.Reporting}
	return &r
}

// OpenStore opens the engine that the configuration names.
func OpenStore(ctx context.Context, c Config) (store.Store, error) {
	if c.Postgres() {
		s, err := postgres.Open(ctx, c.DB, postgres.Options{ReadOnly: c.ReadOnly, SkipMigrate: c.NoMigrate})
		if err != nil {
			return nil, fmt.Errorf("server: %w", err)
		}
		return s, nil
	}
	if !c.ReadOnly {
		if err := os.MkdirAll(filepath.Dir(c.DB), 0o700); err != nil {
			return nil, fmt.Errorf("server: data directory: %w", err)
		}
	}
	s, err := sqlite.Open(ctx, c.DB, sqlite.Options{ReadOnly: c.ReadOnly, SkipMigrate: c.NoMigrate})
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	return s, nil
}

// Handler is the HTTP interface: the pages, and the API behind them.
func (q *Quan) Handler() (http.Handler, error) {
	a, err := api.New(api.Deps{Catalog: q.Catalog, Membership: q.Membership, Helpdesk: q.Helpdesk, Issuing: q.Issuing, Checkout: q.Checkout, Planning: q.Planning,
		Reporting: q.Reporting, Board: q.Board, Admin: q.Admin, Guard: q.Guard, Vault: q.Vault, Clock: q.Clock, Log: q.Log,
		Version: Version, Ready: q.Ready, Registry: q.Registry, Metrics: q.Config.Metrics, Origins: q.Config.Origins})
	if err != nil {
		return nil, err
	}
	return web.New(a, q.Catalog), nil
}

// mostSkew is how far our clock may be from the database's (hot-path P10).
const mostSkew = time.Second

// Ready returns nil while the installation takes requests: the store writes, our
// clock agrees with its clock, our worker number is ours.
func (q *Quan) Ready(ctx context.Context) error {
	if q.number != nil && q.number.isLost() {
		return errors.New("server: another process holds our worker number")
	}
	if err := q.Store.Ready(ctx); err != nil {
		return err
	}
	theirs, err := q.Store.Clock(ctx)
	if err != nil {
		return err
	}
	if skew := time.Since(theirs.Time()).Abs(); skew > mostSkew+500*time.Millisecond {
		return fmt.Errorf("server: our clock and the database's differ by %s; set both by NTP", skew)
	}
	return nil
}

// keepWorker renews the worker number's lease until Close.
func (q *Quan) keepWorker() {
	ctx, cancel := context.WithCancel(context.Background())
	q.end, q.ended = cancel, make(chan struct{})
	if q.number == nil {
		close(q.ended)
		return
	}
	go func() {
		defer close(q.ended)
		q.number.keep(ctx)
	}()
}

// Close gives back the worker number and closes the store; what was accepted is
// finished first.
func (q *Quan) Close() error {
	q.end()
	<-q.ended
	if q.number != nil {
		q.number.giveBack()
	}
	return q.Store.Close()
}

// holder names this process in leases.
func holder() string {
	host, _ := os.Hostname()
	var salt [4]byte
	_, _ = rand.Read(salt[:])
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), hex.EncodeToString(salt[:]))
}

// WallClock is the business clock of production.
func WallClock() calendar.Instant { return calendar.Of(time.Now()) }
