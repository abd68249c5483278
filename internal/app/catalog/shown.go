package catalog

import (
	"context"
	"sync"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/explanation"
	"quan/internal/domain/link"
	"quan/internal/domain/page"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Shown is what the page of a link tells everybody.
type Shown struct {
	Link      store.Link
	Placement store.Placement
	Design    page.Design
	Name      string // customer name of what is offered
	Card      string // what it gives, in a line
	Sentences []explanation.Sentence
	Parts     []ShownPart // of a pack
	Day       calendar.Date
	Zone      string // IANA name of the market's time zone
	parts     []id.ID
	openings  func(now calendar.Instant) []schedule.Interval
}

// ShownPart is a template of a pack.
type ShownPart struct {
	Name  string
	Card  string
	Count int64
}

// Opening is the opening of the offer that holds now or comes next, cut to that of the
// placement; zero where none comes.
func (s *Shown) Opening(now calendar.Instant) (span schedule.Interval) {
	p := &s.Placement
	for _, one := range s.openings(now) {
		span = one
		break
	}
	if span == (schedule.Interval{}) {
		return span
	}
	span.From = max(span.From, p.From)
	if p.To != 0 {
		span.To = min(span.To, p.To)
	}
	return span
}

// shownAge is how old what is remembered of a page may be.
const shownAge = time.Second

// shownPages remembers what pages show: a link that spreads is asked for by thousands
// at a time.
type shownPages struct {
	mu   sync.Mutex
	rows map[shownKey]*shownEntry
}

type shownKey struct {
	code string
	lang i18n.Lang
}

type shownEntry struct {
	ready sync.Mutex // one reader at a time
	shown Shown
	err   error
	read  time.Time
}

// mostShown bounds the memory.
const mostShown = 10_000

func (s *shownPages) entry(k shownKey) *shownEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows == nil || len(s.rows) >= mostShown {
		s.rows = map[shownKey]*shownEntry{}
	}
	e := s.rows[k]
	if e == nil {
		e = &shownEntry{}
		s.rows[k] = e
	}
	return e
}

func (s *shownPages) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.rows)
}

// Show returns what the page of a link tells everybody, at most a second old, or fault
// not_found for a code that leads nowhere; the Link of one that was archived is told
// even then. It needs no permission: what it tells is
// made to be read by strangers.
func (c *Catalog) Show(ctx context.Context, code string, lang i18n.Lang) (Shown, error) {
	if link.CheckCode(code, "") != nil {
		return Shown{}, absent("link")
	}
	e := c.shown.entry(shownKey{code, lang})
	e.ready.Lock()
	defer e.ready.Unlock()
	if time.Since(e.read) < shownAge {
		return e.shown, e.err
	}
	shown, err := c.show(ctx, code, lang)
	if err == nil || fault.Has(err, fault.Absent) {
		e.shown, e.err, e.read = shown, err, time.Now()
	}
	return shown, err
}

func (c *Catalog) show(ctx context.Context, code string, lang i18n.Lang) (out Shown, err error) {
	public := access.System("page")
	err = c.Store.View(ctx, func(tx store.Tx) error {
		out = Shown{Design: page.Default()}
		rows, err := tx.Links().ByCode([]string{code})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return absent("link")
		}
		if out.Link = rows[0]; out.Link.ArchivedAt != 0 {
			return absent("link")
		}
		key := placementKey(out.Link.Placement)
		p, err := placements.must(tx, public, key)
		if err != nil {
			return err
		}
		out.Placement = *p
		designed, err := pages.find(tx, public, key)
		if err != nil {
			return err
		}
		if designed != nil && designed.Published != nil {
			out.Design = *designed.Published
		}
		markets, err := tx.Markets().Get([]string{p.Market})
		if err != nil {
			return err
		}
		if len(markets) == 0 {
			return absent("market")
		}
		out.Day, out.Zone = markets[0].Day(c.Clock()), markets[0].Zone
		if p.Pack != 0 {
			return c.showPack(tx, public, &out, p.Pack, lang)
		}
		return c.showTemplate(tx, public, &out, p.Template, lang)
	})
	if err != nil {
		return out, links.wrap(err)
	}
	var told Explanation
	if out.Placement.Pack == 0 {
		told, err = c.Explain(ctx, public, out.Placement.Template, 0, lang)
		out.Card, out.Sentences = told.Card, told.Sentences
	} else {
		out.Sentences, err = c.ExplainPack(ctx, public, out.Placement.Pack, lang)
		for i := range out.Parts {
			if err == nil {
				told, err = c.Explain(ctx, public, out.parts[i], 0, lang)
				out.Parts[i].Card = told.Card
			}
		}
	}
	return out, err
}

func (c *Catalog) showTemplate(tx store.Tx, by access.Principal, out *Shown, template id.ID, lang i18n.Lang) error {
	t, err := templates.must(tx, by, templateKey(template))
	if err != nil {
		return err
	}
	out.Name = t.CustomerName.In(string(lang))
	if t.Status == coupon.StatusDraft {
		return absent("link") // what is not published is told to nobody
	}
	versions, err := tx.Versions().Get([]store.VersionKey{{Template: t.ID, Number: t.Version}})
	if err != nil {
		return err
	}
	markets, err := tx.Markets().Get([]string{t.Market})
	if err != nil {
		return err
	}
	if len(versions) == 0 || len(markets) == 0 {
		return absent("version")
	}
	claim, zone := versions[0].Doc.Claim, markets[0].Location()
	out.openings = func(now calendar.Instant) []schedule.Interval {
		return claim.Window.Openings(claim.Sessions, now, zone, 1)
	}
	return nil
}

func (c *Catalog) showPack(tx store.Tx, by access.Principal, out *Shown, p id.ID, lang i18n.Lang) error {
	row, err := packs.must(tx, by, packKey(p))
	if err != nil {
		return err
	}
	out.Name = row.CustomerName.In(string(lang))
	keys := make([]string, len(row.Parts))
	for i, part := range row.Parts {
		keys[i] = templateKey(part.Template)
	}
	found, err := tx.Templates().Get(keys)
	names := map[id.ID]string{}
	for i := range found {
		names[found[i].ID] = found[i].CustomerName.In(string(lang))
	}
	for _, part := range row.Parts {
		out.Parts = append(out.Parts, ShownPart{Name: names[part.Template], Count: part.Count})
		out.parts = append(out.parts, part.Template)
	}
	window := row.Window
	out.openings = func(now calendar.Instant) []schedule.Interval { return window.Openings(nil, now, nil, 1) }
	return err
}
