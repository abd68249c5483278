package code

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
)

const (
	numberBits = 27 // holds MostCodes
	serialBits = 26
	rounds     = 10
)

// MostSerial is the greatest serial of a batch.
const MostSerial = 1<<serialBits - 1

// Place is where a generated code lies: the serial of its batch and its number in it.
type Place struct {
	Serial int64
	Number int64
}

// Keys makes series from one secret. It is safe for concurrent use.
type Keys struct{ secret []byte }

// NewKeys returns the keys of a secret. Another secret makes other codes.
func NewKeys(secret []byte) *Keys { return &Keys{secret} }

// Series writes and reads the codes of one format. It is safe for concurrent use.
//
// A code is serial and number as one integer below 2^53 under a Feistel network,
// whose round function is AES, over the smallest even width that holds the format's
// values; a value outside them is permuted again until it is inside. Characters
// beyond the shortest safe length are a MAC of that integer.
type Series struct {
	Format Format
	block  cipher.Block
	short  int64  // characters that hold the permuted value
	most   uint64 // greatest such value
	half   uint   // bits of half the network's width
	digits [256]int8
}

// Series returns the series of a complete, valid format.
func (k *Keys) Series(f Format, version int64) *Series {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte("quan exchange code " + strconv.FormatInt(version, 10) + " " + f.Key()))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	s := &Series{Format: f, block: block, short: shortest(len(f.Charset))}
	s.most = largest(len(f.Charset), s.short)
	s.half = uint(bits.Len64(s.most)+1) >> 1
	for i := range s.digits {
		s.digits[i] = -1
	}
	for i := range len(f.Charset) {
		s.digits[lookAlike(f.Charset[i])] = int8(i)
	}
	return s
}

// Of writes the code of a place.
func (s *Series) Of(p Place) string {
	base := uint64(len(s.Format.Charset))
	v := uint64(p.Serial)<<numberBits | uint64(p.Number)
	var digits [mostLength + 1]byte
	s.extra(v, digits[s.short:s.Format.Length])
	w := s.permute(v)
	for i := s.short - 1; i >= 0; i-- {
		digits[i] = byte(w % base)
		w /= base
	}
	digits[s.Format.Length] = checkDigit(digits[:s.Format.Length], len(s.Format.Charset))
	return s.write(digits[:s.Format.Length+1])
}

func (s *Series) write(digits []byte) string {
	out := make([]byte, 0, mostPrefix+2*mostLength)
	out = append(out, s.Format.Prefix...)
	group := int(s.Format.Group)
	if group > 0 && len(out) > 0 {
		out = append(out, '-')
	}
	for i, d := range digits {
		if group > 0 && i > 0 && i%group == 0 {
			out = append(out, '-')
		}
		out = append(out, s.Format.Charset[d])
	}
	return string(out)
}

// Read returns the places that a guess may name in this series; mostly none or one.
// A place is no promise: its batch has to be asked whether it Holds it.
func (s *Series) Read(g Guess) []Place {
	var found []Place
	length := len(s.Format.Prefix) + int(s.Format.Length) + 1
	for i := range g.words {
		joined := ""
		for _, w := range g.words[i:] {
			if joined += w; len(joined) >= length {
				break
			}
		}
		if len(joined) != length {
			continue
		}
		if p, ok := s.read(joined); ok {
			found = append(found, p)
		}
	}
	return found
}

func (s *Series) read(text string) (Place, bool) {
	rest, ok := strings.CutPrefix(text, likeness(s.Format.Prefix))
	if !ok {
		return Place{}, false
	}
	var digits [mostLength + 1]byte
	for i := range len(rest) {
		d := s.digits[rest[i]]
		if d < 0 {
			return Place{}, false
		}
		digits[i] = byte(d)
	}
	body := digits[:s.Format.Length]
	if checkDigit(body, len(s.Format.Charset)) != digits[s.Format.Length] {
		return Place{}, false
	}
	w, base := uint64(0), uint64(len(s.Format.Charset))
	for _, d := range body[:s.short] {
		high, low := bits.Mul64(w, base)
		sum, carry := bits.Add64(low, uint64(d), 0)
		if high+carry != 0 {
			return Place{}, false // beyond 64 bits: never written
		}
		w = sum
	}
	v := s.invert(w)
	if v>>(numberBits+serialBits) != 0 {
		return Place{}, false
	}
	var extra [mostLength]byte
	s.extra(v, extra[s.short:s.Format.Length])
	if !hmac.Equal(extra[s.short:s.Format.Length], body[s.short:]) {
		return Place{}, false
	}
	return Place{int64(v >> numberBits), int64(v & (1<<numberBits - 1))}, true
}

// permute maps [0, most] onto itself.
func (s *Series) permute(v uint64) uint64 {
	mask := uint64(1)<<s.half - 1
	b := new(blocks)
	for {
		left, right := v>>s.half, v&mask
		for round := range uint64(rounds) {
			left, right = right, left^s.round(b, round, right)&mask
		}
		if v = left<<s.half | right; v <= s.most {
			return v
		}
	}
}

func (s *Series) invert(v uint64) uint64 {
	mask := uint64(1)<<s.half - 1
	b := new(blocks)
	for {
		left, right := v>>s.half, v&mask
		for round := uint64(rounds); round > 0; round-- {
			left, right = right^s.round(b, round-1, left)&mask, left
		}
		if v = left<<s.half | right; v <= s.most {
			return v
		}
	}
}

// blocks are one block in and one out: once a code, not once a round.
type blocks struct{ in, out [aes.BlockSize]byte }

func (s *Series) round(b *blocks, round, half uint64) uint64 {
	binary.BigEndian.PutUint64(b.in[:], round)
	binary.BigEndian.PutUint64(b.in[8:], half)
	s.block.Encrypt(b.out[:], b.in[:])
	return binary.BigEndian.Uint64(b.out[:])
}

// extra fills the digits of the MAC of a value.
func (s *Series) extra(v uint64, digits []byte) {
	if len(digits) == 0 {
		return
	}
	var in, out [aes.BlockSize]byte
	binary.BigEndian.PutUint64(in[:], rounds) // no round of the permutation
	binary.BigEndian.PutUint64(in[8:], v)
	s.block.Encrypt(out[:], in[:])
	for i := range digits {
		digits[i] = out[i] % byte(len(s.Format.Charset))
	}
}

// checkDigit finds one wrong character always, and two neighbours that changed
// places nearly always: the hybrid system of ISO 7064 where the charset has an even
// number of characters, a sum weighted by powers of two where it is odd.
func checkDigit(digits []byte, base int) byte {
	if base%2 == 1 {
		sum := 0
		for _, d := range digits {
			sum = (sum + int(d)) * 2 % base
		}
		return byte(sum)
	}
	p := base
	for _, d := range digits {
		if p = (p + int(d)) % base; p == 0 {
			p = base
		}
		p = p * 2 % (base + 1)
	}
	return byte((base + 1 - p) % base)
}
