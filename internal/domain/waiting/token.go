package waiting

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Place is a member's place: the claim may be made in [From, To).
type Place struct {
	Template id.ID
	Holder   string // the member as the caller names it
	From     calendar.Instant
	To       calendar.Instant
}

const (
	dayMillis = 24 * 3600 * 1000
	bodyBytes = 2 + 8 + 8 + 8 + 8 // day of the key, template, holder, from, to
	macBytes  = 16
)

// Keys sign places. They are safe for concurrent use.
type Keys struct{ secret []byte }

// NewKeys returns the keys of a secret.
func NewKeys(secret []byte) *Keys { return &Keys{secret} }

// Sign writes a place as a token that was made now.
func (k *Keys) Sign(p Place, now calendar.Instant) string {
	b := make([]byte, 0, bodyBytes+macBytes)
	b = binary.BigEndian.AppendUint16(b, dayOf(now))
	b = binary.BigEndian.AppendUint64(b, uint64(p.Template))
	b = append(b, holder(p.Holder)...)
	b = binary.BigEndian.AppendUint64(b, uint64(p.From))
	b = binary.BigEndian.AppendUint64(b, uint64(p.To))
	return base64.RawURLEncoding.EncodeToString(append(b, k.mac(b)...))
}

// Check returns nil when a token lets the holder claim the template now, or the first
// refusal.
func (k *Keys) Check(token string, template id.ID, who string, now calendar.Instant) *fault.Fault {
	if token == "" {
		return fault.New(fault.PlaceMissing)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != bodyBytes+macBytes {
		return fault.New(fault.PlaceForged)
	}
	body, mac := b[:bodyBytes], b[bodyBytes:]
	// A key lives as long as a token of its day can be good.
	day, today := binary.BigEndian.Uint16(body), dayOf(now)
	if !hmac.Equal(mac, k.mac(body)) || today-day > 1 && day-today > 1 {
		return fault.New(fault.PlaceForged)
	}
	from, to := calendar.Instant(binary.BigEndian.Uint64(body[18:])), calendar.Instant(binary.BigEndian.Uint64(body[26:]))
	switch {
	case binary.BigEndian.Uint64(body[2:]) != uint64(template) || string(body[10:18]) != string(holder(who)):
		return fault.New(fault.PlaceForeign)
	case now < from:
		return fault.New(fault.PlaceEarly, "from", from, "retry_after_seconds", (int64(from-now)+999)/1000)
	case now >= to:
		return fault.New(fault.PlaceLate, "to", to)
	}
	return nil
}

// dayOf is the UTC day of a moment, by which a key is named.
func dayOf(now calendar.Instant) uint16 { return uint16(int64(now) / dayMillis) }

// holder is the part of a holder's hash that a token carries.
func holder(who string) []byte {
	sum := sha256.Sum256([]byte(who))
	return sum[:8]
}

// mac signs a body with the key of its day.
func (k *Keys) mac(body []byte) []byte {
	day := hmac.New(sha256.New, k.secret)
	day.Write([]byte("quan waiting room 1"))
	day.Write(body[:2])
	m := hmac.New(sha256.New, day.Sum(nil))
	m.Write(body)
	return m.Sum(nil)[:macBytes]
}
