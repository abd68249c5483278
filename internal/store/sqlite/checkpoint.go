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

// tend checkpoints when enough has gathered. Errors are left to the next tick:
// what is wrong with the file, the writer meets too.
func (k *checkpointer) tend() {
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
	if err != nil || log < restartPages || time.Now().Before(k.retry) {
		return
	}
	// Under steady load some page is always newer than the checkpoint, and the log
	// would never start over. With the writer held, little is left to copy, and to
	// sync: SQLite syncs the file only when all is copied, so what was copied so far
	// is brought to the disk before.
	if fd := k.session.databaseFile(); fd >= 0 && !k.engine.options.Volatile && k.sync(fd) != nil {
		return
	}
	w := k.engine.writer
	w.gate.Lock()
	_, _, err = k.checkpoint("RESTART")
	w.gate.Unlock()
	if err != nil {
		k.retry = time.Now().Add(time.Second) // a long reader; don't stop the writer for it all the time
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
