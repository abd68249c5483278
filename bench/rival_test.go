package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// claimRequest and claimAnswer are what all services speak.
type claimRequest struct {
	Template string `json:"template"`
	Member   struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	} `json:"member"`
	Channel string `json:"channel"`
	City    string `json:"city"`
}

type claimAnswer struct {
	Origin  string        `json:"origin"`
	Member  string        `json:"member"`
	Coupons []claimCoupon `json:"coupons"`
}

type claimCoupon struct {
	ID        string    `json:"id"`
	Number    string    `json:"number"`
	Template  string    `json:"template"`
	Version   int64     `json:"version"`
	ValidFrom time.Time `json:"valid_from"`
	ValidTo   time.Time `json:"valid_to"`
	Uses      int64     `json:"uses"`
	IssuedAt  time.Time `json:"issued_at"`
}

// claimService decodes, lets give make the coupon, and answers.
func claimService(give func(context.Context, string, *claimRequest) (int64, error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/claims", func(w http.ResponseWriter, r *http.Request) {
		var in claimRequest
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		n, err := give(r.Context(), r.Header.Get("Idempotency-Key"), &in)
		if err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		now := time.Now().UTC()
		out, _ := json.Marshal(claimAnswer{Origin: fmt.Sprintf("org_%013d", n), Member: "mem_0000000000001", Coupons: []claimCoupon{{
			ID: fmt.Sprintf("cpn_%013d", n), Number: "ABCD-EFGH-JKMN-PQ", Template: in.Template, Version: 1,
			ValidFrom: now, ValidTo: now.AddDate(0, 0, 7), Uses: 1, IssuedAt: now}}})
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", fmt.Sprint(len(out)))
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(out)
	})
	return mux
}

// nullService gives coupons that nobody keeps: what HTTP and JSON alone cost.
func nullService() http.Handler {
	var n atomic.Int64
	return claimService(func(context.Context, string, *claimRequest) (int64, error) { return n.Add(1), nil })
}

// rival is the service that most would write first: a transaction a request,
// which locks the template's row, checks, updates and inserts.
type rival struct {
	pool *pgxpool.Pool
	next atomic.Int64
}

const rivalSchema = `
CREATE TABLE r_templates (code TEXT PRIMARY KEY, total BIGINT NOT NULL, issued BIGINT NOT NULL, per_member BIGINT NOT NULL, ends_at TIMESTAMPTZ NOT NULL);
CREATE TABLE r_members (id BIGINT PRIMARY KEY, phone TEXT NOT NULL UNIQUE);
CREATE TABLE r_counters (template TEXT NOT NULL, member BIGINT NOT NULL, taken BIGINT NOT NULL, PRIMARY KEY (template, member));
CREATE TABLE r_coupons (id BIGINT PRIMARY KEY, template TEXT NOT NULL, member BIGINT NOT NULL, state TEXT NOT NULL, valid_from TIMESTAMPTZ NOT NULL, valid_to TIMESTAMPTZ NOT NULL);
CREATE INDEX r_wallet ON r_coupons (member, id);
CREATE TABLE r_replies (key TEXT PRIMARY KEY, body TEXT NOT NULL, coupon BIGINT NOT NULL);
CREATE TABLE r_events (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, coupon BIGINT NOT NULL, type TEXT NOT NULL, at TIMESTAMPTZ NOT NULL);
INSERT INTO r_templates VALUES ('tpl', 1099511627776, 0, 1000, now() + interval '1 year');
INSERT INTO r_members SELECT n, '138' || lpad(n::text, 8, '0') FROM generate_series(0, 49999) AS g(n)`

func newRival(b *testing.B) *rival {
	b.Helper()
	c, err := pgxpool.ParseConfig(database(b))
	must(b, err)
	c.MaxConns = 16
	pool, err := pgxpool.NewWithConfig(b.Context(), c)
	must(b, err)
	b.Cleanup(pool.Close)
	_, err = pool.Exec(b.Context(), rivalSchema)
	must(b, err)
	return &rival{pool: pool}
}

func (r *rival) service() http.Handler { return claimService(r.give) }

var errRefused = errors.New("refused")

func (r *rival) give(ctx context.Context, key string, in *claimRequest) (n int64, err error) {
	hash := sha256.Sum256(fmt.Appendf(nil, "%v", *in))
	body := hex.EncodeToString(hash[:])
	err = pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		var member, total, issued, most, taken int64
		var ends time.Time
		var said string
		if err := tx.QueryRow(ctx, "SELECT id FROM r_members WHERE phone = $1", in.Member.Value).Scan(&member); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, "SELECT body, coupon FROM r_replies WHERE key = $1", key).Scan(&said, &n)
		if err == nil && said == body {
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return errors.Join(errRefused, err)
		}
		if err := tx.QueryRow(ctx, "SELECT total, issued, per_member, ends_at FROM r_templates WHERE code = $1 FOR UPDATE", in.Template).Scan(&total, &issued, &most, &ends); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, "SELECT COALESCE(MAX(taken), 0) FROM r_counters WHERE template = $1 AND member = $2", in.Template, member).Scan(&taken); err != nil {
			return err
		}
		now := time.Now()
		if issued >= total || taken >= most || now.After(ends) {
			return errRefused
		}
		n = r.next.Add(1)
		for _, step := range []struct {
			sql  string
			args []any
		}{
			{"UPDATE r_templates SET issued = issued + 1 WHERE code = $1", []any{in.Template}},
			{"INSERT INTO r_counters VALUES ($1, $2, 1) ON CONFLICT (template, member) DO UPDATE SET taken = r_counters.taken + 1", []any{in.Template, member}},
			{"INSERT INTO r_coupons VALUES ($1, $2, $3, 'usable', $4, $5)", []any{n, in.Template, member, now, now.AddDate(0, 0, 7)}},
			{"INSERT INTO r_replies VALUES ($1, $2, $3)", []any{key, body, n}},
			{"INSERT INTO r_events (coupon, type, at) VALUES ($1, 'claimed', $2)", []any{n, now}},
		} {
			if _, err := tx.Exec(ctx, step.sql, step.args...); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}
