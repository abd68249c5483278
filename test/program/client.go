package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// NewClient makes a client: many requests, few connections.
func NewClient() *http.Client {
	return &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into reads the body.
func (a Answer) Into(v any) error {
	if err := json.Unmarshal(a.Body, v); err != nil {
		return fmt.Errorf("%d %.300s: %w", a.Status, a.Body, err)
	}
	return nil
}

// Send sends one request, and again after the time that a program says that is
// overloaded: a slow machine is no failure. Headers are "Name: value".
func (s *Server) Send(c *http.Client, method, path, body string, headers ...string) (a Answer, err error) {
	for range 20 {
		a, err = s.send(c, method, path, body, headers...)
		var problem struct {
			Code   string
			Params struct {
				Seconds int64 `json:"retry_after_seconds"`
			}
		}
		if err != nil || a.Status != http.StatusServiceUnavailable || json.Unmarshal(a.Body, &problem) != nil ||
			problem.Code != "overloaded" || problem.Params.Seconds == 0 {
			return a, err
		}
		<-time.After(time.Duration(problem.Params.Seconds) * time.Second)
	}
	return a, err
}

func (s *Server) send(c *http.Client, method, path, body string, headers ...string) (Answer, error) {
	r, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+s.Key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := c.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	a.Body, err = io.ReadAll(resp.Body)
	return a, err
}

// Want sends a request that must be answered with the status, and reads the
// answer into v where it is not nil.
func (s *Server) Want(status int, v any, method, path, body string, headers ...string) Answer {
	s.Helper()
	c := NewClient()
	defer c.CloseIdleConnections()
	a, err := s.Send(c, method, path, body, headers...)
	if err != nil {
		s.Fatalf("%s %s: %v", method, path, err)
	}
	if a.Status != status {
		s.Fatalf("%s %s: %d, want %d\n%s", method, path, a.Status, status, a.Body)
	}
	if v != nil {
		if err := a.Into(v); err != nil {
			s.Fatal(err)
		}
	}
	return a
}

// Unreached reports whether an error says that the connection was refused or
// closed before any answer: what a program that ends may do to a client. A cut
// answer, a timeout or a malformed answer is none of it.
func Unreached(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, io.EOF) || strings.Contains(err.Error(), "server closed idle connection")
}

var templates atomic.Int64

// Template makes and publishes a coupon of 5 off for the load; limits is a JSON
// array, "" for none.
func (s *Server) Template(limits string) string {
	s.Helper()
	if limits == "" {
		limits = "[]"
	}
	var made struct{ ID string }
	s.Want(201, &made, "POST", "/v1/templates", `{"market": "main", "internal_name": "Load", "customer_name": {"en": "5 off"},
		"issuer": {"kind": "platform"}, "draft": {"claim": {"limits": `+limits+`}, "terms": {"kind": "no_threshold", "amount_minor": 500,
		"uses_per_coupon": 1, "validity": {"kind": "days", "days": 7},
		"funders": [{"kind": "platform", "code": "platform", "share_bps": 10000}]}}}`, "Idempotency-Key: template-"+strconv.FormatInt(templates.Add(1), 10))
	s.Want(200, nil, "POST", "/v1/templates/"+made.ID+"/publish", "", `If-Match: "1"`)
	return made.ID
}

// Compact makes an answer comparable.
func Compact(b []byte) string {
	var out bytes.Buffer
	if json.Compact(&out, b) != nil {
		return string(b)
	}
	return out.String()
}
