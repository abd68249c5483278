package page

import (
	"regexp"
	"slices"
	"strings"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
)

// Theme is a set of colours and shapes.
type Theme string

// The themes.
const (
	Plain   Theme = "plain"
	Festive Theme = "festive" // red and gold
	Fresh   Theme = "fresh"   // green
	Night   Theme = "night"   // dark, whatever the phone says
)

// Themes are all of them.
var Themes = []Theme{Plain, Festive, Fresh, Night}

// Text is what the page says in one language; "" leaves it to the template and to quan.
type Text struct {
	Title    string `json:"title,omitempty"`
	Subtitle string `json:"subtitle,omitempty"`
	Button   string `json:"button,omitempty"`
	Notes    string `json:"notes,omitempty"` // below the terms; lines are kept
	Share    string `json:"share,omitempty"` // what is shared with the link
}

// The longest texts, in characters.
const (
	MostTitle    = 40
	MostSubtitle = 80
	MostButton   = 16
	MostNotes    = 2000
	MostShare    = 80
)

// Languages of the texts.
var Languages = []string{"zh-CN", "zh-TW", "en"}

// Design is how a page looks.
type Design struct {
	Theme   Theme           `json:"theme"`
	Colour  string          `json:"colour,omitempty"`  // "#rrggbb" instead of the theme's; "" for none
	Picture string          `json:"picture,omitempty"` // head picture, by the name of what was uploaded; "" for none
	Texts   map[string]Text `json:"texts,omitempty"`   // by language
}

// Page of a placement; a page that was never published shows Default.
type Page struct {
	Placement  id.ID            `json:"-"`
	Market     string           `json:"market"`
	Merchant   string           `json:"merchant,omitempty"` // of what the placement offers
	Draft      Design           `json:"draft"`
	Published  *Design          `json:"published,omitempty"`
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// Default is the design of a page that nobody designed.
func Default() Design { return Design{Theme: Plain} }

var (
	colour  = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	picture = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// Validate returns the faults of a design.
func (d *Design) Validate() error {
	var l fault.List
	if !slices.Contains(Themes, d.Theme) {
		l.Add(fault.New(fault.InvalidValue).At("/theme"))
	}
	if d.Colour != "" && !colour.MatchString(d.Colour) {
		l.Add(fault.New(fault.InvalidValue).At("/colour"))
	}
	if d.Picture != "" && !picture.MatchString(d.Picture) {
		l.Add(fault.New(fault.InvalidValue).At("/picture"))
	}
	for language, t := range d.Texts {
		at := "/texts/" + language
		if !slices.Contains(Languages, language) {
			l.Add(fault.New(fault.InvalidValue).At(at))
			continue
		}
		for _, one := range []struct {
			name, value string
			most        int
		}{{"title", t.Title, MostTitle}, {"subtitle", t.Subtitle, MostSubtitle}, {"button", t.Button, MostButton}, {"share", t.Share, MostShare}} {
			l.Add(text.Optional(one.value, one.most, at+"/"+one.name))
		}
		l.Add(text.Optional(strings.ReplaceAll(t.Notes, "\n", " "), MostNotes, at+"/notes"))
	}
	return l.Err()
}

// In returns the texts of a language, those that are missing from the others in the
// order of Languages.
func (d *Design) In(language string) (t Text) {
	for _, one := range append([]string{language}, Languages...) {
		from := d.Texts[one]
		for _, pair := range []struct {
			to   *string
			from string
		}{{&t.Title, from.Title}, {&t.Subtitle, from.Subtitle}, {&t.Button, from.Button}, {&t.Notes, from.Notes}, {&t.Share, from.Share}} {
			if *pair.to == "" {
				*pair.to = pair.from
			}
		}
	}
	return t
}
