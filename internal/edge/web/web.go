package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"quan/internal/app/catalog"
)

//go:embed all:files
var built embed.FS

// nonceMark stands in a page's text where the nonce of the answer belongs.
const nonceMark = "__NONCE__"

// site is a set of built pages and files.
type site struct {
	files   map[string]file // by path, as "/console/assets/main-1a2b.js"
	pages   map[string][]byte
	catalog *catalog.Catalog // what links lead to; nil: unknown
}

// file is one file that never changes under its name, as it travels.
type file struct {
	kind       string
	br, gz, as []byte // as: as it is, where compressing it saved nothing
}

// New returns what serves the pages and lets everything else go on to next; c knows
// what links lead to.
func New(next http.Handler, c *catalog.Catalog) http.Handler {
	folder, err := fs.Sub(built, "files")
	if err != nil {
		panic(err) // embedded
	}
	return newHandler(folder, next, c)
}

func newHandler(folder fs.FS, next http.Handler, c *catalog.Catalog) http.Handler {
	s := load(folder)
	s.catalog = c
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/console/", http.StatusFound)
	})
	mux.HandleFunc("GET /h5/assets/", func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, place{}) })
	mux.HandleFunc("GET /counter/sw.js", s.worker)
	mux.HandleFunc("GET /widget.js", s.script)
	for _, p := range places {
		mux.HandleFunc("GET "+p.path, func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, p) })
	}
	mux.Handle("/", next)
	return mux
}

// place is a part of the site: under its path are its files, and whatever else is
// asked for there is its page, which finds its way by the address.
type place struct {
	path   string // pattern of the mux
	page   string // file of the page
	policy string
	phone  bool // it says in its head what it is
	offers bool // its path ends with the code of a link
	framed bool // other sites may frame it
}

var places = []place{
	{path: "/console/", page: "console/index.html", policy: consolePolicy},
	{path: "/counter/", page: "h5/counter.html", policy: phonePolicy},
	{path: "/p/", page: "h5/phone.html", policy: phonePolicy, phone: true, offers: true},
	{path: "/packet/", page: "h5/phone.html", policy: phonePolicy, phone: true},
	{path: "/wallet", page: "h5/phone.html", policy: phonePolicy, phone: true},
	{path: "/widget/", page: "h5/widget.html", policy: widgetPolicy, offers: true, framed: true},
}

// consolePolicy names no host: everything comes from this server. Pictures may be made
// by the page itself; styles that antd writes carry the nonce.
const consolePolicy = "default-src 'none'; script-src 'self' 'nonce-" + nonceMark + "'; style-src 'self' 'nonce-" + nonceMark + "'; " +
	"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// phonePolicy is that of the phone pages and the counter, which write no styles.
const phonePolicy = "default-src 'none'; script-src 'self' 'nonce-" + nonceMark + "'; style-src 'self' 'nonce-" + nonceMark + "'; " +
	"img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// load reads what was built. A file is there as it is (pages), or as .br and .gz.
func load(folder fs.FS) *site {
	s := &site{files: map[string]file{}, pages: map[string][]byte{}}
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "README" {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		bare, ending := strings.TrimSuffix(strings.TrimSuffix(name, ".br"), ".gz"), path.Ext(name)
		if path.Ext(bare) == ".html" {
			if bare == name {
				s.pages[name] = text
			}
			return nil
		}
		f := s.files["/"+bare]
		f.kind = mime.TypeByExtension(path.Ext(bare))
		switch ending {
		case ".br":
			f.br = text
		case ".gz":
			f.gz = text
		default:
			f.as = text
		}
		s.files["/"+bare] = f
		return nil
	})
	if err != nil {
		panic(err) // embedded
	}
	return s
}

func (s *site) serve(w http.ResponseWriter, r *http.Request, p place) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if f, ok := s.files[r.URL.Path]; ok {
		f.serve(w, r, "public, max-age=31536000, immutable")
		return
	}
	if strings.Contains(r.URL.Path, "/assets/") {
		h.Set("Cache-Control", "no-store")
		http.NotFound(w, r)
		return
	}
	h.Set("Cache-Control", "no-store")
	page, ok := s.pages[p.page]
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("This program was built without its pages. With Node 20 or newer: make build\n" +
			"这个程序没有包含网页。请先安装 Node 20 或更新的版本，再运行：make build\n"))
		return
	}
	nonce := newNonce()
	policy, status := strings.ReplaceAll(p.policy, nonceMark, nonce), http.StatusOK
	page = bytes.ReplaceAll(page, []byte(nonceMark), []byte(nonce))
	if p.phone {
		var said head
		said, status = s.headOf(r, p)
		var err error
		if page, err = said.in(page); err != nil {
			panic(err) // the template is our own, and writes to memory
		}
	}
	if p.framed {
		policy += s.framers(r)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	} else {
		h.Set("X-Frame-Options", "DENY")
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	w.WriteHeader(status)
	_, _ = w.Write(page) // the client is gone: nothing to do
}

// worker serves the counter's service worker, under the path that it keeps for times
// without network. Its name has no hash, so browsers ask anew.
func (s *site) worker(w http.ResponseWriter, r *http.Request) {
	f, ok := s.files["/h5/counter-sw.js"]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'")
	f.serve(w, r, "no-cache")
}

// newNonce is 128 random bits, anew for each answer.
func newNonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// serve sends the smallest form that the browser reads.
func (f file) serve(w http.ResponseWriter, r *http.Request, keep string) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", keep)
	h.Set("Vary", "Accept-Encoding")
	accepts := r.Header.Get("Accept-Encoding")
	body := f.as
	switch {
	case f.br != nil && reads(accepts, "br"):
		h.Set("Content-Encoding", "br")
		body = f.br
	case f.gz != nil && reads(accepts, "gzip"):
		h.Set("Content-Encoding", "gzip")
		body = f.gz
	case body == nil:
		body = unpack(f.gz)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// reads reports whether an Accept-Encoding names a coding and doesn't refuse it.
func reads(accepts, coding string) bool {
	for part := range strings.SplitSeq(accepts, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// unpack is for the rare client that reads no compression.
func unpack(gz []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(gz))
	if err != nil {
		panic(err) // embedded, and written by our own build
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(r); err != nil {
		panic(err)
	}
	return out.Bytes()
}
