package web

import (
	"net/http"
	"strings"
)

// The widget is the card of a link's offer in the page of another site (docs/adr/0029):
// a script there makes a frame, in which a page of ours shows the offer and claims.

// widgetPolicy is that of the page in the frame; who may frame it follows.
const widgetPolicy = "default-src 'none'; script-src 'self' 'nonce-" + nonceMark + "'; style-src 'self' 'nonce-" + nonceMark + "'; " +
	"img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "

// script serves what other sites load. Its name has no hash, as it stands in their
// pages: browsers ask anew within the hour.
func (s *site) script(w http.ResponseWriter, r *http.Request) {
	f, ok := s.files["/h5/widget.js"]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	f.serve(w, r, "public, max-age=3600")
}

// framers says to a browser which sites may frame the card of a request's link: those
// that the link names, also while it leads nowhere, else none.
func (s *site) framers(r *http.Request) string {
	if s.catalog == nil {
		return "'none'"
	}
	_, code, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	shown, _ := s.catalog.Show(r.Context(), code, languageOf(r)) // an error tells no sites
	if len(shown.Link.Sites) == 0 {
		return "'none'"
	}
	return strings.Join(shown.Link.Sites, " ")
}
