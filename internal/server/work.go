package server

import (
	"context"
	"time"

	"quan/internal/app/issuing"
	"quan/internal/app/upkeep"
	"quan/internal/domain/job"
	"quan/internal/edge/worker"
)

// StartWork runs the worker beside the requests and returns what stops it: the
// turns under way are finished first, and jobs are given back.
func (q *Quan) StartWork() (stop func()) {
	w := q.worker(worker.Wall{})
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

func (q *Quan) worker(clock worker.Clock) *worker.Worker {
	u := &upkeep.Upkeep{App: q.App}
	return worker.New(u, worker.Config{
		Holder: q.number.holder, Sink: worker.LogSink{Log: q.Log, Level: q.Config.changeLevel()}, Log: q.Log, Clock: clock,
		Jobs: []worker.Job{
			{Name: "expire.coupons", Every: time.Second, Share: ExpiryShare, Run: q.ExpireCoupons},
			{Name: "expire.locks", Every: time.Second, Share: ExpiryShare, Run: q.ExpireLocks},
			{Name: "close.packets", Every: time.Second, Share: ExpiryShare, Run: q.ClosePackets},
			{Name: "verify", Every: time.Minute, Share: 10, Run: q.watch.piece},
		},
		Kinds: q.kinds(u),
		Periodic: []job.Periodic{
			{Kind: upkeep.PurgeReplies, Every: time.Hour},
			{Kind: upkeep.EndSessions, Every: time.Hour},
			{Kind: upkeep.PurgeRefused, Every: 24 * time.Hour, Offset: 20 * time.Hour},
			{Kind: upkeep.ForgetJobs, Every: 24 * time.Hour, Offset: 20 * time.Hour}, // by night in China
		},
		Observe: q.jobMetrics.observe,
	})
}

// kinds are the jobs that this program can run.
func (q *Quan) kinds(u *upkeep.Upkeep) map[string]worker.Kind {
	return map[string]worker.Kind{
		issuing.GrantJob:      {Piece: q.Issuing.GrantPiece, Pace: issuing.GrantPace},
		issuing.UndoJob:       {Piece: q.Issuing.UndoPiece},
		issuing.ExtendBatch:   {Piece: q.Issuing.BatchPiece},
		issuing.WithdrawBatch: {Piece: q.Issuing.BatchPiece},
		upkeep.PurgeReplies:   {Piece: u.PurgePiece},
		upkeep.ForgetJobs:     {Piece: u.ForgetPiece(upkeep.PurgeReplies, upkeep.EndSessions, upkeep.PurgeRefused, upkeep.ForgetJobs)},
		upkeep.EndSessions:    {Piece: u.EndSessionsPiece},
		upkeep.PurgeRefused:   {Piece: u.RefusedPiece},
	}
}
