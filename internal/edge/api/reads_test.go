package api

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

// TestReadsAreThoseAlone: every operation that answers JSON to a GET answers the same
// within one request as alone, with status and ETag.
func TestReadsAreThoseAlone(t *testing.T) {
	w := newStage(t)
	bases := w.bases()
	var paths []string
	for _, o := range w.server.operations {
		if b := bases[o.id]; w.server.readable[o.pattern()] && o.may != account && o.may != asMember && b.ready == nil {
			paths = append(paths, b.path)
		}
	}
	if len(paths) < 40 {
		t.Fatalf("only %d reads", len(paths))
	}
	for len(paths) > 0 {
		part := paths[:min(len(paths), mostReads)]
		paths = paths[len(part):]
		several := w.ok(200, "POST", "/v1/reads", map[string]any{"reads": part})
		for i, path := range part {
			alone := w.send("GET", path, nil)
			got := several.json["answers"].([]any)[i].(map[string]any)
			etag, _ := got["etag"].(string)
			if int(got["status"].(float64)) != alone.status || etag != alone.header.Get("ETag") || alone.status != 200 {
				t.Errorf("%s: %v %q, alone %d %q", path, got["status"], etag, alone.status, alone.header.Get("ETag"))
			}
			if diff := cmp.Diff(any(alone.json), got["body"]); diff != "" {
				t.Errorf("%s differs from the answer alone: %s", path, diff)
			}
		}
	}
}

// TestReadsRefuse: a read that is refused hinders none beside it, brings its own
// problem, and nothing but a read is done.
func TestReadsRefuse(t *testing.T) {
	w := newStage(t)
	for _, c := range []struct {
		path, code string
	}{
		{"/v1/templates/tpl_0000000000001", "not_found"},
		{"/v1/templates?limit=0", "out_of_range"},
		{"/v1/templates?limit=5&colour=red", "unknown_field"},
		{"/v1/nothing", "invalid_value"},
		{"/v1/reads", "invalid_value"},
		{"/v1/board?template=" + w.template, "invalid_value"},
		{"/v1/items?format=csv", "invalid_value"},
		{"/v1/links/" + w.short + "/qr", "invalid_value"},
		{"/docs", "invalid_value"},
		{"http://elsewhere.test/v1/me", "invalid_value"},
		{"//elsewhere.test/v1/me", "invalid_value"},
		{"v1/me", "invalid_value"},
		{"", "invalid_value"},
	} {
		a := w.ok(200, "POST", "/v1/reads", map[string]any{"reads": []any{"/v1/me", c.path, "/v1/markets/main"}})
		if got := a.text("answers", 1, "body", "code"); got != c.code {
			t.Errorf("%s: %q, want %s", c.path, got, c.code)
		}
		if a.text("answers", 0, "status") != "200" || a.text("answers", 2, "body", "code") != "main" {
			t.Errorf("%s hindered those beside it: %s", c.path, a.body)
		}
	}
	w.refused(fault.MissingValue, "/reads", "POST", "/v1/reads", map[string]any{"reads": []any{}})
	w.refused(fault.OutOfRange, "/reads", "POST", "/v1/reads", map[string]any{"reads": make([]string, mostReads+1)})
}

// TestReadsKeepPermissions: each read is allowed or not by itself, in the language and
// within the scope of who asks.
func TestReadsKeepPermissions(t *testing.T) {
	w := newStage(t)
	w.ok(201, "PUT", "/v1/merchants/blue", map[string]any{"name": "Blue"})
	key := "Authorization: Bearer " + w.makeKey(access.KindClerk, []access.Permission{access.ReferenceRead}, access.Scope{Merchants: []string{"blue"}})
	a := w.ok(200, "POST", "/v1/reads", map[string]any{"reads": []any{"/v1/templates", "/v1/merchants", "/v1/merchants/green"}}, key, "Accept-Language: zh-CN")
	if a.text("answers", 0, "status") != "403" || a.text("answers", 0, "body", "params", "permission") != "template.read" {
		t.Errorf("templates without the permission: %s", a.body)
	}
	if a.text("answers", 1, "body", "items", 0, "code") != "blue" || a.text("answers", 2, "status") != "404" {
		t.Errorf("merchants out of the scope: %s", a.body)
	}
	if title := a.text("answers", 2, "body", "title"); title == "" || title[0] < 0x80 {
		t.Errorf("title in Chinese: %q", title)
	}
	id := a.text("answers", 2, "body", "request_id")
	if !strings.HasSuffix(id, ".2") || !strings.Contains(w.logs.String(), id) {
		t.Errorf("request %q is not in the log", id)
	}
}
