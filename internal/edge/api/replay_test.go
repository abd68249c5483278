package api

import (
	"database/sql"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // counts rows

	"quan/internal/app/apptest"
	"quan/internal/kernel/fault"
	"quan/internal/store/sqlite"
	"quan/internal/store/sqlite/sqlitetest"
)

// natural are the operations that take a key and need not remember it: they set
// what shall be, so a repetition changes nothing, and another body is another wish.
var natural = []string{"set-facts", "put-items", "put-merchants", "put-stores", "add-listed", "remove-listed"}

// elementwise are batches: the key counts for each element by its place, and so
// do the mark of a replay and the refusal of another body.
var elementwise = []string{"claim-coupons", "grant-many"}

// unnamed are those whose key counts for the member of the order that they name:
// with an order that isn't there they are told so, whatever the key.
var unnamed = []string{"release-lock", "return-coupon"}

// moneyRows are the tags of operations that are played on PostgreSQL too; the others
// share their way of remembering.
var moneyRows = []string{"issuing", "checkout", "orders", "coupons"}

// keyed are the POSTs that write, off the route table: they demand a key.
func keyed(s *server) (names []string) {
	for _, o := range s.operations {
		for _, p := range o.huma.Parameters {
			if o.method == http.MethodPost && p.In == "header" && p.Name == "Idempotency-Key" && p.Required {
				names = append(names, o.id)
			}
		}
	}
	return names
}

// ground is a stage on an engine whose rows can be counted and which can be
// left and entered again.
type ground struct {
	*stage
	driver, address string
	restart         func() *apptest.World
}

func sqliteGround(t *testing.T) *ground {
	path := sqlitetest.File(t)
	options := sqlite.Options{SkipMigrate: true, Volatile: true}
	e := sqlitetest.OpenAt(t, path, options)
	w := apptest.New(t, e, 1)
	return &ground{stage: newStageOn(newWebOn(t, w)), driver: "sqlite", address: path, restart: func() *apptest.World {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		return w.Restarted(sqlitetest.OpenAt(t, path, options), 2)
	}}
}

func postgresGround(t *testing.T) *ground {
	w := apptest.Postgres(t)
	return &ground{stage: newStageOn(newWebOn(t, w)), driver: "pgx", address: w.DSN(), restart: w.Twin}
}

// rows counts the rows of every table, save the deltas of figures: how many rows
// hold them is the engine's matter, and verify recounts them.
func (g *ground) rows() map[string]int64 {
	g.TB.Helper()
	db, err := sql.Open(g.driver, g.address)
	if err != nil {
		g.TB.Fatal(err)
	}
	defer db.Close()
	list := "SELECT group_concat(name, ' ') FROM sqlite_master WHERE type = 'table'"
	if g.driver == "pgx" {
		list = "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'public'"
	}
	var text string
	if err := db.QueryRow(list).Scan(&text); err != nil {
		g.TB.Fatal(err)
	}
	counts := map[string]int64{}
	for table := range strings.FieldsSeq(text) {
		var n int64
		if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
			g.TB.Fatal(err)
		}
		counts[table] = n
	}
	delete(counts, "rollup_deltas")
	delete(counts, "name_parts") // of codes drawn at random: one that repeats a character has fewer
	return counts
}

// differ names the tables whose counts differ.
func differ(a, b map[string]int64) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	return names
}

// other is the body with one value changed that the request would also work with.
func other(t *testing.T, body any) map[string]any {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"claims", "grants"} {
		if list, ok := m[at].([]any); ok {
			list[0].(map[string]any)["channel"] = "other"
			return m
		}
	}
	for _, name := range []string{"name", "internal_name", "reason", "refund", "value", "text", "city"} {
		if _, ok := m[name]; ok {
			m[name] = "other"
			return m
		}
	}
	if _, ok := m["csv"]; ok {
		m["csv"] = "OLD-0002-X"
		return m
	}
	if o, ok := m["order"].(map[string]any); ok {
		o["ref"] = "other"
		return m
	}
	m["channel"] = "other"
	return m
}

// plain is a body without the marks of a replay.
func plain(a answer) string { return strings.ReplaceAll(string(a.body), `,"replayed":true`, "") }

const once = "Idempotency-Key: once"

// TestReplay sends every POST that writes 32 times at the same moment under one
// key, then once more, with another body, and to a restarted program: the rows of
// one request, and one answer.
func TestReplay(t *testing.T) {
	server := newWeb(t).server
	names := keyed(server)
	if len(names) < 19 {
		t.Fatalf("only %v demand an Idempotency-Key", names)
	}
	for _, name := range slices.Concat(natural, elementwise, unnamed) {
		if !slices.Contains(names, name) {
			t.Errorf("%s is no POST that writes", name)
		}
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			effect := effectOf(t, name)
			t.Run("sqlite", func(t *testing.T) { sqliteGround(t).play(t, name, effect) })
			if slices.Contains(moneyRows, (&stage{web: &web{server: server}}).operation(name).tag) {
				t.Run("postgres", func(t *testing.T) { postgresGround(t).play(t, name, effect) })
			}
		})
	}
}

// prepared is the operation's request with what it needs of the stage.
func (g *ground) prepared(name string) base {
	b := g.bases()[name]
	if b.ready != nil {
		b.ready(g.stage, &b)
	}
	return b
}

func (g *ground) play(t *testing.T, name string, effect map[string]int64) {
	b := g.prepared(name)
	want := g.rows()
	for table, n := range effect {
		want[table] += n
	}
	same := func(after string) {
		t.Helper()
		for _, table := range differ(want, g.rows()) {
			t.Errorf("%s: %s has %d rows, %d are of one request", after, table, g.rows()[table], want[table])
		}
	}
	first := g.atOnce(t, name, b)
	same("32 at once")
	g.replays(t, name, g.web, b, first)
	same("sent again")
	if !slices.Contains(natural, name) {
		g.differs(t, name, b)
		same("with another body")
	}
	restarted := newWebOn(t, g.restart())
	restarted.key = g.key
	want = g.rows() // the new program made a key for itself
	g.replays(t, name, restarted, b, first)
	same("sent again after a restart")
	restarted.Clean()
}

// atOnce sends the request 32 times at the same moment and returns the answer.
func (g *ground) atOnce(t *testing.T, name string, b base) answer {
	t.Helper()
	answers := make([]answer, 32)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range answers {
		r := g.request("POST", b.path, b.body, append(b.headers, once)...)
		all.Go(func() {
			<-start
			answers[i] = g.serve(r)
		})
	}
	close(start)
	all.Wait()
	fresh := 0
	for _, a := range answers {
		if a.status >= 300 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if a.header.Get("Idempotency-Replayed") != "true" && !strings.Contains(string(a.body), `"replayed":true`) {
			fresh++
		}
		if plain(a) != plain(answers[0]) && name != "create-key" && !slices.Contains(natural, name) {
			t.Errorf("different answers:\n%s\n%s", a.body, answers[0].body)
		}
	}
	if fresh != 1 && !slices.Contains(natural, name) {
		t.Errorf("%d of 32 are no replays", fresh)
	}
	return answers[0]
}

// differs sends another body under the key.
func (g *ground) differs(t *testing.T, name string, b base) {
	t.Helper()
	a := g.send("POST", b.path, other(t, b.body), append(b.headers, once)...)
	code, at := a.code(), a.at()
	switch {
	case slices.Contains(unnamed, name) && a.status == http.StatusNotFound:
		return
	case slices.Contains(elementwise, name):
		code, at = a.text("items", 0, "problem", "code"), "header:Idempotency-Key"
	}
	if code != string(fault.KeyReusedBody) || at != "header:Idempotency-Key" {
		t.Errorf("with another body: %d %s", a.status, a.body)
	}
}

// replays demands the first answer once more.
func (g *ground) replays(t *testing.T, name string, w *web, b base, first answer) {
	t.Helper()
	a := w.send("POST", b.path, b.body, append(b.headers, once)...)
	switch {
	case a.status != first.status:
		t.Errorf("sent again: %d %s", a.status, a.body)
	case slices.Contains(natural, name):
	case plain(a) != plain(first) && name != "create-key": // a secret is shown once
		t.Errorf("sent again it is answered\n%s\nand before\n%s", a.body, first.body)
	case a.header.Get("Idempotency-Replayed") != "true" && !slices.Contains(elementwise, name):
		t.Error("the answer does not say that it is a replay")
	}
}

// effectOf is how many rows one request writes, by table.
func effectOf(t *testing.T, name string) map[string]int64 {
	t.Helper()
	one := sqliteGround(t)
	b := one.prepared(name)
	before := one.rows()
	if a := one.send("POST", b.path, b.body, append(b.headers, once)...); a.status >= 300 {
		t.Fatalf("alone: %d %s", a.status, a.body)
	}
	diff := map[string]int64{}
	for table, n := range one.rows() {
		if n != before[table] {
			diff[table] = n - before[table]
		}
	}
	if len(diff) == 0 && name != "set-facts" && name != "remove-listed" {
		t.Fatal("it writes no row, so this test proves nothing")
	}
	return diff
}

// guarded are POSTs that write and take no key: they name the revision that was
// seen, so a second one is refused, or finds its work done.
var guarded = []string{"publish-page-design", "publish-template", "archive-template", "publish-pack", "archive-pack", "publish-packet-plan", "archive-packet-plan"}

// reading are POSTs that write nothing: their question is too long for an address.
var reading = []string{"mint-token", "show-coupon", "look-at-coupon", "read-table", "count-segment", "read-several", "find-members", "explain-claim", "quote-cart", "get-prices", "dry-run-template", "check-content"}

// proving are POSTs of people who prove who they are, and of members who wait: what a
// repetition of them does is shown where passwords, codes and places are (app/guard,
// app/issuing).
var proving = []string{"set-up", "sign-in", "sign-out", "end-session", "set-password", "begin-factor", "confirm-factor", "end-factor", "take-place", "send-sign-in-code", "begin-visit", "end-visit", "upload-picture"}

// Every other POST demands a key, so that TestReplay plays it.
func TestPostsWithoutAKey(t *testing.T) {
	server := newWeb(t).server
	names := keyed(server)
	for _, o := range server.operations {
		if o.method != http.MethodPost || slices.Contains(names, o.id) || slices.Contains(proving, o.id) {
			continue
		}
		t.Run(o.id, func(t *testing.T) {
			if !slices.Contains(guarded, o.id) && !slices.Contains(reading, o.id) {
				t.Fatal("it demands no Idempotency-Key: if it writes it must")
			}
			g := sqliteGround(t)
			b, before := g.bases()[o.id], g.rows()
			if noun, ok := strings.CutSuffix(b.path, "/publish"); ok {
				b.headers = append(b.headers, "If-Match: "+g.send("GET", noun, nil).header.Get("ETag"))
			}
			if a := g.send("POST", b.path, b.body, b.headers...); a.status >= 300 {
				t.Fatalf("%d %s", a.status, a.body)
			}
			once := g.rows()
			wrote := differ(before, once)
			if slices.Contains(reading, o.id) && len(wrote) > 0 {
				t.Errorf("it writes %v", wrote)
			}
			if slices.Contains(guarded, o.id) && len(wrote) == 0 {
				t.Error("it writes no row, so this test proves nothing")
			}
			var all sync.WaitGroup
			for range 32 {
				r := g.request("POST", b.path, b.body, b.headers...)
				all.Go(func() { g.serve(r) })
			}
			all.Wait()
			if again := differ(once, g.rows()); len(again) > 0 {
				t.Errorf("32 more wrote %v", again)
			}
		})
	}
}
