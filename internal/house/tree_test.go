package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// finding is one violation: where, what, and why with the replacement.
type finding struct {
	at   string // path:line
	what string
}

func (f finding) String() string { return f.at + ": " + f.what }

// rule checks a tree; why says the reason and what to do instead.
type rule struct {
	name  string
	why   string
	check func(*tree) []finding
}

// source is one Go file.
type source struct {
	path    string // from the root, with slashes
	text    string
	file    *ast.File
	imports map[string]string // local name → path
}

func (s *source) folder() string { return path.Dir(s.path) }
func (s *source) test() bool     { return strings.HasSuffix(s.path, "_test.go") }
func (s *source) generated() bool {
	return ast.IsGenerated(s.file)
}

// tree is a folder with its Go files parsed.
type tree struct {
	root   string
	module string
	fset   *token.FileSet
	code   []*source
	texts  []string // paths of all text files, Go files among them
}

// notOurs are folders that hold nothing we wrote; "/…" only at the root.
var notOurs = []string{".git", "node_modules", "/bin", "/data", "/dist", "/.cache"}

// load reads a tree. Go files below testdata are no code of ours.
func load(t testing.TB, root string) *tree {
	t.Helper()
	tr := &tree{root: root, module: moduleOf(root), fset: token.NewFileSet()}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if entry.IsDir() {
			if slices.Contains(notOurs, entry.Name()) || slices.Contains(notOurs, "/"+rel) {
				return filepath.SkipDir
			}
			return nil
		}
		return tr.read(rel, entry)
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func (tr *tree) read(rel string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return err
	}
	raw, err := os.ReadFile(filepath.Join(tr.root, rel))
	if err != nil || slices.Contains(raw[:min(len(raw), 8000)], 0) {
		return err
	}
	tr.texts = append(tr.texts, rel)
	if path.Ext(rel) != ".go" || slices.Contains(strings.Split(rel, "/"), "testdata") {
		return nil
	}
	file, err := parser.ParseFile(tr.fset, rel, raw, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	s := &source{path: rel, text: string(raw), file: file, imports: map[string]string{}}
	for _, spec := range file.Imports {
		from, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		name := path.Base(from)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		s.imports[name] = from
	}
	tr.code = append(tr.code, s)
	return nil
}

// at writes a position as path:line.
func (tr *tree) at(pos token.Pos) string {
	p := tr.fset.Position(pos)
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

func (tr *tree) text(rel string) string {
	raw, err := os.ReadFile(filepath.Join(tr.root, rel))
	if err != nil {
		return ""
	}
	return string(raw)
}

// local returns the folder of a package of this module, ok false for others.
func (tr *tree) local(from string) (folder string, ok bool) {
	return strings.CutPrefix(from, tr.module+"/")
}

func moduleOf(root string) string {
	raw, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "quan"
	}
	for line := range strings.Lines(string(raw)) {
		if name, ok := strings.CutPrefix(line, "module "); ok {
			return strings.TrimSpace(name)
		}
	}
	return "quan"
}

// below reports whether folder is root or lies in it.
func below(folder, root string) bool {
	return folder == root || strings.HasPrefix(folder, root+"/")
}

// calls visits every selector pkg.Name of an imported package.
func (s *source) uses(from string, visit func(*ast.SelectorExpr)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && s.imports[x.Name] == from {
			visit(sel)
		}
		return true
	})
}
