package sqlrepo

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A rule of SQL: a text that matches broken breaks it, unless its name is allowed.
type sqlRule struct {
	broken *regexp.Regexp
	reason string
	allow  func(name string) bool
}

var sqlRules = []sqlRule{
	{regexp.MustCompile(`(?i)\b(now|random|gen_random_uuid|unixepoch|clock_timestamp|julianday)\s*\(|CURRENT_(TIME|DATE|TIMESTAMP)`),
		"time, ids and random values come from Go as parameters (sql-rules 5)", nil},
	{regexp.MustCompile(`(?is)\bWITH\b.*\b(INSERT|UPDATE|DELETE)\b`), "no DML beside a CTE: separate statements in one transaction (sql-rules 3)", nil},
	{regexp.MustCompile(`(?i)\bRECURSIVE\b|\bGROUPING SETS\b|\bMERGE INTO\b|\bctid\b|\bxmin\b|\badvisory`), "a distributed engine does not have it (sql-rules 9, 10)", nil},
	{regexp.MustCompile(`(?i)\bFOR\s+(NO\s+KEY\s+)?(UPDATE|SHARE)\b`), "locks are taken in locks.go only, in one order (hot-path P2)",
		func(name string) bool { return strings.HasPrefix(name, "lock.") }},
	{regexp.MustCompile(`/`), "no division in SQL: rounding is Go's (sql-rules 14)", nil},
	{regexp.MustCompile(`(?i)\bSKIP LOCKED\b|\bLISTEN\b|\bnextval\b`), "queues are polled by their owner, ids are made in Go (sql-rules 6, 9)", nil},
	{regexp.MustCompile(`(?i)DO UPDATE SET.*\bSELECT\b`), "DO UPDATE SET has no subquery (sql-rules 7)", nil},
	{regexp.MustCompile(`(?i)\bDEFAULT\b|\bNULL\b`), "columns are never NULL and have no default", func(name string) bool { return strings.HasPrefix(name, "check.") }},
}

func TestEveryTextKeepsTheRulesOfSQL(t *testing.T) {
	if len(texts) < 80 {
		t.Fatalf("only %d texts are registered: the rules would pass over nothing", len(texts))
	}
	for _, x := range texts {
		for _, r := range sqlRules {
			for _, sql := range []string{x.lite, x.post} {
				if found := r.broken.FindString(sql); found != "" && (r.allow == nil || !r.allow(x.name)) {
					t.Errorf("%s: %q: %s\n%s", x.name, found, r.reason, sql)
				}
			}
		}
	}
}

// Member tables that hot requests read and write by id, and the statements on
// them that need no slot.
var (
	hotTable = regexp.MustCompile(`(?i)\b(FROM|JOIN|UPDATE|INTO)\s+(members|identities|coupons|counters|limit_entries|locks|orders|order_lines|refunds|refund_lines|redemptions|redemption_cells|outside_ids|replies|changes|code_uses|code_pool)\b`)
	slotted  = regexp.MustCompile(`(?i)\bslot\s*=\s*(\$\d|v\.slot|want_slot|\(want >> 7 & 16383\))`)
	inserted = regexp.MustCompile(`(?is)^INSERT INTO \w+ \([^)]*\bslot\b[^)]*\)`)
)

var slotless = map[string]string{
	"members.newest":              "one end of an index; a distributed engine asks each shard once",
	"members.ahead":               "a bulk grant scatters and pages by id",
	"members.list":                "export and verification scatter and page by id",
	"members.made":                "the operator's list scatters and pages by when members were made",
	"members.before":              "the operator's list of a segment scatters and pages by id",
	"history.orders":              "as orders.ofMember",
	"members.count":               "a figure for doctor, over all slots",
	"identities.of":               "administrative: all identities of a member, which lie in the slots of their hashes",
	"identities.unformed":         "what an older version wrote, at a start, in an index that has only that",
	"code_uses.ofMember":          "a member's uses of one batch lie in the slots of the codes; only where the batch has a limit a member",
	"coupons.requests":            "what the writer of SQLite remembers, by week and in pages",
	"counters.ofMembers":          "the writer of SQLite, once for each template",
	"coupons.newestWeek":          "one end of an index; a distributed engine asks each shard once",
	"coupons.ofTemplate":          "the operator's list of a template scatters and pages by id",
	"coupons.ofBatch":             "jobs page over a batch by id, in an index that has the coupons of batches only",
	"coupons.batchStates":         "a figure of a batch, counted in that index",
	"coupons.batchUses":           "a figure of a batch, through that index",
	"coupons.due":                 "the expiry job, by its owner, in pieces",
	"coupons.states":              "a figure for doctor, over all slots",
	"ways.link":                   "as link_coupons.sum",
	"ways.codes":                  "as link_coupons.sum: a code's use lies in the slot of the code",
	"ways.batch":                  "as coupons.batchStates",
	"ways.pack":                   "as pack_coupons.states",
	"ways.plan":                   "as link_coupons.sum: a share lies in the slot of its packet",
	"ways.grant":                  "as link_coupons.sum",
	"link_coupons.sum":            "the operator's figures of a link: its coupons lie in the slots of their members",
	"pack_coupons.states":         "the operator's figures of a pack: its coupons lie in the slots of their members",
	"facts.orders":                "as orders.ofMember: an order may have the slot of its key",
	"facts.recent":                "as orders.ofMember",
	"facts.last":                  "as orders.ofMember",
	"facts.category":              "as orders.ofMember",
	"facts.brand":                 "as orders.ofMember",
	"facts.sku":                   "as orders.ofMember",
	"segment.count":               "a count goes through all members and their orders",
	"segment.page":                "a segment's members, over all slots",
	"locks.due":                   "the expiry job, by its owner, in pieces",
	"orders.list":                 "the operator's list scatters and pages by id",
	"orders.newestWeek":           "one end of an index; a distributed engine asks each shard once",
	"orders.ofMember":             "an order reported for a guest keeps the slot of its key when a member is found",
	"redemptions.ofOrders":        "an order of a guest and the redemption of a member's coupon on it have different slots; returns only",
	"redemptions.list":            "export and verification scatter and page by id",
	"redemptions.find":            "the rows behind a figure, over all slots by day",
	"redemptions.returned":        "as redemptions.find",
	"settlements.sum":             "funders settle over all slots, by day",
	"settlements.borne":           "as settlements.sum",
	"settlements.returned":        "as settlements.sum",
	"redemptions.count":           "a figure for doctor, over all slots",
	"replies.purge":               "the job that drops old days",
	"changes.undelivered":         "the outbox is polled by its owner",
	"redemptions.ofStore":         "as redemptions.find, in the index of one store",
	"redemptions.returnedInStore": "as redemptions.ofStore",
	"counter.totals":              "what all counters did in some days",
	"counter.totalsOfStore":       "what the counters of a store did in some days, in its index",
	"coupons.week":                "whether a week has coupons at all; SQLite alone asks",
}

// SQLite is one machine: only the texts for PostgreSQL, which the distributed
// engine runs too, must name the slot.
func TestHotStatementsNameTheSlot(t *testing.T) {
	used := map[string]bool{}
	for _, x := range texts {
		if !hotTable.MatchString(x.post) || strings.HasPrefix(x.name, "check.") {
			continue
		}
		switch reason := slotless[x.name]; {
		case slotted.MatchString(x.post), inserted.MatchString(x.post):
			if reason != "" {
				t.Errorf("%s names its slot: take it out of slotless", x.name)
			}
		case reason == "":
			t.Errorf("%s has no slot equality (sql-rules 2): ask by (id, slot), or say in slotless why it may scatter\n%s", x.name, x.post)
		}
		used[x.name] = true
	}
	for name := range slotless {
		if !used[name] {
			t.Errorf("slotless names %s, which is no statement on a member table", name)
		}
	}
}

// Parameters are $1…$n without a gap, the same on both engines: the arguments are.
func TestTextsTakeTheSameParameters(t *testing.T) {
	mark := regexp.MustCompile(`\$\d+`)
	marks := func(sql string) map[string]bool {
		m := map[string]bool{}
		for _, s := range mark.FindAllString(sql, -1) {
			m[s] = true
		}
		return m
	}
	names := map[string]bool{}
	for _, x := range texts {
		if names[x.name] {
			t.Errorf("two texts are called %s", x.name)
		}
		names[x.name] = true
		lite, post := marks(x.lite), marks(x.post)
		if len(lite) != len(post) {
			t.Errorf("%s: SQLite takes %d parameters, PostgreSQL %d", x.name, len(lite), len(post))
		}
		for m := range lite {
			if !post[m] {
				t.Errorf("%s: PostgreSQL's text lacks %s", x.name, m)
			}
		}
	}
}

// A statement that is not registered is one that the rules don't see.
func TestStatementsAreRegistered(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || file == "statement.go" || file == "exec.go" {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			var name *ast.Ident
			switch n := n.(type) {
			case *ast.CompositeLit:
				name, _ = n.Type.(*ast.Ident)
			case *ast.CallExpr:
				name, _ = n.Fun.(*ast.Ident)
			}
			if name != nil && (name.Name == "Stmt" || name.Name == "Bulk" || name.Name == "Both" || name.Name == "statement" || name.Name == "bulk") {
				t.Errorf("%s makes a %s by hand: use newStatement, same, newBulk, insertOf, upsertOf or updateOf, which register the text", file, name.Name)
			}
			return true
		})
	}
}
