package packet

import (
	"crypto/sha256"
	"encoding/binary"
)

// Draw is a sum that is to be divided into shares of at least LeastMinor and at most
// MostMinor (0: no bound). Shares × least ≤ total ≤ shares × most.
type Draw struct {
	Shares     int64
	TotalMinor int64
	LeastMinor int64
	MostMinor  int64
}

// Amounts divides the sum; the same seed gives the same shares. With k shares and a
// rest r above the least ones to go, a share takes a uniform part of 0 … 2r/k of it, cut
// to what the bounds leave; the last takes the rest. The order is shuffled.
func (d Draw) Amounts(seed string) []int64 {
	bits := stream{seed: seed}
	amounts := make([]int64, d.Shares)
	rest := d.TotalMinor - d.Shares*d.LeastMinor
	room := rest // of one share above the least
	if d.MostMinor > 0 {
		room = d.MostMinor - d.LeastMinor
	}
	for i := range amounts {
		k := d.Shares - int64(i)
		low, high := int64(0), min(2*rest/k, room)
		if room < rest { // what the others can't take
			low = max(0, rest-least(room, k-1, rest))
		}
		if k == 1 {
			low, high = rest, rest
		}
		part := low + bits.below(high-low+1)
		amounts[i] = d.LeastMinor + part
		rest -= part
	}
	for i := len(amounts) - 1; i > 0; i-- {
		j := bits.below(int64(i) + 1)
		amounts[i], amounts[j] = amounts[j], amounts[i]
	}
	return amounts
}

// least is room × k, at most rest, without running over.
func least(room, k, rest int64) int64 {
	if k > 0 && room > rest/k {
		return rest
	}
	return min(room*k, rest)
}

// stream is an endless row of random bits that a seed determines: SHA-256 of seed and
// a counter. Who does not know the seed can't tell the next from those before.
type stream struct {
	seed string
	n    uint64
	left []byte
}

func (s *stream) next() uint64 {
	if len(s.left) == 0 {
		block := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(s.seed), s.n))
		s.n, s.left = s.n+1, block[:]
	}
	v := binary.BigEndian.Uint64(s.left)
	s.left = s.left[8:]
	return v
}

// below returns a number of 0 … n-1, each as likely as the other: bits that would favour
// the lower ones are drawn again.
func (s *stream) below(n int64) int64 {
	if n <= 1 {
		return 0
	}
	span := uint64(n)
	floor := -span % span // 2⁶⁴ mod n
	for {
		if v := s.next(); v >= floor {
			return int64(v % span)
		}
	}
}
