package showing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Life is how long a code is good.
const Life = time.Minute

const (
	prefix    = "Q1."
	bodyBytes = 8 + 8 + 8 // coupon, member, end of life
	macBytes  = 16
)

var letters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Length of a code in characters.
var Length = len(prefix) + letters.EncodedLen(bodyBytes+macBytes)

// Showing is a coupon that its member shows, until a moment.
type Showing struct {
	Coupon id.ID
	Member id.ID
	Until  calendar.Instant // this moment excluded
}

// Keys sign codes. They are safe for concurrent use.
type Keys struct{ secret []byte }

// NewKeys returns the keys of a secret.
func NewKeys(secret []byte) *Keys { return &Keys{secret} }

// Sign makes the code of a coupon that its member shows now.
func (k *Keys) Sign(coupon, member id.ID, now calendar.Instant) (code string, until calendar.Instant) {
	until = now.Add(Life)
	b := make([]byte, 0, bodyBytes+macBytes)
	b = binary.BigEndian.AppendUint64(b, uint64(coupon))
	b = binary.BigEndian.AppendUint64(b, uint64(member))
	b = binary.BigEndian.AppendUint64(b, uint64(until))
	return prefix + letters.EncodeToString(append(b, k.macOf(prefix, "", b)...)), until
}

// Is reports whether a scanned text has the form of a code, so that it is no number.
func Is(text string) bool { return strings.HasPrefix(strings.ToUpper(strings.TrimSpace(text)), prefix) }

// Read returns what a code shows, or coupon_not_found for one that we did not make,
// or qr_expired. Scanners that change case or add spaces at the ends do no harm.
func (k *Keys) Read(text string, now calendar.Instant) (Showing, *fault.Fault) {
	body, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(text)), prefix)
	if !ok || len(body) != Length-len(prefix) {
		return Showing{}, fault.New(fault.CouponUnknown)
	}
	b, err := letters.DecodeString(body)
	if err != nil || !hmac.Equal(b[bodyBytes:], k.macOf(prefix, "", b[:bodyBytes])) {
		return Showing{}, fault.New(fault.CouponUnknown)
	}
	s := Showing{id.ID(binary.BigEndian.Uint64(b)), id.ID(binary.BigEndian.Uint64(b[8:])), calendar.Instant(binary.BigEndian.Uint64(b[16:]))}
	if now >= s.Until {
		return s, fault.New(fault.QRExpired, "to", s.Until)
	}
	return s, nil
}

// macOf is the signature of a body: what it is, and for whom.
func (k *Keys) macOf(kind, who string, body []byte) []byte {
	m := hmac.New(sha256.New, k.secret)
	m.Write([]byte(kind))
	m.Write(body)
	m.Write([]byte(who))
	return m.Sum(nil)[:macBytes]
}
