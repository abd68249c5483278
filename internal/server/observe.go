package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"quan/internal/store"
	"quan/internal/store/queue"
	"quan/internal/store/sqlite"
)

// observe adds what the engine and the gatherers tell of themselves to the metrics.
func (q *Quan) observe(s store.Store) {
	gauge := func(name, help string, value func() float64) {
		q.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "quan", Subsystem: "store", Name: name, Help: help}, value))
	}
	if e, ok := s.(interface {
		Queue() int
		Waits() [queue.Classes]queue.Waits
	}); ok {
		gauge("queue", "Writes that wait for their turn.", func() float64 { return float64(e.Queue()) })
		q.Registry.MustRegister(newWaiting("store", func(tell func(class string, w queue.Waits)) {
			for c, w := range e.Waits() {
				tell(classNames[c], w)
			}
		}))
	}
	q.Registry.MustRegister(newWaiting("gather", func(tell func(class string, w queue.Waits)) {
		tell(classNames[store.Issue], q.Issues.Waits())
		tell(classNames[store.Use], q.Uses.Waits())
	}))
	if e, ok := s.(*sqlite.Engine); ok {
		gauge("commits", "Physical commits since the start.", func() float64 { return float64(e.Stats().Commits) })
		gauge("closures", "Use cases committed since the start; many share a commit.", func() float64 { return float64(e.Stats().Closures) })
	}
}

// classNames are the names of the classes of writes.
var classNames = [queue.Classes]string{store.Control: "control", store.Use: "use", store.Issue: "issue", store.Admin: "admin", store.Background: "background"}

// waiting collects how long writes wait in a place, and how many are turned away.
type waiting struct {
	waits, shed *prometheus.Desc
	read        func(tell func(class string, w queue.Waits))
}

func newWaiting(place string, read func(func(string, queue.Waits))) *waiting {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName("quan", place, name), help, []string{"class"}, nil)
	}
	return &waiting{read: read, waits: desc("wait_seconds", "How long writes waited for their turn."),
		shed: desc("shed_total", "Writes refused at once because they would have waited too long.")}
}

// Describe names the metrics.
func (w *waiting) Describe(out chan<- *prometheus.Desc) {
	out <- w.waits
	out <- w.shed
}

// Collect reads the metrics.
func (w *waiting) Collect(out chan<- prometheus.Metric) {
	w.read(func(class string, all queue.Waits) {
		within := make(map[float64]uint64, len(queue.Bounds))
		for i, b := range queue.Bounds {
			within[b.Seconds()] = uint64(all.Within[i])
		}
		out <- prometheus.MustNewConstHistogram(w.waits, uint64(all.Count), all.Sum.Seconds(), within, class)
		out <- prometheus.MustNewConstMetric(w.shed, prometheus.CounterValue, float64(all.Shed), class)
	})
}
