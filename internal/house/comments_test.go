package house

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

const (
	mostLines    = 500
	mostDocLines = 40
)

var fileLength = rule{
	name: "file length",
	why:  "a file of more than 500 lines holds several things: give each its own file, named after the verb or noun it holds",
	check: func(tr *tree) (found []finding) {
		for _, s := range tr.code {
			if n := strings.Count(s.text, "\n"); n > mostLines && !s.test() && !s.generated() {
				found = append(found, finding{s.path + ":1", fmt.Sprintf("%d lines", n)})
			}
		}
		return found
	},
}

var packageComments = rule{
	name: "package comments",
	why:  "a newcomer reads doc.go first: what the package owns, what it does not, its invariants, its time; at most 40 lines, and only there (a program may say it in main.go)",
	check: func(tr *tree) (found []finding) {
		var folders []string
		comment := map[string]string{} // folder → file with the package comment
		for _, s := range tr.code {
			if s.test() {
				continue
			}
			if !slices.Contains(folders, s.folder()) {
				folders = append(folders, s.folder())
			}
			if s.file.Doc == nil {
				continue
			}
			comment[s.folder()] = s.path
			found = append(found, tr.packageComment(s)...)
		}
		for _, folder := range folders {
			if comment[folder] == "" {
				found = append(found, finding{folder + "/doc.go:1", "no package comment"})
			}
		}
		return found
	},
}

func (tr *tree) packageComment(s *source) (found []finding) {
	base, name := path.Base(s.path), s.file.Name.Name
	want := "Package " + name + " "
	if name == "main" {
		want = "Command "
	}
	if base != "doc.go" && (name != "main" || base != "main.go") {
		found = append(found, finding{tr.at(s.file.Doc.Pos()), "the package comment belongs into doc.go"})
	}
	if !strings.HasPrefix(s.file.Doc.Text(), want) {
		found = append(found, finding{tr.at(s.file.Doc.Pos()), fmt.Sprintf("the package comment starts with %q", want)})
	}
	if n := strings.Count(s.text, "\n"); base == "doc.go" && n > mostDocLines {
		found = append(found, finding{s.path + ":1", fmt.Sprintf("%d lines", n)})
	}
	return found
}

// documented are the rooms whose exported names need a comment.
var documented = []string{"internal/kernel", "internal/domain", "internal/store", "internal/app"}

// selfEvident are methods whose interface has said what they do.
var selfEvident = []string{"Error", "Unwrap", "Len", "Less", "Swap"}

var docComments = rule{
	name: "doc comments",
	why:  "exported names of kernel, domain, store and app are contracts: say meaning, unit, order and errors in a sentence, or unexport the name",
	check: func(tr *tree) (found []finding) {
		port := tr.portMethods()
		for _, s := range tr.code {
			if s.test() || s.generated() || !slices.ContainsFunc(documented, func(r string) bool { return below(s.folder(), r) }) {
				continue
			}
			for _, decl := range s.file.Decls {
				for _, name := range bare(decl) {
					if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil && port[name.Name] && below(s.folder(), "internal/store") {
						continue // the port has said it
					}
					found = append(found, finding{tr.at(name.Pos()), name.Name + " has no comment"})
				}
			}
		}
		return found
	},
}

// portMethods are the names of the methods of the port's interfaces.
func (tr *tree) portMethods() map[string]bool {
	all := map[string]bool{}
	for _, s := range tr.code {
		if s.test() || s.folder() != "internal/store" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if i, ok := n.(*ast.InterfaceType); ok {
				for _, method := range i.Methods.List {
					for _, name := range method.Names {
						all[name.Name] = true
					}
				}
			}
			return true
		})
	}
	return all
}

// bare returns the exported names that a declaration leaves without a comment. A
// comment on a group, above a line or at its end is enough.
func bare(decl ast.Decl) (names []*ast.Ident) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && !slices.Contains(selfEvident, d.Name.Name) && exportedReceiver(d) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			return nil
		}
		for _, spec := range d.Specs {
			switch sp := spec.(type) {
			case *ast.TypeSpec:
				if sp.Doc == nil && sp.Comment == nil && sp.Name.IsExported() {
					names = append(names, sp.Name)
				}
			case *ast.ValueSpec:
				for _, n := range sp.Names {
					if sp.Doc == nil && sp.Comment == nil && n.IsExported() {
						names = append(names, n)
					}
				}
			}
		}
	}
	return names
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.IsExported()
		default:
			return true
		}
	}
}
