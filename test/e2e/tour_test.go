package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"quan/test/program"
)

// waypoint is what the reader must see: a part of one block, and patterns of
// what that block prints.
type waypoint struct {
	block string
	sees  []string
}

var tour = []waypoint{
	{`/v1/me"`, []string{`"kind":"server"`, `"key.write"`}},
	{`/v1/templates" -H`, []string{`(?m)^tpl_[0-9a-z]{13}$`}},
	{"/publish", []string{`"status":"published"`, `满30元减5元`, `领取后7天内有效`}},
	{"/v1/placements", []string{`(?m)^plc_[0-9a-z]{13}$`, `"id":"mem_[0-9a-z]{13}"`}},
	{"CLAIM=", []string{`"coupons":\[\{"id":"cpn_`}},
	{"call -i", []string{`(?m)^HTTP/1.1 201`, `(?m)^Idempotency-Replayed: true`}},
	{"another-", []string{`"status":409`, `"code":"member_limit_reached"`, `refused, as it should be`}},
	{"/v1/quotes", []string{`"payable_minor":3790`, `"verdict":"applied"`, `"optimal":true`, `"funder_code":"green-farm","minor":109`}},
	{"/v1/locks", []string{`"state":"active"`, `"paid_minor":3790`, `"redemptions":\[\{"id":"rdm_`}},
	{"/funnel", []string{`"placed":100,.*"issued":1,"used":1`, `"channel":"app","values":\{"issued":1,"redeemed":1`}},
	{"/v1/refunds", []string{`"minor":382,.*"full":false`, `"full":true,.*"coupons_back":\["cpn_`, `"state":"usable","used":0`}},
	{"bin/quan demo", []string{`goal +due`, `0 acts went otherwise`, `Played in`}},
	{"bin/quan verify", []string{`all invariants hold`, `ok +database opens`}},
	{"/v1/keys", []string{`"kind":"clerk"`, `"secret":"quan_[0-9a-z]{32}"`}},
}

var guide = []waypoint{
	{"pick()", nil},
	{"colour", []string{`"status":400`, `"pointer":"/cart/lines/0/quantity"`, `"code":"unknown_field","pointer":"/cart/colour"`, `須介於 1 到`}},
	{"/v1/reads", []string{`"status":200,.*"status":200,.*"status":404`}},
	{"farm-$RUN\" -H 'If-None-Match", []string{`(?m)^HTTP/1.1 201`, `(?mi)^ETag: "1"`, `"name":"Green Farm Ltd","rev":2`, `"status":412`, `somebody was first`}},
	{"limit=2", []string{`"items":\[\{"code":"street-[0-9]+-3"`}},
	{"/v1/prices", []string{`"sku":"rice-[0-9]+"`, `"payable_minor":1200`}},
	{"TOKEN=", []string{`^\{"items":\[\]\}\s*$`}},
}

// elsewhere are blocks that other tests see to, or that need what is not here.
var elsewhere = []string{"make run", "make test", "bin/quan replay", `bin/quan serve --db "postgres:`}

// TestTour pastes the README's blocks, one after the other, into a shell beside
// a fresh server, as a newcomer would; every command must succeed.
func TestTour(t *testing.T) { follow(t, "README.md", tour, elsewhere) }

// TestGuide does the same with the guide to the API.
func TestGuide(t *testing.T) { follow(t, filepath.Join("docs", "guides", "api.md"), guide, nil) }

func follow(t *testing.T, page string, way []waypoint, elsewhere []string) {
	p := program.New(t)
	blocks := blocksOf(t, page, elsewhere)
	if len(blocks) != len(way) {
		t.Fatalf("%s has %d blocks to paste, but what the reader must see is said of %d", page, len(blocks), len(way))
	}
	s := p.Serve()
	if err := os.Mkdir(filepath.Join(p.Dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(p.Program(), filepath.Join(p.Dir, "bin", "quan")); err != nil {
		t.Fatal(err)
	}
	shown := paste(p, blocks, s.URL)
	for i, w := range way {
		if !strings.Contains(blocks[i], w.block) {
			t.Errorf("block %d of %s has no %q:\n%s", i+1, page, w.block, blocks[i])
		}
		for _, pattern := range w.sees {
			if !regexp.MustCompile(pattern).MatchString(shown[i]) {
				t.Errorf("the reader does not see %s after\n%s\nbut\n%s", pattern, blocks[i], shown[i])
			}
		}
	}
	s.Stop()
	p.Verify()
}

// blocksOf reads the blocks of shell commands that the reader of a page pastes.
func blocksOf(t *testing.T, page string, elsewhere []string) (blocks []string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", page))
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]int{}
	for i, part := range strings.Split(string(raw), "```") {
		if i%2 == 0 {
			continue
		}
		block, ok := strings.CutPrefix(part, "sh\n")
		if !ok {
			t.Errorf("a block of code that is no sh:\n%s", part)
			continue
		}
		at := slices.IndexFunc(elsewhere, func(e string) bool { return strings.Contains(block, e) })
		if at < 0 {
			blocks = append(blocks, block)
			continue
		}
		left[elsewhere[at]]++
	}
	for _, e := range elsewhere {
		if left[e] != 1 {
			t.Errorf("%d blocks have %q, want one", left[e], e)
		}
	}
	return blocks
}

// paste runs the blocks in one shell, which stops at the first command that
// fails, and returns what each printed.
func paste(p *program.Place, blocks []string, url string) []string {
	p.Helper()
	const fence = "---- end of block"
	var script strings.Builder
	script.WriteString("set -e -o pipefail\n")
	for i, b := range blocks {
		fmt.Fprintf(&script, "%s\necho '%s %d'\n", strings.ReplaceAll(b, "http://127.0.0.1:8080", url), fence, i)
	}
	shell := exec.Command("bash", "--norc", "-c", script.String())
	shell.Dir = p.Dir
	shell.Env = append(p.Command().Env, "TMPDIR="+p.TempDir())
	var out, errs bytes.Buffer
	shell.Stdout, shell.Stderr = &out, &errs
	if err := shell.Start(); err != nil {
		p.Fatal(err)
	}
	stuck := time.AfterFunc(program.Late, func() { _ = shell.Process.Kill() })
	defer stuck.Stop()
	err := shell.Wait()
	var shown []string
	rest := out.String()
	for i := range blocks {
		before, after, ok := strings.Cut(rest, fmt.Sprintf("%s %d\n", fence, i))
		if !ok {
			p.Fatalf("block %d fails: %v\n%s\nit printed\n%s\n%s", i+1, err, blocks[i], rest, errs.String())
		}
		shown, rest = append(shown, before), after
	}
	if err != nil {
		p.Fatal(err)
	}
	return shown
}
