package house

import (
	"strings"
	"testing"
)

// planted is a small tree with what a rule must say about it: one text for each
// finding, "" in says for a tree that is in order.
type planted struct {
	rule  rule
	name  string
	files map[string]string
	says  []string
}

func at(file, text string) map[string]string { return map[string]string{file: text} }

var long = "package coupon\n" + strings.Repeat("\n", mostLines)

var plantedTrees = []planted{
	{importDirection, "domain imports store", at("internal/domain/coupon/a.go", "package coupon\nimport _ \"quan/internal/store\"\n"), []string{"a.go:2: internal/domain/coupon (domain) imports internal/store (port): the domain is pure"}},
	{importDirection, "kernel imports domain", at("internal/kernel/id/a.go", "package id\nimport _ \"quan/internal/domain/coupon\"\n"), []string{"the kernel is words"}},
	{importDirection, "use case imports use case", at("internal/app/checkout/a.go", "package checkout\nimport _ \"quan/internal/app/issuing\"\n"), []string{"use cases do not import each other"}},
	{importDirection, "use case imports its own part and app", at("internal/app/checkout/a.go", "package checkout\nimport _ \"quan/internal/app/checkout/cart\"\nimport _ \"quan/internal/app\"\n"), nil},
	{importDirection, "app imports use case", at("internal/app/a.go", "package app\nimport _ \"quan/internal/app/issuing\"\n"), []string{"imports point downwards"}},
	{importDirection, "edge imports engine", at("internal/edge/api/a.go", "package api\nimport _ \"quan/internal/store/sqlite\"\n"), []string{"only server knows which engine runs"}},
	{importDirection, "program imports engine", at("cmd/quan/a.go", "package main\nimport _ \"quan/internal/store/postgres\"\n"), []string{"only server knows which engine runs"}},
	{importDirection, "server imports engines", at("internal/server/a.go", "package server\nimport _ \"quan/internal/store/postgres\"\nimport _ \"quan/internal/edge/api\"\n"), nil},
	{importDirection, "engine imports engine", at("internal/store/sqlite/a.go", "package sqlite\nimport _ \"quan/internal/store/postgres\"\n"), []string{"only server knows"}},
	{importDirection, "engine imports use case", at("internal/store/sqlite/a.go", "package sqlite\nimport _ \"quan/internal/app/issuing\"\n"), []string{"imports point downwards"}},
	{importDirection, "port imports repositories", at("internal/store/a.go", "package store\nimport _ \"quan/internal/store/sqlrepo\"\n"), []string{"SQL is the engines' matter"}},
	{importDirection, "edge imports provider", at("internal/edge/worker/a.go", "package worker\nimport _ \"quan/internal/provider/webhook\"\n"), []string{"edges and providers do not know each other"}},
	{importDirection, "product imports testkit", at("internal/app/issuing/a.go", "package issuing\nimport _ \"quan/internal/testkit\"\n"), []string{"code that ships does not import what exists for tests"}},
	{importDirection, "a test may", at("internal/app/issuing/a_test.go", "package issuing\nimport _ \"quan/internal/store/sqlite\"\n"), nil},
	{importDirection, "what exists for tests may", at("internal/app/apptest/a.go", "package apptest\nimport _ \"quan/internal/store/postgres/pgtest\"\nimport _ \"quan/internal/app/issuing\"\n"), nil},
	{importDirection, "an unknown room", at("internal/attic/a.go", "package attic\n"), []string{"no room of the house"}},

	{edgeHandles, "edge holds a Tx", at("internal/edge/api/a.go", "package api\nimport \"quan/internal/store\"\nvar x store.Tx\nvar y store.Job\n"), []string{"a.go:3: an edge holds store.Tx"}},

	{names, "import of helpers", at("internal/app/issuing/a.go", "package issuing\nimport _ \"quan/internal/app/helpers\"\n"), []string{"imports internal/app/helpers"}},
	{names, "a package named util", at("internal/util/a.go", "package util\n"), []string{"package util"}},
	{names, "a file named service", at("internal/app/issuing/service.go", "package issuing\n"), []string{"name the file"}},

	{modules, "a module from outside", at("internal/domain/coupon/a.go", "package coupon\nimport _ \"example.org/rules\"\nimport _ \"golang.org/x/text/width\"\nimport _ \"strings\"\n"), []string{"a.go:2: imports example.org/rules"}},
	{modules, "an edge may", at("internal/edge/api/a.go", "package api\nimport _ \"example.org/http\"\n"), nil},

	{purity, "context in the domain", at("internal/domain/coupon/a.go", "package coupon\nimport \"context\"\nvar _ context.Context\n"), []string{"a.go:2: imports context: a pure function has nothing to cancel"}},
	{purity, "every impure import", at("internal/kernel/id/a.go", "package id\nimport (\n_ \"context\"\n_ \"database/sql\"\n_ \"net/http\"\n_ \"os\"\n_ \"log\"\n_ \"log/slog\"\n_ \"math/rand\"\n_ \"math/rand/v2\"\n_ \"crypto/rand\"\n)\n"),
		[]string{"context", "database/sql", "net/http", "imports os", "imports log:", "log/slog", "math/rand:", "math/rand/v2", "crypto/rand"}},
	{purity, "the clock under another name", at("internal/domain/coupon/a.go", "package coupon\nimport clock \"time\"\nvar a = clock.Now()\nvar b = clock.Since(a)\nvar c = clock.Second\n"), []string{"a.go:3: time.Now", "a.go:4: time.Since"}},
	{purity, "the clock as a value", at("internal/kernel/id/a.go", "package id\nimport \"time\"\nvar wall = time.Now\n"), []string{"time.Now"}},
	{purity, "a use case may", at("internal/app/issuing/a.go", "package issuing\nimport _ \"context\"\n"), nil},

	{floats, "a float in pricing", at("internal/domain/pricing/a.go", "package pricing\nvar x float64\nvar y = 0.85\n"), []string{"a.go:2: float64", "a.go:3: floating-point number 0.85"}},
	{floats, "a float in metrics", at("internal/domain/metric/a.go", "package metric\nvar x float64\n"), nil},

	{noSleep, "a sleep in a test", at("test/e2e/a_test.go", "package e2e\nimport \"time\"\nfunc f() { time.Sleep(1) }\n"), []string{"a_test.go:3: time.Sleep"}},

	{noSkip, "a skip", at("test/e2e/a_test.go", "package e2e\nimport \"testing\"\nfunc TestX(t *testing.T) { t.Skip(\"later\") }\n"), []string{"t.Skip"}},
	{noSkip, "a skip in a helper", at("test/e2e/a_test.go", "package e2e\nimport \"testing\"\nfunc need(tb testing.TB) { func() { tb.Skipf(\"x\") }() }\n"), []string{"tb.Skipf"}},
	{noSkip, "a skip on what embeds a test", at("test/e2e/a_test.go", "package e2e\nimport \"testing\"\ntype world struct{ *testing.T }\nfunc f(w *world) { w.Skip(\"no\") }\n"), []string{"w.Skip"}},
	{noSkip, "skips that may", map[string]string{
		"internal/testkit/a.go": "package testkit\nimport \"testing\"\nfunc Need(tb testing.TB) { tb.SkipNow() }\n",
		"test/e2e/a_test.go":    "package e2e\nimport \"testing\"\ntype lexer struct{}\nfunc (l lexer) Skip() {}\nfunc TestX(t *testing.T) { func(t lexer) { t.Skip() }(lexer{}) }\n",
	}, nil},

	{fileLength, "a long file", at("internal/domain/coupon/a.go", long), []string{"501 lines"}},
	{fileLength, "long but generated, or a test", map[string]string{"internal/domain/coupon/a.go": "// Code generated by x. DO NOT EDIT.\n\n" + long, "internal/domain/coupon/a_test.go": long}, nil},

	{packageComments, "none", at("internal/domain/coupon/a.go", "package coupon\n"), []string{"internal/domain/coupon/doc.go:1: no package comment"}},
	{packageComments, "in another file", at("internal/domain/coupon/a.go", "// Package coupon is.\npackage coupon\n"), []string{"belongs into doc.go"}},
	{packageComments, "of another package", at("internal/domain/coupon/doc.go", "// Package money is.\npackage coupon\n"), []string{`starts with "Package coupon "`}},
	{packageComments, "too long", at("internal/domain/coupon/doc.go", "// Package coupon is.\n"+strings.Repeat("//\n", mostDocLines)+"package coupon\n"), []string{"42 lines"}},
	{packageComments, "in order", map[string]string{"cmd/quan/main.go": "// Command quan runs.\npackage main\n", "test/e2e/a_test.go": "package e2e\n"}, nil},

	{docComments, "bare names", at("internal/domain/coupon/a.go", "package coupon\nfunc F() {}\ntype T int\nfunc (T) M() {}\nfunc (*T) Error() string { return \"\" }\nconst C = 1\nvar (\n\tA = 1\n\tB = 2 // said\n)\n"),
		[]string{"A has no comment", "F has no comment", "T has no comment", "M has no comment", "C has no comment"}},
	{docComments, "in order", at("internal/domain/coupon/a.go", "package coupon\n// F does.\nfunc F() {}\n// The things.\nconst (\n\tA = 1\n\tB = 2\n)\ntype t[K any] int\nfunc (t[K]) M() {}\n"), nil},
	{docComments, "a method that the port explains", map[string]string{
		"internal/store/store.go":     "package store\n// Tx is.\ntype Tx interface{ Coupons() int }\n",
		"internal/store/sqlrepo/a.go": "package sqlrepo\n// T is.\ntype T int\nfunc (T) Coupons() int { return 0 }\nfunc (T) Other() {}\n",
	}, []string{"Other has no comment"}},
	{docComments, "another room", at("internal/edge/api/a.go", "package api\nfunc F() {}\n"), nil},

	{unfinished, "a note", map[string]string{"a.md": "one\nTO" + "DO: two\n", "go.sum": "XX" + "X h1:\n", "testdata/a.txt": "FIX" + "ME\n", "b.go": "package b // mastodon XX" + "XY\nvar none = \"XX" + "X\"\n", "c.go": "package c\n\n// XX" + "X later\n"}, []string{"a.md:2: TO" + "DO", "c.go:3: // XX" + "X"}},

	{places, "paths", map[string]string{"a.md": "see /ho" + "me/me/x\nand `/wo" + "rk/main`\n", "b.md": "https://example.org/ho" + "me/x and ho" + "me/x\n"}, []string{"a.md:1: absolute path", "a.md:2: absolute path"}},
	{places, "hosts", map[string]string{"Dockerfile": "ENV GOPROXY=https://proxy.golang." + "org\n", "package-lock.json": "https://registry.npmjs." + "org/a\n", "x/a.yml": "https://nexus" + ".corp.example/\n"}, []string{"Dockerfile:1: registry host", "x/a.yml:1: registry host"}},
	{places, "a private lock", at("web/package-lock.json", "\"resolved\": \"https://npm.planted.example/a.tgz\"\n\"resolved\": \"https://registry.npmjs."+"org/a.tgz\"\n"), []string{"package-lock.json:1: locked to the registry host npm.planted.example"}},
	{places, "this machine's host", at("web/package-lock.json", "http://mirror.planted.example/npm/a\n"), []string{"this machine's registry host mirror.planted.example"}},

	{migrations, "no twin", map[string]string{"internal/store/sqlite/migrations/0001_base.sql": "", "internal/store/sqlite/migrations/0002_x.sql": "", "internal/store/postgres/migrations/0001_base.sql": "", "internal/store/postgres/migrations/0002_y.sql": ""},
		[]string{"0002_y.sql has no twin in sqlite", "0002_x.sql has no twin in postgres"}},
	{migrations, "none", at("internal/store/a.go", "package store\n"), []string{"no migrations found"}},
	{migrations, "in order", map[string]string{"internal/store/sqlite/migrations/0001_base.sql": "", "internal/store/postgres/migrations/0001_base.sql": ""}, nil},

	{invariants, "a promise and a secret", map[string]string{
		"docs/invariants.md":                 "| id | holds | by | V |\n|---|---|---|---|\n| a-1 | x | y | V |\n| a-2 | x | y | |\n| a-3 | x | y | V |\n",
		"internal/store/sqlrepo/checks_a.go": "package sqlrepo\nvar x = []string{\"a-1\", \"a-2\", \"b-1\"}\n",
	}, []string{"checks_a.go:2: a-2 is checked, but", "b-1 is checked, but", "a-3 is marked with V, but no check"}},

	{readmes, "levels and blocks", map[string]string{"README.md": "# a\n## b\n```\nmake run # x\n```\n", "README.zh-CN.md": "# 一\n### 二\n```\nmake rum\n```\n"}, []string{"README.zh-CN.md: code block 1 differs", "README.zh-CN.md: headings have levels [1 3]"}},
	{readmes, "a block less", map[string]string{"README.md": "# a\n```\nx\n```\n```\ny\n```\n", "README.zh-CN.md": "# 一\n```\nx\n```\n"}, []string{"1 code blocks, README.md has 2"}},
	{readmes, "none", nil, []string{"no headings"}},
	{readmes, "in order", map[string]string{"README.md": "# a\n```sh\n# no heading\n```\n", "README.zh-CN.md": "# 一\n```sh\n# no heading\n```\n"}, nil},
}

// TestEveryRuleCatches sees each rule fail on what it is there for, and only then.
func TestEveryRuleCatches(t *testing.T) {
	t.Setenv("GOPROXY", "http://mirror.planted.example/go,direct")
	caught := map[string]bool{}
	for _, p := range plantedTrees {
		t.Run(p.rule.name+"/"+p.name, func(t *testing.T) {
			found := sorted(p.rule.check(plant(t, p.files)))
			if len(found) != len(p.says) {
				t.Errorf("%d findings, want %d", len(found), len(p.says))
			}
			for _, want := range p.says {
				if !holds(found, want) {
					t.Errorf("no finding says %q", want)
				}
			}
			if t.Failed() {
				t.Logf("findings: %q", found)
			}
		})
		caught[p.rule.name] = caught[p.rule.name] || len(p.says) > 0
	}
	for _, r := range rules {
		if !caught[r.name] {
			t.Errorf("no violation of %q is planted", r.name)
		}
		if r.why == "" {
			t.Errorf("%q does not say why", r.name)
		}
	}
}

func holds(found []finding, text string) bool {
	for _, f := range found {
		if strings.Contains(f.String(), text) {
			return true
		}
	}
	return false
}
