package api

import (
	"regexp"
	"strings"
	"testing"
)

// TestPage: the documentation works offline under a policy without inline script.
func TestPage(t *testing.T) {
	w := newWeb(t)
	page := w.ok(200, "GET", "/docs", nil, "Authorization: ")
	policy := page.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	if strings.Contains(string(page.body), "://") || regexp.MustCompile(`<script>|<style>|\son\w+=|style=`).Match(page.body) {
		t.Error("the page loads from elsewhere, or holds inline script or style")
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="(/[^"]+)"`).FindAllStringSubmatch(string(page.body), -1) {
		file := w.ok(200, "GET", m[1], nil, "Authorization: ")
		if strings.Contains(string(file.body), "innerHTML") || strings.HasSuffix(m[1], ".js") && strings.Contains(string(file.body), "://") {
			t.Errorf("%s: innerHTML or a foreign address", m[1])
		}
	}
	w.ok(200, "GET", "/openapi.yaml", nil, "Authorization: ")
}
