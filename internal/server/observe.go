package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"quan/internal/store"
	"quan/internal/store/sqlite"
)

// observe adds what the engine tells of itself to the metrics.
func (q *Quan) observe(s store.Store) {
	engine, ok := s.(*sqlite.Engine)
	if !ok {
		return
	}
	gauge := func(name, help string, value func(sqlite.Stats) float64) {
		q.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "quan", Subsystem: "store", Name: name, Help: help},
			func() float64 { return value(engine.Stats()) }))
	}
	gauge("commits", "Physical commits since the start.", func(s sqlite.Stats) float64 { return float64(s.Commits) })
	gauge("closures", "Use cases committed since the start; many share a commit.", func(s sqlite.Stats) float64 { return float64(s.Closures) })
	gauge("queue", "Use cases waiting for the writer.", func(s sqlite.Stats) float64 { return float64(s.Queue) })
}
