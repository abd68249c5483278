package issue_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/domain/placement"
	"quan/internal/domain/schedule"
	"quan/internal/domain/stock"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// batchOf is an open batch of ten.
func batchOf(number id.ID, edit func(*stock.Batch)) *stock.Batch {
	b := &stock.Batch{ID: number, Template: 7, Size: 10, Most: 10, Open: true}
	if edit != nil {
		edit(b)
	}
	return b
}

func TestDraw(t *testing.T) {
	from := func(places ...id.ID) func(*stock.Batch) { return func(b *stock.Batch) { b.Placements = places } }
	edit := func(f func(b *stock.Batch)) func(*stock.Batch) { return f }
	budget := edit(func(b *stock.Batch) { b.BudgetMinor = 1_400 })
	for _, c := range []struct {
		name    string
		batches []*stock.Batch
		place   id.ID
		named   id.ID
		form    coupon.Form
		taken   map[id.ID]int64 // coupons
		spent   map[id.ID]int64
		want    string
	}{
		{"the first of two", []*stock.Batch{batchOf(2, nil), batchOf(1, nil)}, 0, 0, "", nil, nil, "1"},
		{"the lower rank goes first", []*stock.Batch{batchOf(1, nil), batchOf(2, edit(func(b *stock.Batch) { b.Rank = -1 }))}, 0, 0, "", nil, nil, "2"},
		{"a full one is passed over", []*stock.Batch{batchOf(1, nil), batchOf(2, nil)}, 0, 0, "", map[id.ID]int64{1: 10}, nil, "2"},
		{"the last coupon of one", []*stock.Batch{batchOf(1, nil), batchOf(2, nil)}, 0, 0, "", map[id.ID]int64{1: 9}, nil, "1"},
		{"all are full", []*stock.Batch{batchOf(1, nil), batchOf(2, nil)}, 0, 0, "", map[id.ID]int64{1: 10, 2: 11}, nil, "sold_out"},
		{"a stopped one is passed over", []*stock.Batch{batchOf(1, edit(func(b *stock.Batch) { b.Open = false })), batchOf(2, nil)}, 0, 0, "", nil, nil, "2"},
		{"one that opens later", []*stock.Batch{batchOf(1, edit(func(b *stock.Batch) { b.From = moment(t, "2026-03-10T12:01") }))}, 0, 0, "", nil, nil, "batch_closed"},
		{"one that has ended", []*stock.Batch{batchOf(1, edit(func(b *stock.Batch) { b.To = moment(t, "2026-03-10T12:00") }))}, 0, 0, "", nil, nil, "batch_closed"},
		{"an archived one gives out nothing, nor does the template", []*stock.Batch{batchOf(1, edit(func(b *stock.Batch) { b.ArchivedAt = 1 }))}, 0, 0, "", nil, nil, "batch_closed"},
		{"one whose dates are over", []*stock.Batch{batchOf(1, edit(func(b *stock.Batch) {
			b.Validity = &schedule.Validity{Kind: schedule.ValidityFixed, From: 1, To: moment(t, "2026-03-10T12:00")}
		}))}, 0, 0, "", nil, nil, "batch_closed"},
		{"the placement's own", []*stock.Batch{batchOf(1, nil), batchOf(2, from(21))}, 21, 0, "", nil, nil, "2"},
		{"the placement's own, and no other when it is full", []*stock.Batch{batchOf(1, nil), batchOf(2, from(21))}, 21, 0, "", map[id.ID]int64{2: 10}, nil, "sold_out"},
		{"a placement without one", []*stock.Batch{batchOf(1, nil), batchOf(2, from(22))}, 21, 0, "", nil, nil, "1"},
		{"no placement, and one that is bound", []*stock.Batch{batchOf(1, from(21))}, 0, 0, "", nil, nil, "batch_closed"},
		{"named", []*stock.Batch{batchOf(1, nil), batchOf(2, nil)}, 0, 2, "", nil, nil, "2"},
		{"reserved, not named", []*stock.Batch{batchOf(1, edit(func(b *stock.Batch) { b.Reserved = true }))}, 0, 0, "", nil, nil, "batch_closed"},
		{"reserved, named", []*stock.Batch{batchOf(1, edit(func(b *stock.Batch) { b.Reserved = true }))}, 0, 1, coupon.FormGrant, nil, nil, "1"},
		{"named through a placement that it is not bound to", []*stock.Batch{batchOf(1, from(22))}, 21, 1, "", nil, nil, "batch_closed"},
		{"the budget holds two and a rest", []*stock.Batch{batchOf(1, budget), batchOf(2, nil)}, 0, 0, "", nil, map[id.ID]int64{1: 900}, "1"},
		{"the budget is short", []*stock.Batch{batchOf(1, budget), batchOf(2, nil)}, 0, 0, "", nil, map[id.ID]int64{1: 1_000}, "2"},
		{"all budgets are short", []*stock.Batch{batchOf(1, budget), batchOf(2, nil)}, 0, 0, "", map[id.ID]int64{2: 10}, map[id.ID]int64{1: 1_000}, "budget_exhausted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := fixture(t)
			stock.Order(c.batches)
			w.Batches, w.Batch = c.batches, c.named
			if c.form != "" {
				w.Form = c.form
			}
			if c.place != 0 {
				w.Placement = &placement.Placement{ID: c.place, Template: 7, Channel: "app", Open: true}
			}
			rows := w.counters()
			for k, row := range rows {
				if k.Per == limit.PerBatch {
					row.Taken = map[limit.What]map[id.ID]int64{limit.IssueCount: c.taken, limit.IssueAmount: c.spent}[k.What][k.Subject]
				}
			}
			before := map[limit.Key]int64{}
			for k, row := range rows {
				before[k] = row.Taken
			}
			d, refusal := issue.Decide(&w.Request, nil, rows)
			got := fmt.Sprint(int64(d.Coupon.Batch))
			if refusal != nil {
				got = string(refusal.Code)
			}
			if got != c.want {
				t.Fatalf("got %s, want %s", got, c.want)
			}
			for k, row := range rows {
				own := k.Per != limit.PerBatch || k.Subject == d.Coupon.Batch
				if refusal == nil && own != (row.Taken > before[k]) || refusal != nil && row.Taken != before[k] {
					t.Errorf("%v grew by %d", k, row.Taken-before[k])
				}
			}
		})
	}
}

// A coupon has the dates of its batch.
func TestBatchHasItsOwnValidity(t *testing.T) {
	w := fixture(t)
	w.Batches = []*stock.Batch{batchOf(1, func(b *stock.Batch) { b.Validity = &schedule.Validity{Kind: schedule.ValiditySameDay, DelayDays: 1} })}
	d, refusal := issue.Decide(&w.Request, nil, w.counters())
	if refusal != nil || d.Coupon.ValidFrom != moment(t, "2026-03-11T00:00") || d.Coupon.ValidTo != moment(t, "2026-03-12T00:00") {
		t.Errorf("%+v, %v", d.Coupon, refusal)
	}
}

// Whatever is asked for, in whatever order: no batch gives out more than it has, and
// "sold out" is said only when none that the request may draw from has room.
func TestBatchesNeverGiveOutMore(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var batches []*stock.Batch
		for n := range rapid.IntRange(1, 5).Draw(rt, "batches") {
			b := batchOf(id.ID(n+1), nil)
			b.Size, b.Rank = rapid.Int64Range(0, 4).Draw(rt, "size"), rapid.Int64Range(0, 2).Draw(rt, "rank")
			b.Open, b.Reserved = rapid.IntRange(0, 4).Draw(rt, "open") > 0, rapid.IntRange(0, 4).Draw(rt, "reserved") == 0
			b.BudgetMinor = rapid.SampledFrom([]int64{0, 0, 500, 999, 1_500}).Draw(rt, "budget")
			if rapid.IntRange(0, 2).Draw(rt, "bound") == 0 {
				b.Placements = []id.ID{21}
			}
			batches = append(batches, b)
		}
		stock.Order(batches)
		w := fixture(t)
		w.Batches = batches
		rows := map[limit.Key]*limit.Counter{}
		out := map[id.ID]int64{}
		for range rapid.IntRange(1, 25).Draw(rt, "claims") {
			w.Batch = id.ID(rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3}).Draw(rt, "named"))
			w.Placement = nil
			if rapid.Bool().Draw(rt, "placed") {
				w.Placement = &placement.Placement{ID: 21, Template: 7, Channel: "app", Open: true}
			}
			for _, k := range issue.Keys(&w.Request) {
				if rows[k] == nil {
					rows[k] = &limit.Counter{Key: k}
				}
			}
			d, refusal := issue.Decide(&w.Request, nil, rows)
			if refusal == nil {
				out[d.Coupon.Batch]++
				continue
			}
			for _, b := range stock.Candidates(batches, w.Batch, map[bool]id.ID{true: 21}[w.Placement != nil]) {
				room := b.Open && out[b.ID] < b.Size && (b.BudgetMinor == 0 || (out[b.ID]+1)*500 <= b.BudgetMinor)
				if room || refusal.Code == fault.SoldOut && b.Open && out[b.ID] < b.Size {
					rt.Fatalf("%s, but batch %d has given out %d of %d, budget %d", refusal.Code, b.ID, out[b.ID], b.Size, b.BudgetMinor)
				}
			}
		}
		for _, b := range batches {
			if n := out[b.ID]; n > b.Size || b.BudgetMinor > 0 && n*500 > b.BudgetMinor || rows[b.CountKey()] != nil && rows[b.CountKey()].Taken != n {
				rt.Fatalf("batch %d gave out %d of %d", b.ID, n, b.Size)
			}
		}
		if out[0] > 0 {
			rt.Fatal("a coupon of no batch")
		}
	})
}
