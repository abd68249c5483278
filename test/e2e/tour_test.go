package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// waypoints are what the reader must see: a part of one block, and patterns of
// what that block prints.
var waypoints = []struct {
	block string
	sees  []string
}{
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

// elsewhere are blocks that other tests see to, or that need what is not here.
var elsewhere = []string{"make run", "make test", "bin/quan replay", `bin/quan serve --db "postgres:`}

// TestTour pastes the README's blocks, one after the other, into a shell beside
// a fresh server, as a newcomer would; every command must succeed.
func TestTour(t *testing.T) {
	p := newPlace(t)
	blocks := tour(t)
	s := p.serve()
	if err := os.Mkdir(filepath.Join(p.dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(built, filepath.Join(p.dir, "bin", "quan")); err != nil {
		t.Fatal(err)
	}
	shown := p.paste(blocks, s.url)
	for _, w := range waypoints {
		at := -1
		for i, b := range blocks {
			if strings.Contains(b, w.block) {
				if at >= 0 {
					t.Errorf("%q stands in several blocks", w.block)
				}
				at = i
			}
		}
		if at < 0 {
			t.Errorf("no block has %q", w.block)
			continue
		}
		for _, pattern := range w.sees {
			if !regexp.MustCompile(pattern).MatchString(shown[at]) {
				t.Errorf("the reader does not see %s after\n%s\nbut\n%s", pattern, blocks[at], shown[at])
			}
		}
	}
	s.stop()
	p.verify()
}

// tour reads the blocks of shell commands that the reader pastes.
func tour(t *testing.T) (blocks []string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
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
		mine := true
		for _, e := range elsewhere {
			if strings.Contains(block, e) {
				left[e]++
				mine = false
				break
			}
		}
		if mine {
			blocks = append(blocks, block)
		}
	}
	for _, e := range elsewhere {
		if left[e] != 1 {
			t.Errorf("%d blocks have %q, want one", left[e], e)
		}
	}
	if len(blocks) != len(waypoints) {
		t.Errorf("the README has %d blocks to paste, waypoints has %d: say what the reader must see", len(blocks), len(waypoints))
	}
	return blocks
}

// paste runs the blocks in one shell, which stops at the first command that
// fails, and returns what each printed.
func (p *place) paste(blocks []string, url string) []string {
	p.Helper()
	const fence = "---- end of block"
	var script strings.Builder
	script.WriteString("set -e -o pipefail\n")
	for i, b := range blocks {
		fmt.Fprintf(&script, "%s\necho '%s %d'\n", strings.ReplaceAll(b, "http://127.0.0.1:8080", url), fence, i)
	}
	shell := exec.Command("bash", "--norc", "-c", script.String())
	shell.Dir = p.dir
	shell.Env = append(p.command().Env, "TMPDIR="+p.TempDir())
	var out, errs bytes.Buffer
	shell.Stdout, shell.Stderr = &out, &errs
	if err := shell.Start(); err != nil {
		p.Fatal(err)
	}
	stuck := time.AfterFunc(late, func() { _ = shell.Process.Kill() })
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
