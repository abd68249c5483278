package store

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// CodePlace names an exchange code: its number in its batch. Uses of a word have
// numbers too, in the order in which they were made.
type CodePlace struct {
	Batch  id.ID
	Number int64
}

// CodeUse is a code that became a coupon.
type CodeUse struct {
	CodePlace
	Template id.ID // of the batch
	Member   id.ID
	Coupon   id.ID
	At       calendar.Instant
}

// CodeUser is a member as a user of a batch.
type CodeUser struct{ Batch, Member id.ID }

// PooledCode is an imported code: a keyed hash and its place.
type PooledCode struct {
	Hash string
	CodePlace
}

// Codes are what stands beside batches of exchange codes.
type Codes interface {
	// Formats returns the keys of all formats that codes were ever made in.
	Formats() ([]string, error)
	AddFormats([]string) error // those that exist stay

	// Uses returns the uses of these codes.
	Uses([]CodePlace) ([]CodeUse, error)
	// UsedBy counts the uses of these batches by these members; none is absent.
	UsedBy(batches, members []id.ID) (map[CodeUser]int64, error)
	Use([]CodeUse) error // a used one is ErrTwin

	// Pooled returns imported codes by hash, of any batch.
	Pooled(hashes []string) ([]PooledCode, error)
	// Import adds hashes that no batch has to a batch, with the next numbers, in this
	// order, each once; it returns those that were there before.
	Import(batch id.ID, hashes []string) (known []PooledCode, err error)

	// Sizes returns how many codes batches have; of a word, uses.
	Sizes(batches []id.ID) (map[id.ID]int64, error)
	Grow(batch id.ID, by int64) error
}
