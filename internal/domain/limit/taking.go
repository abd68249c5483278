package limit

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Act is what happens: it counts one thing, and takes an amount with it.
type Act struct {
	Counts What // IssueCount, RedeemCount, or what packs and packets count
	Count  int64
	Minor  int64   // worst case of an issue, discount of a use
	Shares []Share // of a use, by who bears it
}

// Share is what a funder bears of a discount, by its number (Numbered).
type Share struct {
	Funder id.ID
	Minor  int64
}

// Issue is the act of issuing one coupon with a worst-case liability in minor units.
func Issue(liabilityMinor int64) Act {
	return Act{Counts: IssueCount, Count: 1, Minor: liabilityMinor}
}

// Redeem is the act of one use with its discount in minor units and who bears it.
func Redeem(discountMinor int64, shares ...Share) Act {
	return Act{Counts: RedeemCount, Count: 1, Minor: discountMinor, Shares: shares}
}

// counts reports whether a limit counts the act.
func (a *Act) counts(w What) bool {
	switch a.Counts {
	case IssueCount:
		return w.ofIssue()
	case RedeemCount:
		return w.ofUse()
	}
	return w == a.Counts
}

// of returns what the act takes of a limit that counts it, for a subject.
func (a *Act) of(l *Limit, subject id.ID) (amount int64) {
	switch {
	case !l.What.Amount():
		return a.Count
	case l.Per != PerFunder:
		return a.Minor
	}
	for _, s := range a.Shares {
		if s.Funder == subject {
			amount += s.Minor
		}
	}
	return amount
}

// ofUse reports whether uses take of it.
func (w What) ofUse() bool { return w == RedeemCount || w == RedeemAmount }

// ofIssue reports whether issuing takes of it.
func (w What) ofIssue() bool { return w == IssueCount || w == IssueAmount || w == Liability }

// Holder is a template or budget with the limits that lie on it.
type Holder struct {
	ID     id.ID
	Budget bool
	Limits []Limit
	From   calendar.Date // first day of a budget's campaign; zero: it began at once
}

// Taking is one limit that an action touches, with the counter and the amount.
type Taking struct {
	Limit  Limit
	Key    Key
	Amount int64
	Budget id.ID // on which the limit lies; zero: on the template
	Kept   bool  // the taking does not follow from the coupon or redemption alone: an Entry keeps it
	Shared bool  // an earlier taking of the act takes of this counter: here it is only asked
	Watch  bool  // nothing is taken: the act stops where the limit is reached
	// Missing is the subject that should be known and is not; nothing is taken then.
	Missing Per
}

// Takes reports whether the counter is changed by the taking.
func (t *Taking) Takes() bool { return !t.Shared && !t.Watch && t.Missing == "" }

// plain reports whether what the limit counts can be told from a coupon or
// redemption of the holder alone, at any time later.
func (h *Holder) plain(l *Limit) bool {
	per := l.Per == PerTemplate || l.Per == PerMember || l.Per == PerPlacement
	period := l.Period == Ever || l.Period == Day || l.Period == Week || l.Period == Month || l.Period == ""
	return !h.Budget && per && period && l.What != Liability
}

// Plain reports whether no limit of the holder leaves entries or is asked by acts
// that it does not count.
func (h *Holder) Plain() bool {
	for i := range h.Limits {
		if !h.plain(&h.Limits[i]) || h.Limits[i].Stop != StopOwn {
			return false
		}
	}
	return true
}

// keyFor names the limit's counter for a subject.
func (h *Holder) keyFor(l *Limit, s *Subject, subject id.ID) Key {
	return Key{Template: h.ID, Per: l.Per, Subject: subject, What: l.What, Period: l.Period, Start: s.start(l, h.From)}
}

// Whole names the counter of a limit that counts all there is of it together; ok is
// false of one that counts each subject by itself.
func (h *Holder) Whole(i int, s Subject) (k Key, ok bool) {
	l := &h.Limits[i]
	switch {
	case l.Period == Rolling:
		return Key{}, false
	case l.Per == PerTemplate || l.Per == PerCampaign:
		return h.keyFor(l, &s, 0), true
	case l.Only != "":
		return h.keyFor(l, &s, Numbered(l.Only)), true
	}
	return Key{}, false
}

// Takings returns what an act takes of a template's own limits, in the order of the
// lists that they come in.
func Takings(s Subject, a Act, lists ...[]Limit) []Taking {
	n := 0
	for _, limits := range lists {
		n += len(limits)
	}
	out := make([]Taking, 0, n)
	for _, limits := range lists {
		h := Holder{ID: s.Template, Limits: limits}
		out = h.append(out, 0, &s, a)
	}
	return out
}

// Takings appends what an act takes of the holder's limits, in their order. A
// limit that others act on too (Stop) is watched by those that it does not count.
func (h *Holder) Takings(out []Taking, s *Subject, a Act) []Taking {
	return h.append(out, len(out), s, a)
}

// append is Takings where the holder's own begin at from.
func (h *Holder) append(out []Taking, from int, s *Subject, a Act) []Taking {
	var room [4]id.ID
	for i := range h.Limits {
		l := &h.Limits[i]
		watch := !a.counts(l.What)
		if watch && !l.stops(&a) {
			continue
		}
		subjects, ok := s.numbers(l, room[:0])
		if !ok {
			out = append(out, Taking{Limit: *l, Missing: l.Per})
			continue
		}
		for _, n := range subjects {
			t := Taking{Limit: *l, Key: h.keyFor(l, s, n), Watch: watch, Kept: !watch && !h.plain(l)}
			if h.Budget {
				t.Budget = h.ID
			}
			if !watch {
				t.Amount = a.of(l, n)
				t.Shared = takes(out[from:], t.Key)
			}
			out = append(out, t)
		}
	}
	return out
}

func takes(takings []Taking, k Key) bool {
	for i := range takings {
		if takings[i].Key == k && !takings[i].Watch && takings[i].Missing == "" {
			return true
		}
	}
	return false
}

// stops reports whether an act that the limit does not count ends with it.
func (l *Limit) stops(a *Act) bool {
	switch a.Counts {
	case IssueCount:
		return l.Stop != StopOwn
	case RedeemCount:
		return l.Stop == StopAll
	}
	return false
}
