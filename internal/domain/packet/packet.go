package packet

import (
	"strconv"
	"strings"

	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Packet is one packet that a member sent. Its content never changes; it ends once.
type Packet struct {
	ID            id.ID
	Plan          id.ID
	PlanRev       int64
	Member        id.ID  // who sent it
	Source, Ref   string // of the order that it was sent for; "" for none
	Shares        int64
	TotalMinor    int64   // zero for packets of coupons
	Amounts       []int64 // of the shares, in the order in which they are opened
	Seed          string  // from which the amounts were drawn
	Day           calendar.Date
	CreatedAt     calendar.Instant
	ExpiresAt     calendar.Instant
	ClosedAt      calendar.Instant // when its rest came back; zero: not yet
	ReturnedMinor int64            // the rest
	Rev           int64
}

// Share is one share that was opened.
type Share struct {
	Packet      id.ID
	Number      int64 // from 1, in the order of opening
	Member      id.ID
	AmountMinor int64 // zero for a coupon as its template has it
	Coupon      id.ID
	At          calendar.Instant
}

// Over reports whether the packet has ended at an instant.
func (p *Packet) Over(now calendar.Instant) bool { return p.ClosedAt != 0 || now >= p.ExpiresAt }

// Key is the counter of the packet's opened shares; its lock orders who opens.
func Key(p id.ID) limit.Key {
	return limit.Key{Template: p, Per: limit.PerTemplate, What: limit.ShareCount, Period: limit.Ever}
}

// Best returns which share is the best luck 手气最佳: the largest of all shares, the
// earlier one of two. It is known once a lucky packet's shares are all opened; else 0.
func (p *Packet) Best(opened []Share) (number int64) {
	if int64(len(opened)) < p.Shares || p.Shares < 2 {
		return 0
	}
	var most int64
	alike := true
	for _, s := range opened {
		alike = alike && s.AmountMinor == opened[0].AmountMinor
		if s.AmountMinor > most || s.AmountMinor == most && s.Number < number {
			most, number = s.AmountMinor, s.Number
		}
	}
	if alike {
		return 0
	}
	return number
}

// Rest is what has not been opened once so many shares were.
func (p *Packet) Rest(opened int64) (minor int64) {
	for i := opened; i < int64(len(p.Amounts)); i++ {
		minor += p.Amounts[i]
	}
	return minor
}

// WriteAmounts is the text of amounts that is stored, ReadAmounts reads it.
func WriteAmounts(amounts []int64) string {
	words := make([]string, len(amounts))
	for i, a := range amounts {
		words[i] = strconv.FormatInt(a, 10)
	}
	return strings.Join(words, ",")
}

// ReadAmounts reads what WriteAmounts writes.
func ReadAmounts(text string) ([]int64, error) {
	words := strings.Split(text, ",")
	amounts := make([]int64, len(words))
	for i, w := range words {
		var err error
		if amounts[i], err = strconv.ParseInt(w, 10, 64); err != nil {
			return nil, err
		}
	}
	return amounts, nil
}
