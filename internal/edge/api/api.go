package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"

	"quan/internal/app/admin"
	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/app/guard"
	"quan/internal/app/helpdesk"
	"quan/internal/app/issuing"
	"quan/internal/app/membership"
	"quan/internal/app/planning"
	"quan/internal/app/reporting"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
)

// Deps is what the API stands on. All use cases are required.
type Deps struct {
	Catalog    *catalog.Catalog
	Membership *membership.Membership
	Helpdesk   *helpdesk.Helpdesk
	Issuing    *issuing.Issuing
	Checkout   *checkout.Checkout
	Planning   *planning.Planning
	Reporting  *reporting.Reporting
	Board      *reporting.Board // nil: one of its own
	Admin      *admin.Admin
	Guard      *guard.Guard

	Vault *member.Vault           // blinds the identities that requests name
	Clock func() calendar.Instant // the business clock, for the state of coupons as shown

	Log      *slog.Logger
	Ticks    <-chan time.Time // heartbeats of streams; nil: the wall clock
	Version  string
	Ready    func(context.Context) error // nil while requests are taken
	Registry *prometheus.Registry        // the API adds its metrics; the program may add its own
	Metrics  bool                        // serve /metrics
	Origins  []string                    // pages that may use browser keys: "https://shop.example.com"; none by default
}

// maxBodyTime is how long a body may take; at 1 MiB that is a slow mobile network.
const maxBodyTime = 15 * time.Second

type server struct {
	Deps
	mux         *http.ServeMux
	huma        huma.API
	crossOrigin *http.CrossOriginProtection
	requests    *prometheus.HistogramVec
	inFlight    prometheus.Gauge
	operations  []operation
	browser     map[string]bool // patterns that browser keys may call
	readable    map[string]bool // patterns that may be read with others
	quiet       map[string]bool // patterns logged at debug level
	quick       map[string]quickly
	bodyTime    time.Duration // within which a body has to be there
	running     running
	exports     chan struct{} // a place for each list that is written out
}

// New returns the handler of the API, its documents, health and metrics. It
// fails where an origin is malformed.
func New(d Deps) (http.Handler, error) { return newServer(d) }

func newServer(d Deps) (*server, error) {
	if d.Board == nil {
		d.Board = &reporting.Board{Reporting: d.Reporting}
	}
	if d.Registry == nil {
		d.Registry = prometheus.NewRegistry()
	}
	s := &server{Deps: d, mux: http.NewServeMux(), crossOrigin: http.NewCrossOriginProtection(),
		browser: map[string]bool{}, readable: map[string]bool{}, quiet: map[string]bool{}, quick: map[string]quickly{}, bodyTime: maxBodyTime, exports: make(chan struct{}, mostExports)}
	for _, origin := range d.Origins {
		if err := s.crossOrigin.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	s.measure()
	s.huma = humago.New(s.mux, s.config())
	s.routes()
	s.finishDocument()
	s.pages()
	return s, nil
}

// routes is the table of everything that can be asked for.
func (s *server) routes() {
	s.catalogRoutes()
	s.templateRoutes()
	s.budgetRoutes()
	s.stopRoutes()
	s.memberRoutes()
	s.listRoutes()
	s.savedSegmentRoutes()
	s.timelineRoutes()
	s.deskRoutes()
	s.feedRoutes()
	s.conditionRoutes()
	s.issueRoutes()
	s.codeRoutes()
	s.bulkRoutes()
	s.packRoutes()
	s.planOfPacketRoutes()
	s.packetRoutes()
	s.couponRoutes()
	s.counterRoutes()
	s.checkoutRoutes()
	s.orderRoutes()
	s.planRoutes()
	s.reportRoutes()
	s.toolRoutes()
	s.homeRoutes()
	s.boardRoutes()
	s.reportExports()
	s.rowRoutes()
	s.settlementRoutes()
	s.adminRoutes()
	s.linkRoutes()
	s.phonePageRoutes()
	s.walletRoute()
	s.accountRoutes()
	s.visitRoutes()
	s.peopleRoutes()
	s.permissionRoutes()
	s.importRoutes()
	s.readsRoutes()
}
