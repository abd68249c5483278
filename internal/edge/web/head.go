package web

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"

	"quan/internal/app/catalog"
	"quan/internal/domain/page"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
)

// headMark and langMark stand in a phone page where its head and its language belong.
const (
	headMark = `<meta name="quan-head" />`
	langMark = "__LANG__"
)

// head is what a phone page says of itself, to browsers and to programs that show a
// link before anybody opens it (chats, social networks), which run no scripts.
type head struct {
	Lang        i18n.Lang
	Title       string
	Description string
	Address     string // whole
	Picture     string // whole; "" for none
	Colour      string // of the browser's frame
}

// heads writes a head; texts are escaped for where they stand.
var heads = template.Must(template.New("head").Parse(`<title>{{.Title}}</title>
    <meta name="theme-color" content="{{.Colour}}" />
    {{- with .Description}}
    <meta name="description" content="{{.}}" />
    <meta property="og:description" content="{{.}}" />
    {{- end}}
    <meta property="og:type" content="website" />
    <meta property="og:title" content="{{.Title}}" />
    <meta property="og:url" content="{{.Address}}" />
    <meta property="og:locale" content="{{.Locale}}" />
    {{- if .Picture}}
    <meta property="og:image" content="{{.Picture}}" />
    <meta property="og:image:type" content="image/jpeg" />
    <meta name="twitter:card" content="summary_large_image" />
    {{- else}}
    <meta name="twitter:card" content="summary" />
    {{- end}}`))

// Locale is the language as Open Graph writes it.
func (h head) Locale() string {
	if h.Lang == i18n.EN {
		return "en_US"
	}
	return strings.ReplaceAll(string(h.Lang), "-", "_")
}

// in puts the head into a page's text.
func (h head) in(text []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := heads.Execute(&b, h); err != nil {
		return nil, err
	}
	text = bytes.Replace(text, []byte(headMark), b.Bytes(), 1)
	return bytes.ReplaceAll(text, []byte(langMark), []byte(h.Lang)), nil
}

// frames are the colours of the top of the page, as web/h5/src/phone/style.css has them.
var frames = map[page.Theme]string{page.Plain: "#0b57d0", page.Festive: "#a50d25", page.Fresh: "#13703a", page.Night: "#23263a"}

// said is what pages say of themselves that tell of no offer.
var said = map[string]map[i18n.Lang][2]string{
	"absent": {
		i18n.ZhCN: {"这个链接已失效", ""}, i18n.ZhTW: {"這個連結已失效", ""}, i18n.EN: {"This link leads nowhere any more", ""},
	},
	"packet": {
		i18n.ZhCN: {"分享红包", "打开看看您能领到什么券。"}, i18n.ZhTW: {"分享紅包", "打開看看您能領到什麼折價券。"}, i18n.EN: {"Share packet", "Open it and see which coupon is yours."},
	},
	"wallet": {
		i18n.ZhCN: {"我的卡包", ""}, i18n.ZhTW: {"我的票券夾", ""}, i18n.EN: {"My wallet", ""},
	},
}

// languageOf is the language of a request's page: the one that the address names, else
// the browser's.
func languageOf(r *http.Request) i18n.Lang {
	asked := i18n.Lang(r.URL.Query().Get("lang"))
	for _, l := range i18n.All {
		if l == asked {
			return l
		}
	}
	return i18n.Match(r.Header.Get("Accept-Language"))
}

// origin is the address of this server as the request reached it.
func origin(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// headOf is the head of a phone page, and the status of its answer: a page whose link
// leads nowhere says so to programs too.
func (s *site) headOf(r *http.Request, p place) (head, int) {
	kind, code, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	h := head{Lang: languageOf(r), Address: origin(r) + r.URL.EscapedPath(), Colour: frames[page.Plain]}
	if !p.offers || s.catalog == nil {
		if kind == "packet" {
			h.Colour = frames[page.Festive]
		}
		h.say(said[kind][h.Lang])
		return h, http.StatusOK
	}
	shown, err := s.catalog.Show(r.Context(), code, h.Lang)
	switch {
	case fault.Has(err, fault.Absent):
		h.say(said["absent"][h.Lang])
		return h, http.StatusNotFound
	case err != nil: // the page asks again, and says what is wrong
		return h, http.StatusOK
	}
	h.offer(r, &shown)
	return h, http.StatusOK
}

func (h *head) say(words [2]string) { h.Title, h.Description = words[0], words[1] }

// offer takes the head from what a link's page shows.
func (h *head) offer(r *http.Request, shown *catalog.Shown) {
	d := &shown.Design
	text := d.In(string(h.Lang))
	h.Title = plain(first(text.Title, shown.Name), page.MostTitle)
	h.Description = plain(first(text.Share, text.Subtitle, describe(shown)), mostDescription)
	h.Colour = first(d.Colour, frames[d.Theme])
	if d.Picture != "" {
		h.Picture = origin(r) + "/v1/pictures/" + d.Picture
	}
}

// mostDescription is the longest description in characters; what shows links cuts
// earlier.
const mostDescription = 160

// describe says what an offer gives: its card, else that of the parts of a pack.
func describe(shown *catalog.Shown) string {
	said := []string{shown.Card}
	if said[0] == "" {
		said = said[:0]
		for _, part := range shown.Parts {
			said = append(said, part.Card)
		}
	}
	return strings.Join(said, " · ")
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// plain cuts a text, without the marks that turn the direction of what follows: in a
// chat that would be somebody else's words.
func plain(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c {
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most-1]) + "…"
	}
	return text
}
