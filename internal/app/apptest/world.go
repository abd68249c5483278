package apptest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/domain/job"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/showing"
	"quan/internal/domain/stock"
	"quan/internal/domain/waiting"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// World is an App on a fresh store with the market "main".
type World struct {
	testing.TB
	*app.App
	Time     *testkit.Clock
	Issuing  *issuing.Issuing
	Checkout *checkout.Checkout
	By       access.Principal
	Market   *market.Market
	dsn      string // PostgreSQL only
}

// Each runs a test on SQLite and on PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, w *World)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, New(t, sqlitetest.Open(t), 1)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// Postgres is a world on PostgreSQL, which Twin can join.
func Postgres(tb testing.TB) *World {
	dsn := pgtest.DSN(tb)
	w := New(tb, pgtest.OpenDSN(tb, dsn), 1)
	w.dsn = dsn
	return w
}

// Twin is a second process on the same PostgreSQL database: its own pool, caches
// and worker number.
func (w *World) Twin() *World {
	return w.Restarted(pgtest.OpenDSN(w.TB, w.dsn), 2)
}

// Restarted is the same installation in a new process over s: it knows nothing
// but what s holds.
func (w *World) Restarted(s store.Store, worker int64) *World {
	t := build(w.TB, s, worker)
	t.Time, t.Market = w.Time, w.Market
	t.App.Clock = w.Time.Now
	t.dsn = w.dsn
	return t
}

// Beside is a second App on the same store: its caches learn nothing from the first.
func (w *World) Beside() *World {
	return w.Restarted(w.Store, 2)
}

// DSN is the address of the world's database, PostgreSQL only.
func (w *World) DSN() string { return w.dsn }

// New is a world on a store whose schema is in place.
func New(tb testing.TB, s store.Store, worker int64) *World {
	w := build(tb, s, worker)
	m := testkit.Market()
	w.Market = &m
	w.Must(s.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Markets().Insert([]market.Market{m}) }))
	return w
}

func build(tb testing.TB, s store.Store, worker int64) *World {
	key := []byte("a key of thirty-two bytes for it")
	vault, err := member.NewVault(key, key, key, member.FormVersion)
	if err != nil {
		tb.Fatal(err)
	}
	w := &World{TB: tb, Time: testkit.NewClock(), By: access.System("test")}
	w.App = app.New(s, w.Time.Now, id.NewMaker(worker, time.Now), coupon.NewNumbers(key), vault, slog.New(slog.DiscardHandler))
	w.Codes = code.NewKeys(key)
	w.Places = waiting.NewKeys(key)
	w.Showings = showing.NewKeys(key)
	w.Issues.Most, w.Uses.Most = time.Hour, time.Hour // a slow machine is no reason to refuse
	w.Issuing = &issuing.Issuing{App: w.App}
	w.Checkout = &checkout.Checkout{App: w.App, Issue: w.Issuing.Automatic}
	return w
}

// Ctx is the test's context.
func (w *World) Ctx() context.Context { return w.Context() }

// Must ends the test on an error.
func (w *World) Must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// Key is the identity of the n-th member.
func (w *World) Key(n int) member.Key {
	return w.Vault.Key("phone", member.Secret(fmt.Sprintf("138%08d", n)))
}

// Members makes members 0 … n-1 and returns their ids.
func (w *World) Members(n int) []id.ID {
	w.Helper()
	ids := make([]id.ID, n)
	for from := 0; from < n; from += 256 {
		var rows []member.Member
		var names []member.Identity
		for i := from; i < min(n, from+256); i++ {
			key := w.Key(i)
			ids[i] = w.IDs.New(key.Slot())
			rows = append(rows, testkit.Member(ids[i]))
			names = append(names, member.Identity{Key: key, Member: ids[i], Sealed: "x", KeyVersion: 1, CreatedAt: testkit.Start})
		}
		w.Must(w.Store.Update(w.Ctx(), store.Background, func(tx store.Tx) error {
			if err := tx.Members().Insert(rows); err != nil {
				return err
			}
			return tx.Members().InsertIdentities(names)
		}))
	}
	return ids
}

// Publish makes a template with this content, published, and returns its id.
// Changes run before it is stored.
func (w *World) Publish(doc coupon.Doc, changes ...func(*coupon.Template)) id.ID {
	w.Helper()
	t := testkit.Template(w.IDs.New(0))
	for _, change := range changes {
		change(&t)
	}
	version := coupon.Version{Template: t.ID, Number: 1, Hash: "hash", Doc: doc, PublishedAt: testkit.Start, PublishedBy: "test"}
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
		if _, err := tx.Lock(store.LockSet{Counters: []limit.Key{limit.StockKey(t.ID)}}); err != nil {
			return err
		}
		if err := tx.Counters().Write([]limit.Counter{{Key: limit.StockKey(t.ID), Ceiling: limit.Unlimited, Rev: 1}}); err != nil {
			return err
		}
		if err := tx.Templates().Insert([]coupon.Template{t}); err != nil {
			return err
		}
		return tx.Versions().Insert([]coupon.Version{version})
	}))
	return t.ID
}

// Batch gives a published template an open batch of ten coupons and returns its id.
// Changes run before it is stored.
func (w *World) Batch(template id.ID, changes ...func(*stock.Batch)) id.ID {
	w.Helper()
	b := stock.Batch{ID: w.IDs.New(0), Market: w.Market.Code, Name: "batch", Template: template, Size: 10, Open: true, Rev: 1, CreatedAt: testkit.Start, UpdatedAt: testkit.Start}
	for _, change := range changes {
		change(&b)
	}
	b.Most = max(b.Most, b.Size)
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
		key := limit.StockKey(template)
		locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{key}})
		if err != nil {
			return err
		}
		row := *locked.Counters[key]
		row.Rev++
		return errors.Join(tx.Batches().Insert([]stock.Batch{b}), tx.Counters().Write([]limit.Counter{row}))
	}))
	return b.ID
}

// Run does all pieces of a job and returns it as it is then.
func (w *World) Run(row job.Job, piece func(context.Context, job.Job) (job.Job, error)) job.Job {
	w.Helper()
	row.Start("test", w.Clock(), time.Minute)
	w.Must(w.Store.Update(w.Ctx(), store.Background, func(tx store.Tx) error { return tx.Jobs().Update([]store.Job{row}) }))
	for row.State == job.Running {
		var err error
		row, err = piece(w.Ctx(), row)
		w.Must(err)
	}
	return row
}

// Limits replaces the limits of a document.
func Limits(doc coupon.Doc, limits ...limit.Limit) coupon.Doc {
	doc.Claim.Limits = limits
	return doc
}

// Claim claims one coupon for one member and returns its outcome.
func (w *World) Claim(in issuing.ClaimInput) issuing.Outcome {
	w.Helper()
	out, err := w.Issuing.Claim(w.Ctx(), w.By, []issuing.ClaimInput{in})
	w.Must(err)
	return out[0]
}

// Clean fails the test when an invariant does not hold.
func (w *World) Clean() {
	w.Helper()
	w.Must(w.Store.Snapshot(w.Ctx(), func(tx store.Tx) error {
		for _, name := range tx.Checks().Names() {
			findings, err := tx.Checks().Run(name, w.Clock(), 10)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			for _, f := range findings {
				w.Errorf("%s: %s: %s", f.Invariant, f.Subject, f.Detail)
			}
		}
		return nil
	}))
}
