package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func gz(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // a buffer takes all
	_ = w.Close()
	return b.Bytes()
}

func site1() http.Handler {
	folder := fstest.MapFS{
		"README":                         {Data: []byte("r")},
		"console/index.html":             {Data: []byte(`<script nonce="__NONCE__"></script><meta nonce="__NONCE__">`)},
		"console/assets/main-1a2b.js.br": {Data: []byte("brotli")},
		"console/assets/main-1a2b.js.gz": {Data: gz("plain")},
		"h5/counter.html":                {Data: []byte(`<script nonce="__NONCE__"></script><i nonce="__NONCE__">`)},
		"h5/assets/counter-1a2b.js.gz":   {Data: gz("counter")},
		"h5/phone.html":                  {Data: []byte(`<script nonce="__NONCE__"></script><i nonce="__NONCE__">`)},
		"h5/counter-sw.js.gz":            {Data: gz("worker")},
	}
	return newHandler(folder, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }), nil)
}

func get(h http.Handler, path, accepts string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accepts)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPageHasANonceOfItsOwn(t *testing.T) {
	h := site1()
	seen := map[string]bool{}
	for _, path := range []string{"/console/", "/console/coupons/templates", "/console/a/b?c=d", "/counter/", "/p/spring", "/wallet?show=x", "/packet/7K2M"} {
		w := get(h, path, "br")
		m := regexp.MustCompile(`nonce="([\w-]{22})"`).FindAllStringSubmatch(w.Body.String(), -1)
		if w.Code != 200 || len(m) != 2 || m[0][1] != m[1][1] || seen[m[0][1]] {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		seen[m[0][1]] = true
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self' 'nonce-"+m[0][1]+"'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, nonceMark) {
			t.Errorf("%s: policy %q", path, policy)
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: a page is kept: %q", path, w.Header().Get("Cache-Control"))
		}
	}
}

func TestFileTravelsAsTheBrowserReadsIt(t *testing.T) {
	h := site1()
	for accepts, want := range map[string]struct{ coding, body string }{
		"gzip, deflate, br": {"br", "brotli"}, "gzip": {"gzip", string(gz("plain"))}, "br;q=0, gzip": {"gzip", string(gz("plain"))},
		"": {"", "plain"}, "identity": {"", "plain"}, "br;q=0.000": {"", "plain"},
	} {
		w := get(h, "/console/assets/main-1a2b.js", accepts)
		if w.Header().Get("Content-Encoding") != want.coding || w.Body.String() != want.body || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") ||
			w.Header().Get("Vary") != "Accept-Encoding" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
			t.Errorf("%q: %v %q", accepts, w.Header(), w.Body)
		}
	}
}

// A browser that kept the worker for ever would keep an old counter for ever.
func TestTheCountersWorkerIsAskedForAnew(t *testing.T) {
	w := get(site1(), "/counter/sw.js", "")
	if w.Code != 200 || w.Body.String() != "worker" || w.Header().Get("Cache-Control") != "no-cache" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
	if w := get(site1(), "/h5/assets/counter-1a2b.js", ""); w.Body.String() != "counter" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v %q", w.Code, w.Header(), w.Body)
	}
	if w := get(site1(), "/h5/assets/counter-9z.js", ""); w.Code != 404 {
		t.Errorf("a file of an older program: %d", w.Code)
	}
}

func TestOtherPaths(t *testing.T) {
	h := site1()
	if w := get(h, "/", ""); w.Code != http.StatusFound || w.Header().Get("Location") != "/console/" {
		t.Errorf("/: %d %v", w.Code, w.Header())
	}
	if w := get(h, "/console/assets/old-9z.js", ""); w.Code != 404 {
		t.Errorf("a file of an older program: %d", w.Code) // as a page it would fail in the browser's parser
	}
	if w := get(h, "/v1/me", ""); w.Code != http.StatusTeapot {
		t.Errorf("the API: %d", w.Code)
	}
	if w := get(h, "/consoles", ""); w.Code != http.StatusTeapot {
		t.Errorf("/consoles: %d", w.Code)
	}
}

func TestWithoutPagesItSaysWhatToDo(t *testing.T) {
	h := newHandler(fstest.MapFS{"README": {Data: []byte("r")}}, http.NotFoundHandler(), nil)
	if w := get(h, "/console/", ""); w.Code != 503 || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
