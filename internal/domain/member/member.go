package member

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Member is a person as one operator knows them. What identifies them lies in
// Identity rows; the member itself holds no readable phone or name.
type Member struct {
	ID         id.ID
	Slot       int64
	AliasOf    id.ID // the member that absorbed this one; zero for none
	Blocked    bool
	Attributes map[string]string // ≤ 64 keys of ≤ 64 bytes, values ≤ 512 bytes
	Tags       []string          // ≤ 64 words of ≤ 64 bytes, sorted, each once
	Person     id.ID             // number of the natural person (limit.Numbered), whose other accounts have the same; zero: not known
	Rev        int64             // also the sequence of the member's changes
	CreatedAt  calendar.Instant
	UpdatedAt  calendar.Instant
}

// List is an uploaded list 名单 of members; its code is its identity. Who is in it
// lies in the store.
type List struct {
	Code       string           `json:"code"`
	Name       string           `json:"name"`
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// KindPerson is the kind of identity that several members may share: the natural
// person whose accounts they are. It names no member.
const KindPerson = "person"

// Key finds an identity without knowing its value: the kind and the keyed blind
// hash of the normalised value.
type Key struct {
	Kind string // phone, wechat, email, device, external, or another short word
	Hash string // hex of HMAC-SHA-256 under the blind key
}

// Slot is the slot of the identity row (not of the member).
func (k Key) Slot() int64 { return id.SlotOf(k.Kind, k.Hash) }

// Identity is one way to name a member; (kind, hash) is unique.
type Identity struct {
	Key
	Member     id.ID
	Sealed     string // the value, encrypted by a key outside the database
	KeyVersion int64
	CreatedAt  calendar.Instant
}

// Secret is text that must not be seen: it prints as ***.
type Secret string

// String hides the text.
func (Secret) String() string { return "***" }

// GoString hides the text from %#v.
func (Secret) GoString() string { return "***" }

// MarshalText hides the text from JSON and logs.
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }

// Reveal returns the text, for hashing and sealing only.
func (s Secret) Reveal() string { return string(s) }
