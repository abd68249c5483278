package house

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// room is a part of the house and what its code (tests aside) may import.
type room struct {
	name   string
	folder string
	may    []string // names of rooms; its own is meant unless apart
	apart  bool     // its packages do not import each other
}

// tests is the room of what exists for tests: test/, and every folder whose name
// ends in "test" (storetest, pgtest), as in the standard library.
var tests = room{name: "test", folder: "test", may: []string{"any"}}

// rooms, the more particular folder first.
var rooms = []room{
	{name: "test", folder: "internal/testkit", may: []string{"any"}},
	{name: "test", folder: "internal/house", may: []string{"any"}},
	{name: "test", folder: "bench", may: []string{"any"}},
	{name: "kernel", folder: "internal/kernel"},
	{name: "domain", folder: "internal/domain", may: []string{"kernel"}},
	{name: "sqlrepo", folder: "internal/store/sqlrepo", may: []string{"port", "domain", "kernel"}},
	{name: "sqlite", folder: "internal/store/sqlite", may: []string{"sqlrepo", "port", "domain", "kernel"}},
	{name: "postgres", folder: "internal/store/postgres", may: []string{"sqlrepo", "port", "domain", "kernel"}},
	{name: "port", folder: "internal/store", may: []string{"domain", "kernel"}},
	{name: "app", folder: "internal/app/gather", may: []string{"port", "domain", "kernel"}},
	{name: "use case", folder: "internal/app/", may: []string{"app", "port", "domain", "kernel"}, apart: true},
	{name: "app", folder: "internal/app", may: []string{"port", "domain", "kernel"}},
	{name: "edge", folder: "internal/edge", may: []string{"use case", "app", "port", "domain", "kernel", "web"}},
	{name: "provider", folder: "internal/provider", may: []string{"use case", "app", "port", "domain", "kernel"}},
	{name: "server", folder: "internal/server", may: []string{"edge", "provider", "use case", "app", "sqlite", "postgres", "port", "domain", "kernel", "web"}},
	{name: "web", folder: "web"},
	{name: "cmd", folder: "cmd", may: []string{"server", "edge", "provider", "use case", "app", "port", "domain", "kernel"}},
}

// holds reports whether the folder is the room's; a room whose folder ends in "/"
// has only what lies in it.
func (r *room) holds(folder string) bool {
	if strings.HasSuffix(r.folder, "/") {
		return strings.HasPrefix(folder, r.folder)
	}
	return below(folder, r.folder)
}

func roomOf(folder string) *room {
	for _, part := range strings.Split(folder, "/") {
		if strings.HasSuffix(part, "test") {
			return &tests
		}
	}
	for i := range rooms {
		if rooms[i].holds(folder) {
			return &rooms[i]
		}
	}
	return nil
}

// instead says what to do about an import from one room into another.
func instead(from, to *room) string {
	switch {
	case to.name == "test":
		return "code that ships does not import what exists for tests; move what both need into the product"
	case from.name == "kernel":
		return "the kernel is words that every room speaks; what needs more is a noun of the domain"
	case from.name == "domain":
		return "the domain is pure; take the value as an argument, and let a use case fetch it"
	case to.name == "sqlite" || to.name == "postgres":
		return "only server knows which engine runs; speak to the port (internal/store) and let internal/server choose"
	case from.name == "use case" && to.name == "use case":
		return "use cases do not import each other; move the thought that two share down into a noun (internal/domain) or into internal/app"
	case to.name == "sqlrepo":
		return "SQL is the engines' matter; ask a use case, which asks the port"
	case from.name == "edge" && to.name == "provider", from.name == "provider" && to.name == "edge":
		return "edges and providers do not know each other; declare a small interface where it is used and join the two in internal/server"
	}
	return "imports point downwards: cmd, test → server → {edge, provider} → app → store (port) → domain → kernel; move the code to the room that may"
}

var importDirection = rule{
	name: "import direction",
	why:  "cmd, test → server → {edge, provider} → app → store (port) → domain → kernel",
	check: func(tr *tree) (found []finding) {
		for _, s := range tr.code {
			if s.test() {
				continue
			}
			found = append(found, tr.directionOf(s)...)
		}
		return found
	},
}

func (tr *tree) directionOf(s *source) (found []finding) {
	from := roomOf(s.folder())
	if from == nil {
		return []finding{{s.path + ":1", "no room of the house: name it in ARCHITECTURE.md and in internal/house/imports_test.go with what it may import"}}
	}
	for _, spec := range s.file.Imports {
		folder, ok := tr.local(strings.Trim(spec.Path.Value, `"`))
		if !ok || slices.Contains(from.may, "any") {
			continue
		}
		to := roomOf(folder)
		switch {
		case to == nil:
			found = append(found, finding{tr.at(spec.Pos()), folder + " is no room of the house"})
		case to == from && !(from.apart && subRoom(s.folder(), from) != subRoom(folder, from)):
		case slices.Contains(from.may, to.name):
		default:
			found = append(found, finding{tr.at(spec.Pos()), fmt.Sprintf("%s (%s) imports %s (%s): %s", s.folder(), from.name, folder, to.name, instead(from, to))})
		}
	}
	return found
}

// subRoom is the package folder directly below the room's.
func subRoom(folder string, r *room) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(folder, r.folder), "/")
	return first
}

var edgeHandles = rule{
	name: "edges and the store",
	why:  "an edge may name the port's rows, but never holds a Store or a Tx: ask a use case",
	check: func(tr *tree) (found []finding) {
		for _, s := range tr.code {
			if s.test() || !below(s.folder(), "internal/edge") {
				continue
			}
			s.uses(tr.module+"/internal/store", func(sel *ast.SelectorExpr) {
				if n := sel.Sel.Name; n == "Store" || n == "Tx" {
					found = append(found, finding{tr.at(sel.Pos()), "an edge holds store." + n})
				}
			})
		}
		return found
	},
}

// emptyNames say nothing about what a package or file holds.
var emptyNames = []string{"util", "utils", "helper", "helpers", "common", "model", "models", "misc"}

var emptyFiles = []string{"service.go", "types.go", "helpers.go", "mapper.go", "utils.go", "util.go", "common.go", "models.go"}

var names = rule{
	name: "names",
	why:  "a package is a noun, an activity or a technology, a file is named after the verb or noun it holds; a name for everything collects everything",
	check: func(tr *tree) (found []finding) {
		for _, s := range tr.code {
			if slices.Contains(emptyNames, path.Base(s.folder())) || slices.Contains(emptyNames, s.file.Name.Name) {
				found = append(found, finding{s.path + ":1", "package " + s.file.Name.Name + ": name what it holds"})
			}
			if slices.Contains(emptyFiles, path.Base(s.path)) {
				found = append(found, finding{s.path + ":1", "name the file after the noun or verb it holds"})
			}
			for _, spec := range s.file.Imports {
				if folder, ok := tr.local(strings.Trim(spec.Path.Value, `"`)); ok && slices.Contains(emptyNames, path.Base(folder)) {
					found = append(found, finding{tr.at(spec.Pos()), "imports " + folder})
				}
			}
		}
		return found
	},
}
