package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

func (s *server) measure() {
	s.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "quan_http_request_seconds", Help: "Time to answer a request, by route pattern and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
	}, []string{"route", "status"})
	s.inFlight = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "quan_http_requests_in_flight", Help: "Requests being answered.",
	})
	s.Registry.MustRegister(s.requests, s.inFlight)
}

func (s *server) observe(route string, status int, took time.Duration) {
	s.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

func (s *server) metricsHandler() http.Handler {
	return promhttp.HandlerFor(s.Registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}
