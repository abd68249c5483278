package sqlite

import (
	"context"
	"errors"
	"time"
)

var errBusyLog = errors.New("readers hold the log")

const (
	checkEvery   = 100 * time.Millisecond
	checkPages   = 16_000 // pages in the log and not in the file before a checkpoint starts: the same pages come again and again
	restartPages = 32_000 // pages in the log before it is made to start over
)

// checkpointer copies the log into the file on its own connection, beside the
// writer: in the commit path it would cost the callers' time.
type checkpointer struct {
	engine  *Engine
	session *session // opened when first needed
	quit    chan struct{}
	ended   chan struct{}
	seen    int64
	retry   time.Time // no restart of the log before it
	sync    func(fd int) error
}

func keep(e *Engine) *checkpointer {
	k := &checkpointer{engine: e, quit: make(chan struct{}), ended: make(chan struct{}), sync: syncFile}
	go k.loop()
	return k
}

func (k *checkpointer) stop() {
	close(k.quit)
	<-k.ended
}

func (k *checkpointer) loop() {
	defer close(k.ended)
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		select {
		case <-k.quit:
			if k.session != nil {
				k.session.Close()
			}
			return
		case <-tick.C:
			if n := k.engine.writer.counts.commits.Load(); n != k.seen {
				k.seen = n
				k.tend()
			}
		}
	}
}

// tend checkpoints when enough has gathered. What can be tried again is left to the
// next tick. A file that could not be written or synced latches the writer, for the
// system says so once: the next sync would succeed without what was lost, and the log,
// which still has it, would start over.
func (k *checkpointer) tend() {
	if k.engine.writer.latched.Load() {
		return
	}
	if k.session == nil {
		s, err := connector{dsn: checkpointDSN(k.engine.path, k.engine.options)}.open()
		if err != nil {
			return
		}
		k.session = s
	}
	log, done, err := k.checkpoint("NOOP")
	if err != nil || log-done < checkPages {
		return
	}
	log, _, err = k.checkpoint("PASSIVE")
	k.judge(err)
	if err != nil || log < restartPages || time.Now().Before(k.retry) {
		return
	}
	// Under steady load some page is always newer than the checkpoint, and the log
	// would never start over. With the writer held, little is left to copy, and to
	// sync: SQLite syncs the file only when all is copied, so what was copied so far
	// is brought to the disk before.
	w := k.engine.writer
	if fd := k.session.databaseFile(); fd >= 0 && !k.engine.options.Volatile && k.sync(fd) != nil {
		w.latch()
		return
	}
	w.gate.Lock()
	_, _, err = k.checkpoint("RESTART")
	k.judge(err) // before anybody writes into a log that starts over
	w.gate.Unlock()
	if err != nil {
		k.retry = time.Now().Add(time.Second) // a long reader; don't stop the writer for it all the time
	}
}

// judge latches the writer where a checkpoint failed for the disk's sake.
func (k *checkpointer) judge(err error) {
	if broken(err) {
		k.engine.writer.latch()
	}
}

func (k *checkpointer) checkpoint(mode string) (log, done int64, err error) {
	var busy int64
	err = k.session.query(context.Background(), "PRAGMA wal_checkpoint("+mode+")", nil, func(row *scanner) error { return row.Scan(&busy, &log, &done) })
	if err == nil && busy != 0 && mode == "RESTART" {
		err = errBusyLog
	}
	k.engine.writer.counts.log.Store(log)
	return log, done, err
}
