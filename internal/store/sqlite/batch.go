package sqlite

import "slices"

// begin opens the transaction of the batch. Where it can't, it answers the batch
// and returns false.
func (w *writer) begin() bool {
	if w.latched.Load() {
		return w.refuse(errReadOnly())
	}
	w.gate.Lock()
	if w.full.Load() && !w.probe() {
		w.gate.Unlock()
		return w.refuse(errFull())
	}
	if err := w.session.run("BEGIN IMMEDIATE"); err != nil {
		w.gate.Unlock()
		if !fatal(err) || broken(err) {
			w.latch()
			return w.refuse(errReadOnly())
		}
		return w.refuse(shed(err))
	}
	if err := w.trust(); err != nil {
		w.rollback(err)
		return w.refuse(shed(err))
	}
	w.open, w.next, w.lone, w.undone, w.begun = true, 0, len(w.batch)+w.more == 1, false, w.instant()
	return true
}

// trust forgets what is remembered when another connection has written into the
// file: a tool beside the server that does not know its lock.
func (w *writer) trust() error {
	n, err := w.session.number("PRAGMA data_version")
	if err != nil {
		return err
	}
	if n != w.foreign {
		w.memory.Distrust()
		w.foreign = n
	}
	w.memory.Absorb()
	return nil
}

// refuse answers the whole batch: nothing of it was done.
func (w *writer) refuse(err error) bool {
	for w.more > 0 {
		w.pop()
	}
	w.drop(func(j *job) bool { j.answer(outcome{err: err}); return true })
	return false
}

// drop takes jobs out of the batch.
func (w *writer) drop(gone func(*job) bool) { w.batch = slices.DeleteFunc(w.batch, gone) }

// call runs the next closure in its savepoint, or drops it when nobody waits for
// it any more; false means that the transaction is gone.
func (w *writer) call() bool {
	if w.next == len(w.batch) {
		w.pop()
	}
	j := w.batch[w.next]
	if !j.start() {
		w.batch = slices.Delete(w.batch, w.next, w.next+1)
		return true
	}
	w.next++
	if !w.lone {
		if err := w.session.run("SAVEPOINT closure"); err != nil {
			w.lose(j, err)
			return false
		}
	}
	w.running = j
	began := w.instant()
	j.call(w.session, w.memory)
	j.took = w.instant().Sub(began)
	return true
}

// settle keeps or undoes what the closure wrote; an error means that the
// transaction can't be trusted any more.
func (w *writer) settle(j *job) error {
	failed := j.judge()
	if failed {
		w.memory.Undo()
	} else {
		w.memory.Keep()
	}
	if f := j.exec.failure; f != nil && fatal(f) {
		return f
	}
	switch {
	case w.lone && failed:
		w.undone = true
		return w.session.run("ROLLBACK")
	case w.lone:
		return nil
	case failed:
		if err := w.session.run("ROLLBACK TO closure"); err != nil {
			return err
		}
	}
	return w.session.run("RELEASE closure")
}

// lose ends a transaction that may be gone already: the culprit fails, the
// others run once more.
func (w *writer) lose(culprit *job, cause error) {
	w.rollback(cause)
	if culprit.exec.failure == nil {
		// Whatever it decided rested on neighbours that are undone.
		culprit.result.err = shed(cause)
	}
	culprit.answer(culprit.result)
	w.drop(func(j *job) bool { return j == culprit })
	w.again(cause)
}

// rollback ends the transaction for sure, and notes what its end says about the disk.
func (w *writer) rollback(cause error) {
	w.open = false
	w.counts.rollbacks.Add(1)
	w.memory.Forget()
	// SQLite may have rolled back already: only a transaction that stays open is trouble.
	_ = w.session.run("ROLLBACK")
	if err := w.session.run("BEGIN"); err != nil || w.session.run("ROLLBACK") != nil {
		w.latch()
	}
	w.gate.Unlock()
	switch {
	case broken(cause):
		w.latch()
	case primary(cause) == codeFull:
		w.full.Store(true)
	}
}

// again keeps for the next transaction what may run once more, and refuses the rest.
func (w *writer) again(cause error) {
	w.drop(func(j *job) bool {
		if j.runs < 2 {
			return false
		}
		if primary(cause) == codeFull {
			j.answer(outcome{err: errFull()})
		} else {
			j.answer(outcome{err: shed(cause)})
		}
		return true
	})
}

// commit commits the closures that ran and lets their answers out once they are
// durable (landing). Those that did not run stay in the batch.
func (w *writer) commit() {
	number := w.landing.announce()
	fd, err := w.end()
	if err != nil {
		w.landing.push(landed{number: number})
		w.uncommitted(err)
		return
	}
	w.open = false
	w.gate.Unlock()
	w.counts.batch(w.next)
	ran := slices.Clone(w.batch[:w.next])
	w.measure(ran)
	w.landing.push(landed{number, ran, fd})
	w.batch = slices.Delete(w.batch, 0, w.next)
}

// end commits, but for the sync: it returns the file that is still to be synced, if any.
func (w *writer) end() (fd int, err error) {
	if w.undone {
		return 0, nil
	}
	if w.committing != nil {
		if err := w.committing(); err != nil {
			return 0, err
		}
	}
	return w.session.commit()
}

// uncommitted settles a batch whose COMMIT failed: FULL and BUSY leave nothing,
// of anything else the outcome is unknown until a restart.
func (w *writer) uncommitted(err error) {
	switch primary(err) {
	case codeFull:
		w.rollback(err)
		for _, j := range w.batch[:w.next] {
			j.runs = 2 // a disk that is full stays full: don't try twice
		}
		w.again(err)
	case codeBusy:
		w.rollback(err)
		w.again(err)
	default:
		w.latch()
		w.rollback(err)
		for _, j := range w.batch[:w.next] {
			j.answer(outcome{err: unknown(err)})
		}
		w.batch = slices.Delete(w.batch, 0, w.next)
	}
}

// probe writes and removes something that needs new pages, durably.
func (w *writer) probe() bool {
	for _, text := range []string{
		"DROP TABLE IF EXISTS engine_probe",
		"BEGIN IMMEDIATE",
		"CREATE TABLE engine_probe (filler BLOB)",
		"INSERT INTO engine_probe VALUES (zeroblob(262144))",
		"COMMIT",
		"DROP TABLE engine_probe",
	} {
		if err := w.session.run(text); err != nil {
			_ = w.session.run("ROLLBACK")
			if broken(err) {
				w.latch()
			}
			return false
		}
	}
	w.full.Store(false)
	return true
}
