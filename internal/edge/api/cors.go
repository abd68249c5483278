package api

import (
	"net/http"
	"slices"
	"strings"
)

// cors lets the pages of allowed origins reach the routes of browser keys; all
// other answers stay closed to pages. It says whether it has answered.
func (s *server) cors(w http.ResponseWriter, r *http.Request, pattern string) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || !s.browser[pattern] || !slices.Contains(s.Origins, origin) {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "ETag, Idempotency-Replayed, Retry-After, X-Request-Id")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return false
}

// preflight answers the question of a browser whether a page may send a request.
func (s *server) preflight(w http.ResponseWriter, r *http.Request) bool {
	origin, method := r.Header.Get("Origin"), r.Header.Get("Access-Control-Request-Method")
	if method == "" || !slices.Contains(s.Origins, origin) {
		return false
	}
	asked := r.Clone(r.Context())
	asked.Method = method
	if _, pattern := s.mux.Handler(asked); !s.browser[pattern] {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Methods", method)
	h.Set("Access-Control-Allow-Headers", strings.Join([]string{"Authorization", "Content-Type", "Idempotency-Key",
		"If-Match", "If-None-Match", "Accept-Language", memberTokenHeader, "X-Request-Id"}, ", "))
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}
