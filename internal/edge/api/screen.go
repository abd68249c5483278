package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/edge/api/strict"
	"quan/internal/kernel/fault"
)

// screen sees that a request fits the operation's own schema before huma binds
// it, so that every refusal is a code with a pointer.
type screen struct {
	server *server
	o      *operation
	params []*huma.Param
	body   *huma.Schema // nil where the operation takes none
}

// prepare takes the schemas that huma made of the input.
func (s *screen) prepare(op *huma.Operation) {
	s.params = op.Parameters
	if op.RequestBody != nil {
		s.body = op.RequestBody.Content["application/json"].Schema
	}
}

func (s *screen) check(ctx huma.Context, next func(huma.Context)) {
	r, w := unwrap(ctx)
	if _, err := s.request(r, w); err != nil {
		callOf(r.Context()).fail(w, err)
		return
	}
	next(ctx)
}

// request returns the body, nil where the operation takes none.
func (s *screen) request(r *http.Request, w http.ResponseWriter) (*strict.Node, error) {
	var faults fault.List
	s.parameters(r, &faults)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	data, err := s.server.readBody(r, w, s.o.most)
	if err != nil {
		return nil, err
	}
	if s.body == nil {
		if len(bytes.TrimSpace(data)) > 0 {
			return nil, fault.New(fault.InvalidBody, "reason", "no body is taken here")
		}
		return nil, nil
	}
	if err := jsonType(r.Header); err != nil {
		return nil, err
	}
	node, refusal := strict.Parse(data)
	if refusal != nil {
		return nil, refusal
	}
	if node.Kind != strict.Object {
		return nil, fault.New(fault.InvalidBody, "reason", "no object")
	}
	v := validation{registry: s.server.huma.OpenAPI().Components.Schemas}
	v.value(s.body, node, "")
	if err := v.faults.Err(); err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	return node, nil
}

// readBody reads at most so many bytes that are not compressed, within the time
// that a body may take: a caller that drips holds no handler for long.
func (s *server) readBody(r *http.Request, w http.ResponseWriter, most int64) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if r.Header.Get("Content-Encoding") != "" {
		return nil, fault.New(fault.InvalidBody, "reason", "compressed").At("header:Content-Encoding")
	}
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(s.bodyTime)) // not every writer has a connection
	defer func() { _ = connection.SetReadDeadline(time.Time{}) }()
	data, err := readAll(http.MaxBytesReader(w, r.Body, most), r.ContentLength)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, fault.New(fault.TooLargeBody, "max", most)
	case err != nil:
		return nil, fault.New(fault.InvalidBody, "reason", "cut off")
	}
	return data, nil
}

// usualBody is the length up to which a body is believed to be as long as it says.
const usualBody = 16 << 10

// readAll reads to the end; length is what was announced, negative for nothing.
func readAll(r io.Reader, length int64) ([]byte, error) {
	if length <= 0 || length > usualBody {
		return io.ReadAll(r)
	}
	data := make([]byte, length)
	_, err := io.ReadFull(r, data) // net/http ends the body there
	return data, err
}

// jsonType demands a body that says it is JSON, in UTF-8.
func jsonType(h http.Header) error {
	values := h.Values("Content-Type")
	if len(values) == 1 && values[0] == "application/json" {
		return nil
	}
	refusal := fault.New(fault.InvalidBody, "reason", "content type").At("header:Content-Type")
	if len(values) != 1 {
		return refusal
	}
	kind, params, err := mime.ParseMediaType(values[0])
	if err != nil || kind != "application/json" {
		return refusal
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return refusal
	}
	return nil
}
