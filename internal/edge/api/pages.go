package api

import (
	"embed"
	"encoding/json"
	"net/http"

	"quan/internal/kernel/fault"
)

//go:embed page
var pageFiles embed.FS

// pagePolicy lets the documentation page run its own script and style, and talk
// to this server only.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Document is the OpenAPI document of the API, as /openapi.json serves it. It needs
// no installation.
func Document() ([]byte, error) {
	s, err := newServer(Deps{})
	if err != nil {
		return nil, err
	}
	return json.Marshal(s.huma.OpenAPI())
}

// pages adds what is no operation: the document, its page, health and metrics.
func (s *server) pages() {
	document, err := json.Marshal(s.huma.OpenAPI())
	if err != nil {
		panic(err) // the document is made of our own types
	}
	yaml, err := s.huma.OpenAPI().YAML()
	if err != nil {
		panic(err)
	}
	s.serve("/openapi.json", "application/json; charset=utf-8", document)
	s.serve("/openapi.yaml", "application/yaml; charset=utf-8", yaml)
	s.page("/docs", "index.html", "text/html; charset=utf-8")
	s.page("/docs/page.js", "page.js", "text/javascript; charset=utf-8")
	s.page("/docs/page.css", "page.css", "text/css; charset=utf-8")
	s.probe("/healthz", func(*http.Request) error { return nil })
	s.probe("/readyz", func(r *http.Request) error {
		if s.Ready == nil {
			return nil
		}
		return s.Ready(r.Context())
	})
	if s.Metrics {
		s.mux.Handle("GET /metrics", s.metricsHandler())
		s.quiet["GET /metrics"] = true
	}
}

// serve answers a path with a fixed text.
func (s *server) serve(path, kind string, body []byte) {
	s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body) // the client is gone: nothing to do
	})
}

func (s *server) page(path, name, kind string) {
	body, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		panic(err) // embedded
	}
	s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Security-Policy", pagePolicy)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body)
	})
}

// probe answers with the state of the program; why it is not ready stands in the
// log and in no answer.
func (s *server) probe(path string, state func(*http.Request) error) {
	pattern := "GET " + path
	s.quiet[pattern] = true
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := state(r); err != nil {
			c := callOf(r.Context())
			c.fail(w, fault.New(fault.Overloaded))
			c.cause = err
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = writeJSON(w, map[string]string{"status": "ok", "version": s.Version})
	})
}
