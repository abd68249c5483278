package reporting

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Board shows what happens now, to all who watch: one sampler of a process asks the
// database once a beat, whoever and how many they are, and stops with the last of them.
// Figures are the database's, so that of all processes. The zero value but Reporting
// works.
type Board struct {
	*Reporting
	// Sleep waits for the next beat; nil: the wall clock.
	Sleep func(ctx context.Context, d time.Duration) error

	mu       sync.Mutex
	watchers map[*Watcher]bool
	newest   *sample
	fresh    chan struct{} // closed when there is a newer sample, or the end
	stop     context.CancelFunc
	ended    bool
}

// How a board goes, and what bounds it.
const (
	Beat         = time.Second
	mostWatchers = 200
	MostWatched  = 20 // templates and placements of a watcher, each
)

// Watcher is one who looks at templates and placements.
type Watcher struct {
	board      *Board
	by         access.Principal
	templates  []id.ID
	placements []id.ID
	number     int64 // of the sample seen last
}

// Watch begins to look. A placement's template is watched too. Faults:
// permission_denied, not_found, too_long, missing_value, overloaded (there are too many
// watchers, or the program ends).
func (b *Board) Watch(ctx context.Context, by access.Principal, templates, placements []id.ID) (*Watcher, error) {
	if err := may(by); err != nil {
		return nil, err
	}
	if len(by.Scope.Cities) > 0 { // what is left of a stock knows no city
		return nil, denied()
	}
	if len(templates)+len(placements) == 0 {
		return nil, fault.New(fault.MissingValue).At("query:template")
	}
	if len(templates) > MostWatched || len(placements) > MostWatched {
		return nil, fault.New(fault.TooLong, "max", MostWatched).At("query:template")
	}
	w := &Watcher{board: b, by: by, templates: slices.Clone(templates), placements: placements}
	err := b.Store.View(ctx, func(tx store.Tx) error {
		w.templates = slices.Clone(templates)
		rows, err := tx.Placements().Get(keysOf(id.Placement, placements))
		if err != nil {
			return err
		}
		if len(rows) < len(placements) {
			return fault.New(fault.Absent, "what", "placement")
		}
		for _, p := range rows {
			if p.Template == 0 {
				return fault.New(fault.Absent, "what", "template")
			}
			w.templates = append(w.templates, p.Template)
		}
		slices.Sort(w.templates)
		w.templates = slices.Compact(w.templates)
		found, err := tx.Templates().Get(keysOf(id.Template, w.templates))
		for i := range found {
			if !by.Scope.Merchant(found[i].Merchant()) {
				return fault.New(fault.Absent, "what", "template")
			}
		}
		if err == nil && len(found) < len(w.templates) {
			err = fault.New(fault.Absent, "what", "template")
		}
		return err
	})
	if err != nil {
		return nil, wrap("watch", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended || len(b.watchers) >= mostWatchers {
		return nil, fault.New(fault.Overloaded)
	}
	if b.watchers == nil {
		b.watchers, b.fresh = map[*Watcher]bool{}, make(chan struct{})
	}
	b.watchers[w] = true
	if b.newest != nil && !b.newest.has(w) {
		w.number = b.newest.number // the next one has it
	}
	if b.stop == nil {
		run, stop := context.WithCancel(context.WithoutCancel(ctx))
		b.stop = stop
		go b.run(run)
	}
	return w, nil
}

func keysOf(prefix string, ids []id.ID) []string {
	keys := make([]string, len(ids))
	for i, v := range ids {
		keys[i] = id.Format(prefix, v)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Close ends the watch; the sampler ends with its last watcher.
func (w *Watcher) Close() {
	b := w.board
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.watchers, w)
	if len(b.watchers) == 0 && b.stop != nil {
		b.stop()
		b.stop, b.newest = nil, nil
	}
}

// End ends all watches: the program stops.
func (b *Board) End() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	if b.fresh != nil {
		close(b.fresh)
		b.fresh = make(chan struct{})
	}
	if b.stop != nil {
		b.stop()
		b.stop = nil
	}
}

// Next waits for a sample newer than the last one that was given. Without one within
// patience it gives nil: whoever reads still lives. With ok false the board has ended.
func (w *Watcher) Next(ctx context.Context, patience <-chan time.Time) (view *BoardView, ok bool) {
	for {
		w.board.mu.Lock()
		s, fresh, ended := w.board.newest, w.board.fresh, w.board.ended
		w.board.mu.Unlock()
		if ended || ctx.Err() != nil {
			return nil, false
		}
		if s != nil && s.number > w.number {
			w.number = s.number
			return s.view(w), true
		}
		select {
		case <-fresh:
		case <-patience:
			return nil, true
		case <-ctx.Done():
			return nil, false
		}
	}
}

// run samples until nobody watches.
func (b *Board) run(ctx context.Context) {
	for ctx.Err() == nil {
		b.mu.Lock()
		before, want := b.newest, b.wanted()
		b.mu.Unlock()
		s, err := b.sample(ctx, want, before)
		if err != nil && ctx.Err() == nil {
			b.Log.Warn("board: no sample", "error", err)
		}
		b.mu.Lock()
		if err == nil && ctx.Err() == nil {
			b.newest = s
			close(b.fresh)
			b.fresh = make(chan struct{})
		}
		b.mu.Unlock()
		if b.sleep(ctx) != nil {
			return
		}
	}
}

func (b *Board) sleep(ctx context.Context) error {
	if b.Sleep != nil {
		return b.Sleep(ctx, Beat)
	}
	timer := time.NewTimer(Beat)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// wanted is what all watchers look at, each once, sorted.
func (b *Board) wanted() (w watched) {
	templates, placements := map[id.ID]bool{}, map[id.ID]bool{}
	for one := range b.watchers {
		for _, t := range one.templates {
			templates[t] = true
		}
		for _, p := range one.placements {
			placements[p] = true
		}
	}
	return watched{slices.Sorted(maps.Keys(templates)), slices.Sorted(maps.Keys(placements))}
}

type watched struct{ templates, placements []id.ID }

// Watchers is how many look.
func (b *Board) Watchers() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.watchers)
}

// BoardView is what one watcher sees of a sample. Number rises with each sample of a
// process; rates are thousandths a second, since the sample before.
type BoardView struct {
	Number     int64
	At         calendar.Instant
	Templates  []BoardTemplate
	Placements []BoardPlacement
	Refusals   []BoardRefusal
	Budgets    []BoardBudget
}

// BoardTemplate is a template now. Left is what its stock has; with Unlimited it has no
// number. Issued and Used are today's.
type BoardTemplate struct {
	Template  id.ID
	Name      string
	Issued    int64
	Used      int64
	Left      int64
	Unlimited bool
	Milli     int64 // issued, in thousandths a second
}

// BoardPlacement is a placement now, as BoardTemplate.
type BoardPlacement struct {
	Placement id.ID
	Template  id.ID
	Name      string
	Issued    int64
	Used      int64
	Left      int64
	Unlimited bool
	Milli     int64
}

// BoardRefusal is how often a reason was given today.
type BoardRefusal struct {
	Code  string
	Count int64
	Milli int64
}

// BoardBudget is what is left of a budget's fullest limit.
type BoardBudget struct {
	HomeBudget
	Left     int64
	Currency string // of its market, for amounts
}
