package api

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"quan/internal/app/issuing"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// A stream gives samples through all layers as they come, lives on heartbeats, and ends
// when its caller may not watch any more.
func TestBoardStreams(t *testing.T) {
	ticks, beats := make(chan time.Time), make(chan struct{})
	w := newWeb(t, func(d *Deps) {
		d.Ticks = ticks
		d.Board = &reporting.Board{Reporting: d.Reporting, Sleep: func(ctx context.Context, _ time.Duration) error {
			select {
			case <-beats:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}}
	})
	template := w.Publish(testkit.Doc())
	w.refused(fault.MissingValue, "query:template", "GET", "/v1/board", nil)
	w.refused(fault.InvalidValue, "query:template", "GET", "/v1/board?template=x", nil)
	w.refused(fault.Absent, "", "GET", "/v1/board?template="+id.Format(id.Template, 7), nil)
	site := httptest.NewServer(w.server)
	defer site.Close()
	k := w.makeKey(access.KindServer, []access.Permission{access.StatisticsRead}, access.Scope{})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL+"/v1/board?template="+id.Format(id.Template, template), nil)
	w.Must(err)
	r.Header.Set("Authorization", "Bearer "+k)
	a, err := http.DefaultClient.Do(r)
	w.Must(err)
	defer a.Body.Close()
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != boardType {
		t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	lines := bufio.NewScanner(a.Body)
	until := func(begin string) string {
		t.Helper()
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), begin) {
				return lines.Text()
			}
		}
		t.Fatalf("the stream ended before %q: %v", begin, lines.Err())
		return ""
	}
	if data := until("data: "); !strings.Contains(data, `"issued":0`) || !strings.Contains(data, `"left":100`) {
		t.Errorf("the first sample %s", data)
	}
	w.Members(1)
	w.Must(w.Claim(issuing.ClaimInput{Template: template, Member: w.Key(0), Channel: "app"}).Err)
	w.Time.Advance(time.Second)
	beats <- struct{}{}
	if data := until("data: "); !strings.Contains(data, `"issued":1`) || !strings.Contains(data, `"issued_milli":1000`) {
		t.Errorf("the second sample %s", data)
	}
	ticks <- time.Time{}
	until(": still here")
	keys := w.ok(200, "GET", "/v1/keys", nil)
	for i := range keys.json["items"].([]any) {
		if one := keys.text("items", i, "id"); keys.text("items", i, "permissions", 0) == string(access.StatisticsRead) {
			w.ok(200, "DELETE", "/v1/keys/"+one, nil, `If-Match: "1"`)
		}
	}
	w.Time.Advance(time.Minute) // a key is remembered for a moment
	ticks <- time.Time{}
	until("event: end")
	for lines.Scan() {
		continue
	}
}
