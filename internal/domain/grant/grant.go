package grant

import (
	"slices"
	"time"

	"quan/internal/domain/condition"
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
)

// Kind says to whom a grant goes.
type Kind string

// The kinds.
const (
	Everyone Kind = "everyone"
	Segment  Kind = "segment"
	List     Kind = "list" // rows that were uploaded with it
)

// Bounds of a grant.
const (
	Piece         = 256  // members of one transaction
	Stride        = 1024 // where it meets nobody
	MostTemplates = 20
	MostRows      = 1_000_000
	MostRate      = 1_000_000
	mostName      = 200
	mostText      = 64
	mostReason    = 500
	UndoDays      = 7
)

// Spec is what a grant is to do.
type Spec struct {
	Name      string         `json:"name"`
	Templates []id.ID        `json:"templates"` // several are a pack: whole or not at all
	Audience  Kind           `json:"audience"`
	Market    string         `json:"market"`         // of the templates, by whose days a segment is judged
	Tree      condition.Tree `json:"tree,omitzero"`  // segment
	Rows      int64          `json:"rows,omitempty"` // list: how many were uploaded
	Placement id.ID          `json:"placement,omitempty"`
	Channel   string         `json:"channel,omitempty"`
	City      string         `json:"city,omitempty"`
	Reason    string         `json:"reason"`
	Rate      int64          `json:"rate,omitempty"` // members a second at most; 0: no bound
	Go        bool           `json:"go,omitempty"`   // goes on behind the rehearsal without a word
	Body      string         `json:"body,omitempty"` // hash of the request, for one that is sent again
}

// Validate refuses what can't be a grant; pointers are those of the request.
func (s *Spec) Validate() error {
	var l fault.List
	checkText(&l, s.Name, "/name", mostName, true)
	checkText(&l, s.Reason, "/reason", mostReason, true)
	checkText(&l, s.Channel, "/channel", mostText, false)
	checkText(&l, s.City, "/city", mostText, false)
	switch n := len(s.Templates); {
	case n == 0:
		l.Add(fault.New(fault.MissingValue).At("/templates"))
	case n > MostTemplates:
		l.Add(fault.New(fault.TooLong, "max", MostTemplates).At("/templates"))
	case slices.Contains(s.Templates, 0):
		l.Add(fault.New(fault.InvalidValue).At("/templates"))
	}
	if s.Rate < 0 || s.Rate > MostRate {
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", MostRate).At("/rate"))
	}
	switch s.Audience {
	case Everyone, List:
		if !s.Tree.IsZero() {
			l.Add(fault.New(fault.Conflicting, "a", "tree", "b", string(s.Audience)).At("/tree"))
		}
	case Segment:
		s.checkTree(&l)
	default:
		l.Add(fault.New(fault.InvalidValue).At("/audience"))
	}
	return l.Err()
}

func (s *Spec) checkTree(l *fault.List) {
	if s.Tree.IsZero() {
		l.Add(fault.New(fault.MissingValue).At("/tree"))
		return
	}
	s.Tree.Validate("/tree", l)
	if _, ok := s.Tree.Predicate(); ok || l.Err() != nil {
		return
	}
	s.Tree.Walk("/tree", func(pointer string, leaf condition.Leaf) {
		if _, stored := leaf.Predicate(); !stored {
			l.Add(fault.New(fault.InvalidValue, "reason", "momentary").At(pointer + "/type"))
		}
	})
}

func checkText(l *fault.List, value, at string, most int, required bool) {
	switch {
	case required && value == "":
		l.Add(fault.New(fault.MissingValue).At(at))
	case len(value) > most:
		l.Add(fault.New(fault.TooLong, "max", most).At(at))
	case !text.Clean(value):
		l.Add(fault.New(fault.InvalidValue).At(at))
	}
}

// Size is how many members a piece has: fewer under a tight rate, so that no rest
// between two pieces is longer than a second.
func (s *Spec) Size() int {
	if s.Rate > 0 && s.Rate < Piece {
		return int(s.Rate)
	}
	return Piece
}

// Rest is how long to wait behind a piece of so many members that took so long.
func (s *Spec) Rest(members int64, took time.Duration) time.Duration {
	if s.Rate == 0 || members <= 0 {
		return 0
	}
	return max(time.Duration(members)*time.Second/time.Duration(s.Rate)-took, 0)
}

// Phase is what a grant is doing.
type Phase string

// The phases, in their order.
const (
	Uploading  Phase = "uploading" // rows of the list are being stored
	Rehearsing Phase = "rehearsing"
	Ready      Phase = "ready" // waits for a word
	Issuing    Phase = "issuing"
	Done       Phase = "done"
	Undone     Phase = "undone" // what was unused is, or is being, taken back
)

// Figures say what came of a phase.
type Figures struct {
	Members   int64                `json:"members"` // looked at
	Granted   int64                `json:"granted"` // got all that was asked for
	Coupons   int64                `json:"coupons"`
	Liability int64                `json:"liability_minor"`     // worst case of the coupons whose cost is bounded
	Unbounded int64                `json:"unbounded,omitempty"` // coupons that nothing bounds the cost of
	Refused   map[fault.Code]int64 `json:"refused,omitempty"`
}

// Refuse counts refusals by their reason.
func (f *Figures) Refuse(why fault.Code, n int64) {
	if n == 0 {
		return
	}
	refused := make(map[fault.Code]int64, len(f.Refused)+1) // the row of before keeps its own
	for code, n := range f.Refused {
		refused[code] = n
	}
	refused[why] += n
	f.Refused = refused
}

// RefusedInAll is how many members got nothing.
func (f *Figures) RefusedInAll() (n int64) {
	for _, of := range f.Refused {
		n += of
	}
	return n
}

// Taken is what a rehearsal would have taken of a counter that members share.
type Taken struct {
	Key    limit.Key `json:"key"`
	Amount int64     `json:"amount"`
}

// Progress is how far a grant is.
type Progress struct {
	Phase     Phase            `json:"phase"`
	After     int64            `json:"after"`   // behind the last member, or row, that was looked at
	Through   int64            `json:"through"` // the last one of the phase; 0 until it has begun
	Rehearsal Figures          `json:"rehearsal"`
	Result    Figures          `json:"result"`
	Taken     []Taken          `json:"taken,omitempty"` // rehearsing
	Bad       Figures          `json:"bad,omitzero"`    // rows that name nobody
	StartAt   calendar.Instant `json:"start_at,omitempty"`
}

// Begin starts a phase from the first member on.
func (p *Progress) Begin(phase Phase) {
	p.Phase, p.After, p.Through, p.Taken = phase, 0, 0, nil
}

// Figures of the phase under way, or of the last one.
func (p *Progress) Figures() *Figures {
	if p.Phase == Uploading || p.Phase == Rehearsing || p.Phase == Ready {
		return &p.Rehearsal
	}
	return &p.Result
}

// Mask is how a report shows what a row names: enough to find the row by, not
// enough to call.
func Mask(value string) string {
	runes := []rune(value)
	const shown = 4
	if len(runes) <= 2*shown {
		if len(runes) < 3 {
			return "***"
		}
		return string(runes[:1]) + "***" + string(runes[len(runes)-1:])
	}
	return string(runes[:shown]) + "****" + string(runes[len(runes)-3:])
}
