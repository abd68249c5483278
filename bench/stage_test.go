package bench

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quan/internal/app/apptest"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
	"quan/internal/server"
	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite"
	"quan/internal/testkit"
)

const (
	members   = 50_000 // of a stage
	perMember = 1_000  // coupons of the hot template a member may have
	batchSize = 256    // claims of a batch
	crowdSize = 256    // callers at once
)

// patience is how long callers in process wait for a store: one that is refused
// would ask again at once and take the time from those that are served.
const patience = time.Minute

// The stores that are measured.
const (
	onSQLite   = "SQLite"
	onPostgres = "PostgreSQL"
)

var engines = []string{onSQLite, onPostgres}

// stage is a world with members and one hot template.
type stage struct {
	*apptest.World
	keys     []member.Key
	ids      []id.ID
	template id.ID
}

func newStage(b *testing.B, engine string) *stage {
	b.Helper()
	return stageOn(b, openStore(b, engine))
}

func stageOn(b *testing.B, s store.Store) *stage {
	b.Helper()
	w := apptest.New(b, s, 1)
	w.App.Clock = server.WallClock
	st := &stage{World: w, ids: w.Members(members), keys: make([]member.Key, members)}
	for i := range st.keys {
		st.keys[i] = w.Key(i)
	}
	st.template = hot(w)
	return st
}

// hot publishes a template with limits in all and per member.
func hot(w *apptest.World) id.ID {
	return w.Publish(apptest.Limits(testkit.Doc(),
		limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 1 << 40},
		limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerMember, Cap: perMember}))
}

// taken is what the hot template's stock row says.
func (st *stage) taken() (n int64) {
	st.Helper()
	st.Must(st.Store.View(st.Ctx(), func(tx store.Tx) error {
		rows, err := tx.Counters().Get([]limit.Key{limit.StockKey(st.template)})
		for _, r := range rows {
			n = r.Taken
		}
		return err
	}))
	return n
}

// openStore opens a fresh durable store, which turns nobody away: crowds that wait for
// each other are what is measured.
func openStore(b *testing.B, engine string) store.Store {
	b.Helper()
	var s store.Store
	var err error
	if engine == onPostgres {
		s, err = postgres.Open(b.Context(), database(b), postgres.Options{MostWait: patience})
	} else {
		s, err = sqlite.Open(b.Context(), file(b), sqlite.Options{MostWait: patience})
	}
	must(b, err)
	b.Cleanup(func() { must(b, s.Close()) })
	return s
}

// file is the path of a database that does not exist yet.
func file(b *testing.B) string {
	b.Helper()
	return filepath.Join(b.TempDir(), "quan.db")
}

// durable is the PostgreSQL of all benchmarks.
var durable = sync.OnceValues(func() (*pgtest.Server, error) { return pgtest.StartDurable(context.Background()) })

// databases counts those that were made.
var databases int

// database makes a database with quan's schema and returns its DSN.
func database(b *testing.B) string {
	b.Helper()
	s, err := durable()
	must(b, err)
	databases++
	name := fmt.Sprintf("bench_%d_%s", databases, hex.EncodeToString([]byte{byte(os.Getpid())}))
	admin, err := pgx.Connect(b.Context(), s.DSN)
	must(b, err)
	defer admin.Close(context.Background())
	_, err = admin.Exec(b.Context(), "CREATE DATABASE "+name)
	must(b, err)
	dsn := pgtest.Database(s.DSN, name)
	must(b, postgres.Migrate(b.Context(), dsn))
	return dsn
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
