package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
)

// Problem is an error as the caller sees it (RFC 9457).
type Problem struct {
	Type      string         `json:"type" doc:"URI reference of the code's description" example:"/docs#sold_out"`
	Title     string         `json:"title" doc:"what, in the caller's language"`
	Status    int            `json:"status" doc:"the HTTP status"`
	Detail    string         `json:"detail" doc:"what to do, in the caller's language"`
	Code      string         `json:"code" doc:"machine-readable code, stable" example:"sold_out"`
	Pointer   string         `json:"pointer,omitempty" doc:"JSON pointer into the body, or query:, path: or header: and a name"`
	Params    map[string]any `json:"params,omitempty" doc:"the parameters of the code"`
	RequestID string         `json:"request_id" doc:"names the request in the log"`
	Errors    []ProblemError `json:"errors,omitempty" doc:"all faults, where there is more than one" nullable:"false"`

	lang i18n.Lang
}

// ProblemError is one of several faults of a request.
type ProblemError struct {
	Code    string         `json:"code" doc:"machine-readable code"`
	Pointer string         `json:"pointer,omitempty" doc:"the part of the input"`
	Detail  string         `json:"detail" doc:"in the caller's language"`
	Params  map[string]any `json:"params,omitempty" doc:"the parameters of the code"`
}

// Error, GetStatus, GetHeaders and ContentType make huma write a Problem as it is.
func (p *Problem) Error() string             { return p.Code }
func (p *Problem) GetStatus() int            { return p.Status }
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders returns what a client needs to go on.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{"Cache-Control": {"no-store"}, "Content-Language": {string(p.lang)}}
	switch p.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="quan"`)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h.Set("Retry-After", retryAfter(p.Params))
	}
	return h
}

func retryAfter(params map[string]any) string {
	if s, ok := params["retry_after_seconds"].(int64); ok && s > 0 {
		return strconv.FormatInt(s, 10)
	}
	return "1"
}

// headerAtFault is where codes point that use cases know without a header.
var headerAtFault = map[fault.Code]string{
	fault.IfMatchMissing: "header:If-Match",
	fault.StaleRevision:  "header:If-Match",
}

// problem turns an error into what the caller sees. An error that is no fault is
// mute outside and remembered for the log.
func (c *call) problem(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	f := fault.From(err)
	if f != nil {
		f = c.waited(f)
	}
	if f == nil || f.Class() == fault.Internal {
		c.cause, f = err, fault.New(fault.InternalError)
	} else if f.Class() >= fault.Internal {
		c.cause = err
	}
	title, detail := i18n.Fault(c.lang, f, "")
	p = &Problem{Type: "/docs#" + string(f.Code), Title: title, Detail: detail, Status: int(f.Class()), Code: string(f.Code),
		Pointer: f.Pointer, Params: params(f), RequestID: c.id, lang: c.lang}
	if p.Pointer == "" {
		p.Pointer = headerAtFault[f.Code]
	}
	if len(f.Also) > 0 {
		for _, each := range append([]*fault.Fault{f}, f.Also...) {
			p.Errors = append(p.Errors, c.problemError(each))
		}
	}
	return p
}

func (c *call) problemError(f *fault.Fault) ProblemError { return c.problemErrorIn(f, "") }

// problemErrorIn tells a fault with its amounts in a currency.
func (c *call) problemErrorIn(f *fault.Fault, currency string) ProblemError {
	_, detail := i18n.Fault(c.lang, f, currency)
	return ProblemError{Code: string(f.Code), Pointer: f.Pointer, Detail: detail, Params: params(f)}
}

func params(f *fault.Fault) map[string]any {
	if len(f.Params) == 0 {
		return nil
	}
	out := make(map[string]any, len(f.Params))
	for _, p := range f.Params {
		out[p.Name] = plainParam(p.Value)
	}
	return out
}

// plainParam keeps a parameter that JSON can show.
func plainParam(v any) any {
	switch v := v.(type) {
	case nil, bool, int, int64, string, calendar.Instant, calendar.Date:
		return v
	case id.ID:
		return strconv.FormatInt(int64(v), 10)
	case interface{ String() string }:
		return v.String()
	}
	if b, err := json.Marshal(v); err == nil {
		return strings.Trim(string(b), `"`)
	}
	return nil
}

// write sends the problem where huma is not in charge.
func (p *Problem) write(w http.ResponseWriter) {
	h := w.Header()
	for k, v := range p.GetHeaders() {
		h[k] = v
	}
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(p) // the client is gone: nothing to do
}

// fail answers with the problem of an error.
func (c *call) fail(w http.ResponseWriter, err error) { c.problem(err).write(w) }
