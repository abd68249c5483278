package house

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// impure are imports that kernel and domain do without, with what replaces them.
var impure = map[string]string{
	"context":             "a pure function has nothing to cancel; the use case holds the context",
	"database/sql":        "the store's matter",
	"database/sql/driver": "the store's matter; engines convert values",
	"net":                 "an edge's matter",
	"net/http":            "an edge's matter; return a fault, the edge gives it its status",
	"os":                  "take the content as an argument",
	"os/exec":             "take the result as an argument",
	"io/fs":               "take the content as an argument",
	"path/filepath":       "take the content as an argument",
	"log":                 "return what happened; the caller logs",
	"log/slog":            "return what happened; the caller logs",
	"math/rand":           "take random bits as an argument",
	"math/rand/v2":        "take random bits as an argument",
	"crypto/rand":         "take random bytes, or an io.Reader, as an argument",
	"testing":             "tests lie in _test.go files",
}

// clockCalls read the clock or wait for it.
var clockCalls = []string{"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

var purity = rule{
	name: "pure kernel and domain",
	why:  "decisions are functions of their arguments: time, ids and random bits come from outside, so that a test, a replay and a repeat decide the same",
	check: func(tr *tree) (found []finding) {
		for _, s := range tr.code {
			if s.test() || !below(s.folder(), "internal/kernel") && !below(s.folder(), "internal/domain") {
				continue
			}
			for _, spec := range s.file.Imports {
				from := strings.Trim(spec.Path.Value, `"`)
				if replacement, bad := impure[from]; bad {
					found = append(found, finding{tr.at(spec.Pos()), "imports " + from + ": " + replacement})
				}
			}
			s.uses("time", func(sel *ast.SelectorExpr) {
				if slices.Contains(clockCalls, sel.Sel.Name) {
					found = append(found, finding{tr.at(sel.Pos()), "time." + sel.Sel.Name + ": take the moment as a calendar.Instant"})
				}
			})
		}
		return found
	},
}

// moneyRooms is where amounts are reckoned.
var moneyRooms = []string{
	"internal/kernel/money", "internal/domain/pricing", "internal/domain/redemption",
	"internal/domain/limit", "internal/domain/coupon", "internal/domain/order", "internal/domain/packet",
}

var floats = rule{
	name: "no floats near money",
	why:  "amounts are integers of the minor unit and percentages basis points; reckon with money.MulDivHalfUp, MulDivFloor and Split",
	check: func(tr *tree) (found []finding) {
		for _, s := range tr.code {
			if s.test() || !slices.ContainsFunc(moneyRooms, func(r string) bool { return below(s.folder(), r) }) {
				continue
			}
			ast.Inspect(s.file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					if n.Name == "float32" || n.Name == "float64" {
						found = append(found, finding{tr.at(n.Pos()), n.Name})
					}
				case *ast.BasicLit:
					if n.Kind == token.FLOAT {
						found = append(found, finding{tr.at(n.Pos()), "floating-point number " + n.Value})
					}
				}
				return true
			})
		}
		return found
	},
}

var noSleep = rule{
	name: "no sleep",
	why:  "a sleep is too short on a slow machine and too long on a fast one: wait on a channel, use testing/synctest, or set the fake clock of testkit",
	check: func(tr *tree) (found []finding) {
		for _, s := range tr.code {
			s.uses("time", func(sel *ast.SelectorExpr) {
				if sel.Sel.Name == "Sleep" {
					found = append(found, finding{tr.at(sel.Pos()), "time.Sleep"})
				}
			})
		}
		return found
	},
}

// skippers may skip tests: their messages are known to test/testsum.
var skippers = []string{"internal/testkit", "internal/store/postgres/pgtest"}

var noSkip = rule{
	name: "skips",
	why:  "a skipped test checks nothing and nobody sees it: take what is missing from testkit.Shared or pgtest, which skip with a counted reason, make the test able to run, or leave it out of the table where it means nothing",
	check: func(tr *tree) (found []finding) {
		for _, s := range tr.code {
			if _, ok := s.imports["testing"]; ok && !slices.ContainsFunc(skippers, func(r string) bool { return below(s.folder(), r) }) {
				found = append(found, tr.skipsOf(s)...)
			}
		}
		return found
	},
}

// skipsOf finds calls of Skip, Skipf and SkipNow on a test, benchmark or TB (the
// innermost parameter of that name decides, so that another type's Skip is left
// alone), and those that give a reason in words, whatever they are called on.
func (tr *tree) skipsOf(s *source) (found []finding) {
	var stack []ast.Node
	ast.Inspect(s.file, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !strings.HasPrefix(sel.Sel.Name, "Skip") {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if ok && (ofTesting(s, stack, x.Name) || withReason(call)) {
			found = append(found, finding{tr.at(sel.Pos()), x.Name + "." + sel.Sel.Name})
		}
		return true
	})
	return found
}

func withReason(call *ast.CallExpr) bool {
	if len(call.Args) == 0 {
		return false
	}
	words, ok := call.Args[0].(*ast.BasicLit)
	return ok && words.Kind == token.STRING
}

func ofTesting(s *source, stack []ast.Node, name string) bool {
	for _, n := range slices.Backward(stack) {
		var signature *ast.FuncType
		switch f := n.(type) {
		case *ast.FuncDecl:
			signature = f.Type
		case *ast.FuncLit:
			signature = f.Type
		default:
			continue
		}
		for _, field := range signature.Params.List {
			for _, param := range field.Names {
				if param.Name == name {
					return fromTesting(s, field.Type)
				}
			}
		}
	}
	return false
}

func fromTesting(s *source, typ ast.Expr) bool {
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	sel, ok := typ.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && s.imports[x.Name] == "testing"
}
