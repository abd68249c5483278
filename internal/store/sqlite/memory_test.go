package sqlite_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/sqlite"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// recalled is a store whose writer remembers a few members, templates and requests.
type recalled struct {
	engine    *sqlite.Engine
	made      *id.Maker
	members   []id.ID
	templates []id.ID
}

func newRecalled(tb testing.TB, e *sqlite.Engine) *recalled {
	w := &recalled{engine: e, made: testkit.Maker(), members: make([]id.ID, 5), templates: make([]id.ID, 3)}
	for i := range w.members {
		w.members[i] = w.made.New(int64(i))
	}
	for i := range w.templates {
		w.templates[i] = w.made.New(0)
	}
	w.must(tb, w.update(func(tx store.Tx) error {
		for _, m := range w.members {
			if err := tx.Members().Insert([]member.Member{testkit.Member(m)}); err != nil {
				return err
			}
		}
		return nil
	}))
	return w
}

func (w *recalled) must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func (w *recalled) update(fn func(store.Tx) error) error {
	return w.engine.Update(context.Background(), store.Issue, fn)
}

// The keys of a few rows that all acts choose from.

func nameKey(n int) member.Key {
	hash := sha256.Sum256([]byte{byte(n)})
	return member.Key{Kind: []string{"phone", "email"}[n%2], Hash: hex.EncodeToString(hash[:])}
}

func (w *recalled) counterKey(n int) limit.Key {
	k := limit.Key{Template: w.templates[n%len(w.templates)], Per: limit.PerMember, Subject: w.members[n%len(w.members)], What: limit.IssueCount, Period: limit.Ever}
	if n%7 == 0 {
		k = limit.StockKey(k.Template)
	}
	return k
}

func (w *recalled) request(n int) store.Reply {
	m := w.members[n%len(w.members)]
	return store.Reply{Scope: "test " + fmt.Sprint(m), Key: fmt.Sprint("key", n), Slot: m.Slot(), Day: testkit.Today, Body: "b", Member: m}
}

// act is one thing that a closure does.
type act struct {
	kind, n int
}

const kindsOfActs = 8

func (w *recalled) do(tx store.Tx, a act) error {
	key, m := nameKey(a.n), w.members[a.n%len(w.members)]
	switch a.kind {
	case 0: // an identity changes hands
		v := testkit.Identity(m, "")
		v.Key = key
		named, err := tx.Members().Named([]member.Key{key})
		if err == nil && named[key] != 0 {
			err = tx.Members().RemoveIdentities([]member.Key{key})
		}
		if err == nil {
			err = tx.Members().InsertIdentities([]member.Identity{v})
		}
		if err == nil {
			_, err = tx.Members().Named([]member.Key{key})
		}
		return err
	case 1:
		return tx.Members().RemoveIdentities([]member.Key{key})
	case 2: // a member's row changes
		locked, err := tx.Lock(store.LockSet{Members: []id.ID{m}})
		if err != nil {
			return err
		}
		row := *locked.Members[m]
		row.Rev++
		if row.Attributes == nil {
			row.Attributes = map[string]string{}
		}
		row.Attributes["n"] = fmt.Sprint(a.n) // into the caller's own map
		row.Tags = append(row.Tags, fmt.Sprint(len(row.Tags)))
		return tx.Members().Update([]member.Member{row})
	case 3: // a counter takes one
		k := w.counterKey(a.n)
		locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{k}})
		if err != nil {
			return err
		}
		c := *locked.Counters[k]
		limit.Take(&c, 1<<40, 1)
		return tx.Counters().Write([]limit.Counter{c})
	case 4: // a coupon remembers a request
		c := testkit.Coupon(w.made.New(m.Slot()), m, w.templates[0])
		q := w.request(a.n)
		c.Request = q.Request()
		return tx.Coupons().Insert([]coupon.Coupon{c})
	case 5:
		_, err := tx.Members().Named([]member.Key{key, nameKey(a.n + 1)})
		return err
	case 6: // a caller writes into what it was given
		locked, err := tx.Lock(store.LockSet{Members: []id.ID{m}})
		if err == nil && locked.Members[m].Attributes != nil {
			locked.Members[m].Attributes["n"] = "scribbled"
			locked.Members[m].Tags[0] = "scribbled"
		}
		return err
	default:
		_, err := tx.Lock(store.LockSet{Members: w.members, Counters: []limit.Key{w.counterKey(a.n), w.counterKey(a.n + 1)}})
		return err
	}
}

// seen is all that can be asked for; by the writer it is answered from memory.
type seen struct {
	Named    map[member.Key]id.ID
	Members  map[id.ID]member.Member
	Counters map[limit.Key]limit.Counter
	Requests map[string]int // coupons by the key of their request
}

const (
	namesOfTest    = 6
	countersOfTest = 21
	requestsOfTest = 9
)

func (w *recalled) look(tx store.Tx, lock bool) (s seen, err error) {
	s = seen{Members: map[id.ID]member.Member{}, Counters: map[limit.Key]limit.Counter{}, Requests: map[string]int{}}
	var names []member.Key
	for n := range namesOfTest {
		names = append(names, nameKey(n))
	}
	var counters []limit.Key
	for n := range countersOfTest {
		counters = append(counters, w.counterKey(n))
	}
	var replies []store.Reply
	for n := range requestsOfTest {
		replies = append(replies, w.request(n))
	}
	if s.Named, err = tx.Members().Named(names); err != nil {
		return s, err
	}
	if lock {
		locked, err := tx.Lock(store.LockSet{Members: w.members, Counters: counters})
		if err != nil {
			return s, err
		}
		for k, m := range locked.Members {
			s.Members[k] = *m
		}
		for k, c := range locked.Counters {
			s.Counters[k] = *c
		}
	} else if err := w.read(tx, counters, &s); err != nil {
		return s, err
	}
	found, err := tx.Replies().Find(replies, testkit.Today)
	for _, r := range found {
		s.Requests[r.Key] = len(r.Answer)
	}
	return s, err
}

// read is Lock in a view.
func (w *recalled) read(tx store.Tx, counters []limit.Key, s *seen) error {
	members, err := tx.Members().Get(w.members)
	if err != nil {
		return err
	}
	for _, m := range members {
		s.Members[m.ID] = m
	}
	for _, k := range counters {
		s.Counters[k] = limit.Counter{Key: k}
	}
	rows, err := tx.Counters().Get(counters)
	for _, c := range rows {
		s.Counters[c.Key] = c
	}
	return err
}

// check compares what the writer answers with what a view reads, and all that is
// remembered with the rows.
func (w *recalled) check(tb testing.TB) {
	tb.Helper()
	var remembered, stored seen
	w.must(tb, w.update(func(tx store.Tx) (err error) { remembered, err = w.look(tx, true); return err }))
	w.must(tb, w.engine.View(context.Background(), func(tx store.Tx) (err error) { stored, err = w.look(tx, false); return err }))
	if d := cmp.Diff(stored, remembered); d != "" {
		tb.Fatalf("the writer's answers differ (-stored +remembered):\n%s", d)
	}
	w.must(tb, w.engine.Audit(context.Background()))
}

var errUndo = errors.New("undo")

// TestMemoryFollowsTheRows: whatever closures write, several in a transaction, of
// which some fail, and whoever else writes into the file, the writer remembers what
// the rows hold.
func TestMemoryFollowsTheRows(t *testing.T) {
	path := sqlitetest.File(t)
	w := newRecalled(t, sqlitetest.OpenAt(t, path, sqlite.Options{SkipMigrate: true, Volatile: true}))
	other, err := sql.Open("sqlite", path)
	w.must(t, err)
	t.Cleanup(func() { w.must(t, other.Close()) })
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			var all sync.WaitGroup
			for range rapid.IntRange(1, 4).Draw(rt, "closures") {
				acts := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) act {
					return act{rapid.IntRange(0, kindsOfActs-1).Draw(rt, "kind"), rapid.IntRange(0, 20).Draw(rt, "n")}
				}), 1, 4).Draw(rt, "acts")
				fails := rapid.Bool().Draw(rt, "fails")
				all.Go(func() {
					err := w.update(func(tx store.Tx) error {
						locked := false
						for _, a := range acts {
							locks := a.kind == 2 || a.kind == 3 || a.kind >= 6
							if locks && locked {
								continue // one Lock of a class in a closure
							}
							locked = locked || locks
							if err := w.do(tx, a); err != nil {
								return err
							}
						}
						if fails {
							return errUndo
						}
						return nil
					})
					if err != nil && !errors.Is(err, errUndo) && !errors.Is(err, store.ErrTwin) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if rapid.IntRange(0, 5).Draw(rt, "somebody else writes") == 0 {
				for _, text := range []string{"UPDATE counters SET taken = 0", "UPDATE members SET blocked = 1 - blocked", "DELETE FROM identities"} {
					_, err := other.ExecContext(t.Context(), text)
					w.must(t, err)
				}
			}
			w.check(t)
		}
	})
}

// TestMemoryLearnsRequestsAfterAStart: a program that starts on a store with coupons
// knows their requests before it has loaded them, and after.
func TestMemoryLearnsRequestsAfterAStart(t *testing.T) {
	path := sqlitetest.File(t)
	first, err := sqlite.Open(t.Context(), path, sqlite.Options{SkipMigrate: true, Volatile: true})
	(&recalled{}).must(t, err)
	w := newRecalled(t, first)
	w.must(t, w.update(func(tx store.Tx) error {
		for n := range 3 {
			if err := w.do(tx, act{4, n}); err != nil {
				return err
			}
		}
		return nil
	}))
	w.must(t, first.Close())
	w.engine = sqlitetest.OpenAt(t, path, sqlite.Options{SkipMigrate: true, Volatile: true})
	want := []string{"key0", "key1", "key2"}
	for loaded := false; ; loaded = sqlite.KnowsRequests(w.engine) {
		var found seen
		w.must(t, w.update(func(tx store.Tx) (err error) { found, err = w.look(tx, true); return err }))
		if got := slices.Sorted(maps.Keys(found.Requests)); !slices.Equal(got, want) {
			t.Fatalf("requests %q are known, loaded %t", got, loaded)
		}
		if loaded {
			break
		}
		runtime.Gosched()
	}
	w.must(t, w.update(func(tx store.Tx) error { return w.do(tx, act{4, 5}) }))
	w.check(t)
}
