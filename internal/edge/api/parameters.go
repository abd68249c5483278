package api

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/edge/api/strict"
	"quan/internal/kernel/fault"
)

// missingHeader are the codes of required headers that are absent.
var missingHeader = map[string]fault.Code{
	"Idempotency-Key": fault.MissingKey,
	"If-Match":        fault.IfMatchMissing,
}

// parameters checks path, query and headers against the operation's parameters.
// A query parameter that it does not name, or one given twice, is refused.
func (s *screen) parameters(r *http.Request, faults *fault.List) {
	var query url.Values
	if r.URL.RawQuery != "" {
		var err error
		if query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
			faults.Add(fault.New(fault.InvalidValue).At("query:"))
			return
		}
	}
	for _, name := range slices.Sorted(mapKeys(query)) {
		if !slices.ContainsFunc(s.params, func(p *huma.Param) bool { return p.In == "query" && p.Name == name }) {
			faults.Add(fault.New(fault.UnknownField).At("query:" + pointerName(name)))
		}
	}
	for _, p := range s.params {
		var values []string
		switch p.In {
		case "path":
			values = []string{r.PathValue(p.Name)}
		case "query":
			values = query[p.Name]
		case "header":
			values = r.Header.Values(p.Name)
		}
		s.parameter(p, values, faults)
	}
}

func (s *screen) parameter(p *huma.Param, values []string, faults *fault.List) {
	at := p.In + ":" + p.Name
	switch {
	case len(values) > 1:
		faults.Add(fault.New(fault.DuplicateValue).At(at))
	case len(values) == 0:
		if p.Required {
			code, ok := missingHeader[p.Name]
			if !ok {
				code = fault.MissingValue
			}
			faults.Add(fault.New(code).At(at))
		}
	case p.In == "header" && !printable(values[0]):
		faults.Add(fault.New(fault.InvalidValue).At(at))
	case values[0] == "" && p.Name == "cursor": // the start, as a client's empty variable says
	case values[0] == "":
		code := fault.MissingValue
		if own, ok := missingHeader[p.Name]; ok && p.Required {
			code = own
		}
		faults.Add(fault.New(code).At(at))
	default:
		v := validation{registry: s.server.huma.OpenAPI().Components.Schemas}
		v.value(p.Schema, textNode(p.Schema, values[0]), at)
		faults.Faults = append(faults.Faults, v.faults.Faults...)
	}
}

// textNode is a parameter's text as the JSON value that its schema speaks of.
func textNode(s *huma.Schema, text string) *strict.Node {
	switch {
	case s.Type == huma.TypeInteger:
		return &strict.Node{Kind: strict.Number, Text: text}
	case s.Type == huma.TypeBoolean && (text == "true" || text == "false"):
		return &strict.Node{Kind: strict.Bool, Truth: text == "true"}
	}
	return &strict.Node{Kind: strict.String, Text: text}
}

// printable reports ASCII without control characters.
func printable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// pointerName keeps an unknown name short and harmless in a pointer.
func pointerName(name string) string {
	if len(name) > 64 || !printable(name) {
		return "?"
	}
	return name
}
