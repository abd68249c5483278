package condition

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"quan/internal/kernel/money"
)

// RandomShare asks for a member in a share that is drawn by lot, once for ever:
// the same member and salt always answer the same, other salts draw anew, and a
// larger share holds the smaller ones.
type RandomShare struct {
	Salt     string `json:"salt"`
	ShareBps int64  `json:"share_bps"` // 1..9999
	Fallback
}

// Type is random_share.
func (c *RandomShare) Type() string { return "random_share" }

// Check draws the member's lot.
func (c *RandomShare) Check(f *Facts) Answer {
	if f.Member.ID == 0 {
		return Unknown
	}
	return answer(lot(c.Salt, int64(f.Member.ID)) < c.ShareBps)
}

// lot is a number in 0..9999, by SHA-256 over the salt and the member.
func lot(salt string, member int64) int64 {
	var room [160]byte
	b := append(room[:0], salt...)
	b = binary.BigEndian.AppendUint64(append(b, 0), uint64(member))
	sum := sha256.Sum256(b)
	high, _ := bits.Mul64(binary.BigEndian.Uint64(sum[:8]), money.BpsWhole)
	return int64(high)
}

// Form has the salt and the share.
func (c *RandomShare) Form() Form {
	return form(c.Type(), number("share_bps", FieldBps, 1, money.BpsWhole-1).required(), field("salt", FieldText).required().most(128))
}

// Explain tells the share.
func (c *RandomShare) Explain() Saying {
	return say(c.Type(), Arg{Name: "share", Value: Bps(c.ShareBps)})
}

// Predicate does not exist: stores do not draw lots.
func (c *RandomShare) Predicate() (Predicate, bool) { return momentary() }

// Needs adds nothing: the member's id is always at hand.
func (c *RandomShare) Needs(*Needs) {}

func (c *RandomShare) compile() (check, error) { return c.Check, nil }

func (c *RandomShare) cost() int64 { return 10 }

func (c *RandomShare) reach(holds bool) []constraint {
	return exact(dimension{kind: dimShare, name: c.Salt}, numberSet(basis, span{0, c.ShareBps - 1}), c.Fallback, holds)
}

func (c *RandomShare) validate(v *validation) {
	v.fallback(c.Fallback)
	v.word(c.Salt, "/salt")
	v.number(c.ShareBps, 1, money.BpsWhole-1, "/share_bps")
}
