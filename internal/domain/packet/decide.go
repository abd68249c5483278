package packet

import (
	"cmp"
	"slices"

	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Sending is a member's wish to send a packet.
type Sending struct {
	Plan   *Plan
	Market *market.Market
	Member *member.Member
	Order  *order.Order // nil for none
	Now    calendar.Instant
}

// SendOrder is the order in which refusals of sending are looked for.
var SendOrder = []fault.Code{
	fault.PacketClosed, fault.ClaimNotStarted, fault.ClaimEnded, fault.PacketOrder, fault.MemberBlocked,
	fault.MemberLimit, fault.PeriodLimit, fault.SoldOut, fault.BudgetExhausted,
}

// Send returns what a packet takes of the counters, or the first refusal in SendOrder.
func Send(s *Sending, counters map[limit.Key]*limit.Counter) ([]limit.Taking, *fault.Fault) {
	p := s.Plan
	switch {
	case p.Status != StatusPublished:
		return nil, fault.New(fault.PacketClosed, "state", string(p.Status))
	case !p.Open:
		return nil, fault.New(fault.PacketClosed, "state", "paused")
	case s.Now < p.Window.From:
		return nil, fault.New(fault.ClaimNotStarted, "from", p.Window.From)
	case p.Window.To != 0 && s.Now >= p.Window.To:
		return nil, fault.New(fault.ClaimEnded, "to", p.Window.To)
	case p.Content.NeedsOrder && !s.fits():
		return nil, fault.New(fault.PacketOrder, "least_minor", p.Content.OrderMinor)
	case s.Member.Blocked:
		return nil, fault.New(fault.MemberBlocked)
	}
	takings := s.takings()
	var refusal *fault.Fault
	for _, t := range takings {
		row := counters[t.Key]
		if row == nil {
			return nil, fault.New(fault.InternalError, "counter", string(t.Key.What))
		}
		if code := refusalOf(t.Limit); !limit.Room(*row, t.Limit.Cap, t.Amount) && (refusal == nil || rank(code) < rank(refusal.Code)) {
			refusal = fault.New(code, "cap", t.Limit.Cap, "period", string(t.Limit.Period), "what", string(t.Limit.What))
		}
	}
	return takings, refusal
}

// fits asks that the order is the member's, stands, and was paid for well enough.
func (s *Sending) fits() bool {
	o := s.Order
	return o != nil && o.Member == s.Member.ID && o.RefundedMinor == 0 && o.PaidMinor >= s.Plan.Content.OrderMinor
}

// Keys names the counters that sending touches.
func Keys(s *Sending) []limit.Key {
	var keys []limit.Key
	for _, t := range s.takings() {
		keys = append(keys, t.Key)
	}
	return keys
}

// StockKey is the counter of packets ever sent under a plan; its row carries the
// generation of the plan.
func StockKey(plan id.ID) limit.Key {
	return limit.Key{Template: plan, Per: limit.PerTemplate, What: limit.PacketCount, Period: limit.Ever}
}

// BudgetKey is the counter of what the packets of a plan hold, less what came back.
func BudgetKey(plan id.ID) limit.Key {
	return limit.Key{Template: plan, Per: limit.PerTemplate, What: limit.PacketAmount, Period: limit.Ever}
}

func (s *Sending) takings() []limit.Taking {
	all := []limit.Limit{{What: limit.PacketCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: limit.Unlimited}}
	for _, l := range s.Plan.Limits {
		m := limit.Limit{What: limit.PacketCount, Period: l.Period, Per: limit.PerMember, Cap: l.Cap}
		if l.Per == PerPlan {
			m.Per = limit.PerTemplate
		}
		if m.Per == limit.PerTemplate && m.Period == limit.Ever {
			all[0].Cap = m.Cap
			continue
		}
		all = append(all, m)
	}
	subject := limit.Subject{Template: s.Plan.ID, Member: s.Member.ID, Day: s.Market.Day(s.Now), WeekStart: s.Market.WeekStart}
	budget := limit.Limit{What: limit.PacketAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: cmp.Or(s.Plan.BudgetMinor, limit.Unlimited)}
	return append(limit.Takings(subject, limit.Act{Counts: limit.PacketCount, Count: 1}, all),
		limit.Taking{Limit: budget, Key: BudgetKey(s.Plan.ID), Amount: s.Plan.Content.Sum()})
}

func rank(c fault.Code) int { return slices.Index(SendOrder, c) }

func refusalOf(l limit.Limit) fault.Code {
	switch {
	case l.What == limit.PacketAmount:
		return fault.BudgetExhausted
	case l.Per == limit.PerMember:
		return fault.MemberLimit
	case l.Period != limit.Ever:
		return fault.PeriodLimit
	}
	return fault.SoldOut
}

// OpenOrder is the order in which refusals of opening are looked for, before those of
// the share's coupon. A member who has a share is not refused: it is the answer.
var OpenOrder = []fault.Code{fault.PacketOver, fault.PacketOwn, fault.PacketEmpty}

// Open returns the number of the share that is next, and its amount, or the first
// refusal in OpenOrder. taken is how many shares have been opened.
func Open(p *Packet, c *Content, who id.ID, taken int64, now calendar.Instant) (number, minor int64, why *fault.Fault) {
	switch {
	case p.Over(now):
		return 0, 0, fault.New(fault.PacketOver, "expires_at", p.ExpiresAt)
	case who == p.Member && !c.SharerOpens:
		return 0, 0, fault.New(fault.PacketOwn)
	case taken >= p.Shares:
		return 0, 0, fault.New(fault.PacketEmpty)
	}
	return taken + 1, p.Amounts[taken], nil
}

// Close ends a packet of which so many shares were opened: its rest comes back.
func (p *Packet) Close(opened int64, now calendar.Instant) {
	p.ClosedAt, p.ReturnedMinor = now, p.Rest(opened)
	p.Rev++
}
