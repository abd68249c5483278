package bench

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
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
)

// BenchmarkHTTP is claims over HTTP beside a service without a store (the limit)
// and one that takes PostgreSQL a row at a time. All run in this process, with
// their load: the two share the processors.
func BenchmarkHTTP(b *testing.B) {
	var all []contestant
	service := func(name string, l *load) {
		all = append(all, contestant{name: name, note: fmt.Sprintf("%d connections", connections), limit: name == "no store",
			run: func(d time.Duration) turn { return l.run(b, d) }})
	}
	service("no store", &load{address: listen(b, nullService()), path: "/v1/claims", secret: "none", body: phoneClaim("tpl")})
	for _, engine := range engines {
		st := newStage(b, engine)
		address, secret := st.serve(b)
		service("quan on "+engine, &load{address: address, path: "/v1/claims", secret: secret, body: phoneClaim(id.Format(id.Template, st.template))})
	}
	r := newRival(b)
	service("a row at a time on PostgreSQL", &load{address: listen(b, r.service()), path: "/v1/claims", secret: "none", body: phoneClaim("tpl")})
	compete(b, fmt.Sprintf("Claims over HTTP on loopback, load and services on the same processors; %d members", members), all...)
}

// phoneClaim is the body of the n-th claim.
func phoneClaim(template string) func(n int64) string {
	return func(n int64) string {
		return fmt.Sprintf(`{"template":%q,"member":{"kind":"phone","value":"138%08d"},"channel":"app","city":"shanghai"}`, template, n%members)
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
		Guard: guard.New(a, []byte("a key of thirty-two bytes for it"), time.Now), Vault: a.Vault, Clock: a.Clock,
		Log: slog.New(slog.NewJSONHandler(log, nil)), Version: "bench", Metrics: true}
	handler, err := api.New(d)
	must(b, err)
	key, err := d.Admin.CreateKey(b.Context(), access.System("bench"), admin.CreateKeyInput{Name: "bench", Kind: access.KindServer})
	must(b, err)
	return listen(b, handler), key.Secret
}
