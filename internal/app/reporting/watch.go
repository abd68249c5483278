package reporting

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/store"
)

// settingMark holds the mark of the newest clean check, and settingFull that of the
// newest clean one of everything.
const (
	settingMark = "verify.mark"
	settingFull = "verify.full"
)

// Mark is the moment up to which the background check has found nothing; zero
// before the first.
func (r *Reporting) Mark(ctx context.Context) (calendar.Instant, error) {
	return r.mark(ctx, settingMark)
}

func (r *Reporting) mark(ctx context.Context, name string) (at calendar.Instant, err error) {
	err = r.Store.View(ctx, func(tx store.Tx) error {
		values, err := tx.Settings().Get([]string{name})
		if err != nil || values[name] == "" {
			return err
		}
		n, err := strconv.ParseInt(values[name], 10, 64)
		at = calendar.Instant(n)
		return err
	})
	return at, wrap("read the mark of a check", err)
}

// How often a watch looks at everything instead of what changed: once a day, and
// while that finds something, or was never clean, once an hour.
const (
	fullEvery = 24 * time.Hour
	fullAgain = time.Hour
)

// Watch verifies in the background, a piece at a time: what changed since the last
// clean round, and once a day everything. It keeps no row but its marks, and a mark
// only moves when a round has found nothing: what is broken is found again until it
// is mended.
type Watch struct {
	*Reporting
	// Told is given the result of each round; nil for nobody.
	Told func(full bool, v *Verification)

	mu    sync.Mutex
	round *Round
	full  bool
	tried calendar.Instant // when this process last began a full round
}

// Next does one piece; more is false when a round is through. The rest of a step
// that does not end within the context's time is left to quan verify, and the round
// says so.
func (w *Watch) Next(ctx context.Context) (more bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.round == nil {
		if err := w.start(ctx); err != nil || w.round == nil {
			return false, err
		}
	}
	more, err = w.round.Next(ctx)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		w.round.Pass()
		return true, nil
	}
	if err != nil || more {
		return more, err
	}
	err = w.finish(ctx)
	w.round = nil
	return false, err
}

func (w *Watch) start(ctx context.Context) error {
	since, err := w.mark(ctx, settingMark)
	if err != nil {
		return err
	}
	full, err := w.mark(ctx, settingFull)
	if err != nil {
		return err
	}
	now := w.Clock()
	w.full = (full == 0 || now >= full.Add(fullEvery)) && (w.tried == 0 || now >= w.tried.Add(fullAgain))
	switch {
	case w.full:
		since, w.tried = 0, now
	case since == 0:
		return nil // nothing was clean yet, and everything was looked at a while ago
	}
	w.round, err = w.StartRound(ctx, VerifyInput{Since: since})
	return err
}

func (w *Watch) finish(ctx context.Context) error {
	result := w.round.Result()
	if w.Told != nil {
		w.Told(w.full, result)
	}
	if len(result.Findings) > 0 {
		return nil
	}
	marks := map[string]string{settingMark: strconv.FormatInt(int64(result.Mark), 10)}
	if w.full {
		marks[settingFull] = marks[settingMark]
	}
	return wrap("keep the mark of a check", w.Store.Update(ctx, store.Background, func(tx store.Tx) error { return tx.Settings().Put(marks) }))
}
