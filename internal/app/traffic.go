package app

import (
	"sync"

	"quan/internal/domain/link"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Traffic counts what the pages of links see in memory; a worker adds it each second,
// so a view costs no write. A process that is killed loses at most a second's.
type Traffic struct {
	mu   sync.Mutex
	days map[linkDay]link.Day
}

type linkDay struct {
	link id.ID
	day  calendar.Date
}

// View counts a view of a link's page.
func (t *Traffic) View(l id.ID, day calendar.Date) {
	t.add([]link.Day{{Link: l, Day: day, Views: 1}})
}

// SignIn counts a member who signed in on it.
func (t *Traffic) SignIn(l id.ID, day calendar.Date) {
	t.add([]link.Day{{Link: l, Day: day, SignIns: 1}})
}

// Take returns what was counted since the last Take.
func (t *Traffic) Take() []link.Day {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]link.Day, 0, len(t.days))
	for _, d := range t.days {
		out = append(out, d)
	}
	clear(t.days)
	return out
}

// Restore puts back what could not be written.
func (t *Traffic) Restore(rows []link.Day) { t.add(rows) }

func (t *Traffic) add(rows []link.Day) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.days == nil {
		t.days = map[linkDay]link.Day{}
	}
	for _, r := range rows {
		k := linkDay{r.Link, r.Day}
		d := t.days[k]
		d.Link, d.Day = r.Link, r.Day
		d.Views += r.Views
		d.SignIns += r.SignIns
		t.days[k] = d
	}
}
