package sqlrepo

import (
	"cmp"
	"fmt"
	"slices"

	"quan/internal/domain/limit"
)

// The small numbers of a counter's key. They are stored: never renumber.
var (
	perNumbers = numbering[limit.Per]{limit.PerMember, limit.PerPlacement, limit.PerTemplate, limit.PerCode, limit.PerPerson,
		limit.PerDevice, limit.PerPayer, limit.PerStore, limit.PerFunder, limit.PerCampaign, limit.PerBatch, limit.PerAgent}
	whatNumbers = numbering[limit.What]{limit.RedeemAmount, limit.RedeemCount, limit.IssueAmount, limit.IssueCount, limit.PackCount,
		limit.PacketAmount, limit.PacketCount, limit.ShareCount, limit.Liability, limit.PlaceTime, limit.DeskCount}
	periodNumbers = numbering[limit.Period]{limit.Day, limit.Week, limit.Month, limit.Ever, limit.Campaign, limit.Window, limit.Rolling}
)

// The order of locks: what is a person's first, then stores, placements and budgets,
// the stock row (template, issue count, ever), that of packs and packets, and batches
// of codes and of stock last but for the quotas of a service desk.
var (
	perOrder = ranks(perNumbers, limit.PerMember, limit.PerPerson, limit.PerDevice, limit.PerPayer, limit.PerStore, limit.PerPlacement,
		limit.PerFunder, limit.PerCampaign, limit.PerTemplate, limit.PerCode, limit.PerBatch, limit.PerAgent)
	whatOrder = ranks(whatNumbers, limit.RedeemAmount, limit.RedeemCount, limit.Liability, limit.IssueAmount, limit.IssueCount,
		limit.PackCount, limit.PacketAmount, limit.PacketCount, limit.ShareCount, limit.PlaceTime, limit.DeskCount)
	periodOrder = ranks(periodNumbers, limit.Rolling, limit.Day, limit.Week, limit.Month, limit.Window, limit.Campaign, limit.Ever)
)

// ranks gives the place of each number in an order of the words.
func ranks[T ~string](n numbering[T], order ...T) []int {
	out := make([]int, len(n)+1)
	for i, word := range order {
		out[n.number(word)] = i + 1
	}
	return out
}

// numbering gives its words the numbers from 1.
type numbering[T ~string] []T

func (n numbering[T]) number(word T) int64 { return int64(slices.Index(n, word) + 1) }

func (n numbering[T]) word(number int64) (T, error) {
	if number < 1 || number > int64(len(n)) {
		return "", fmt.Errorf("counter key holds the unknown number %d", number)
	}
	return n[number-1], nil
}

func perNumber(p limit.Per) int64 { return perNumbers.number(p) }

func whatNumber(w limit.What) int64 { return whatNumbers.number(w) }

func periodNumber(p limit.Period) int64 {
	if p == "" {
		p = limit.Ever
	}
	return periodNumbers.number(p)
}

// byLockOrder compares counters' keys in the order in which they are locked.
func byLockOrder(a, b limit.Key) int {
	return cmp.Or(cmp.Compare(perOrder[perNumber(a.Per)], perOrder[perNumber(b.Per)]),
		cmp.Compare(whatOrder[whatNumber(a.What)], whatOrder[whatNumber(b.What)]),
		cmp.Compare(periodOrder[periodNumber(a.Period)], periodOrder[periodNumber(b.Period)]), cmp.Compare(a.Start, b.Start),
		cmp.Compare(a.Template, b.Template), cmp.Compare(a.Subject, b.Subject))
}

// run is the keys that one statement asks for: they agree in all but the subject,
// or, counted per template, in all but the template.
type run []limit.Key

// runsOf cuts keys into runs in the order of locks, each key once.
func runsOf(keys []limit.Key) []run {
	sorted := slices.Clone(keys)
	slices.SortFunc(sorted, byLockOrder)
	sorted = slices.Compact(sorted)
	var runs []run
	from := 0
	for i := 1; i <= len(sorted); i++ {
		if i == len(sorted) || !together(sorted[from], sorted[i]) {
			runs = append(runs, sorted[from:i])
			from = i
		}
	}
	return runs
}

func together(a, b limit.Key) bool {
	return a.Per == b.Per && a.What == b.What && a.Period == b.Period && a.Start == b.Start &&
		(a.Per == limit.PerTemplate || a.Template == b.Template)
}

// asked is the read of the run's rows.
func (r run) asked(k keyed, found func(limit.Counter)) asked {
	return asked{k, len(r), r.arg, r.args, func(row Scanner) error {
		c, err := scanCounter(row)
		if err == nil {
			found(c)
		}
		return err
	}}
}

// arg are the arguments of one key.
func (r run) arg(i int) []any {
	c := &r[i]
	return []any{perNumber(c.Per), whatNumber(c.What), periodNumber(c.Period), int64(c.Start), int64(c.Template), int64(c.Subject), c.Slot()}
}

// args are per, what, period, start and the parallel lists of templates, subjects and slots.
func (r run) args() []any {
	templates, subjects, slots := make([]int64, len(r)), make([]int64, len(r)), make([]int64, len(r))
	for i, k := range r {
		templates[i], subjects[i], slots[i] = int64(k.Template), int64(k.Subject), k.Slot()
	}
	k := r[0]
	return []any{perNumber(k.Per), whatNumber(k.What), periodNumber(k.Period), int64(k.Start), templates, subjects, slots}
}
