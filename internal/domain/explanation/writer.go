package explanation

import (
	"embed"
	"strconv"
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/kernel/i18n"
)

// Sentence tells one rule.
type Sentence struct {
	Rule string `json:"rule"` // JSON pointer of the rule: into the Doc, but /issuer of the template
	Text string `json:"text"`
}

// Kind of a thing that a rule names by its code.
type Kind string

// The kinds of named things.
const (
	KindCategory Kind = "category"
	KindBrand    Kind = "brand"
	KindSKU      Kind = "sku"
	KindMerchant Kind = "merchant"
	KindStore    Kind = "store"
	KindCity     Kind = "city"
	KindChannel  Kind = "channel"
	KindFund     Kind = "fund"
	KindTemplate Kind = "template" // by its id's text
	KindGroup    Kind = "group"    // of stacking
	KindMethod   Kind = "method"   // of shipping
	KindUnit     Kind = "unit"     // of an external benefit
)

// Writer writes about coupons of one market in one language.
type Writer struct {
	Lang   i18n.Lang
	Market *market.Market
	// Name returns what customers call the thing with a code. Where it is nil or
	// returns "", the code itself is shown.
	Name func(kind Kind, code string) string
}

// Card is the one line on the face of a coupon, with codes for names.
func Card(lang i18n.Lang, doc *coupon.Doc, m *market.Market) string {
	return Writer{Lang: lang, Market: m}.Card(doc)
}

// Full is one sentence for each rule, for the detail page, with codes for names.
// t, which may be nil, adds the issuer.
func Full(lang i18n.Lang, doc *coupon.Doc, m *market.Market, t *coupon.Template) []Sentence {
	return Writer{Lang: lang, Market: m}.Full(doc, t)
}

// Full is the package's Full with the writer's names.
func (w Writer) Full(doc *coupon.Doc, t *coupon.Template) []Sentence {
	p := &page{Writer: w, words: wordsOf(w.Lang), doc: doc, zone: w.Market.Location()}
	p.value()
	p.scope()
	p.contains()
	p.stacking()
	p.uses()
	p.validity()
	p.place("/terms/use", "use", doc.Terms.Use)
	p.conditions("/terms/when", "claim.when_used", doc.Terms.When)
	p.floor()
	p.claim()
	p.limits()
	p.funders()
	if t != nil {
		p.issuer(t.Issuer)
	}
	return p.sentences
}

// page is a detail page in the making.
type page struct {
	Writer
	words     *i18n.Words
	doc       *coupon.Doc
	zone      *time.Location
	sentences []Sentence
}

// add says a key as the sentence of a rule; a key without words adds nothing.
func (p *page) add(rule, key string, args ...i18n.Arg) {
	p.keep(rule, p.words.Say(key, args...))
}

func (p *page) keep(rule, text string) {
	if text != "" {
		p.sentences = append(p.sentences, Sentence{rule, text})
	}
}

// listShown is how many names a sentence holds before it only counts the rest.
const listShown = 8

func (w Writer) name(kind Kind, code string) string {
	if w.Name != nil {
		if name := w.Name(kind, code); name != "" {
			return name
		}
	}
	return code
}

func (w Writer) names(kind Kind, codes []string) []string {
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i] = w.name(kind, c)
	}
	return all
}

func (w Writer) list(kind Kind, codes []string) i18n.Arg {
	return i18n.Arg{Name: "items", Text: w.Lang.List(w.names(kind, codes), listShown)}
}

func (w Writer) money(name string, minor int64) i18n.Arg {
	return i18n.Arg{Name: name, Text: w.Lang.Money(minor, w.Market.Currency)}
}

func (w Writer) amount(name string, minor int64) i18n.Arg {
	return i18n.Arg{Name: name, Text: w.Lang.Amount(minor, w.Market.Currency)}
}

func arg(name, text string) i18n.Arg { return i18n.Arg{Name: name, Text: text} }

func index(pointer string, i int) string { return pointer + "/" + strconv.Itoa(i) }

//go:embed words/*.json
var wordFiles embed.FS

var catalogue = i18n.MustLoad(wordFiles, "words")

func wordsOf(lang i18n.Lang) *i18n.Words { return catalogue.Of(lang) }
