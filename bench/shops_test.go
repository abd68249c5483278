package bench

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"quan/internal/store/postgres/pgtest"
)

var shops = flag.String("shops", "", "folder of the other shops, as bench/rivals/run installs them; none: quan alone")

// What the shops' programs call themselves.
const (
	medusaCompute    = "medusa computeActions"
	medusaByCode     = "medusa computeActions, by code"
	vendureChange    = "vendure line change"
	vendureEvaluator = "vendure evaluator"
)

// prices collects the timings of each contestant on each of the offers.
type prices struct {
	names []string // in the order in which they came
	turns map[offers]map[string][]timing
}

func (p *prices) add(o offers, name string, t timing) {
	if !slices.Contains(p.names, name) {
		p.names = append(p.names, name)
	}
	if p.turns[o] == nil {
		p.turns[o] = map[string][]timing{}
	}
	p.turns[o][name] = append(p.turns[o][name], t)
}

// quietest is the turn with the least p50: what else the machine does counts least.
func (p *prices) quietest(o offers, name string) (timing, bool) {
	turns := p.turns[o][name]
	if len(turns) == 0 {
		return timing{}, false
	}
	return slices.MinFunc(turns, func(a, b timing) int { return cmp.Compare(a.P50, b.P50) }), true
}

// BenchmarkPrices is the price of one cart with 2 to 1,001 promotions, by quan
// and by the shops that are installed, in turns: single calls, one after the
// other. The table says how many times as long the shops take, by the median call.
func BenchmarkPrices(b *testing.B) {
	all := []offers{{n: 2}, {n: 101}, {n: 101, dear: true}, {n: 101, all: true}, {n: 1001}}
	quoted := all[:4] // a quote looks at the coupons of a wallet, 1,000 at most
	tills := map[string][]*till{}
	for _, engine := range engines {
		tills[engine] = newStage(b, engine).tills(b, quoted)
	}
	p := &prices{turns: map[offers]map[string][]timing{}}
	for range *roundCount {
		for n, o := range all {
			p.visit(b, o)
			p.add(o, "quan, evaluation, sets of 5", o.evaluation(b, 5))
			if o.all {
				p.add(o, "quan, evaluation, sets of any size", o.evaluation(b, o.n))
				p.add(o, "quan, all applied, no search", o.application(b))
			}
			for _, engine := range engines {
				if n < len(quoted) {
					p.add(o, "quan, POST /v1/quotes, "+engine, tills[engine][n].quotes(b, o))
				}
			}
		}
	}
	p.print(all)
}

// visit lets the other shops price the cart.
func (p *prices) visit(b *testing.B, o offers) {
	b.Helper()
	if *shops == "" {
		return
	}
	calls := "300"
	if o.n > 500 || o.all {
		calls = "60" // tens of milliseconds each
	}
	for _, shop := range []string{"medusa", "vendure"} {
		c := exec.CommandContext(b.Context(), "node", append([]string{filepath.Join(*shops, shop, "run.mjs"), "--calls", calls}, o.arguments()...)...)
		server, err := durable()
		must(b, err)
		c.Env, c.Stderr = append(os.Environ(), pgtest.EnvDSN+"="+server.DSN), os.Stderr
		out, err := c.Output()
		must(b, err)
		for _, line := range bytes.Split(bytes.TrimSpace(out), []byte("\n")) {
			var said struct {
				Rival string `json:"rival"`
				timing
			}
			must(b, json.Unmarshal(line, &said))
			p.add(o, said.Rival, said.timing)
		}
	}
}

// print shows all offers in one table.
func (p *prices) print(all []offers) {
	t := newTable("Price of a cart of ten lines; single calls, one after the other, the quietest turn; × is how many times as long a shop takes, by p50",
		"promotions", "by", "off", "p50 µs", "p99 µs", "mean µs", "allocs", "× Vendure's evaluator", "× Vendure", "× Medusa", "× Medusa by code")
	for _, o := range all {
		for _, name := range p.names {
			m, ran := p.quietest(o, name)
			if !ran {
				continue
			}
			ratio := func(shop string) string {
				s, ran := p.quietest(o, shop)
				if !ran || shop == name {
					return ""
				}
				return fmt.Sprintf("%.1f", s.P50/m.P50)
			}
			allocs := ""
			if m.allocs > 0 {
				allocs = fmt.Sprintf("%.0f", m.allocs)
			}
			t.row(o.String(), name, fmt.Sprintf("%.2f", float64(m.Discount)/100), fmt.Sprintf("%.1f", m.P50), fmt.Sprintf("%.1f", m.P99), fmt.Sprintf("%.1f", m.Mean),
				allocs, ratio(vendureEvaluator), ratio(vendureChange), ratio(medusaCompute), ratio(medusaByCode))
		}
	}
	t.print()
}
