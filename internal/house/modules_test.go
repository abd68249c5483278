package house

import (
	"maps"
	"slices"
	"strings"
)

// outside are the modules that kernel and domain may import, each with the reason
// why it is better than some lines of our own.
var outside = map[string]string{
	"golang.org/x/crypto":   "argon2id: a memory-hard hash is nothing to write oneself",
	"golang.org/x/text":     "normal forms and language tags are tables of Unicode and of the IETF",
	"cel.dev/cel-go":        "expressions that experts write: typed, bounded in cost, with positions of errors",
	"github.com/golang/geo": "robust predicates on the sphere and the index of cells that geofences are found by",
}

var modules = rule{
	name: "modules of kernel and domain",
	why:  "decisions rest on the standard library: a module from outside needs a reason that is better than fifty lines of our own; name it in internal/house/modules_test.go with the reason",
	check: func(tr *tree) (found []finding) {
		for _, s := range tr.code {
			if s.test() || !below(s.folder(), "internal/kernel") && !below(s.folder(), "internal/domain") {
				continue
			}
			for _, spec := range s.file.Imports {
				from := strings.Trim(spec.Path.Value, `"`)
				first, _, _ := strings.Cut(from, "/")
				known := slices.ContainsFunc(slices.Collect(maps.Keys(outside)), func(m string) bool { return below(from, m) })
				if strings.Contains(first, ".") && !known {
					found = append(found, finding{tr.at(spec.Pos()), "imports " + from})
				}
			}
		}
		return found
	},
}
