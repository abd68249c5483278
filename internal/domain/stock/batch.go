package stock

import (
	"fmt"
	"slices"

	"quan/internal/domain/limit"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
	"quan/internal/kernel/text"
)

// Bounds of batches.
const (
	MostSize       = 1_000_000_000_000
	MostRank       = 1_000
	MostPlacements = 50
	MostBatches    = 100 // of a template, archived ones aside
)

// Batch 批次 is one stock of a template.
type Batch struct {
	ID          id.ID              `json:"-"`
	Code        string             `json:"code,omitempty"` // operator's own reference, unique
	Market      string             `json:"market"`
	Name        string             `json:"name"`
	Template    id.ID              `json:"template"`
	Size        int64              `json:"size"`                   // coupons that it may give out
	Most        int64              `json:"most"`                   // the largest size that it ever had
	BudgetMinor int64              `json:"budget_minor,omitempty"` // most worst-case liability of its coupons; 0: none
	Rank        int64              `json:"rank,omitempty"`         // the lowest is drawn from first
	Placements  []id.ID            `json:"placements,omitempty"`   // it gives out through these only; none: through any
	Reserved    bool               `json:"reserved,omitempty"`     // for requests that name it
	Validity    *schedule.Validity `json:"validity,omitempty"`     // of its coupons; nil: as the template says
	From        calendar.Instant   `json:"from,omitzero"`
	To          calendar.Instant   `json:"to,omitzero"`
	Open        bool               `json:"open"` // coupons are given out
	Rev         int64              `json:"-"`
	CreatedAt   calendar.Instant   `json:"-"`
	UpdatedAt   calendar.Instant   `json:"-"`
	ArchivedAt  calendar.Instant   `json:"-"`
}

// OpenAt reports whether the batch gives out coupons at an instant, room aside.
func (b *Batch) OpenAt(now calendar.Instant) bool {
	return b.Open && b.ArchivedAt == 0 && now >= b.From && (b.To == 0 || now < b.To)
}

// CountKey names the counter of the coupons that the batch has given out.
func (b *Batch) CountKey() limit.Key {
	return limit.Key{Template: b.Template, Per: limit.PerBatch, Subject: b.ID, What: limit.IssueCount, Period: limit.Ever}
}

// BudgetKey names the counter of the liability that its budget bears.
func (b *Batch) BudgetKey() limit.Key {
	k := b.CountKey()
	k.What = limit.IssueAmount
	return k
}

// Takings are what a coupon of the batch takes of it, with its worst-case liability
// in minor units.
func (b *Batch) Takings(liabilityMinor int64) []limit.Taking {
	own := func(k limit.Key, cap, amount int64) limit.Taking {
		return limit.Taking{Limit: limit.Limit{What: k.What, Period: k.Period, Per: k.Per, Cap: cap}, Key: k, Amount: amount}
	}
	all := []limit.Taking{own(b.CountKey(), b.Size, 1)}
	if b.BudgetMinor > 0 {
		all = append(all, own(b.BudgetKey(), b.BudgetMinor, liabilityMinor))
	}
	return all
}

// Resize gives the batch another size and remembers the largest.
func (b *Batch) Resize(size int64) {
	b.Size = size
	b.Most = max(b.Most, size)
}

// Validate returns the faults of a batch. References are not looked up here.
func (b *Batch) Validate() error {
	var l fault.List
	if b.Code != "" {
		l.Add(text.Code(b.Code, "/code"))
	}
	l.Add(text.Code(b.Market, "/market"))
	l.Add(text.Name(b.Name, "/name"))
	if b.Template == 0 {
		l.Add(fault.New(fault.MissingValue).At("/template"))
	}
	l.Add(text.Range(b.Size, 0, MostSize, "/size"))
	l.Add(text.Range(b.BudgetMinor, 0, int64(money.MaxMinor), "/budget_minor"))
	l.Add(text.Range(b.Rank, -MostRank, MostRank, "/rank"))
	if len(b.Placements) > MostPlacements {
		l.Add(fault.New(fault.TooLong, "max", MostPlacements).At("/placements"))
	}
	for i, p := range b.Placements {
		if at := fmt.Sprintf("/placements/%d", i); p == 0 {
			l.Add(fault.New(fault.MissingValue).At(at))
		} else if slices.Contains(b.Placements[:i], p) {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
	}
	if b.Validity != nil {
		b.Validity.Validate("/validity", &l)
		if b.Validity.CutByWindow {
			l.Add(fault.New(fault.Conflicting, "a", "cut_by_window", "b", "batch").At("/validity/cut_by_window"))
		}
	}
	schedule.Window{From: b.From, To: b.To}.Validate("", &l)
	return l.Err()
}
