package contention

import (
	"database/sql"
	"net/http"
	"net/http/httptest"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the rival's PostgreSQL
	_ "modernc.org/sqlite"             // the rival's SQLite
)

// rival gives out coupons as a first draft does: it counts, and then it writes.
type rival struct {
	db   *sql.DB
	web  *httptest.Server
	risk *httptest.Server
}

func newRival(t *testing.T, driver, address string) *rival {
	t.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(8)
	if _, err := db.Exec("CREATE TABLE issued (round BIGINT NOT NULL, member BIGINT NOT NULL)"); err != nil {
		t.Fatal(err)
	}
	r := &rival{db: db}
	r.web = httptest.NewServer(http.HandlerFunc(r.claim))
	r.risk = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(r.web.Close)
	t.Cleanup(r.risk.Close)
	return r
}

// claim gives ?member= a coupon of ?round= while there are fewer than ?stock= out
// and the member has fewer than ?each=.
func (r *rival) claim(w http.ResponseWriter, q *http.Request) {
	v := q.URL.Query()
	var out, own bool
	err := r.db.QueryRowContext(q.Context(), `SELECT count(*) >= CAST($1 AS BIGINT),
		coalesce(sum(CASE WHEN member = $2 THEN 1 ELSE 0 END), 0) >= CAST($3 AS BIGINT) FROM issued WHERE round = $4`,
		v.Get("stock"), v.Get("member"), v.Get("each"), v.Get("round")).Scan(&out, &own)
	if err == nil && (out || own) {
		w.WriteHeader(http.StatusConflict)
		return
	}
	if err == nil {
		err = r.consult(q)
	}
	if err == nil {
		_, err = r.db.ExecContext(q.Context(), "INSERT INTO issued (round, member) VALUES ($1, $2)", v.Get("round"), v.Get("member"))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// consult asks another service about the member before writing, as most do.
func (r *rival) consult(q *http.Request) error {
	ask, err := http.NewRequestWithContext(q.Context(), http.MethodGet, r.risk.URL, nil)
	if err != nil {
		return err
	}
	resp, err := r.risk.Client().Do(ask)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
