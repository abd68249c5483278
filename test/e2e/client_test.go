package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// client is a shared one: many requests, few connections.
func newClient() *http.Client {
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// into reads the body.
func (a answer) into(v any) error {
	if err := json.Unmarshal(a.body, v); err != nil {
		return fmt.Errorf("%d %.300s: %w", a.status, a.body, err)
	}
	return nil
}

// send sends one request; headers are "Name: value".
func (s *server) send(c *http.Client, method, path, body string, headers ...string) (answer, error) {
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := c.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	a.body, err = io.ReadAll(resp.Body)
	return a, err
}

// want sends a request that must be answered with the status, and reads the
// answer into v where it is not nil.
func (s *server) want(status int, v any, method, path, body string, headers ...string) answer {
	s.Helper()
	c := newClient()
	defer c.CloseIdleConnections()
	a, err := s.send(c, method, path, body, headers...)
	if err != nil {
		s.Fatalf("%s %s: %v", method, path, err)
	}
	if a.status != status {
		s.Fatalf("%s %s: %d, want %d\n%s", method, path, a.status, status, a.body)
	}
	if v != nil {
		if err := a.into(v); err != nil {
			s.Fatal(err)
		}
	}
	return a
}

// unreached reports whether an error says that the connection was refused or
// closed before any answer: what a program that ends may do to a client. A cut
// answer, a timeout or a malformed answer is none of it.
func unreached(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, io.EOF) || strings.Contains(err.Error(), "server closed idle connection")
}

// template makes and publishes a coupon of 5 off, without limits, for the load.
func (s *server) template() string {
	s.Helper()
	var made struct{ ID string }
	s.want(201, &made, "POST", "/v1/templates", `{"market": "main", "internal_name": "Load", "customer_name": {"en": "5 off"},
		"issuer": {"kind": "platform"}, "draft": {"claim": {}, "terms": {"kind": "no_threshold", "amount_minor": 500,
		"uses_per_coupon": 1, "validity": {"kind": "days", "days": 7},
		"funders": [{"kind": "platform", "code": "platform", "share_bps": 10000}]}}}`, "Idempotency-Key: template")
	s.want(200, nil, "POST", "/v1/templates/"+made.ID+"/publish", "", `If-Match: "1"`)
	return made.ID
}

// compact makes an answer comparable.
func compact(b []byte) string {
	var out bytes.Buffer
	if json.Compact(&out, b) != nil {
		return string(b)
	}
	return out.String()
}
