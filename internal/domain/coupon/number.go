package coupon

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"quan/internal/kernel/id"
)

const (
	numberAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford base 32
	numberDigits   = 13                                 // of 64 bits
	numberRounds   = 10
	numberTextMax  = 64 // bytes of input that are looked at
)

// Numbers turns coupon ids into coupon numbers 券码 and back, by a keyed
// permutation of 64 bits: every id has one number, it is found without a
// look-up, and without the secret it says nothing about the id. It is safe for
// concurrent use.
type Numbers struct{ block cipher.Block }

// NewNumbers returns the permutation of a secret. Another secret makes other numbers.
func NewNumbers(secret []byte) *Numbers {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("quan coupon number 1"))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	return &Numbers{block: block}
}

// Of returns the coupon's number for display: 13 characters of Crockford base 32
// and a check character, as XXXX-XXXX-XXXX-XX.
func (n *Numbers) Of(i id.ID) string {
	v := n.permute(uint64(i))
	var digits [numberDigits + 1]byte
	for p := numberDigits - 1; p >= 0; p-- {
		digits[p] = byte(v & 31)
		v >>= 5
	}
	digits[numberDigits] = checkDigit(digits[:numberDigits])
	out := make([]byte, 0, numberDigits+4)
	for p, d := range digits {
		if p > 0 && p%4 == 0 {
			out = append(out, '-')
		}
		out = append(out, numberAlphabet[d])
	}
	return string(out)
}

// Parse reads a number as people type it: any width and case, hyphens and
// spaces anywhere, O for 0, I and L for 1. ok is false for what Of never writes.
func (n *Numbers) Parse(text string) (i id.ID, ok bool) {
	digits, ok := numberText(text)
	if !ok || checkDigit(digits[:numberDigits]) != digits[numberDigits] || digits[0] > 15 {
		return 0, false
	}
	var v uint64
	for _, d := range digits[:numberDigits] {
		v = v<<5 | uint64(d)
	}
	v = n.invert(v)
	return id.ID(v), v != 0 && v>>63 == 0
}

func numberText(text string) (digits [numberDigits + 1]byte, ok bool) {
	if len(text) > numberTextMax || !utf8.ValidString(text) {
		return digits, false
	}
	at := 0
	for _, r := range strings.ToUpper(norm.NFKC.String(text)) {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			continue
		}
		d := numberDigit(r)
		if d < 0 && unicode.Is(unicode.Cf, r) { // marks of direction come along when a number is copied from a chat
			continue
		}
		if d < 0 || at > numberDigits {
			return digits, false
		}
		digits[at] = byte(d)
		at++
	}
	return digits, at == numberDigits+1
}

func numberDigit(r rune) int {
	switch r {
	case 'O':
		return 0
	case 'I', 'L':
		return 1
	}
	return strings.IndexRune(numberAlphabet, r)
}

// checkDigit is the sum of digit × 2^place in the field of 32 elements: one wrong
// digit, or two that changed places, never keep it.
func checkDigit(digits []byte) byte {
	var sum byte
	for _, d := range digits {
		sum = double(sum ^ d)
	}
	return sum
}

// double multiplies by x modulo x^5 + x^2 + 1.
func double(d byte) byte {
	d <<= 1
	if d&32 != 0 {
		d ^= 0b100101
	}
	return d
}

// permute is a balanced Feistel network whose round function is AES.
func (n *Numbers) permute(v uint64) uint64 {
	left, right := uint32(v>>32), uint32(v)
	var b numberBlocks
	for round := range uint32(numberRounds) {
		left, right = right, left^n.round(&b, round, right)
	}
	return uint64(left)<<32 | uint64(right)
}

func (n *Numbers) invert(v uint64) uint64 {
	left, right := uint32(v>>32), uint32(v)
	var b numberBlocks
	for round := uint32(numberRounds); round > 0; round-- {
		left, right = right^n.round(&b, round-1, left), left
	}
	return uint64(left)<<32 | uint64(right)
}

// numberBlocks are what goes into the cipher and what comes out of it: made once for
// all rounds, since they leave the stack.
type numberBlocks struct{ in, out [aes.BlockSize]byte }

func (n *Numbers) round(b *numberBlocks, round, half uint32) uint32 {
	binary.BigEndian.PutUint32(b.in[:], round)
	binary.BigEndian.PutUint32(b.in[4:], half)
	n.block.Encrypt(b.out[:], b.in[:])
	return binary.BigEndian.Uint32(b.out[:])
}
