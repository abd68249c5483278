package admin_test

import (
	"strings"
	"sync"
	"testing"

	"quan/internal/app"
	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

func use(w *apptest.World) *admin.Admin { return &admin.Admin{App: w.App} }

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Has(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

func merchants(w *apptest.World, codes ...string) {
	w.Helper()
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error {
		var rows []store.Merchant
		for _, c := range codes {
			rows = append(rows, testkit.Merchant(c))
		}
		return tx.Merchants().Insert(rows)
	}))
}

func principal(k store.Key) access.Principal {
	return access.Principal{Kind: k.Kind, ID: id.Format(id.Key, k.ID), Permissions: k.Permissions, Scope: k.Scope}
}

func TestKeys(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		a, ctx, by := use(w), w.Ctx(), w.By
		in := admin.CreateKeyInput{Once: app.Once{Key: "k", Body: "b"}, Name: "shop", Kind: access.KindBrowser}
		made, err := a.CreateKey(ctx, by, in)
		wants(t, "create", err, "")
		if len(made.Secret) != access.SecretLength || !strings.HasPrefix(made.Secret, access.SecretPrefix) ||
			made.Key.SecretHash != access.HashSecret(made.Secret) || len(made.Key.Permissions) != len(access.Allowed(access.KindBrowser)) {
			t.Errorf("made = %+v", made.Key)
		}
		again, err := a.CreateKey(ctx, by, in)
		if err != nil || !again.Replayed || again.Secret != "" || again.Key.ID != made.Key.ID {
			t.Errorf("replay = %+v, %v", again, err)
		}
		in.Once, in.Permissions = app.Once{}, []access.Permission{access.KeyWrite}
		_, err = a.CreateKey(ctx, by, in)
		wants(t, "what the kind may not", err, fault.InvalidValue)
		in.Kind = access.KindSystem
		_, err = a.CreateKey(ctx, by, in)
		wants(t, "a system key", err, fault.InvalidValue)

		update := admin.UpdateKeyInput{Key: made.Key.ID, Name: "shop 2", Permissions: []access.Permission{access.CouponRead}}
		_, err = a.UpdateKey(ctx, by, update)
		wants(t, "without a revision", err, fault.IfMatchMissing)
		update.IfRev = 1
		row, err := a.UpdateKey(ctx, by, update)
		if err != nil || row.Rev != 2 || len(row.Permissions) != 1 || row.SecretHash != made.Key.SecretHash {
			t.Errorf("updated = %+v, %v", row, err)
		}
		for range 2 {
			row, err = a.RevokeKey(ctx, by, made.Key.ID, 0, "lost")
			if err != nil || row.ArchivedAt == 0 || row.Rev != 3 {
				t.Errorf("revoked = %+v, %v", row, err)
			}
		}
		update.IfRev = 3
		_, err = a.UpdateKey(ctx, by, update)
		wants(t, "change a revoked key", err, fault.WrongState)
		log, err := a.ListAudit(ctx, by, store.AuditFilter{})
		w.Must(err)
		if len(log) != 3 {
			t.Errorf("%d audit entries, want 3", len(log))
		}
		for _, e := range log {
			if text := e.Before + e.After; strings.Contains(text, made.Secret) || strings.Contains(text, made.Key.SecretHash) {
				t.Errorf("the audit log shows the secret: %s", text)
			}
		}
	})
}

func TestNobodyHandsOutMoreThanHeHas(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		a, ctx := use(w), w.Ctx()
		merchants(w, "m1", "m2")
		small, err := a.CreateKey(ctx, w.By, admin.CreateKeyInput{Name: "small", Kind: access.KindServer,
			Permissions: []access.Permission{access.KeyWrite, access.KeyRead, access.CouponRead}, Scope: access.Scope{Merchants: []string{"m1"}}})
		w.Must(err)
		big, err := a.CreateKey(ctx, w.By, admin.CreateKeyInput{Name: "big", Kind: access.KindServer})
		w.Must(err)
		by := principal(small.Key)
		in := admin.CreateKeyInput{Name: "child", Kind: access.KindServer}
		child, err := a.CreateKey(ctx, by, in)
		wants(t, "a child", err, "")
		if len(child.Key.Permissions) != 3 || len(child.Key.Scope.Merchants) != 1 {
			t.Errorf("child = %+v, want its maker's permissions and scope", child.Key)
		}
		in.Permissions = []access.Permission{access.CouponGrant}
		_, err = a.CreateKey(ctx, by, in)
		wants(t, "a permission that it lacks", err, fault.PermissionDeny)
		in.Permissions, in.Scope.Merchants = nil, []string{"m1", "m2"}
		_, err = a.CreateKey(ctx, by, in)
		wants(t, "a wider scope", err, fault.Absent)
		_, err = a.GetKey(ctx, by, big.Key.ID)
		wants(t, "see a wider key", err, fault.Absent)
		_, err = a.RevokeKey(ctx, by, big.Key.ID, 0, "")
		wants(t, "revoke a wider key", err, fault.Absent)
		_, err = a.UpdateKey(ctx, by, admin.UpdateKeyInput{Key: small.Key.ID, IfRev: 1, Name: "me", Permissions: access.All})
		wants(t, "raise oneself", err, fault.PermissionDeny)
		_, err = a.ListAudit(ctx, access.Principal{Permissions: access.All, Scope: by.Scope}, store.AuditFilter{})
		wants(t, "the whole log by a limited principal", err, fault.PermissionDeny)
		rows, err := a.ListKeys(ctx, by, store.Filter{})
		if err != nil || len(rows) != 2 {
			t.Errorf("keys = %+v, %v, want two", rows, err)
		}
		_, err = a.CreateKey(ctx, w.By, admin.CreateKeyInput{Name: "x", Kind: access.KindServer, Scope: access.Scope{Merchants: []string{"ghost"}}})
		wants(t, "a scope of nobody", err, fault.UnknownReference)
	})
}

func TestBootstrap(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		made := make([]admin.Bootstrapped, 4)
		errs := make([]error, len(made))
		var group sync.WaitGroup
		for i := range made {
			group.Go(func() { made[i], errs[i] = use(w).Bootstrap(w.Ctx()) })
		}
		group.Wait()
		secrets := 0
		for i := range made {
			wants(t, "bootstrap", errs[i], "")
			if made[i].Secret != "" {
				secrets++
			}
			if made[i].Market {
				t.Error("a market was made beside main")
			}
		}
		rows, err := use(w).ListKeys(w.Ctx(), w.By, store.Filter{})
		if secrets != 1 || len(rows) != 1 || err != nil {
			t.Errorf("%d secrets, %d keys, %v; want one of each", secrets, len(rows), err)
		}
	})
	t.Run("empty", func(t *testing.T) {
		base := apptest.New(t, sqlitetest.Open(t), 1)
		a := app.New(sqlitetest.Open(t), base.Clock, base.IDs, base.Numbers, base.Vault, base.App.Log)
		made, err := (&admin.Admin{App: a}).Bootstrap(t.Context())
		if err != nil || !made.Market || made.Secret == "" || made.Key.Kind != access.KindServer {
			t.Fatalf("bootstrap = %+v, %v", made, err)
		}
		m, err := a.Cache.Market(t.Context(), "main")
		if err != nil || m.Currency != "CNY" || m.Zone != "Asia/Shanghai" || m.WeekStart != 1 {
			t.Errorf("market = %+v, %v", m, err)
		}
		if made, err = (&admin.Admin{App: a}).Bootstrap(t.Context()); err != nil || made.Market || made.Secret != "" {
			t.Errorf("second start = %+v, %v", made, err)
		}
	})
}

func TestJobs(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		job := store.Job{ID: w.IDs.New(0), Kind: "demo", Key: "demo", State: "running", Priority: 1, MaxAttempts: 1, Rev: 1}
		w.Must(w.Store.Update(w.Ctx(), store.Background, func(tx store.Tx) error { return tx.Jobs().Insert([]store.Job{job}) }))
		got, err := use(w).GetJob(w.Ctx(), w.By, job.ID)
		if err != nil || got.ID != job.ID || got.State != job.State {
			t.Errorf("job = %+v, %v", got, err)
		}
		_, err = use(w).GetJob(w.Ctx(), w.By, 9)
		wants(t, "no job", err, fault.Absent)
		if rows, err := use(w).ListJobs(w.Ctx(), w.By, store.JobFilter{}); err != nil || len(rows) != 1 {
			t.Errorf("jobs = %v, %v", rows, err)
		}
		if rows, err := use(w).ListJobs(w.Ctx(), w.By, store.JobFilter{Before: job.ID}); err != nil || len(rows) != 0 {
			t.Errorf("jobs before the first = %v, %v", rows, err)
		}
	})
}
