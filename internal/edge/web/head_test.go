package web

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/page"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// shop is a world with a placement to which links lead.
type shop struct {
	*apptest.World
	*catalog.Catalog
	http.Handler
	placement id.ID
}

func newShop(t *testing.T) *shop {
	w := apptest.New(t, sqlitetest.Open(t), 1)
	s := &shop{World: w, Catalog: &catalog.Catalog{App: w.App}}
	p, _, err := s.CreatePlacement(w.Ctx(), w.By, catalog.CreatePlacementInput{Market: w.Market.Code, Template: w.Publish(testkit.Doc()), Name: "page", Channel: "h5", Open: true})
	w.Must(err)
	s.placement = p.ID
	folder := fstest.MapFS{
		"h5/phone.html":   {Data: []byte(`<html lang="__LANG__"><meta name="quan-head" /><script nonce="__NONCE__"></script>`)},
		"h5/widget.html":  {Data: []byte(`<script nonce="__NONCE__"></script>`)},
		"h5/widget.js.gz": {Data: gz("card")},
	}
	s.Handler = newHandler(folder, http.NotFoundHandler(), s.Catalog)
	return s
}

// link makes a link that these sites may show.
func (s *shop) link(code string, sites ...string) store.Link {
	l, _, err := s.CreateLink(s.Ctx(), s.By, catalog.CreateLinkInput{Placement: s.placement, Code: code, Name: "Poster", Sites: sites})
	s.Must(err)
	return l
}

func (s *shop) design(d page.Design) {
	_, _, err := s.PutPage(s.Ctx(), s.By, catalog.PutPageInput{Placement: s.placement, Draft: d})
	s.Must(err)
	_, err = s.PublishPage(s.Ctx(), s.By, s.placement, 1)
	s.Must(err)
}

func (s *shop) get(path, lang string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "https://coupons.example.com"+path, nil)
	r.Header.Set("Accept-Language", lang)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func has(t *testing.T, w *httptest.ResponseRecorder, want ...string) {
	t.Helper()
	for _, one := range want {
		if !strings.Contains(w.Body.String(), one) {
			t.Errorf("%q is not in %s", one, w.Body)
		}
	}
}

// Chats show a link by what its page says before any script runs.
func TestAPageSaysWhatItIs(t *testing.T) {
	s := newShop(t)
	s.link("spring")
	plain := s.get("/p/spring?utm=x", "en")
	has(t, plain, `<html lang="en">`, `<title>5 off</title>`, `<meta property="og:url" content="https://coupons.example.com/p/spring" />`,
		`<meta name="theme-color" content="#0b57d0" />`, `<meta property="og:locale" content="en_US" />`, `<meta name="description" content="`, `<meta name="twitter:card" content="summary" />`)
	if plain.Code != 200 || strings.Contains(plain.Body.String(), "og:image") || strings.Contains(plain.Body.String(), "utm") {
		t.Errorf("%d %s", plain.Code, plain.Body)
	}
	pixel, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	s.Must(err)
	picture, err := s.PutPicture(s.Ctx(), s.By, pixel)
	s.Must(err)
	s.design(page.Design{Theme: page.Festive, Picture: picture.Name, Texts: map[string]page.Text{
		"en":    {Title: `Tom & "Jerry" <script>alert(1)</script>`, Subtitle: "Below", Share: "Come\u202e quickly</title><b>"},
		"zh-TW": {Title: "春季折價券"},
	}})
	en := s.get("/p/spring", "en")
	has(t, en, `<meta property="og:image" content="https://coupons.example.com/v1/pictures/`+picture.Name+`" />`, `content="summary_large_image"`, `<meta name="theme-color" content="#a50d25" />`, `Come quickly&lt;/title&gt;`)
	if body := en.Body.String(); strings.Count(body, "<script") != 1 || strings.Count(body, "<title") != 1 || strings.Contains(body, "<b>") || strings.Contains(body, "\u202e") {
		t.Errorf("what people wrote is markup: %s", body)
	}
	has(t, s.get("/p/spring", "zh-HK,zh;q=0.8"), `<html lang="zh-TW">`, `<title>春季折價券</title>`, `content="zh_TW"`)
	has(t, s.get("/p/spring?lang=zh-TW", "en"), `<title>春季折價券</title>`)
	has(t, s.get("/packet/7K2M", "zh-CN"), `<title>分享红包</title>`, `<meta property="og:description" content="打开看看`)
	has(t, s.get("/wallet?lang=xx\"><script>", "en"), `<title>My wallet</title>`, `<html lang="en">`)
}

func TestALinkThatLeadsNowhereSaysSo(t *testing.T) {
	s := newShop(t)
	l := s.link("spring", "https://shop.example.com")
	_, err := s.ArchiveLink(s.Ctx(), s.By, l.ID, 1)
	s.Must(err)
	for _, path := range []string{"/p/spring", "/p/none-such", "/p/", "/p/%E0%A4", "/p/UPPER", "/p/%3Cscript%3E", "/p/a%2F..%2Fb", "/p/" + strings.Repeat("a", 5000), "/p/%27%20OR%201%3D1"} {
		w := s.get(path, "en")
		if w.Code != http.StatusNotFound || strings.Count(w.Body.String(), "<script") != 1 {
			t.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
		has(t, w, `<title>This link leads nowhere any more</title>`)
	}
}

// The widget's page is framed by the sites that its link names, by nobody else, and no
// other page by anybody.
func TestWhoMayFrame(t *testing.T) {
	s := newShop(t)
	open, closed := s.link("spring", "https://shop.example.com", "https://m.example.com:8443"), s.link("poster")
	framers := func(path string) string {
		_, after, _ := strings.Cut(s.get(path, "en").Header().Get("Content-Security-Policy"), "frame-ancestors ")
		return after
	}
	for path, want := range map[string]string{
		"/widget/spring": "https://shop.example.com https://m.example.com:8443", "/widget/poster": "'none'", "/widget/none-such": "'none'", "/widget/": "'none'",
		"/p/spring": "'none'", "/wallet": "'none'", "/packet/x": "'none'",
	} {
		if got := framers(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
		if framed := s.get(path, "en").Header().Get("X-Frame-Options") == ""; framed != strings.HasPrefix(path, "/widget/") {
			t.Errorf("%s: framed %v", path, framed)
		}
	}
	_, err := s.ArchiveLink(s.Ctx(), s.By, open.ID, 1)
	s.Must(err)
	if got := framers("/widget/spring"); !strings.Contains(got, "https://shop.example.com") {
		t.Errorf("an archived link can't be told in the site that showed it: %q", got)
	}
	_, err = s.UpdateLink(s.Ctx(), s.By, catalog.UpdateLinkInput{Link: closed.ID, IfRev: 1, Name: "Poster", Sites: []string{"https://late.example.com"}})
	s.Must(err)
	if got := framers("/widget/poster"); got != "https://late.example.com" {
		t.Errorf("a site that was named later: %q", got)
	}
	script := s.get("/widget.js", "en")
	if script.Code != 200 || script.Body.String() != "card" || script.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" || script.Header().Get("Cache-Control") != "public, max-age=3600" {
		t.Errorf("script: %d %v", script.Code, script.Header())
	}
	nobody := access.Principal{}
	if _, _, err := s.CreateLink(s.Ctx(), nobody, catalog.CreateLinkInput{}); err == nil {
		t.Error("anybody makes links")
	}
}
