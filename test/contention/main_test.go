package contention

import (
	"net/http"
	"sync"
	"testing"

	"quan/internal/store/postgres/pgtest"
	"quan/test/program"
)

func TestMain(m *testing.M) { program.Main(m) }

// clients ask at the same time, each on connections of its own.
var clients [6]*http.Client

func init() {
	for i := range clients {
		clients[i] = program.NewClient()
	}
}

// fleet is the processes that serve one database.
type fleet []*program.Server

// fleets runs a test on one process with SQLite and on three with PostgreSQL.
// rival is the driver and the address of a database for a rival of the same make.
func fleets(t *testing.T, test func(t *testing.T, f fleet, driver, address string)) {
	t.Run("sqlite", func(t *testing.T) {
		p := program.New(t)
		s := p.Serve()
		test(t, fleet{s}, "sqlite", "file:"+p.Dir+"/rival.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)")
		s.Stop()
		p.Verify()
	})
	t.Run("postgres", func(t *testing.T) {
		dsn, other := pgtest.DSN(t), pgtest.Empty(t)
		p := program.New(t)
		p.DB = dsn
		f := fleet{p.Serve(), p.Serve(), p.Serve()}
		test(t, f, "pgx", other)
		for _, s := range f {
			s.Stop()
		}
		p.Verify()
	})
}

// together runs n functions that start at the same moment and waits for them.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	all.Wait()
}
