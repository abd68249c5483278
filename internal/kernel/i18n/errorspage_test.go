package i18n

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/kernel/fault"
)

var update = flag.Bool("update", false, "write docs/errors.md anew")

const page = "../../../docs/errors.md"

// docs/errors.md is made from codes.go and the words; a stale page fails.
func TestErrorsPage(t *testing.T) {
	want := errorsPage(t)
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/errors.md is stale, run: go test ./internal/kernel/i18n -run TestErrorsPage -update\n%s", diff)
	}
}

// group is a const block of codes.go: what it is about, and its codes in order.
type group struct {
	about string
	codes []fault.Code
}

func groups(t *testing.T) []group {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../fault/codes.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var all []group
	for _, d := range file.Decls {
		block, ok := d.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		about, _, _ := strings.Cut(strings.Join(strings.Fields(block.Doc.Text()), " "), ". ")
		g := group{about: strings.TrimSuffix(about, ".")}
		for _, s := range block.Specs {
			for _, v := range s.(*ast.ValueSpec).Values {
				text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				g.codes = append(g.codes, fault.Code(text))
			}
		}
		all = append(all, g)
	}
	return all
}

func errorsPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# Errors

<!-- Made by: go test ./internal/kernel/i18n -run TestErrorsPage -update. Don't edit. -->

A refused request is answered with a problem document (RFC 9457) in the language of Accept-Language: en, zh-CN or zh-TW. Programs go by
the code and the parameters; titles and details are for people and may change. Each code's sentence is shown here as it is with all its
parameters; a parameter that is absent is left out of the sentence. Parameters named ` + "`*_minor`" + ` are minor units of the market's currency.
Refusals stand in the order in which they are looked for: the first that holds is given.
`)
	seen := 0
	for _, g := range groups(t) {
		fmt.Fprintf(&b, "\n## %s\n\n", g.about)
		b.WriteString("| code | status | parameters | en | zh-CN | zh-TW |\n|---|---|---|---|---|---|\n")
		for _, code := range g.codes {
			seen++
			fmt.Fprintf(&b, "| `%s` | %d | %s |", code, code.Class(), strings.Join(Parameters(code), ", "))
			for _, lang := range []Lang{EN, ZhCN, ZhTW} {
				w, key := catalogue[lang], "fault."+string(code)
				first := w.say(key+".detail", func(name string) (string, bool) { return "`" + name + "`", true })
				fmt.Fprintf(&b, " **%s** %s |", w.Say(key+".title"), first)
			}
			b.WriteString("\n")
		}
	}
	if seen != len(fault.Codes()) {
		t.Errorf("the page shows %d codes, there are %d", seen, len(fault.Codes()))
	}
	return b.String()
}
