package member

import (
	"quan/internal/domain/condition"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Note is what somebody wrote down about a member. Its text is sealed as an
// identity is: people write down what they are told.
type Note struct {
	ID         id.ID
	Member     id.ID
	At         calendar.Instant
	Author     string // principal
	Coupon     id.ID  // that it is about, a complaint's; zero for none
	Order      id.ID
	Sealed     string
	KeyVersion int64
}

// KindNote is the kind under which a vault seals the text of a note.
const KindNote = "note"

// Refused is why a member got no coupon of a template, or could not use one: one
// row for each template and reason, however often it happened.
type Refused struct {
	ID       id.ID // of the row; that of the first time
	Member   id.ID
	Template id.ID // of a pack the first
	Code     string
	Coupon   id.ID  // that could not be used; zero where one was asked for. The newest's, like all below
	Channel  string // delivery or use channel
	Facts    string // what the refusal said, a JSON object of at most MostRefusedFacts bytes
	Count    int64
	FirstAt  calendar.Instant
	LastAt   calendar.Instant
}

// MostRefusedFacts bounds what is kept of a refusal's parameters, in bytes.
const MostRefusedFacts = 400

// Segment is a saved condition over what is stored of members; its code is its
// identity. Who satisfies it is asked anew each time.
type Segment struct {
	Code       string           `json:"code"`
	Name       string           `json:"name"`
	Market     string           `json:"market"` // by whose days
	Tree       condition.Tree   `json:"tree"`
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}
