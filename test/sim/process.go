package sim

import (
	"context"
	"errors"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

const (
	processCount = 3
	deathEvery   = 30  // requests
	workers      = 120 // numbers that processes have in turns
)

// processes serve the same database, each with caches of its own. Now and then one
// dies with a request: before COMMIT, or after it and before the answer. A new one
// takes its place, and whoever asked asks again under the same key.
type processes struct {
	running []process
	doom    *doom
	worker  int64
}

type process struct {
	world *apptest.World
	store dying
}

// moment says when a process dies, as seen from COMMIT.
type moment int

const (
	never moment = iota
	before
	after
)

func (m moment) String() string {
	return [...]string{"with nothing to write", "before commit", "after commit"}[m]
}

// doom is the death of the next process that writes.
type doom struct {
	moment moment
	died   moment // what came of it
}

var errDied = errors.New("sim: the process has died")

// dying is a store whose next write may be the last one of its process.
type dying struct {
	store.Store
	doom *doom
}

// Update dies once with what is written: a transaction that comes to nothing, or is
// tried again, is not its last one.
func (d dying) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	when := d.doom.moment
	d.doom.moment = never // what is nested lives
	err := d.Store.Update(ctx, class, func(tx store.Tx) error {
		if err := fn(tx); err != nil || when != before {
			return err
		}
		return errDied
	})
	switch {
	case errors.Is(err, errDied):
		d.doom.died = before
	case err != nil:
		d.doom.moment = when
	case when == after:
		d.doom.died = after
		return errDied
	}
	return err
}

// begin makes the processes; the first one that was there stays for what tests do
// beside requests.
func (w *world) begin(stores []store.Store) {
	w.doom, w.worker = &doom{}, 1
	for n := range processCount {
		p := process{store: dying{stores[n%len(stores)], w.doom}}
		w.running = append(w.running, w.born(p))
	}
	w.turnTo(0)
}

// born is a process in the place of one that was: it knows nothing but the database.
func (w *world) born(was process) process {
	w.worker = w.worker%workers + 1
	was.world = w.Restarted(was.store, w.worker)
	return was
}

// turnTo lets a process have what comes next.
func (w *world) turnTo(n int) {
	w.World = w.running[n].world
	w.catalog = &catalog.Catalog{App: w.App}
}

// next draws the process that has the next request.
func (w *world) next() int {
	n := w.rand.IntN(len(w.running))
	w.turnTo(n)
	return n
}

// call has a request done. ask sends it and keeps the answer; it is asked twice where
// a process died with the first.
func (w *world) call(ask func() error) {
	n := w.next()
	w.doom.died = never
	if w.rand.IntN(deathEvery) == 0 {
		w.doom.moment = before + moment(w.rand.IntN(2))
		err := w.insist(ask) // nobody hears the answer
		if w.doom.died == never {
			w.Must(err) // a request that writes nothing outlives its process
		}
		w.doom.moment = never
		w.running[n] = w.born(w.running[n])
		w.done["process dies "+w.doom.died.String()]++
		w.next()
	}
	w.Must(w.insist(ask))
}

// insist asks until a busy machine answers: what is shed has done nothing.
func (w *world) insist(ask func() error) (err error) {
	for range 20 {
		if err = ask(); code(err) != string(fault.Overloaded) {
			return err
		}
		w.done["shed"]++
	}
	return err
}

// shed passes on that a request was shed; what else became of it is its outcome.
func shed(err error) error {
	if code(err) == string(fault.Overloaded) {
		return err
	}
	return nil
}

// answered reports whether an answer was lost, so that what came is the second one.
func (w *world) answered() bool { return w.doom.died == after }
