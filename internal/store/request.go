package store

import (
	"crypto/sha256"
	"encoding/binary"

	"quan/internal/domain/coupon"
)

// Request is what a coupon holds of the request that made it, so that an act that
// made coupons needs no row of its own to be remembered: the wallet's index, which
// a claim writes anyway, finds it. Sixty-three bits are looked for among one
// member's coupons only; whoever made two of their own keys meet would get the
// first one's coupons again.
func (r Reply) Request() coupon.Request {
	if r.Key == "" {
		return coupon.Request{}
	}
	return coupon.Request{Key: Hash63(r.Scope + "\x00" + r.Key), Body: Hash63(r.Body)}
}

// Hash63 is the first 63 bits of a text's SHA-256, never zero.
func Hash63(text string) int64 {
	sum := sha256.Sum256([]byte(text))
	return max(int64(binary.BigEndian.Uint64(sum[:8])>>1), 1)
}
