package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/id"
	"quan/internal/server"
	"quan/internal/testkit"
)

// An export that broke off anywhere and is resumed is the file that it would have been.
func TestExportIsResumed(t *testing.T) {
	folder := t.TempDir()
	at := where{DB: filepath.Join(folder, "quan.db")}
	log := slog.New(slog.DiscardHandler)
	q, err := server.Open(t.Context(), at.config(), server.WallClock, log)
	if err != nil {
		t.Fatal(err)
	}
	by := access.System("test")
	if _, err := q.Catalog.EnsureMarket(t.Context(), by, catalog.PutMarketInput{Code: "main", Name: "Main", Currency: "CNY", Zone: "Asia/Shanghai", WeekStart: 1}); err != nil {
		t.Fatal(err)
	}
	tpl, _, err := q.Catalog.CreateTemplate(t.Context(), by, catalog.CreateTemplateInput{Code: "t", Market: "main", InternalName: "t",
		CustomerName: coupon.Names{"en": "t"}, Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}, Doc: testkit.Doc()})
	if err != nil {
		t.Fatal(err)
	}
	made, _, err := q.Catalog.CreateCodeBatch(t.Context(), by, catalog.CreateCodeBatchInput{Batch: code.Batch{Market: "main", Template: tpl.ID, Name: "x", Kind: code.Generated, Size: 500}})
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	export := func(file string, resume bool) error {
		c := exportCodesCmd{where: at, Batch: id.Format(id.CodeBatch, made.ID), File: file, From: 1, Resume: resume}
		return c.Run(context.Background(), log)
	}
	whole := filepath.Join(folder, "whole.csv")
	if err := export(whole, false); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(whole)
	if err != nil || strings.Count(string(want), "\n") != 501 {
		t.Fatalf("%d bytes: %v", len(want), err)
	}
	if err := export(whole, false); err == nil {
		t.Error("a file that is there was overwritten")
	}
	for _, cut := range []int{0, 2, 10, 20, 35, 36, 37, len(want) / 2, len(want) - 1} {
		part := filepath.Join(folder, "part.csv")
		if err := os.WriteFile(part, want[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := export(part, true); err != nil {
			t.Errorf("cut at %d: %v", cut, err)
		}
		if got, err := os.ReadFile(part); err != nil || string(got) != string(want) {
			t.Errorf("cut at %d: %d bytes, want %d: %v", cut, len(got), len(want), err)
		}
	}
	if err := export(filepath.Join(folder, "codes.xlsx"), false); err != nil {
		t.Error(err)
	}
}
