package load

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// figures is a result as JSON has it; durations in microseconds.
type figures struct {
	Work        string           `json:"work"`
	RateAsked   int64            `json:"rate_asked"` // 0: as fast as answers come
	RateReached float64          `json:"rate_reached"`
	Connections int              `json:"connections"`
	Seconds     float64          `json:"seconds"`
	Done        int64            `json:"done"`
	P50         int64            `json:"p50_us"`
	P90         int64            `json:"p90_us"`
	P99         int64            `json:"p99_us"`
	P999        int64            `json:"p999_us"`
	Max         int64            `json:"max_us"`
	Errors      map[string]int64 `json:"errors"`
	Unsent      int64            `json:"unsent"`
	Stopped     bool             `json:"stopped"`
	UsedUp      bool             `json:"used_up"`
}

// The quantiles that are told, of a million.
const (
	p50  = 500_000
	p90  = 900_000
	p99  = 990_000
	p999 = 999_000
)

func (r *Result) figures() figures {
	at := func(q int64) int64 { return r.Latencies.Quantile(q).Microseconds() }
	return figures{Work: r.Work, RateAsked: r.Plan.Rate, RateReached: r.rate(), Connections: r.Plan.Connections, Seconds: r.Took.Seconds(), Done: r.Done,
		P50: at(p50), P90: at(p90), P99: at(p99), P999: at(p999), Max: r.Latencies.Max().Microseconds(), Errors: r.Codes, Unsent: r.Unsent,
		Stopped: r.Stopped, UsedUp: r.UsedUp}
}

func (r *Result) rate() float64 { return float64(r.Done) / max(r.Took.Seconds(), 1e-9) }

// JSON writes the result for programs.
func (r *Result) JSON(w io.Writer) error { return json.NewEncoder(w).Encode(r.figures()) }

// Print writes the result for people.
func (r *Result) Print(w io.Writer) error {
	asked := "as fast as answers come"
	if r.Plan.Rate > 0 {
		asked = fmt.Sprintf("%d", r.Plan.Rate)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "work\tasked a second\treached a second\tp50\tp90\tp99\tp99.9\tmax\terrors\t")
	fmt.Fprintf(t, "%s\t%s\t%.0f\t%s\t%s\t%s\t%s\t%s\t%d\t\n", r.Work, asked, r.rate(), ms(r.Latencies.Quantile(p50)), ms(r.Latencies.Quantile(p90)),
		ms(r.Latencies.Quantile(p99)), ms(r.Latencies.Quantile(p999)), ms(r.Latencies.Max()), r.Refused())
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d done in %s over %d connections\n", r.Done, r.Took.Round(10*time.Millisecond), r.Plan.Connections)
	for _, code := range slices.Sorted(maps.Keys(r.Codes)) {
		fmt.Fprintf(w, "  %d × %s\n", r.Codes[code], code)
	}
	if r.Unsent > 0 {
		fmt.Fprintf(w, "%d requests could not be sent in time: this rate is more than the server bears with so many connections\n", r.Unsent)
	}
	if r.UsedUp {
		fmt.Fprintln(w, "everything that was prepared has been used: prepare more with --prepared")
	}
	if r.Stopped {
		fmt.Fprintln(w, "stopped before its time")
	}
	return nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
