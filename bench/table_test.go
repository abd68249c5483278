package bench

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"
)

var (
	roundLength = flag.Duration("round", 2*time.Second, "length of one contestant's turn")
	only        = flag.String("only", "", "contestants whose name and way contain this, for profiles")
	roundCount  = flag.Int("rounds", 3, "turns of each contestant; the median counts")
)

// turn is what one turn of a contestant brought.
type turn struct {
	done int64           // claims, requests, coupons …
	took time.Duration   //
	each []time.Duration // of the single requests, where they are measured
	cpu  time.Duration   // of this process, load included, and of the servers that it has started
}

func (t turn) rate() float64 { return float64(t.done) / t.took.Seconds() }
func (t turn) cost() float64 { return float64(t.cpu.Microseconds()) / float64(max(t.done, 1)) }

// contestant takes turns with the others of its table.
type contestant struct {
	name  string
	note  string // callers, batch size
	run   func(d time.Duration) turn
	limit bool // the others are measured against it
}

// compete runs the contestants in turns, prints a table of their medians, and
// returns the rates by name.
func compete(b *testing.B, title string, all ...contestant) map[string]float64 {
	b.Helper()
	all = slices.DeleteFunc(all, func(c contestant) bool { return !strings.Contains(c.name+", "+c.note, *only) })
	turns := make([][]turn, len(all))
	for range *roundCount {
		for i, c := range all {
			before := processorTime()
			t := c.run(*roundLength)
			t.cpu = processorTime() - before
			turns[i] = append(turns[i], t)
		}
	}
	var limit float64
	for i, c := range all {
		if c.limit {
			limit = median(turns[i], turn.rate)
		}
	}
	rates := map[string]float64{}
	t := newTable(title, "what", "how", "per second", "of the limit", "CPU µs each", "p50", "p99")
	for i, c := range all {
		rate := median(turns[i], turn.rate)
		share := ""
		if limit > 0 && !c.limit {
			share = fmt.Sprintf("%.2f", rate/limit)
		}
		if c.limit {
			share = "limit"
		}
		t.row(c.name, c.note, fmt.Sprintf("%.0f", rate), share, fmt.Sprintf("%.1f", least(turns[i], turn.cost)), percentile(turns[i], 50), percentile(turns[i], 99))
		rates[c.name] = rate
		b.ReportMetric(rate, strings.ReplaceAll(c.name+"/"+c.note, " ", "-")+"/s")
	}
	t.print()
	return rates
}

func median(turns []turn, figure func(turn) float64) float64 {
	figures := make([]float64, len(turns))
	for i, t := range turns {
		figures[i] = figure(t)
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}

// least is what a figure is when the others on the machine disturb it least.
func least(turns []turn, figure func(turn) float64) float64 {
	best := figure(turns[0])
	for _, t := range turns[1:] {
		best = min(best, figure(t))
	}
	return best
}

// processorTime is what this process and those it has started (databases, rivals)
// have used of the processors, user and system. It is what a figure can be judged
// by on a machine that others use too.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano()+u.Stime.Nano()) + startedTime()
}

// startedTime is that of the processes below this one, as /proc tells in
// hundredths of a second; zero where there is no /proc.
func startedTime() (sum time.Duration) {
	type process struct {
		parent string
		used   int64
	}
	all := map[string]process{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		raw, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		_, after, _ := strings.Cut(string(raw), ") ")
		f := strings.Fields(after)
		if len(f) < 15 {
			continue
		}
		p := process{parent: f[1]}
		for _, field := range f[11:15] { // user and system, its own and that of children that have ended
			n, _ := strconv.ParseInt(field, 10, 64)
			p.used += n
		}
		all[filepath.Base(filepath.Dir(name))] = p
	}
	self := strconv.Itoa(os.Getpid())
	for name, p := range all {
		for up := p.parent; name != self && up != ""; up = all[up].parent {
			if up == self {
				sum += time.Duration(p.used) * 10 * time.Millisecond
				break
			}
		}
	}
	return sum
}

func percentile(turns []turn, p int) string {
	var all []time.Duration
	for _, t := range turns {
		all = append(all, t.each...)
	}
	if len(all) == 0 {
		return ""
	}
	slices.Sort(all)
	return fmt.Sprintf("%.1f ms", float64(all[min(len(all)*p/100, len(all)-1)].Microseconds())/1000)
}

// table is printed when its benchmark has ended.
type table struct {
	title string
	lines []string
}

func newTable(title string, heads ...string) *table {
	t := &table{title: title}
	t.row(heads...)
	return t
}

func (t *table) row(cells ...string) { t.lines = append(t.lines, strings.Join(cells, "\t")) }

// printing keeps the lines of tables together.
var printing sync.Mutex

func (t *table) print() {
	printing.Lock()
	defer printing.Unlock()
	fmt.Fprintf(os.Stdout, "\n%s\n", t.title)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, l := range t.lines {
		fmt.Fprintln(w, l)
	}
	_ = w.Flush()
	fmt.Fprintln(os.Stdout)
}
