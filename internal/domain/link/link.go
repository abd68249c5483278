package link

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
)

// Link leads to the page of a placement: /p/CODE.
type Link struct {
	ID         id.ID            `json:"-"`
	Code       string           `json:"code"` // unique, in the address
	Market     string           `json:"market"`
	Merchant   string           `json:"merchant,omitempty"` // of what the placement offers; "" the platform's
	Placement  id.ID            `json:"placement"`
	Name       string           `json:"name"`              // as operators know it
	Channel    string           `json:"channel,omitempty"` // where it is spread: a word of the operator's
	Sites      []string         `json:"sites,omitempty"`   // origins of other sites whose pages may show it as a card
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// Letters of codes that quan makes: none is taken for another.
const letters = "23456789abcdefghjkmnpqrstvwxyz"

// codeLength of codes that quan makes: 39 bits, enough that guessing finds few.
const codeLength = 8

// MostCode is the longest code in characters.
const MostCode = 32

// NewCode makes a code of random bytes, of which it needs codeLength.
func NewCode(random []byte) string {
	code := make([]byte, codeLength)
	for i := range code {
		code[i] = letters[int(random[i])%len(letters)]
	}
	return string(code)
}

// Validate returns the faults of what an operator chose.
func (l *Link) Validate() error {
	var list fault.List
	list.Add(CheckCode(l.Code, "/code"))
	list.Add(text.Name(l.Name, "/name"))
	if l.Channel != "" {
		list.Add(text.Code(l.Channel, "/channel"))
	}
	list.Add(checkSites(l.Sites))
	return list.Err()
}

// CheckCode reports whether a text can be a link's code: 3 to 32 small letters, digits
// and hyphens, so that an address needs no escapes and is read out without doubt.
func CheckCode(code, pointer string) *fault.Fault {
	if len(code) < 3 || len(code) > MostCode {
		return fault.New(fault.InvalidValue).At(pointer)
	}
	for i := range len(code) {
		c := code[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' && i > 0 && i < len(code)-1 {
			continue
		}
		return fault.New(fault.InvalidValue).At(pointer)
	}
	return nil
}

// Day is what a link's page saw on a local day of its market.
type Day struct {
	Link    id.ID
	Day     calendar.Date
	Views   int64
	SignIns int64
}

// Figures are what became of a link.
type Figures struct {
	Views   int64
	SignIns int64
	Claims  int64 // acts of claiming
	Coupons int64 // that they gave
	Used    int64 // of them, used at least once and not given back
}

// Issue is a coupon that was claimed through a link.
type Issue struct {
	Link   id.ID
	Coupon id.ID
	Origin id.ID // the act: coupons of a pack share it
}
