package issue

import (
	"cmp"

	"quan/internal/domain/budget"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/placement"
	"quan/internal/domain/schedule"
	"quan/internal/domain/stock"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Request is one coupon that a member asks for, or is given.
type Request struct {
	Template  *coupon.Template
	Version   *coupon.Version // newest published; nil for a template that has none
	Market    *market.Market
	Placement *placement.Placement // nil for none
	Member    *member.Member
	Channel   string // delivery channel; "" takes the placement's
	City      string
	Form      coupon.Form
	Origin    id.ID // of one act of issuing; the coupons of a pack share it
	Now       calendar.Instant
	Code      *Code            // nil unless an exchange code asks
	Actor     limit.Actor      // who acts beside the member, as far as it is known
	Budgets   []*budget.Budget // those that the version draws on
	Pack      id.ID            // zero unless the coupon is part of a pack
	Newcomer  bool             // of a newcomer pack, whatever the template says
	FaceMinor int64            // the coupon's own amount (coupon.Terms.Faced); zero: the terms'
	Batches   []*stock.Batch   // of the template, in their order, archived ones too; none: it gives out its own stock
	Batch     id.ID            // that the request names; zero for none

	// Facts are what the conditions of the claim rules may ask; nil: nothing is
	// known. When is the compiled tree; nil: it is compiled at each decision.
	Facts *condition.Facts
	When  *condition.Program
}

// Code is the batch of an exchange code that asks for a coupon. Its count is kept
// under the batch's own template, whatever is issued instead of that.
type Code struct {
	Batch    id.ID
	Template id.ID
	Cap      int64 // uses in all
}

// Key names the counter of the batch's uses.
func (c *Code) Key() limit.Key {
	return limit.Key{Template: c.Template, Per: limit.PerCode, Subject: c.Batch, What: limit.IssueCount, Period: limit.Ever}
}

// Decision is a coupon to be issued. The caller sets Coupon.ID and writes the
// coupon and the counters; nothing else is left to decide.
type Decision struct {
	Coupon  coupon.Coupon // ID is zero, Rev is 1
	Facts   Facts         // Coupon.Facts, before encoding
	Takings []limit.Taking
}

// Decide issues one coupon or returns the first refusal in Order.
//
// held are the member's newcomer coupons; a caller that decides a batch adds
// each Newcomer coupon it got to the member's next call. counters holds a row
// for every key of Keys(r) (a missing one is internal_error: the keys were
// reckoned for another day); on success, and only then, the rows are raised, so
// that a batch is decided in arrival order against the same rows.
func Decide(r *Request, held []coupon.Coupon, counters map[limit.Key]*limit.Counter) (Decision, *fault.Fault) {
	c := newCheck(r, held, counters)
	c.run()
	if len(c.found) > 0 {
		return Decision{}, c.found[0]
	}
	takings := c.takings
	d := Decision{Takings: takings, Facts: r.facts(takings, counters)}
	for i := range takings {
		if t := &takings[i]; t.Takes() {
			limit.Take(counters[t.Key], t.Limit.Cap, t.Amount)
		}
	}
	d.Coupon = r.coupon(c.draw)
	d.Coupon.Facts = d.Facts.Encode()
	return d, nil
}

// Reasons returns every refusal that holds, in Order; nil when the coupon can be issued.
func Reasons(r *Request, held []coupon.Coupon, counters map[limit.Key]*limit.Counter) []*fault.Fault {
	c := newCheck(r, held, counters)
	c.all = true
	c.run()
	return c.found
}

// Keys names the counters that the request touches at r.Now, the stock first,
// each once. It is empty for a template without a published version.
func Keys(r *Request) []limit.Key {
	takings := r.takings()
	keys := make([]limit.Key, 0, len(takings))
	for i := range takings {
		keys = takings[i].Locks(keys)
	}
	if r.Version == nil || len(r.Batches) == 0 {
		return keys
	}
	return append(keys, r.batchKeys()...)
}

// Rolling are the takings of limits over the last hours: a decision asks the rows of
// earlier hours too, which are read under the locks.
func Rolling(r *Request) (rolling []limit.Taking) {
	for _, t := range r.takings() {
		if t.Limit.Period == limit.Rolling && t.Missing == "" {
			rolling = append(rolling, t)
		}
	}
	return rolling
}

// takings are the stock's, the placement's and those of the limits, one a key:
// where two rules share a counter, the tighter cap holds.
func (r *Request) takings() []limit.Taking {
	if r.Version == nil {
		return nil
	}
	own := [2]limit.Limit{{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: limit.Unlimited}}
	kept := own[:1]
	if p := r.Placement; p != nil {
		place := limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerPlacement, Cap: limit.Unlimited}
		if p.Cap > 0 && r.Pack == 0 { // that of a pack is counted in packs
			place.Cap = p.Cap
		}
		kept = append(kept, place)
	}
	liability := r.liability()
	subject, act := r.subject(), limit.Issue(liability)
	takings := limit.Takings(subject, act, kept, r.Version.Doc.Claim.Limits)
	for _, b := range r.Budgets {
		h := b.Holder(r.Market)
		takings = h.Takings(takings, &subject, act)
	}
	if r.Code != nil {
		takings = append(takings, limit.Taking{Limit: limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerCode, Cap: r.Code.Cap},
			Key: r.Code.Key(), Amount: 1})
	}
	return merge(takings)
}

// merge leaves one taking of each counter that follows from coupons alone, under
// the tighter cap.
func merge(takings []limit.Taking) []limit.Taking {
	out := takings[:0]
next:
	for _, t := range takings {
		for i := range out {
			if o := &out[i]; o.Key == t.Key && o.Takes() && !t.Kept && !t.Watch && t.Missing == "" {
				if t.Limit.Cap <= o.Limit.Cap {
					o.Limit = t.Limit
				}
				continue next
			}
		}
		out = append(out, t)
	}
	return out
}

func (r *Request) subject() limit.Subject {
	s := limit.Subject{
		Template: r.Template.ID, Member: r.Member.ID, Day: r.Market.Day(r.Now), WeekStart: r.Market.WeekStart,
	}
	s.Placement = r.placement()
	s.Actor, s.At = r.Actor, r.Now
	if v := r.Version; v != nil {
		s.Opened, _ = v.Doc.Claim.Window.Start(v.Doc.Claim.Sessions, r.Now, r.Market.Location())
	}
	return s
}

func (r *Request) placement() id.ID {
	if r.Placement == nil {
		return 0
	}
	return r.Placement.ID
}

// channel is the delivery channel of the request, or its placement's.
func (r *Request) channel() string {
	if r.Placement != nil {
		return cmp.Or(r.Channel, r.Placement.Channel)
	}
	return r.Channel
}

// interval is when a coupon of a batch, or of the template's own stock, could be used.
func (r *Request) interval(b *stock.Batch) schedule.Interval {
	span := r.validity(b).For(r.Now, r.Market.Location(), r.Version.Doc.Claim.Window.To)
	if span.To == 0 {
		span.To = schedule.Forever
	}
	return span
}

func (r *Request) coupon(d draw) coupon.Coupon {
	span := r.interval(d.Batch)
	var batch id.ID
	if d.Batch != nil {
		batch = d.Batch.ID
	}
	liability := r.liability()
	s := r.subject()
	return coupon.Coupon{
		Member: s.Member, Template: s.Template, Version: r.Version.Number,
		State: coupon.Usable, Uses: max(r.Version.Doc.Terms.UsesPerCoupon, 1), NextUse: 1,
		IssuedAt: r.Now, IssuedDay: s.Day, ValidFrom: span.From, ValidTo: span.To,
		Origin: r.Origin, Placement: s.Placement, Batch: batch, Form: r.Form, Channel: r.channel(), City: r.City,
		Newcomer: r.newcomer(), Liability: liability, FaceMinor: r.FaceMinor, Rev: 1,
	}
}

// liability is what the coupon can cost at most: its own amount, or its terms'.
func (r *Request) liability() int64 {
	if r.FaceMinor > 0 {
		return r.FaceMinor
	}
	minor, _ := r.Version.Doc.Terms.Liability()
	return minor
}

// newcomer reports whether the coupon is a newcomer issue.
func (r *Request) newcomer() bool { return r.Newcomer || r.Version.Doc.Claim.Newcomer }

func (r *Request) facts(takings []limit.Taking, counters map[limit.Key]*limit.Counter) Facts {
	f := Facts{Version: r.Version.Number, Policy: r.Market.Rev, Channel: r.channel(), City: r.City}
	if r.Placement != nil {
		f.Placement = r.Placement.ID
	}
	f.Seen = make([]int64, 0, len(takings))
	for i := range takings {
		if t := &takings[i]; t.Takes() {
			f.Seen = append(f.Seen, counters[t.Key].Taken)
		}
	}
	return f
}
