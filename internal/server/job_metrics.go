package server

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"quan/internal/domain/job"
	"quan/internal/store"
)

// jobMetrics tell of jobs: what waits is asked of the store at each scrape, what
// was done is counted by this process.
type jobMetrics struct {
	store  store.Store
	log    *slog.Logger
	pieces *prometheus.HistogramVec
	failed *prometheus.CounterVec
	ended  *prometheus.CounterVec
	depth  *prometheus.Desc
	oldest *prometheus.Desc
}

// scrapeTime bounds the look at the table.
const scrapeTime = time.Second

func newJobMetrics(s store.Store, log *slog.Logger, into *prometheus.Registry) *jobMetrics {
	name := func(n string) string { return prometheus.BuildFQName("quan", "jobs", n) }
	m := &jobMetrics{store: s, log: log,
		pieces: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name("piece_seconds"), Help: "How long pieces of jobs took.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 8)}, []string{"kind"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{Name: name("failed_attempts_total"), Help: "Attempts of jobs that failed."}, []string{"kind"}),
		ended:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: name("ended_total"), Help: "Jobs that a run has ended, by state."}, []string{"kind", "state"}),
		depth:  prometheus.NewDesc(name("depth"), "Jobs that are not completed or cancelled, by state.", []string{"queue", "kind", "state"}, nil),
		oldest: prometheus.NewDesc(name("oldest_due_seconds"), "How long the first job that could be started has been waiting.", []string{"queue", "kind"}, nil),
	}
	into.MustRegister(m.pieces, m.failed, m.ended, m)
	return m
}

// observe counts a piece.
func (m *jobMetrics) observe(kind string, took time.Duration, state job.State, err error) {
	m.pieces.WithLabelValues(kind).Observe(took.Seconds())
	switch {
	case err != nil:
		m.failed.WithLabelValues(kind).Inc()
	case state != job.Running:
		m.ended.WithLabelValues(kind, string(state)).Inc()
	}
}

// Describe names the figures that are asked of the store.
func (m *jobMetrics) Describe(out chan<- *prometheus.Desc) { out <- m.depth; out <- m.oldest }

// Collect asks the store; where it does not answer the figures are missing.
func (m *jobMetrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	var rows []store.Depth
	err := m.store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Jobs().Depths()
		return err
	})
	if err != nil {
		m.log.Warn("metrics of jobs", "error", err)
		return
	}
	now := WallClock()
	oldest := map[[2]string]float64{}
	for _, d := range rows {
		out <- prometheus.MustNewConstMetric(m.depth, prometheus.GaugeValue, float64(d.Jobs), d.Queue, d.Kind, string(d.State))
		if at := [2]string{d.Queue, d.Kind}; d.State.Waiting() && d.Since <= now {
			oldest[at] = max(oldest[at], now.Time().Sub(d.Since.Time()).Seconds())
		}
	}
	for at, seconds := range oldest {
		out <- prometheus.MustNewConstMetric(m.oldest, prometheus.GaugeValue, seconds, at[0], at[1])
	}
}
