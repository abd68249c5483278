package helpdesk

import (
	"cmp"
	"context"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/desk"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Part is a kind of what a timeline holds.
type Part string

// The parts.
const (
	PartMember  Part = "member"  // the member's own row: made, attributes, tags, identities, blocks
	PartCoupon  Part = "coupon"  // the history of its coupons
	PartOrder   Part = "order"   // orders and refunds
	PartNote    Part = "note"    // what people wrote down
	PartRefused Part = "refused" // what it was refused, the newest time of each reason
	PartDesk    Part = "desk"    // what agents did
)

// Parts are all of them.
var Parts = []Part{PartMember, PartCoupon, PartOrder, PartNote, PartRefused, PartDesk}

// MostRows is how many of a member's coupons, and of its orders, a timeline looks at.
const MostRows = 5_000

// TimelineInput asks for what happened to a member.
type TimelineInput struct {
	Member id.ID
	Parts  []Part // none: all
	Behind store.Behind
	Limit  int
}

// Entry is one thing that happened. One of Change, Note, Refused and Act is set.
type Entry struct {
	Part    Part
	Change  *change.Change
	Note    *Note
	Refused *member.Refused
	Act     *desk.Act
	Coupon  *coupon.Coupon // that it is about, as it is now
	Order   *order.Order   // without lines
}

// At is the entry's place in the order of the list.
func (e *Entry) At() store.Behind {
	switch {
	case e.Change != nil:
		return store.Behind{At: e.Change.At, ID: e.Change.Aggregate, Seq: e.Change.Seq}
	case e.Note != nil:
		return store.Behind{At: e.Note.At, ID: e.Note.ID}
	case e.Refused != nil:
		return store.Behind{At: e.Refused.LastAt, ID: e.Refused.ID}
	}
	return store.Behind{At: e.Act.At, ID: e.Act.ID}
}

// Timeline is a page of what happened, newest first.
type Timeline struct {
	Entries []Entry
	Cut     bool // the member has more coupons or orders than MostRows: the oldest were not looked at
}

// Timeline returns what happened to a member: the history of its row, coupons and
// orders, notes, refusals and what agents did, on one list. A caller who may not read
// coupons, or orders, gets the list without them. Fault member_not_found.
func (s *Helpdesk) Timeline(ctx context.Context, by access.Principal, in TimelineInput) (out Timeline, err error) {
	if err := may(by, access.MemberRead); err != nil {
		return out, err
	}
	limit := app.ListSize(in.Limit)
	wants := func(p Part) bool {
		switch {
		case p == PartCoupon && by.May(access.CouponRead) != nil, p == PartOrder && by.May(access.OrderRead) != nil:
			return false
		}
		return len(in.Parts) == 0 || slices.Contains(in.Parts, p)
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		out = Timeline{}
		rows, err := tx.Members().Get([]id.ID{in.Member})
		if err == nil && len(rows) == 0 {
			err = fault.New(fault.MemberUnknown)
		}
		if err != nil {
			return err
		}
		r := reading{Helpdesk: s, tx: tx, by: by, in: in, limit: limit, wants: wants, out: &out}
		return r.run()
	})
	return out, wrap("timeline", err)
}

// reading is one page in one view.
type reading struct {
	*Helpdesk
	tx    store.Tx
	by    access.Principal
	in    TimelineInput
	limit int
	wants func(Part) bool
	out   *Timeline
}

func (r *reading) run() error {
	for _, step := range []func() error{r.changes, r.notes, r.refused, r.acts} {
		if err := step(); err != nil {
			return err
		}
	}
	slices.SortFunc(r.out.Entries, func(a, b Entry) int { return latest(a.At(), b.At()) })
	r.out.Entries = r.out.Entries[:min(len(r.out.Entries), r.limit)]
	return r.complete()
}

// latest compares places, newest first.
func latest(a, b store.Behind) int {
	return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.ID, a.ID), cmp.Compare(b.Seq, a.Seq))
}

func (r *reading) changes() error {
	h, err := r.tx.Histories().Of(store.HistoryQuery{Member: r.in.Member, Scope: r.by.Scope, Self: r.wants(PartMember), Coupons: r.wants(PartCoupon),
		Orders: r.wants(PartOrder), Most: MostRows, Behind: r.in.Behind, Limit: r.limit})
	r.out.Cut = h.Cut
	for i := range h.Changes {
		c := &h.Changes[i]
		part := PartMember
		switch c.Kind {
		case id.Coupon:
			part = PartCoupon
		case id.Order:
			part = PartOrder
		}
		r.out.Entries = append(r.out.Entries, Entry{Part: part, Change: c})
	}
	return err
}

func (r *reading) notes() error {
	if !r.wants(PartNote) {
		return nil
	}
	rows, err := r.tx.Notes().OfMember(r.in.Member, r.in.Behind, r.limit)
	for _, row := range rows {
		n := r.opened(row)
		r.out.Entries = append(r.out.Entries, Entry{Part: PartNote, Note: &n})
	}
	return err
}

func (r *reading) refused() error {
	if !r.wants(PartRefused) {
		return nil
	}
	rows, err := r.tx.Refused().OfMember(r.in.Member, r.in.Behind, r.limit)
	for i := range rows {
		r.out.Entries = append(r.out.Entries, Entry{Part: PartRefused, Refused: &rows[i]})
	}
	return err
}

func (r *reading) acts() error {
	if !r.wants(PartDesk) {
		return nil
	}
	rows, err := r.tx.DeskActs().OfMember(r.in.Member, r.in.Behind, r.limit)
	for i := range rows {
		r.out.Entries = append(r.out.Entries, Entry{Part: PartDesk, Act: &rows[i]})
	}
	return err
}

// complete adds the coupons and orders that the page speaks of.
func (r *reading) complete() error {
	coupons, orders := map[id.ID]*coupon.Coupon{}, map[id.ID]*order.Order{}
	var couponIDs, orderIDs []id.ID
	for i := range r.out.Entries {
		c, o := r.out.Entries[i].about()
		if c != 0 {
			couponIDs = append(couponIDs, c)
		}
		if o != 0 {
			orderIDs = append(orderIDs, o)
		}
	}
	if r.by.May(access.CouponRead) == nil {
		rows, err := r.tx.Coupons().Get(couponIDs)
		if err != nil {
			return err
		}
		for i := range rows {
			coupons[rows[i].ID] = &rows[i]
		}
	}
	if r.by.May(access.OrderRead) == nil {
		rows, err := r.tx.Orders().Get(orderIDs)
		if err != nil {
			return err
		}
		for i := range rows {
			orders[rows[i].ID] = &rows[i]
		}
	}
	for i := range r.out.Entries {
		e := &r.out.Entries[i]
		c, o := e.about()
		e.Coupon, e.Order = coupons[c], orders[o]
	}
	return nil
}

// about names the coupon and the order of an entry, zero for none.
func (e *Entry) about() (c, o id.ID) {
	switch {
	case e.Part == PartCoupon:
		c = e.Change.Aggregate
	case e.Part == PartOrder:
		o = e.Change.Aggregate
	case e.Note != nil:
		c, o = e.Note.Coupon, e.Note.Order
	case e.Refused != nil:
		c = e.Refused.Coupon
	case e.Act != nil:
		c = cmp.Or(e.Act.Coupon, e.Act.Issued)
	}
	return c, o
}
