package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func served(t *testing.T, h http.HandlerFunc) *Target {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	target, err := NewTarget(s.URL, "secret", false)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func anything(n int64) Request { return Request{Method: "POST", Path: "/", Key: "k", Body: "{}"} }

// A server that stands still spoils the latency of all requests whose moment came
// meanwhile, though only one of them was under way.
func TestLatencyBeginsWhereItWasMeantTo(t *testing.T) {
	const still, rate = 300 * time.Millisecond, 200
	var first atomic.Bool
	target := served(t, func(w http.ResponseWriter, _ *http.Request) {
		if first.CompareAndSwap(false, true) {
			<-time.After(still)
		}
		w.WriteHeader(201)
	})
	r := target.Run(t.Context(), Work{Request: anything, Most: rate / 2}, Plan{Rate: rate, Duration: 20 * time.Second, Connections: 1})
	if r.Done != rate/2 || len(r.Codes) != 0 || !r.UsedUp {
		t.Fatalf("%+v", r)
	}
	// 60 of the 100 requests were meant for the time in which it stood still.
	if got := r.Latencies.Quantile(p50); got < still/10 {
		t.Errorf("half of the requests took at most %s: those that had to wait are not counted", got)
	}
}

func TestAnswersAreCountedByCode(t *testing.T) {
	var n atomic.Int64
	target := served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" || r.Header.Get("Idempotency-Key") != "k" {
			t.Error("no key")
		}
		switch n.Add(1) % 4 {
		case 0:
			w.WriteHeader(409)
			_, _ = w.Write([]byte(`{"code":"sold_out"}`))
		case 1:
			w.WriteHeader(502)
		case 2:
			panic(http.ErrAbortHandler)
		default:
			w.Header().Set("Connection", "close")
			w.WriteHeader(201)
		}
	})
	r := target.Run(t.Context(), Work{Name: "claims", Request: anything, Most: 40}, Plan{Duration: 20 * time.Second, Connections: 3})
	if r.Done != 10 || r.Codes["sold_out"] != 10 || r.Codes["status 502"] != 10 || r.Codes[noAnswer] != 10 || r.Refused() != 30 || r.Latencies.Count() != 30 {
		t.Errorf("%d done, %v, %d measured", r.Done, r.Codes, r.Latencies.Count())
	}
	var text, doc bytes.Buffer
	if err := errors.Join(r.Print(&text), r.JSON(&doc)); err != nil {
		t.Fatal(err)
	}
	var got figures
	if err := json.Unmarshal(doc.Bytes(), &got); err != nil || got.Done != 10 || got.Errors["sold_out"] != 10 || !got.UsedUp {
		t.Errorf("%v %s", err, doc.String())
	}
	for _, want := range []string{"10 × sold_out", "10 done in", "as fast as answers come"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
}

// A rate beyond the server's is told, and a run that is stopped has its result.
func TestOverloadAndStop(t *testing.T) {
	free := make(chan struct{}, 1)
	target := served(t, func(w http.ResponseWriter, _ *http.Request) {
		free <- struct{}{}
		<-time.After(20 * time.Millisecond)
		<-free
		w.WriteHeader(201)
	})
	r := target.Run(t.Context(), Work{Request: anything}, Plan{Rate: 1000, Duration: 300 * time.Millisecond, Connections: 2})
	if r.Done == 0 || r.Unsent < 200 || r.Stopped {
		t.Errorf("%d done, %d unsent, stopped %v", r.Done, r.Unsent, r.Stopped)
	}
	ctx, stop := context.WithCancel(t.Context())
	r = target.Run(ctx, Work{Request: anything}, Plan{Duration: time.Hour, Connections: 2, Progress: func(done, _ int64) { stop() }})
	if !r.Stopped || r.Done == 0 || r.Took > time.Minute {
		t.Errorf("%d done in %s, stopped %v", r.Done, r.Took, r.Stopped)
	}
}

func TestOtherMachinesAreRefused(t *testing.T) {
	for base, want := range map[string]bool{"http://127.0.0.1:8080": true, "http://[::1]:1": true, "https://localhost": true, "http://10.0.0.7:8080": false,
		"http://shop.example": false, "http://127.0.0.1.shop.example": false} {
		if _, err := NewTarget(base, "x", false); (err == nil) != want || !want && !errors.Is(err, ErrRemote) {
			t.Errorf("%s: %v", base, err)
		}
		if _, err := NewTarget(base, "x", true); err != nil {
			t.Errorf("%s, as wished: %v", base, err)
		}
	}
	for _, base := range []string{"", "shop", "ftp://127.0.0.1", "http://"} {
		if _, err := NewTarget(base, "x", true); err == nil || errors.Is(err, ErrRemote) {
			t.Errorf("%q: %v", base, err)
		}
	}
}
