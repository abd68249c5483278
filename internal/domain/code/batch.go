package code

import (
	"strconv"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
)

// Kind says where the codes of a batch come from.
type Kind string

// The kinds.
const (
	Generated Kind = "generated" // made by us, each good once
	Word      Kind = "word"      // one shared code, good Size times
	Imported  Kind = "imported"  // made elsewhere, each good once
)

// MostCodes bounds a batch of generated codes; it fits the bits of a number.
const MostCodes = 100_000_000

// MostUses bounds the uses of a word.
const MostUses = 1_000_000_000_000

// KeyVersion is the version of the key that new batches are made with.
const KeyVersion = 1

// Batch is a number of exchange codes of one template. What it is does not
// change; its name, window and limit do, and it can be revoked once.
type Batch struct {
	ID         id.ID            `json:"-"`
	Serial     int64            `json:"serial,omitempty"` // generated: what its codes carry; unique
	Name       string           `json:"name"`
	Market     string           `json:"market"`
	Template   id.ID            `json:"template"`
	Placement  id.ID            `json:"placement,omitempty"`
	Kind       Kind             `json:"kind"`
	Format     Format           `json:"format,omitzero"` // generated
	Word       string           `json:"word,omitempty"`  // word: as the operator writes it
	Size       int64            `json:"size,omitempty"`  // generated: codes; word: uses in all; imported: 0, the pool grows
	PerMember  int64            `json:"per_member"`      // codes of it that one member may use; 0: no limit
	From       calendar.Instant `json:"from,omitzero"`
	To         calendar.Instant `json:"to,omitzero"`
	Revoked    bool             `json:"revoked"`
	KeyVersion int64            `json:"key_version,omitempty"` // generated
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// OpenAt reports whether codes of the batch turn into coupons at an instant.
func (b *Batch) OpenAt(now calendar.Instant) bool {
	return !b.Revoked && b.ArchivedAt == 0 && now >= b.From && (b.To == 0 || now < b.To)
}

// Holds reports whether the batch has a code of this number, as made by a format.
func (b *Batch) Holds(f Format, number int64) bool {
	return b.Kind == Generated && b.Format.Key() == f.Key() && number >= 1 && number <= b.Size
}

// Unique is what no other batch may share: the serial of generated codes, the
// word in its normal form; "" for imported ones.
func (b *Batch) Unique() string {
	switch b.Kind {
	case Generated:
		return SerialKey(b.Serial)
	case Word:
		return WordKey(NormalWord(b.Word))
	}
	return ""
}

// Validate returns the faults of a batch, with the format completed.
func (b *Batch) Validate() error {
	var l fault.List
	l.Add(text.Code(b.Market, "/market"))
	l.Add(text.Name(b.Name, "/name"))
	if b.Template == 0 {
		l.Add(fault.New(fault.MissingValue).At("/template"))
	}
	switch b.Kind {
	case Generated:
		b.Format = b.Format.complete()
		b.Format.validate(&l)
		l.Add(text.Range(b.Size, 1, MostCodes, "/size"))
	case Word:
		validateWord(b.Word, &l)
		l.Add(text.Range(b.Size, 1, MostUses, "/size"))
	case Imported:
		if b.Size != 0 {
			l.Add(fault.New(fault.Conflicting, "a", "kind", "b", "size").At("/size"))
		}
	default:
		l.Add(fault.New(fault.InvalidValue).At("/kind"))
	}
	if b.Kind != Word && b.Word != "" {
		l.Add(fault.New(fault.Conflicting, "a", "kind", "b", "word").At("/word"))
	}
	if b.Kind != Generated && b.Format != (Format{}) {
		l.Add(fault.New(fault.Conflicting, "a", "kind", "b", "format").At("/format"))
	}
	b.bounds(&l)
	return l.Err()
}

// bounds checks what may change later.
func (b *Batch) bounds(l *fault.List) {
	l.Add(text.Range(b.PerMember, 0, MostUses, "/per_member"))
	for at, moment := range map[string]calendar.Instant{"/from": b.From, "/to": b.To} {
		if moment != 0 {
			l.Add(text.Range(int64(moment), int64(calendar.Earliest), int64(calendar.Latest), at))
		}
	}
	if b.To != 0 && b.To <= b.From {
		l.Add(fault.New(fault.InvalidValue).At("/to"))
	}
}

// SerialKey names generated codes of a serial among all batches.
func SerialKey(serial int64) string { return "serial:" + strconv.FormatInt(serial, 10) }

// WordKey names a word, in its normal form, among all batches.
func WordKey(normal string) string { return "word:" + normal }
