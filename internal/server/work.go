package server

import (
	"context"
	"time"

	"quan/internal/app/upkeep"
	"quan/internal/edge/worker"
)

// StartWork runs the worker beside the requests and returns what stops it: the
// turns under way are finished first.
func (q *Quan) StartWork() (stop func()) {
	w := worker.New(&upkeep.Upkeep{App: q.App}, worker.Config{
		Holder: q.number.holder, Sink: worker.LogSink{Log: q.Log, Level: q.Config.changeLevel()}, Log: q.Log, Clock: worker.Wall{},
		Jobs: []worker.Job{
			{Name: "expire.coupons", Every: time.Second, Run: q.ExpireCoupons},
			{Name: "expire.locks", Every: time.Second, Run: q.ExpireLocks},
		},
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}
