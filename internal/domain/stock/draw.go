package stock

import (
	"cmp"
	"slices"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Order sorts batches as they are drawn from: by rank, then by id.
func Order(batches []*Batch) {
	slices.SortFunc(batches, func(a, b *Batch) int { return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID)) })
}

// Candidates are the batches that a request may draw from, in the order of
// batches, open or not. named and placement are what it names, zero for nothing.
func Candidates(batches []*Batch, named, placement id.ID) []*Batch {
	pick := func(fits func(*Batch) bool) (all []*Batch) {
		for _, b := range batches {
			if b.ArchivedAt == 0 && fits(b) {
				all = append(all, b)
			}
		}
		return all
	}
	bound := func(b *Batch) bool { return slices.Contains(b.Placements, placement) }
	if named != 0 {
		return pick(func(b *Batch) bool { return b.ID == named && (len(b.Placements) == 0 || bound(b)) })
	}
	if placement != 0 {
		if own := pick(func(b *Batch) bool { return bound(b) && !b.Reserved }); len(own) > 0 {
			return own
		}
	}
	return pick(func(b *Batch) bool { return len(b.Placements) == 0 && !b.Reserved })
}

// Open keeps the batches that give out coupons at a moment. over tells those whose
// validity has ended by then.
func Open(candidates []*Batch, now calendar.Instant, over func(*Batch) bool) []*Batch {
	return slices.DeleteFunc(slices.Clone(candidates), func(b *Batch) bool { return !b.OpenAt(now) || over(b) })
}
