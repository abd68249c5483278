package house

import (
	"fmt"
	"go/ast"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// lines calls visit for each line of the text files that want accepts.
func (tr *tree) lines(want func(rel string) bool, visit func(at, line string)) {
	for _, rel := range tr.texts {
		if !want(rel) {
			continue
		}
		number := 0
		for line := range strings.Lines(tr.text(rel)) {
			number++
			visit(fmt.Sprintf("%s:%d", rel, number), line)
		}
	}
}

// locked are files that tools write and that name where they fetched from.
var locked = []string{"go.sum", "package-lock.json"}

func written(rel string) bool { return !slices.Contains(locked, path.Base(rel)) }

func writtenByHand(rel string) bool {
	return written(rel) && !slices.Contains(strings.Split(rel, "/"), "testdata")
}

// The patterns are put together so that this file does not hold them.
var (
	// Three crosses count only at the start of a comment: they are also the ISO code of "no currency".
	later   = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b|(//|#|\*)\s*XX` + `X\b`)
	ownPath = regexp.MustCompile(`(^|[\s"'=:(<,` + "`" + `])/(ho` + `me|ro` + `ot|wo` + `rk|Us` + `ers)/[A-Za-z0-9._-]`)
	// resolved is where a front end's lock file fetched a package from.
	resolved = regexp.MustCompile(`"resolved": "https?://([^/"]+)`)
	hosts    = regexp.MustCompile(`(?i)\b(proxy\.golang\.` + `org|goproxy\.(cn|io)|registry\.npm[a-z]*\.(org|com)|[a-z0-9-]*(artifactory|nexus|verdaccio)[a-z0-9.-]*\.[a-z]+)\b`)
)

var unfinished = rule{
	name: "unfinished notes",
	why:  "a note in the code is read by nobody who plans: finish it, or open an issue",
	check: func(tr *tree) (found []finding) {
		tr.lines(writtenByHand, func(at, line string) {
			if m := later.FindString(line); m != "" {
				found = append(found, finding{at, m})
			}
		})
		return found
	},
}

var places = rule{
	name: "paths and hosts of one machine",
	why:  "the project builds anywhere: use paths relative to the repository, and leave the choice of a registry to the environment",
	check: func(tr *tree) (found []finding) {
		machine := machineHosts()
		tr.lines(written, func(at, line string) {
			if m := ownPath.FindString(line); m != "" {
				found = append(found, finding{at, "absolute path " + strings.TrimSpace(m) + "…"})
			}
			if m := hosts.FindString(line); m != "" {
				found = append(found, finding{at, "registry host " + m})
			}
		})
		tr.lines(func(string) bool { return true }, func(at, line string) {
			if m := resolved.FindStringSubmatch(line); m != nil && !hosts.MatchString(m[1]) {
				found = append(found, finding{at, "locked to the registry host " + m[1]})
			}
			for _, host := range machine {
				if strings.Contains(line, host) {
					found = append(found, finding{at, "this machine's registry host " + host})
				}
			}
		})
		return found
	},
}

// machineHosts are the registries that this machine is told to use, the public
// ones aside (lock files name those by nature).
func machineHosts() (all []string) {
	for _, name := range []string{"GOPROXY", "npm_config_registry", "NPM_CONFIG_REGISTRY", "PIP_INDEX_URL"} {
		for _, part := range strings.FieldsFunc(os.Getenv(name), func(r rune) bool { return r == ',' || r == '|' }) {
			u, err := url.Parse(part)
			if err == nil && u.Hostname() != "" && !hosts.MatchString(u.Hostname()) {
				all = append(all, u.Hostname())
			}
		}
	}
	return all
}

var migrations = rule{
	name: "migrations of both engines",
	why:  "a schema has one number on both engines: write the migration for the other engine too, under the same name (a statement that it does not need is a file with a comment)",
	check: func(tr *tree) (found []finding) {
		of := map[string][]string{}
		for _, rel := range tr.texts {
			for _, engine := range []string{"sqlite", "postgres"} {
				if below(rel, "internal/store/"+engine) && path.Ext(rel) == ".sql" && strings.Contains(rel, "migrations/") {
					of[engine] = append(of[engine], path.Base(rel))
				}
			}
		}
		if len(of["sqlite"])+len(of["postgres"]) == 0 {
			return []finding{{"internal/store", "no migrations found (internal/store/<engine>/migrations/*.sql)"}}
		}
		for a, b := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
			for _, file := range of[a] {
				if !slices.Contains(of[b], file) {
					found = append(found, finding{"internal/store/" + a, file + " has no twin in " + b})
				}
			}
		}
		return found
	},
}

// readme is what the two languages must share.
type readme struct {
	levels []int
	blocks []string
}

func parseReadme(text string) (r readme) {
	inside := false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			if inside = !inside; inside {
				r.blocks = append(r.blocks, "")
			}
		case inside:
			r.blocks[len(r.blocks)-1] += line
		case strings.HasPrefix(line, "#"):
			r.levels = append(r.levels, len(line)-len(strings.TrimLeft(line, "#")))
		}
	}
	return r
}

var readmes = rule{
	name: "two READMEs",
	why:  "README.md and README.zh-CN.md tell the same in two languages: same headings in number and level, same commands",
	check: func(tr *tree) (found []finding) {
		en, zh := parseReadme(tr.text("README.md")), parseReadme(tr.text("README.zh-CN.md"))
		if len(en.levels) == 0 {
			return []finding{{"README.md:1", "no headings"}}
		}
		if !slices.Equal(en.levels, zh.levels) {
			found = append(found, finding{"README.zh-CN.md", fmt.Sprintf("headings have levels %v, README.md's %v", zh.levels, en.levels)})
		}
		if len(en.blocks) != len(zh.blocks) {
			return append(found, finding{"README.zh-CN.md", fmt.Sprintf("%d code blocks, README.md has %d", len(zh.blocks), len(en.blocks))})
		}
		for i := range en.blocks {
			if en.blocks[i] != zh.blocks[i] {
				found = append(found, finding{"README.zh-CN.md", fmt.Sprintf("code block %d differs:\n%swant\n%s", i+1, zh.blocks[i], en.blocks[i])})
			}
		}
		return found
	},
}

var (
	invariantID  = regexp.MustCompile(`^[a-z]+-[0-9]+$`)
	invariantRow = regexp.MustCompile(`^\| ([a-z]+-[0-9]+) \|.*\|([^|]*)\|$`)
)

var invariants = rule{
	name: "invariants and their checks",
	why:  "docs/invariants.md marks with V what verify asks the database: write the check (internal/store/sqlrepo/checks*.go) or correct the page",
	check: func(tr *tree) (found []finding) {
		promised, listed := map[string]bool{}, map[string]bool{}
		for line := range strings.Lines(tr.text("docs/invariants.md")) {
			if m := invariantRow.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				listed[m[1]] = true
				promised[m[1]] = strings.TrimSpace(m[2]) == "V"
			}
		}
		asked := map[string]bool{}
		for _, s := range tr.code {
			if s.test() || s.folder() != "internal/store/sqlrepo" || !strings.HasPrefix(path.Base(s.path), "checks") {
				continue
			}
			ast.Inspect(s.file, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok {
					return true
				}
				name := strings.Trim(lit.Value, "`\"")
				if invariantID.MatchString(name) {
					asked[name] = true
					if !promised[name] {
						found = append(found, finding{tr.at(lit.Pos()), name + " is checked, but docs/invariants.md does not mark it with V"})
					}
				}
				return true
			})
		}
		for name := range listed {
			if promised[name] && !asked[name] {
				found = append(found, finding{"docs/invariants.md", name + " is marked with V, but no check asks for it"})
			}
		}
		return found
	},
}
