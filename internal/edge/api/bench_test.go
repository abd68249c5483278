package api

import (
	"net/http/httptest"
	"testing"
)

// BenchmarkMe is the cost of a request that asks no store: id, log, route, key.
func BenchmarkMe(b *testing.B) {
	w := newWeb(b)
	for b.Loop() {
		w.server.ServeHTTP(httptest.NewRecorder(), w.request("GET", "/v1/me", nil))
		w.logs.Reset()
	}
}

// BenchmarkClaim is a claim through the API alone on its commit.
func BenchmarkClaim(b *testing.B) {
	w := newStage(b)
	body := claimOf(w.template, phone)
	for b.Loop() {
		w.server.ServeHTTP(httptest.NewRecorder(), w.request("POST", "/v1/claims", body))
		w.logs.Reset()
	}
}

// BenchmarkScreen is a claim that is refused after its body was read and
// checked: what reading costs.
func BenchmarkScreen(b *testing.B) {
	w := newStage(b)
	body := claimOf(w.template, phone)
	body["member"] = map[string]any{}
	for b.Loop() {
		w.server.ServeHTTP(httptest.NewRecorder(), w.request("POST", "/v1/claims", body))
		w.logs.Reset()
	}
}
