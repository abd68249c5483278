package storetest

import (
	"context"
	"time"

	"quan/internal/kernel/fault"
	"quan/internal/store"
)

var callerTests = map[string]func(*world){
	"caller/gone before":  goneBefore,
	"caller/gone during":  goneDuring,
	"caller/deadline far": deadlineFar,
}

func goneBefore(w *world) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ran := false
	fn := func(tx store.Tx) error { ran = true; return nil }
	for name, err := range map[string]error{
		"Update": w.store.Update(ctx, store.Use, fn), "View": w.store.View(ctx, fn), "Snapshot": w.store.Snapshot(ctx, fn),
	} {
		if err == nil {
			w.Errorf("%s for a caller who had gone: no error", name)
		}
		if fault.Has(err, fault.OutcomeUnknown) {
			w.Errorf("%s for a caller who had gone: %v, but nothing was done", name, err)
		}
	}
	if ran {
		w.Error("the closure ran for a caller who had gone")
	}
}

// A caller who goes while its closure runs is told that the outcome is unknown;
// the transaction goes on and is there in the end.
func goneDuring(w *world) {
	ctx, cancel := context.WithCancel(context.Background())
	running, resume, finished := make(chan struct{}), make(chan struct{}), make(chan struct{})
	told := make(chan error, 1)
	go func() {
		told <- w.store.Update(ctx, store.Use, func(tx store.Tx) error {
			close(running)
			<-resume
			defer close(finished)
			return put(tx, "kept")
		})
	}()
	<-running
	cancel()
	if err := <-told; !fault.Has(err, fault.OutcomeUnknown) {
		w.Errorf("got %v, want outcome_unknown", err)
	}
	close(resume)
	<-finished
	for deadline := time.Now().Add(5 * time.Second); !w.has("kept"); {
		if time.Now().After(deadline) {
			w.Fatal("the transaction was given up with its caller")
		}
	}
	w.do(func(tx store.Tx) error { return put(tx, "after") })
}

func deadlineFar(w *world) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	if err := w.store.Update(ctx, store.Use, func(tx store.Tx) error { return put(tx, "there") }); err != nil {
		w.Fatal(err)
	}
	w.leaves(map[string]bool{"there": true})
}
