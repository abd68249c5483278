package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"quan/internal/kernel/fault"
)

// MaxBody is the largest body that is read, in bytes.
const MaxBody = 1 << 20

// ServeHTTP answers every request: the outermost layer.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	c, r := newCall(r)
	c.running, c.end = &s.running, func() {}
	rec := &recorder{ResponseWriter: w, call: c}
	s.inFlight.Inc()
	defer func() {
		p := recover()
		c.end()
		if p != nil {
			s.panicked(c, rec, p)
		}
		s.inFlight.Dec()
		s.finish(c, rec, time.Since(began))
		if p != nil && rec.bytes > 0 && !rec.whole {
			panic(http.ErrAbortHandler) // half an answer must not look like one
		}
	}()
	secure(rec.Header())
	rec.Header().Set("X-Request-Id", c.id)
	s.dispatch(c, rec, r)
}

// secure sets the headers that every answer has; pages widen the policy.
func secure(h http.Header) {
	for i := range always {
		h[always[i].name] = always[i].value
	}
}

// always are the headers of every answer. All answers share the lists, so each is as
// long as its array: what is added makes a new one.
var always = [...]struct {
	name  string // as http.CanonicalHeaderKey writes it
	value []string
}{
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"X-Frame-Options", []string{"DENY"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	{"Content-Security-Policy", []string{"default-src 'none'; frame-ancestors 'none'"}},
	{"Cache-Control", []string{"no-store"}},
	{"Vary", []string{"Accept-Language, Origin"}},
}

// dispatch finds the route; what has none is a problem too, never a redirect.
func (s *server) dispatch(c *call, w *recorder, r *http.Request) {
	h, pattern := s.mux.Handler(r)
	path := r.URL.EscapedPath()
	if pattern == "" || strings.Contains(path, "//") || strings.Contains(path, "/.") {
		s.unrouted(c, w, r, h, pattern)
		return
	}
	c.route = pattern
	if s.cors(w, r, pattern) {
		return
	}
	if err := s.crossOrigin.Check(r); err != nil {
		c.fail(w, fault.New(fault.PermissionDeny, "permission", "cross_origin").At("header:Origin"))
		return
	}
	if do := s.quick[pattern]; do != nil {
		do(c, w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// unrouted answers a path that is unknown (404) or known for other methods (405,
// OPTIONS 204), as the mux says.
func (s *server) unrouted(c *call, w *recorder, r *http.Request, h http.Handler, pattern string) {
	if pattern == "" {
		probe := &recorder{ResponseWriter: mute{http.Header{}}, call: &call{}}
		h.ServeHTTP(probe, r)
		if allow := probe.Header().Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow+", OPTIONS")
			if r.Method != http.MethodOptions {
				c.fail(w, fault.New(fault.MethodUnknown))
			} else if !s.preflight(w, r) {
				w.WriteHeader(http.StatusNoContent)
			}
			return
		}
	}
	c.fail(w, fault.New(fault.Absent, "what", "route"))
}

// mute takes an answer that is only looked at.
type mute struct{ header http.Header }

func (m mute) Header() http.Header         { return m.header }
func (m mute) Write(b []byte) (int, error) { return len(b), nil }
func (m mute) WriteHeader(int)             {}

func (s *server) panicked(c *call, w *recorder, p any) {
	s.Log.Error("panic", "request_id", c.id, "route", c.route, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	if w.status == 0 {
		c.fail(w, fault.New(fault.InternalError))
		w.whole = true
	}
}

// finish logs and measures. The route pattern stands for the path, whose values
// may be phone numbers.
func (s *server) finish(c *call, w *recorder, took time.Duration) {
	status := w.status
	if status == 0 {
		status = http.StatusOK
	}
	route := c.route
	if route == "" {
		route = "none"
	}
	s.observe(route, status, took)
	level := slog.LevelInfo
	switch {
	case status >= 500:
		level = slog.LevelError
	case s.quiet[route]:
		level = slog.LevelDebug
	}
	ctx := c.request.Context()
	if !s.Log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{slog.String("request_id", c.id), slog.String("route", route), slog.Int("status", status),
		slog.Duration("took", took), slog.Int64("bytes", w.bytes), slog.String("principal", c.principal.ID)}
	if c.cause != nil {
		attrs = append(attrs, slog.String("error", c.cause.Error()))
	}
	s.Log.LogAttrs(ctx, level, "request", attrs...)
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	call   *call
	status int
	bytes  int64
	whole  bool // the answer is complete, whatever happens
}

func (r *recorder) WriteHeader(status int) {
	if r.call.instead != 0 {
		status = r.call.instead
	}
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
