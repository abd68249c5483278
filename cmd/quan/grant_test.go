package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quan/internal/app/catalog"
	"quan/internal/app/membership"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
	"quan/internal/server"
	"quan/internal/store"
	"quan/internal/testkit"
)

// The command rehearses, waits for --yes, grants, reports; the same again does
// nothing more, and one that was broken off goes on.
func TestGrantFromFile(t *testing.T) {
	folder := t.TempDir()
	at := where{DB: filepath.Join(folder, "quan.db")}
	log := slog.New(slog.DiscardHandler)
	open := func() *server.Quan {
		q, err := server.Open(t.Context(), at.config(), server.WallClock, log)
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	q := open()
	by := access.System("test")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := q.Catalog.EnsureMarket(t.Context(), by, catalog.PutMarketInput{Code: "main", Name: "Main", Currency: "CNY", Zone: "Asia/Shanghai", WeekStart: 1})
	must(err)
	doc := testkit.Doc()
	doc.Claim.Limits = nil
	tpl, _, err := q.Catalog.CreateTemplate(t.Context(), by, catalog.CreateTemplateInput{Code: "t", Market: "main", InternalName: "t",
		CustomerName: coupon.Names{"en": "t"}, Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}, Doc: doc})
	must(err)
	_, err = q.Catalog.Publish(t.Context(), by, tpl.ID, tpl.Rev)
	must(err)
	const people = 700
	var file strings.Builder
	file.WriteString("phone\n")
	for from := 0; from < people; from += 100 {
		var inputs []membership.EnsureInput
		for i := from; i < from+100; i++ {
			phone := fmt.Sprintf("138%08d", i)
			fmt.Fprintln(&file, phone)
			inputs = append(inputs, membership.EnsureInput{Key: q.Vault.Key("phone", member.Secret(phone)), Sealed: "x"})
		}
		_, err := q.Membership.Ensure(t.Context(), by, inputs)
		must(err)
	}
	file.WriteString("13999999999\n")
	must(q.Close())
	list := filepath.Join(folder, "list.csv")
	must(os.WriteFile(list, []byte(file.String()), 0o600))
	issued := func() int64 {
		q := open()
		defer q.Close()
		var n int64
		must(q.Store.View(t.Context(), func(tx store.Tx) error {
			states, err := tx.Coupons().CountByState()
			n = states[coupon.Usable]
			return err
		}))
		return n
	}
	c := grantCmd{where: at, File: list, Template: []string{id.Format(id.Template, tpl.ID)}, Reason: "test", Report: filepath.Join(folder, "report.csv")}
	must(c.Run(t.Context(), log))
	if n := issued(); n != 0 {
		t.Fatalf("a rehearsal granted %d", n)
	}
	c.Yes = true
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := c.Run(stopped, log); err == nil {
		t.Fatal("stopped, and no word of it")
	}
	must(c.Run(t.Context(), log))
	must(c.Run(t.Context(), log))
	if n := issued(); n != people {
		t.Errorf("%d coupons, want %d", n, people)
	}
	report, err := os.ReadFile(c.Report)
	if err != nil || strings.Count(string(report), "granted") != people || !strings.Contains(string(report), "702,1399****999,,refused,member_not_found") || strings.Contains(string(report), "13800000001") {
		t.Errorf("the report has %d lines, %v", strings.Count(string(report), "\n"), err)
	}
}
