package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"quan/internal/app/reporting"
	"quan/internal/edge/demo"
)

// mostTold is how many findings of a round are logged one by one.
const mostTold = 20

// watchAfter is how long after its start a process lets requests have the machine
// to themselves before it verifies.
const watchAfter = time.Minute

// watch verifies beside the requests: what changed, and once a day everything. A
// finding is an alarm, in the log and in quan_verify_findings; it does not end
// readiness, since a process that no longer sells mends nothing.
type watch struct {
	*Quan
	reporting.Watch
	since    time.Time
	findings *prometheus.GaugeVec
	clean    prometheus.Gauge
	rows     prometheus.Counter
	left     prometheus.Gauge
}

func (q *Quan) newWatch() *watch {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "quan", Subsystem: "verify", Name: name, Help: help})
	}
	w := &watch{Quan: q, since: time.Now(),
		findings: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "quan", Subsystem: "verify", Name: "findings",
			Help: "Violated invariants of the newest round of the background check; above 0 is an alarm."}, []string{"invariant"}),
		clean: gauge("clean_timestamp_seconds", "When the newest round without findings began."),
		left:  gauge("left", "Checks of everything that the newest full round left to quan verify, because they were slow."),
		rows:  prometheus.NewCounter(prometheus.CounterOpts{Namespace: "quan", Subsystem: "verify", Name: "rows_total", Help: "Rows that the background check looked at."})}
	q.Registry.MustRegister(w.findings, w.clean, w.rows, w.left)
	w.Watch = reporting.Watch{Reporting: q.Reporting, Told: w.told}
	return w
}

// piece verifies one piece and says whether there are more. It waits while a demo is
// loading.
func (w *watch) piece(ctx context.Context) (int, error) {
	if time.Since(w.since) < watchAfter {
		return 0, nil
	}
	loading, err := demo.Loading(ctx, w.Admin, time.Now())
	if err != nil || loading {
		return 0, err
	}
	more, err := w.Next(ctx)
	if more {
		return 1, err
	}
	return 0, err
}

func (w *watch) told(full bool, v *reporting.Verification) {
	w.findings.Reset()
	for i, f := range v.Findings {
		w.findings.WithLabelValues(f.Invariant).Inc()
		if i < mostTold {
			w.Log.Error("verify: an invariant is violated", "invariant", f.Invariant, "subject", f.Subject, "detail", f.Detail)
		}
	}
	rows := int64(0)
	for _, c := range v.Covered {
		rows += c.Rows
	}
	w.rows.Add(float64(rows))
	if full {
		w.left.Set(float64(len(v.Left)))
		w.Log.Info("verify: looked at everything", "rows", rows, "findings", len(v.Findings), "left", v.Left)
	}
	if len(v.Findings) == 0 {
		w.clean.Set(float64(v.Mark) / 1000)
	}
}
