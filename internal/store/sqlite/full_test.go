package sqlite_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/guard"
	"quan/internal/app/helpdesk"
	"quan/internal/app/membership"
	"quan/internal/app/planning"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/edge/api"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/sqlite"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// shop is the API over a durable file.
type shop struct {
	*apptest.World
	engine *sqlite.Engine
	web    *httptest.Server
	key    string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{engine: sqlitetest.OpenAt(t, sqlitetest.File(t), sqlite.Options{SkipMigrate: true})}
	s.World = apptest.New(t, s.engine, 1)
	a := s.App
	handler, err := api.New(api.Deps{Catalog: &catalog.Catalog{App: a}, Membership: &membership.Membership{App: a}, Helpdesk: &helpdesk.Helpdesk{App: a}, Issuing: s.Issuing,
		Checkout: s.Checkout, Planning: &planning.Planning{App: a}, Reporting: &reporting.Reporting{App: a}, Admin: &admin.Admin{App: a},
		Guard: guard.New(a, guard.Keys{Member: []byte("a key of thirty-two bytes for it"), Factor: []byte("a key of thirty-two bytes for it"), Setup: []byte("setup")}, s.Time.Time), Vault: a.Vault, Clock: a.Clock,
		Log: slog.New(slog.DiscardHandler), Version: "test", Ready: s.engine.Ready})
	s.Must(err)
	s.web = httptest.NewServer(handler)
	t.Cleanup(s.web.Close)
	k, err := (&admin.Admin{App: a}).CreateKey(s.Ctx(), access.System("test"), admin.CreateKeyInput{Name: "shop", Kind: access.KindServer})
	s.Must(err)
	s.key = k.Secret
	return s
}

// send returns the status and, of a claim, the coupon.
func (s *shop) send(method, path, body, key string) (int, string, error) {
	r, err := http.NewRequestWithContext(s.Ctx(), method, s.web.URL+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	resp, err := s.web.Client().Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	var said struct{ Coupons []struct{ ID string } }
	if err == nil {
		err = json.Unmarshal(text, &said)
	}
	if err != nil || len(said.Coupons) == 0 {
		return resp.StatusCode, "", err
	}
	return resp.StatusCode, said.Coupons[0].ID, nil
}

func (s *shop) coupons() (n int) {
	s.Helper()
	s.Must(s.engine.View(s.Ctx(), func(tx store.Tx) error {
		by, err := tx.Coupons().CountByState()
		n = 0
		for _, count := range by {
			n += int(count)
		}
		return err
	}))
	return n
}

// TestFullDiskOverHTTP: clients claim until the file can't grow. From then on they
// are told 507 and never a success, reads go on, and with room again the refused
// requests act once each under their keys.
func TestFullDiskOverHTTP(t *testing.T) {
	const clients = 8
	s := newShop(t)
	members := s.Members(clients)
	template := id.Format(id.Template, s.Publish(apptest.Limits(testkit.Doc())))
	claim := func(no, n int) (int, string, error) {
		body := fmt.Sprintf(`{"template": %q, "member": {"id": %q}, "channel": "app", "city": "shanghai"}`, template, id.Format(id.Member, members[no]))
		return s.send("POST", "/v1/claims", body, fmt.Sprintf("%d-%d", no, n))
	}
	sqlite.Room(t, s.engine, 60)
	var refused [clients]int // the first claim of each client that is refused
	var acknowledged atomic.Int64
	var all sync.WaitGroup
	for no := range clients {
		all.Go(func() {
			for n := 0; ; n++ {
				status, coupon, err := claim(no, n)
				switch {
				case err == nil && status == http.StatusInsufficientStorage:
					refused[no] = n
					return
				case err != nil || status != http.StatusCreated || coupon == "":
					t.Errorf("claim %d of client %d: %d %q %v", n, no, status, coupon, err)
					return
				}
				acknowledged.Add(1)
			}
		})
	}
	all.Wait()
	if n := s.coupons(); int64(n) != acknowledged.Load() || n < clients {
		t.Fatalf("%d coupons, %d acknowledged", n, acknowledged.Load())
	}
	for no := range clients {
		if status, _, err := claim(no, refused[no]); status != http.StatusInsufficientStorage {
			t.Errorf("a claim while the disk is full: %d %v", status, err)
		}
		if status, _, err := s.send("GET", "/v1/members/id/"+id.Format(id.Member, members[no])+"/coupons", "", ""); status != http.StatusOK {
			t.Errorf("a read while the disk is full: %d %v", status, err)
		}
	}
	if status, _, _ := s.send("GET", "/readyz", "", ""); status == http.StatusOK {
		t.Error("ready while the disk is full")
	}
	sqlite.Room(t, s.engine, -1)
	for no := range clients {
		for n := range refused[no] + 1 {
			if status, _, err := claim(no, n); status != http.StatusCreated {
				t.Errorf("claim %d of client %d, sent again: %d %v", n, no, status, err)
			}
		}
	}
	if n := s.coupons(); int64(n) != acknowledged.Load()+clients {
		t.Errorf("%d coupons after %d claims", n, acknowledged.Load()+clients)
	}
	s.Clean()
	t.Logf("%d claims acknowledged before the disk was full", acknowledged.Load())
}
