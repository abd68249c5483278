package bench

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quan/internal/app/admin"
	"quan/internal/app/catalog"
	"quan/internal/app/guard"
	"quan/internal/app/membership"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/edge/api"
	"quan/internal/kernel/id"
	"quan/internal/server"
)

// leastOfNull is the share of the service without a store below which a rival in
// front of Redis is no fair one: its figures are void then.
const leastOfNull = 0.45

// BenchmarkHTTP is claims over HTTP beside a service without a store (the limit),
// one in front of Redis, which keeps nothing or syncs each write, and one that
// takes PostgreSQL a row at a time. Redis and its service are processes of their
// own, the others run in this one, with their load: all share the processors.
func BenchmarkHTTP(b *testing.B) {
	go server.PaceCollector(b.Context()) // as serve does
	var all []contestant
	var loads []*load
	service := func(name string, l *load) {
		loads = append(loads, l)
		all = append(all, contestant{name: name, note: fmt.Sprintf("%d connections", connections), limit: name == "no store",
			run: func(d time.Duration) turn { return l.run(b, d) }})
	}
	service("no store", &load{address: listen(b, nullService()), path: "/v1/claims", secret: "none", body: phoneClaim("tpl")})
	for _, redis := range []struct {
		name      string
		arguments []string
	}{
		{"Redis, nothing durable", []string{"--appendonly", "no"}},
		{"Redis, fsync always", []string{"--appendonly", "yes", "--appendfsync", "always"}},
	} {
		if address, err := redisRival(b, redis.arguments...); err == nil {
			service(redis.name, &load{address: address, path: "/v1/claims", secret: "none", body: phoneClaim("tpl")})
		} else {
			fmt.Printf("%s: left out: %v\n", redis.name, err)
		}
	}
	r := newRival(b)
	service("a row at a time on PostgreSQL", &load{address: listen(b, r.service()), path: "/v1/claims", secret: "none", body: phoneClaim("tpl")})
	for _, engine := range engines {
		st := newStage(b, engine)
		address, secret := st.serve(b)
		service("quan on "+engine, &load{address: address, path: "/v1/claims", secret: secret, body: phoneClaim(id.Format(id.Template, st.template))})
	}
	rates := compete(b, fmt.Sprintf("Claims over HTTP on loopback, load and services on the same processors; %d members, stores empty at first", members), all...)
	against(all, loads, rates)
}

// against prints how quan stands to each rival.
func against(all []contestant, loads []*load, rates map[string]float64) {
	t := newTable("quan beside the rivals", "rival", "on SQLite", "on PostgreSQL", "claims stored at the end")
	for i, c := range all {
		if strings.HasPrefix(c.name, "quan") {
			t.row(c.name, "", "", fmt.Sprint(loads[i].next.Load()))
			continue
		}
		name := c.name
		if strings.HasPrefix(name, "Redis") && rates[name] < leastOfNull*rates["no store"] {
			name += fmt.Sprintf(" (VOID: below %.2f of no store)", leastOfNull)
		}
		t.row(name, share(rates["quan on "+onSQLite], rates[c.name]), share(rates["quan on "+onPostgres], rates[c.name]), fmt.Sprint(loads[i].next.Load()))
	}
	t.print()
}

// share is a ratio, where both were measured (-only leaves some out).
func share(of, by float64) string {
	if of == 0 || by == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", of/by)
}

// phoneClaim is the body of the n-th claim.
func phoneClaim(template string) func(n int64) string {
	return func(n int64) string {
		return fmt.Sprintf(`{"template":%q,"member":{"kind":"phone","value":"138%08d"},"channel":"app","city":"shanghai"}`, template, anyone(n))
	}
}

// serve is the whole API over the stage, logging to a file as a service does.
func (st *stage) serve(b *testing.B) (address, secret string) {
	b.Helper()
	a := st.App
	log, err := os.Create(filepath.Join(b.TempDir(), "log"))
	must(b, err)
	b.Cleanup(func() { must(b, log.Close()) })
	d := api.Deps{Catalog: &catalog.Catalog{App: a}, Membership: &membership.Membership{App: a}, Issuing: st.Issuing, Checkout: st.Checkout,
		Reporting: &reporting.Reporting{App: a}, Admin: &admin.Admin{App: a},
		Guard: guard.New(a, guard.Keys{Member: []byte("a key of thirty-two bytes for it")}, time.Now), Vault: a.Vault, Clock: a.Clock,
		Log: slog.New(slog.NewJSONHandler(log, nil)), Version: "bench", Metrics: true}
	handler, err := api.New(d)
	must(b, err)
	key, err := d.Admin.CreateKey(b.Context(), access.System("bench"), admin.CreateKeyInput{Name: "bench", Kind: access.KindServer})
	must(b, err)
	return listen(b, handler), key.Secret
}
