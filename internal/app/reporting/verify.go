package reporting

import (
	"context"

	"quan/internal/store"
)

// MostFindings is how many findings of one check are reported.
const MostFindings = 100

// Verify runs every check of the store, each on a snapshot of its own, and
// returns what a second look, on a later snapshot, still finds. progress is
// called before each check and once at the end (name ""); nil for none.
func (r *Reporting) Verify(ctx context.Context, progress func(done, total int, name string)) ([]store.Finding, error) {
	if progress == nil {
		progress = func(int, int, string) {}
	}
	var names []string
	err := r.Store.Snapshot(ctx, func(tx store.Tx) error {
		names = tx.Checks().Names()
		return nil
	})
	if err != nil {
		return nil, wrap("list checks", err)
	}
	var all []store.Finding
	for i, name := range names {
		progress(i, len(names), name)
		found, err := r.look(ctx, name)
		if err == nil && len(found) > 0 {
			found, err = r.lookAgain(ctx, name, found)
		}
		if err != nil {
			return all, wrap("check "+name, err)
		}
		all = append(all, found...)
	}
	progress(len(names), len(names), "")
	return all, nil
}

func (r *Reporting) look(ctx context.Context, name string) (found []store.Finding, err error) {
	now := r.Clock()
	err = r.Store.Snapshot(ctx, func(tx store.Tx) (err error) {
		found, err = tx.Checks().Run(name, now, MostFindings)
		return err
	})
	return found, err
}

// lookAgain keeps what a second look finds too: of the same subject, whatever
// its figures are by now. What a first look over a moving database may catch in
// passing is gone by then.
func (r *Reporting) lookAgain(ctx context.Context, name string, first []store.Finding) ([]store.Finding, error) {
	second, err := r.look(ctx, name)
	if err != nil {
		return nil, err
	}
	type subject struct{ invariant, subject string }
	seen := make(map[subject]bool, len(first))
	for _, f := range first {
		seen[subject{f.Invariant, f.Subject}] = true
	}
	var kept []store.Finding
	for _, f := range second {
		if seen[subject{f.Invariant, f.Subject}] {
			kept = append(kept, f)
		}
	}
	return kept, nil
}
