package pricing

import (
	"cmp"
	"slices"

	"quan/internal/domain/coupon"
)

// sort puts the lots into the order in which they are taken, ties in line order.
func (h *hand) sort(e *effect, by coupon.Select) {
	if h.sorted && h.by == by {
		return
	}
	h.sorted, h.by = true, by
	switch by {
	case coupon.SelectFirst:
		h.order = h.order[:0]
		for i := range h.lots {
			h.order = append(h.order, int32(i))
		}
	case coupon.SelectDearest:
		h.start(e, true)
		h.settle(func(i, j int32) int { return dearer(&h.lots[j], &h.lots[i]) })
	default:
		h.start(e, false)
		h.settle(func(i, j int32) int { return dearer(&h.lots[i], &h.lots[j]) })
		h.remember(e)
	}
}

// start lists the lots in the order that they had when the coupon was first asked:
// what others take since then changes little of it.
func (h *hand) start(e *effect, dearest bool) {
	h.order = h.order[:0]
	order := e.targets.order
	if order == nil {
		for i := range h.lots {
			h.order = append(h.order, int32(i))
		}
		return
	}
	h.first = h.first[:0]
	for i := range h.lots {
		for int32(len(h.first)) <= h.lots[i].place {
			h.first = append(h.first, int32(i))
		}
	}
	for len(h.first) <= len(e.targets.lines) {
		h.first = append(h.first, int32(len(h.lots)))
	}
	for n := range order {
		place := order[n]
		if dearest {
			place = order[len(order)-1-n]
		}
		for i := h.first[place]; i < h.first[place+1]; i++ {
			h.order = append(h.order, i)
		}
	}
}

// remember keeps an order for start, where every line of the coupon has one lot.
func (h *hand) remember(e *effect) {
	if e.targets.order != nil || len(h.lots) != len(e.targets.lines) {
		return
	}
	for i := range h.lots {
		if h.lots[i].place != int32(i) {
			return
		}
	}
	e.targets.order = slices.Clone(h.order)
}

// settle sorts the order, ties as the lots stand: by insertion as long as little has
// to be moved.
func (h *hand) settle(compare func(i, j int32) int) {
	order, moves := h.order, 8*len(h.order)
	for n := 1; n < len(order); n++ {
		for k := n; k > 0; k-- {
			c := compare(order[k], order[k-1])
			if c > 0 || c == 0 && order[k] > order[k-1] {
				break
			}
			order[k], order[k-1] = order[k-1], order[k]
			moves--
		}
		if moves < 0 {
			slices.SortFunc(order, func(i, j int32) int { return cmp.Or(compare(i, j), cmp.Compare(i, j)) })
			return
		}
	}
}
