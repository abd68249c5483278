package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/kernel/fault"
)

// A page shows what several operations answer. Each read by itself costs its way over
// the network; on a phone that is what is waited for. So reads travel together, and
// each is answered as it would be alone: by the same handler, with the same key and
// permission, under a line of its own in the log and the metrics.

const (
	mostReads = 64 // in one request
	atOnce    = 4  // of one request
)

type readsInput struct{ Body readsBody }

type readsBody struct {
	Reads []string `json:"reads" minItems:"1" maxItems:"64" doc:"paths with their queries, of operations that answer JSON to a GET" example:"[\"/v1/markets/main\"]" nullable:"false"`
}

type readsAnswer struct {
	Body struct {
		Answers []readAnswer `json:"answers" doc:"in the order of the reads" nullable:"false"`
	}
}

type readAnswer struct {
	Status int    `json:"status" doc:"of this read"`
	ETag   string `json:"etag,omitempty" doc:"of the row, where it has one"`
	Body   any    `json:"body" doc:"what the operation answers, or its problem"`
}

func (s *server) readsRoutes() {
	add(s, operation{id: "read-several", method: "POST", path: "/v1/reads", tag: "administration", may: anyKey,
		summary: "Read several things in one request",
		about: "At most 64 reads, each answered as it would be alone, with its own status and permission; one that is refused hinders none of the others. " +
			"They are not of one moment. Files, pictures and streams are no reads. Writes nothing.",
		example: readsBody{[]string{"/v1/markets/main", "/v1/templates?limit=10"}}},
		func(_ context.Context, c *call, in *readsInput) (*readsAnswer, error) {
			out := &readsAnswer{}
			out.Body.Answers = make([]readAnswer, len(in.Body.Reads))
			places := make(chan struct{}, atOnce)
			var all sync.WaitGroup
			for i, path := range in.Body.Reads {
				places <- struct{}{}
				all.Go(func() {
					defer func() { <-places }()
					out.Body.Answers[i] = s.read(c, i, path)
				})
			}
			all.Wait()
			return out, nil
		})
}

// read answers one read of a request.
func (s *server) read(c *call, i int, path string) (out readAnswer) {
	own := &call{id: readID(c, i), lang: c.lang} // reads go on beside each other
	refused := func(f *fault.Fault) readAnswer {
		p := own.problem(f)
		return readAnswer{Status: p.Status, Body: p}
	}
	r, ok := s.readOf(c, i, path)
	if !ok {
		return refused(fault.New(fault.InvalidValue).At(fmt.Sprintf("/reads/%d", i)))
	}
	w := &kept{header: http.Header{}, status: http.StatusOK}
	defer func() {
		// The handler has logged it; half an answer is none.
		if recover() != nil {
			out = refused(fault.New(fault.InternalError))
		}
	}()
	s.ServeHTTP(w, r)
	return readAnswer{w.status, w.header.Get("ETag"), json.RawMessage(w.body.Bytes())}
}

// readOf is the request that a path of a body stands for; false where it is none of
// an operation that answers JSON to a GET.
func (s *server) readOf(c *call, i int, path string) (*http.Request, bool) {
	u, err := url.ParseRequestURI(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/v1/") || u.Query().Has("format") {
		return nil, false
	}
	r := (&http.Request{Method: http.MethodGet, URL: u, RequestURI: path, Proto: c.request.Proto, ProtoMajor: c.request.ProtoMajor, ProtoMinor: c.request.ProtoMinor,
		Host: c.request.Host, RemoteAddr: c.request.RemoteAddr, TLS: c.request.TLS, Header: c.request.Header.Clone(), Body: http.NoBody}).WithContext(c.request.Context())
	for _, name := range []string{"Content-Type", "Content-Length", "Idempotency-Key", "If-Match", "If-None-Match"} {
		r.Header.Del(name)
	}
	r.Header.Set("X-Request-Id", readID(c, i))
	_, pattern := s.mux.Handler(r)
	return r, s.readable[pattern]
}

// readID names a read in the log, after the request that it came with.
func readID(c *call, i int) string { return fmt.Sprintf("%.60s.%d", c.id, i) }

// kept takes an answer that goes out as a part of another.
type kept struct {
	header http.Header
	body   bytes.Buffer
	status int
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }
func (k *kept) WriteHeader(status int)      { k.status = status }

// isRead reports whether an operation answers JSON to a GET.
func isRead[O any](o *operation) bool {
	_, stream := any(new(O)).(*huma.StreamResponse)
	return o.method == http.MethodGet && !stream
}
