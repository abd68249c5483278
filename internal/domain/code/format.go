package code

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
)

// Crockford is the charset of formats that name none: base 32 without I, L, O, U.
const Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	bearerBits = 60 // random bits that a guess has to meet, at least
	mostLength = 24
	mostPrefix = 12
	leastChars = 10
	mostGroup  = 12
)

// Format is how generated codes look: prefix, Length characters, a check character.
type Format struct {
	Prefix  string `json:"prefix,omitempty"`  // capital letters and digits, for people; says nothing of the batch
	Charset string `json:"charset,omitempty"` // capital letters and digits without look-alikes; Crockford's where none is given
	Length  int64  `json:"length,omitempty"`  // characters without prefix and check character; the shortest that is safe where none is given
	Group   int64  `json:"group,omitempty"`   // characters between hyphens; 0: no hyphens
}

// Key names what tells formats apart when codes are read.
func (f Format) Key() string {
	return f.Prefix + "|" + f.Charset + "|" + strconv.FormatInt(f.Length, 10)
}

// ParseKey reads what Key writes; ok is false for anything else.
func ParseKey(key string) (f Format, ok bool) {
	parts := strings.Split(key, "|")
	if len(parts) != 3 {
		return f, false
	}
	n, err := strconv.ParseInt(parts[2], 10, 64)
	f = Format{Prefix: parts[0], Charset: parts[1], Length: n}
	var l fault.List
	if err == nil {
		f.validate(&l)
	}
	return f, err == nil && len(l.Faults) == 0
}

func (f Format) complete() Format {
	if f.Charset == "" {
		f.Charset = Crockford
	}
	if f.Length == 0 && len(f.Charset) >= leastChars {
		f.Length = shortest(len(f.Charset))
	}
	return f
}

func (f Format) validate(l *fault.List) {
	if len(f.Prefix) > mostPrefix {
		l.Add(fault.New(fault.TooLong, "max", mostPrefix).At("/format/prefix"))
	} else if !plain(f.Prefix) {
		l.Add(fault.New(fault.InvalidValue).At("/format/prefix"))
	}
	if !plain(f.Charset) || len(f.Charset) < leastChars || !distinct(f.Charset) {
		l.Add(fault.New(fault.InvalidValue).At("/format/charset"))
		return
	}
	l.Add(text.Range(f.Length, shortest(len(f.Charset)), mostLength, "/format/length"))
	if f.Group != 0 {
		l.Add(text.Range(f.Group, 3, mostGroup, "/format/group"))
	}
}

// plain reports capital letters and digits only.
func plain(s string) bool {
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// distinct reports that no character is there twice, look-alikes counting as one.
func distinct(charset string) bool {
	seen := map[byte]bool{}
	for i := range len(charset) {
		c := lookAlike(charset[i])
		if seen[c] {
			return false
		}
		seen[c] = true
	}
	return true
}

// lookAlike is the one character that stands for those which are mistaken for it.
func lookAlike(c byte) byte {
	switch c {
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	}
	return c
}

// shortest is how many characters of a charset hold bearerBits.
func shortest(base int) int64 {
	n := int64(1)
	for largest(base, n) < 1<<bearerBits-1 {
		n++
	}
	return n
}

// largest is the greatest value that n characters hold, at most what 64 bits do.
func largest(base int, n int64) uint64 {
	v := uint64(1)
	for range n {
		high, low := bits.Mul64(v, uint64(base))
		if high != 0 {
			return math.MaxUint64
		}
		v = low
	}
	return v - 1
}
